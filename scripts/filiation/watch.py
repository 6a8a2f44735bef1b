"""The only module that meets watchfiles: wait until somebody saves a file that is judged."""

from collections.abc import Iterator
from pathlib import Path

from filiation.history import FOLDERS


def saves(root: Path) -> Iterator[set[Path]]:
    """The Turtle files below the root that were saved, moved or deleted, as often as that happens. Waits
    for ever in between; KeyboardInterrupt ends it."""
    import watchfiles

    folders = [root / folder for folder in FOLDERS if (root / folder).is_dir()]
    for changes in watchfiles.watch(*folders, watch_filter=_is_ours, debounce=200, step=50):
        yield {Path(path) for _, path in changes}


def _is_ours(_: object, path: str) -> bool:
    """Whether a path is a Turtle file, and not the draft that an editor or `filiation` renames."""
    name = Path(path).name
    return name.endswith(".ttl") and not name.startswith(".")

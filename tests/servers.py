"""Real triple stores for tests: each on loopback, on a free port, with a fresh folder, and stopped by
its own process id; skipped plainly where it is not at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from filiation import layout
from filiation.prove import stores
from filiation.prove.processes import free_port, running

__all__ = ["TOOLS", "found", "free_port", "fuseki", "oxigraph", "store"]

TOOLS = stores.default_tools(layout.find(Path(__file__).parent).root)


def found(name: str) -> stores.Found:
    """The store of that name, or the test is skipped."""
    kind = stores.named(name)
    here = kind.find(TOOLS)
    if here is None:
        pytest.skip(f"{kind.title} is not here: {kind.install}")
    return here


@contextmanager
def store(name: str, folder: Path) -> Iterator[str]:
    """The address of a store that keeps its data in `folder`, as `filiation prove` starts it."""
    here = found(name)
    folder.mkdir(exist_ok=True)
    with stores.started(stores.named(name), here, folder) as url:
        yield url


def oxigraph(folder: Path):
    """The address of an Oxigraph server."""
    return store("oxigraph", folder)


@contextmanager
def fuseki(folder: Path, *, update: bool = True, passwords: str = "") -> Iterator[str]:
    """The address of Fuseki, read-only without `update`; with `passwords` (lines `user: password`) it
    asks who is there."""
    here = found("fuseki")
    folder.mkdir(exist_ok=True)
    port = free_port()
    command = here.command(port, folder)
    if not update:
        command.remove("--update")
    if passwords:
        (folder / "passwords").write_text(passwords, "utf-8")
        command[-1:] = ["--passwd", "passwords", "--auth", "basic", "/ds"]
    url = f"http://127.0.0.1:{port}/ds"
    with running(command, url, folder, here.environment(folder)):
        yield url

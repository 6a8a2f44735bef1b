"""In which file of data/ a node stands: an entity in its own, anything else with what it is about.

Whose file that is, is told by the parties of a situation, and by the stem, which begins with that of
its file.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import PurePosixPath

from filiation import layout

#: The parties in whose file a situation stands, by CONTRIBUTING.md: the first that a kind has.
PARTIES = (
    *("attests", "offshoot", "union", "joiner", "partial-joiner", "renamed", "formed", "dissolved"),
    *("subordinate", "pledger", "organization", "names", "about", "listed", "identified"),
    *("ally", "partner", "rival"),
)

_FOLDERS = {prefix: folder for folder, prefix in sorted(layout.ENTITY_FOLDERS.items())}


def own(iri: str) -> PurePosixPath | None:
    """The file of an entity; None for anything else.

    >>> own("https://w3id.org/filiation/person/k7qd")
    PurePosixPath('data/people/k7qd.ttl')
    """
    prefix, stem = layout.split_iri(iri) or ("", "")
    return PurePosixPath("data", _FOLDERS[prefix], f"{stem}.ttl") if prefix in _FOLDERS else None


def rank(party: str) -> int:
    """The place of a property among those that decide the file; behind all for one that does not."""
    return PARTIES.index(party) if party in PARTIES else len(PARTIES)


def by_stem(stem: str, files: Container[PurePosixPath]) -> Iterator[PurePosixPath]:
    """Those of these files in which a node may stand by its stem, the longest name first."""
    words = stem.split("-")
    begun = ("-".join(words[:number]) for number in range(len(words), 0, -1))
    paths = (PurePosixPath("data", folder, f"{name}.ttl") for name in begun for folder in _FOLDERS.values())
    return (path for path in paths if path in files)

"""The release before this one: read whole or refused, and whether the next version is a step from it.

What is built on an older release (an upgrade, the promise that no IRI vanishes) is worth nothing where that
release is cut short, tampered with, of another dataset, or no predecessor at all. So it is held against its
own manifest, and its quads against the canonical hash there, before anybody looks into it.
"""

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filiation import manifest, oxigraph
from filiation.faults import Fault
from filiation.manifest import Manifest, NotARelease

_VERSION = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)


class NotAStep(Fault):
    """A version that does not follow the one before it; the message says which would."""


@dataclass(frozen=True)
class Version:
    """A version by Semantic Versioning 2.0.0; what it says after `+` does not count."""

    core: tuple[int, int, int]
    prerelease: tuple[str, ...] = ()

    @property
    def precedence(self) -> tuple[object, ...]:
        """By what versions are put in order (section 11)."""
        marks = tuple((0, int(m), "") if m.isdecimal() else (1, 0, m) for m in self.prerelease)
        return self.core, not self.prerelease, marks

    @property
    def next_ones(self) -> list[str]:
        """The versions that follow this one by a step: a fix, a new term, a changed meaning."""
        major, minor, patch = self.core
        same = [(major, minor, patch)] if self.prerelease else []
        cores = [*same, (major, minor, patch + 1), (major, minor + 1, 0), (major + 1, 0, 0)]
        return [".".join(map(str, core)) for core in cores]


def version_of(text: str) -> Version:
    """Raises ValueError for what is no semantic version."""
    match = _VERSION.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no semantic version, such as 1.4.0")
    major, minor, patch, marks = match.groups()
    return Version((int(major), int(minor), int(patch)), tuple((marks or "").split(".")) if marks else ())


def read(folder: Path, progress: Callable[[str], None] = lambda name: None) -> Manifest:
    """The manifest of a released folder, every file of which is there as it was released. Raises
    NotARelease where the folder, the manifest or a file is missing, cut short or changed, or is of
    another dataset."""
    told = manifest.read(folder)
    try:
        version_of(told.version)
    except ValueError as problem:
        raise NotARelease(f"{folder / manifest.NAME}: {problem}") from problem
    manifest.verify(folder, told, progress)
    return told


def quads(folder: Path, told: Manifest) -> list[oxigraph.Quad]:
    """What a release holds, graph by graph, as its manifest counts and hashes it. Raises NotARelease."""
    path = folder / told.named(told.nquads).name
    try:
        found = oxigraph.read_quads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error, oxigraph.NotWellFormed) as problem:
        raise NotARelease(f"{path} cannot be read: {problem}") from problem
    counted = dict(Counter(oxigraph.iri(quad.graph_name) for quad in found))
    if len(found) != told.quads or counted != told.graphs:
        raise NotARelease(f"{path} holds {len(found):,} quads, otherwise than its manifest says")
    if told.canonical_hash != oxigraph.canonical_hash(found):
        raise NotARelease(f"{path} is not what was released: its canonical hash is not the manifest's")
    return found


def check_step(before: Manifest, version: str, date: str, over: bool = False) -> None:
    """Raises NotAStep unless this version, of this day, can follow that release: by one step of semantic
    versioning, or, with `over`, by any number of them."""
    old, new = version_of(before.version), version_of(version)
    steps = old.next_ones
    possible = f"{', '.join(steps[:-1])} or {steps[-1]}"
    if new == old:
        raise NotAStep(f"{version} is released already: the next one is {possible}")
    if new.precedence < old.precedence:
        raise NotAStep(f"{version} is older than {before.version}, which it is to follow: name an older one")
    if not over and new.core != old.core and ".".join(map(str, new.core)) not in steps:
        raise NotAStep(f"{version} is not one step from {before.version}: the next one is {possible}")
    if date < before.date:
        raise NotAStep(f"{version} of {date} cannot follow {before.version} of {before.date}: mend the date")

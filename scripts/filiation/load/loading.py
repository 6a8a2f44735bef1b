"""Bring a store to a release: in one transaction where the store has them, else graph by graph.

Only named graphs of ours are touched. A run that broke off is carried on by the same command: what is
right in the store already is left as it is.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from filiation.load.comparison import Difference, Updates, differences
from filiation.load.endpoint import Endpoint
from filiation.load.trouble import Refused, StoreTrouble, Unreachable
from filiation.manifest import Manifest

#: Sizes of a SPARQL Update, in bytes, tried one after the other where a store takes no larger one.
LIMITS = (16_000_000, 1_000_000, 60_000)
_TOO_LARGE = 413


class Progress(Protocol):
    """Who is told how far a load has come."""

    def stage(self, name: str, total: int) -> None:
        """A stage of the work begins, of so many units."""

    def advance(self, number: int = 1) -> None:
        """So many units of it are done."""


class Partial(Exception):
    """The store was left between two states; the message says so, and what it was that happened."""


@dataclass
class Outcome:
    """What was done to a store, in numbers of graphs and triples."""

    #: Whether everything that changed changed at once, for whoever reads the store meanwhile.
    atomic: bool
    right: int = 0
    changed: int = 0
    new: int = 0
    dropped: int = 0
    added: int = 0
    removed: int = 0
    notes: list[str] = field(default_factory=list)

    def note(self, difference: Difference, known: bool) -> None:
        """Count a graph."""
        if difference.nothing:
            self.right += 1
        elif not difference.whole:
            self.dropped += 1
        elif known:
            self.changed += 1
        else:
            self.new += 1
        self.added += len(difference.added)
        self.removed += len(difference.removed)

    @property
    def nothing(self) -> bool:
        """Whether the store was right already."""
        return not (self.added or self.removed)


def plan(endpoint: Endpoint, folder: Path, manifest: Manifest, progress: Progress) -> Outcome:
    """What `load` would do, found out by reading only. Raises StoreTrouble, NotARelease."""
    there = endpoint.counts()
    outcome = Outcome(atomic=_in_one(endpoint, there))
    progress.stage("compare", len(manifest.graphs.keys() | there.keys()))
    for difference in differences(endpoint, folder, manifest, lambda graph: progress.advance()):
        outcome.note(difference, difference.graph in there)
    return outcome


def load(endpoint: Endpoint, folder: Path, manifest: Manifest, progress: Progress) -> Outcome:
    """Bring the store to the release. Raises StoreTrouble where it stands as it stood before, Partial
    where it does not, and NotARelease."""
    there = endpoint.counts()
    if not there and endpoint.at.quads:
        try:
            return _first(endpoint, folder, manifest, progress)
        except Refused as problem:
            if problem.status != _TOO_LARGE or not endpoint.at.update:
                raise
    if endpoint.at.update:
        return _by_update(endpoint, folder, manifest, progress, there)
    if endpoint.at.graphs:
        return _by_graph(endpoint, folder, manifest, progress, there)
    raise StoreTrouble(
        f"{endpoint.at.query} can only be asked: give the address for updates with --update-url, or that of "
        "its Graph Store Protocol with --graphs-url"
    )


def _in_one(endpoint: Endpoint, there: dict[str, int]) -> bool:
    if not there and endpoint.at.quads:
        return not endpoint.at.profile.bulk
    return bool(endpoint.at.update)


def _first(endpoint: Endpoint, folder: Path, manifest: Manifest, progress: Progress) -> Outcome:
    dump = folder / manifest.nquads
    progress.stage("load", dump.stat().st_size)
    try:
        endpoint.add_all(dump, first=True, sent=progress.advance)
    except StoreTrouble as problem:
        raise _after(problem, endpoint, manifest) from problem
    return Outcome(atomic=not endpoint.at.profile.bulk, new=len(manifest.graphs), added=manifest.quads)


def _by_update(
    endpoint: Endpoint, folder: Path, manifest: Manifest, progress: Progress, there: dict[str, int]
) -> Outcome:
    """One request of SPARQL Update; where that is too large, several."""
    for limit in (None, *LIMITS):
        with tempfile.TemporaryDirectory(prefix="filiation-load-") as place:
            outcome = Outcome(atomic=limit is None)
            updates = Updates(Path(place), limit)
            progress.stage("compare", len(manifest.graphs.keys() | there.keys()))
            for difference in differences(endpoint, folder, manifest, lambda graph: progress.advance()):
                outcome.note(difference, difference.graph in there)
                updates.add(difference)
            progress.stage("update", sum(file.stat().st_size for file in updates.files))
            for number, file in enumerate(updates.files):
                try:
                    endpoint.update(file, progress.advance)
                except Refused as problem:
                    if problem.status == _TOO_LARGE and limit != LIMITS[-1]:
                        break
                    raise _partial(problem, number, len(updates.files)) from problem
                except StoreTrouble as problem:
                    raise _partial(problem, number, len(updates.files)) from problem
            else:
                outcome.atomic = len(updates.files) < 2
                return outcome
    raise AssertionError("the last limit returns or raises")


def _by_graph(
    endpoint: Endpoint, folder: Path, manifest: Manifest, progress: Progress, there: dict[str, int]
) -> Outcome:
    """Each graph that differs is replaced as a whole, by the Graph Store Protocol."""
    outcome = Outcome(atomic=False)
    progress.stage("graphs", len(manifest.graphs.keys() | there.keys()))
    done = 0
    for difference in differences(endpoint, folder, manifest, lambda graph: progress.advance()):
        outcome.note(difference, difference.graph in there)
        if difference.nothing:
            continue
        try:
            if difference.whole:
                endpoint.put(difference.graph, "".join(f"{line}\n" for line in difference.whole).encode())
            else:
                endpoint.drop(difference.graph)
        except StoreTrouble as problem:
            raise _partial(problem, done, None, difference.graph) from problem
        done += 1
    return outcome


def _partial(problem: StoreTrouble, done: int, of: int | None, graph: str | None = None) -> Exception:
    """What to raise when a request failed after `done` others of the same load had succeeded."""
    if not done and not (graph and isinstance(problem, Unreachable)):
        return problem
    how_far = f"{done} of {of} requests" if of else f"{done} graphs"
    return Partial(f"{problem}; {how_far} had been carried out, so the store is partial")


def _after(problem: StoreTrouble, endpoint: Endpoint, manifest: Manifest) -> Exception:
    """The same trouble, or Partial where the store took some of the statements all the same."""
    try:
        found = sum(endpoint.counts().values())
    except StoreTrouble:
        return problem
    if not found:
        return problem
    return Partial(f"{problem}; the store has {found} of {manifest.quads} statements, so it is partial")

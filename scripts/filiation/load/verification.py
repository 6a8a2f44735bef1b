"""Whether a store holds a release: the same number of triples in every graph, the same answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from filiation.answers import Expected, difference
from filiation.load.trouble import Refused, TookTooLong
from filiation.manifest import Manifest


class Store(Protocol):
    """What can be asked: an endpoint.Endpoint, or a library in the same process."""

    def counts(self) -> dict[str, int]:
        """Named graph of ours -> how many triples the store has in it."""

    def foreign(self) -> bool:
        """Whether it has named graphs that are not ours, which a union of all would mix in."""

    def ask(
        self, query: str, union: bool = False, graphs: Iterable[str] = (), named: Iterable[str] = ()
    ) -> tuple[list[str], list[list[str | None]]]:
        """Column names and rows as plain text."""


@dataclass
class Verification:
    """What was compared, and what was not equal."""

    #: Named graphs with the right number of triples, and the triples in them.
    graphs: int = 0
    triples: int = 0
    #: Graph -> (expected, found), where the numbers differ.
    wrong: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Questions answered as expected.
    equal: int = 0
    #: Question -> in what its answer differs.
    unequal: dict[str, str] = field(default_factory=dict)
    #: Question -> why the store did not answer it.
    unanswered: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether everything was equal."""
        return not (self.wrong or self.unequal or self.unanswered)


def counts(store: Store, manifest: Manifest, verification: Verification) -> None:
    """Hold the number of triples in every graph of ours against the manifest. Raises StoreTrouble."""
    found = store.counts()
    for graph in sorted(manifest.graphs.keys() | found.keys()):
        wanted, there = manifest.graphs.get(graph, 0), found.get(graph, 0)
        if wanted == there:
            verification.graphs += 1
            verification.triples += there
        else:
            verification.wrong[graph] = (wanted, there)


def answers(
    store: Store,
    manifest: Manifest,
    expected: list[Expected],
    verification: Verification,
    step: Callable[[str], None] = lambda stem: None,
) -> None:
    """Ask every question and compare. Where the store holds graphs of others, or cannot be told to
    see all graphs at once, the questions are asked of our graphs alone. Raises StoreTrouble where the
    store is gone; a question that it refuses, or does not answer in time, is noted."""
    ours = sorted(manifest.graphs)
    graphs = ours if store.foreign() else []
    for question in expected:
        step(question.stem)
        try:
            columns, rows = store.ask(question.query, union=not graphs, graphs=graphs, named=ours)
        except (Refused, TookTooLong) as problem:
            verification.unanswered[question.stem] = str(problem)
            continue
        reason = difference(question, columns, rows)
        if reason:
            verification.unequal[question.stem] = reason
        else:
            verification.equal += 1

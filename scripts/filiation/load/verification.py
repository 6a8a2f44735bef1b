"""Whether a store holds a release: the same number of triples in every graph, the same answers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from filiation import layout
from filiation.answers import Expected, difference
from filiation.load.endpoint import Endpoint
from filiation.load.trouble import Refused
from filiation.manifest import Manifest


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


def counts(endpoint: Endpoint, manifest: Manifest, verification: Verification) -> None:
    """Hold the number of triples in every graph of ours against the manifest. Raises StoreTrouble."""
    found = endpoint.counts()
    for graph in sorted(manifest.graphs.keys() | found.keys()):
        wanted, there = manifest.graphs.get(graph, 0), found.get(graph, 0)
        if wanted == there:
            verification.graphs += 1
            verification.triples += there
        else:
            verification.wrong[graph] = (wanted, there)


def answers(
    endpoint: Endpoint,
    manifest: Manifest,
    expected: list[Expected],
    verification: Verification,
    step: Callable[[str], None] = lambda stem: None,
) -> None:
    """Ask every question and compare. Where the store holds graphs of others, or cannot be told to
    see all graphs at once, the questions are asked of our graphs alone. Raises StoreTrouble where the
    store is gone; a question that it refuses is noted."""
    ours = sorted(manifest.graphs)
    graphs = ours if _others(endpoint) else []
    for question in expected:
        step(question.stem)
        try:
            columns, rows = endpoint.ask(question.query, union=not graphs, graphs=graphs, named=ours)
        except Refused as problem:
            verification.unanswered[question.stem] = str(problem)
            continue
        reason = difference(question, columns, rows)
        if reason:
            verification.unequal[question.stem] = reason
        else:
            verification.equal += 1


def _others(endpoint: Endpoint) -> bool:
    """Whether the store has named graphs that are not ours, which a union of all would mix in."""
    if endpoint.at.profile.name == "virtuoso":
        # Its own system graphs are always there, and name nothing of ours.
        return False
    foreign = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRSTARTS(STR(?g), "{layout.GRAPH}"))'
    return bool(endpoint.ask(f"SELECT ?g WHERE {{ {foreign} }} LIMIT 1")[1])

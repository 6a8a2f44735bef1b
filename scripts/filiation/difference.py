"""What parts two releases: quads to take away and to add, and what that does to each entity and graph.

Releases hold no blank nodes, so that two of them differ as two sets of quads do, and what is taken away
can be named.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rdflib import DCTERMS, OWL

from filiation import layout, oxigraph
from filiation.faults import Fault

Op = Literal["ADD", "MOD", "DEL"]


class NotComparable(Fault):
    """A release with blank nodes, which have no name by which one could take them away."""


@dataclass(frozen=True)
class Difference:
    """What to take away from the old quads and to add to them, each in order of graph and code points;
    and the graphs that the new release has no more."""

    removed: tuple[oxigraph.Quad, ...]
    added: tuple[oxigraph.Quad, ...]
    emptied: tuple[str, ...]


@dataclass(frozen=True)
class Fate:
    """What became of an entity, or of a graph: new, changed, or gone (an entity also where only a stub is
    left of it); in which graphs, by how many quads, and what stands in its place."""

    op: Op
    iri: str
    graphs: tuple[str, ...]
    added: int
    removed: int
    replaced_by: tuple[str, ...] = ()


def between(before: Iterable[oxigraph.Quad], after: Iterable[oxigraph.Quad]) -> Difference:
    """What leads from the quads before to those after. Raises NotComparable."""
    old, new = set(before), set(after)
    removed, added = (tuple(sorted(part, key=_order)) for part in (old - new, new - old))
    for quad in (*removed, *added):
        if any(isinstance(term, oxigraph.BlankNode) for term in (quad.subject, quad.object, quad.graph_name)):
            raise NotComparable(f"a blank node in {_graph(quad)}: publish again, blank nodes get names there")
    kept = {_graph(quad) for quad in new}
    return Difference(removed, added, tuple(sorted({_graph(quad) for quad in removed} - kept)))


def _order(quad: oxigraph.Quad) -> tuple[str, str]:
    return _graph(quad), str(quad)


def _graph(quad: oxigraph.Quad) -> str:
    return oxigraph.iri(quad.graph_name)


def entities(
    before: Iterable[oxigraph.Quad], after: Iterable[oxigraph.Quad], difference: Difference
) -> list[Fate]:
    """What became of each entity of which something changed, in order of IRI; the names that stand for
    the blank nodes of axioms are no entities."""
    old, new = _About(before), _About(after)
    graphs: dict[str, set[str]] = {}
    numbers: dict[str, Counter[str]] = {}
    for action, quads in (("added", difference.added), ("removed", difference.removed)):
        for quad in quads:
            subject = oxigraph.iri(quad.subject)
            if subject and not subject.startswith(oxigraph.SKOLEM):
                graphs.setdefault(subject, set()).add(_graph(quad))
                numbers.setdefault(subject, Counter())[action] += 1
    return [
        Fate(
            _op(old.stands(subject), new.stands(subject)),
            subject,
            tuple(sorted(graphs[subject])),
            numbers[subject]["added"],
            numbers[subject]["removed"],
            new.successors(subject),
        )
        for subject in sorted(graphs)
    ]


def graphs(
    before: Iterable[oxigraph.Quad], after: Iterable[oxigraph.Quad], difference: Difference
) -> Iterator[Fate]:
    """What became of each named graph in which something changed, in order of IRI."""
    old, new = ({_graph(quad) for quad in quads} for quads in (before, after))
    added, removed = (Counter(map(_graph, quads)) for quads in (difference.added, difference.removed))
    for graph in sorted(added.keys() | removed.keys()):
        yield Fate(_op(graph in old, graph in new), graph, (graph,), added[graph], removed[graph])


def _op(before: bool, after: bool) -> Op:
    """What became of it; what stands on neither side (a stub whose note changed) has changed."""
    return "MOD" if before == after else "ADD" if after else "DEL"


class _About:
    """Which entities the quads of a release describe, and which of them are retired."""

    def __init__(self, quads: Iterable[oxigraph.Quad]):
        self._subjects: set[str] = set()
        self._retired: set[str] = set()
        self._successors: dict[str, set[str]] = {}
        for quad in quads:
            subject, predicate = oxigraph.iri(quad.subject), quad.predicate.value
            if _graph(quad) == layout.INFERRED_GRAPH:
                continue
            self._subjects.add(subject)
            if predicate == str(OWL.deprecated) and str(quad.object).startswith('"true"'):
                self._retired.add(subject)
            elif predicate == str(DCTERMS.isReplacedBy):
                self._successors.setdefault(subject, set()).add(oxigraph.iri(quad.object))

    def stands(self, subject: str) -> bool:
        return subject in self._subjects and subject not in self._retired

    def successors(self, subject: str) -> tuple[str, ...]:
        return tuple(sorted(self._successors.get(subject, ())))

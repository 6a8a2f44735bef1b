"""Many graphs seen as one: each statement is looked up in the files that hold it, and none is copied.

To judge one changed file, a few hundred nodes of the dataset are looked at, and to copy all statements
into one graph would take longer than to judge them. Nothing is left out: whatever a shape or a rule
asks of a view, it gets the answer that the copied graph would give.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rdflib import Graph
from rdflib.store import Store
from rdflib.term import Node

Triple = tuple[Node, Node, Node]
#: Statements that follow from those in a graph, each from those of its own subject alone.
Derive = Callable[[Graph], Iterable[Triple]]


def view(
    graphs: Iterable[Graph],
    derive: Derive | None = None,
    sources: Iterable[Node] = (),
    beside: Graph | None = None,
) -> Graph:
    """The statements of all graphs as one graph, which is only read; and with them what `derive` makes
    of those with the predicates `sources`. `beside` is another view, whose graphs belong to it too."""
    first = beside.store if beside is not None else None
    assert first is None or isinstance(first, _View)
    return Graph(store=_View(list(graphs), derive, frozenset(sources), first), bind_namespaces="none")


def nodes(seen: Graph) -> Iterator[Node]:
    """The subjects and the values of the statements in a view, some of them twice."""
    assert isinstance(seen.store, _View)
    yield from seen.store.nodes()


class _View(Store):
    """The store behind a view."""

    #: pySHACL takes no other, though it asks for no contexts.
    context_aware = graph_aware = True

    def __init__(
        self,
        graphs: list[Graph],
        derive: Derive | None,
        sources: frozenset[Node],
        beside: "_View | None" = None,
    ):
        super().__init__()
        self._derive, self._sources = derive, sources
        self._graphs: list[Graph] = [*beside._graphs, *graphs] if beside else graphs
        self._about: dict[Node, list[Graph]] = dict(beside._about) if beside else {}
        self._into: dict[Node, list[Graph]] = dict(beside._into) if beside else {}
        for graph in graphs:
            subjects, values = set[Node](), set[Node]()
            for (subject, _, value), _ in graph.store.triples((None, None, None)):
                subjects.add(subject)
                values.add(value)
            for ends, index in ((subjects, self._about), (values, self._into)):
                for node in ends:
                    index[node] = [*index[node], graph] if node in index else [graph]
        self._size = sum(map(len, self._graphs))
        self._followed: dict[Node, list[Triple]] = {}
        self._all_followed: dict[Node | None, list[Triple]] = {}

    def triples(self, pattern: Any, context: Any = None) -> Iterator[tuple[Any, Any]]:
        subject, predicate, value = pattern
        if subject is not None:
            graphs, derived = self._about.get(subject, []), self._derived_of(subject)
        elif value is not None:
            graphs, derived = self._into.get(value, []), self._derived(predicate)
        else:
            graphs, derived = self._graphs, self._derived(predicate)
        once = len(graphs) == 1
        met: set[Triple] = set()
        for graph in graphs:
            for triple in graph.triples(pattern):
                if once or triple not in met:
                    met.add(triple)
                    yield triple, None
        for triple in derived:
            fits = predicate in (None, triple[1]) and subject in (None, triple[0])
            if fits and value in (None, triple[2]) and triple not in met:
                yield triple, None

    def __len__(self, context: Any = None) -> int:
        """How many statements there are, those that several graphs have counted for each: rdflib asks
        only whether there are any, and does so more often than it asks anything else."""
        return self._size

    def nodes(self) -> Iterator[Node]:
        yield from self._about
        yield from self._into

    def bind(self, prefix: str, namespace: Any, override: bool = True) -> None:
        """Nothing is written from a view, so it has no prefixes."""

    def namespace(self, prefix: str) -> None:
        return None

    def prefix(self, namespace: Any) -> None:
        return None

    def namespaces(self) -> Iterator[tuple[str, Any]]:
        return iter(())

    def _derived_of(self, subject: Node) -> list[Triple]:
        if self._derive is None:
            return []
        if subject not in self._followed:
            self._followed[subject] = self._made(self._about.get(subject, []), subject)
        return self._followed[subject]

    def _derived(self, predicate: Node | None) -> list[Triple]:
        """What is derived from all subjects with this predicate (None: any): asked for where no subject is
        given."""
        if not self._all_followed:
            found = self._made(self._graphs, None)
            self._all_followed[None] = found
            for triple in found:
                self._all_followed.setdefault(triple[1], []).append(triple)
        return self._all_followed.get(predicate, [])

    def _made(self, graphs: list[Graph], subject: Node | None) -> list[Triple]:
        own = Graph(store="SimpleMemory", bind_namespaces="none")
        for graph in graphs:
            for predicate in self._sources:
                for triple in graph.triples((subject, predicate, None)):
                    own.add(triple)
        return list(self._derive(own)) if self._derive and len(own) else []

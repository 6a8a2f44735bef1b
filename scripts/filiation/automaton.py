"""Ways over a graph: a finite automaton whose steps are statements, followed from any back to its start."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

#: Its object is None where it is derived, and any value may have come or gone.
Statement = tuple[Node, Node, Node | None]
#: Stands for "is described in this file": a result is told where its value is described.
HOME = URIRef("urn:x-filiation:home")


class Unreadable(Exception):
    """A shape or a query whose ways cannot be read off."""


@dataclass(frozen=True)
class Step:
    """From one state to the next along a statement with this predicate (None: any), or against it;
    with neither where `free`."""

    start: int
    end: int
    predicate: Node | None = None
    against: bool = False
    free: bool = False


@dataclass
class Automaton:
    """What is looked at from a focus node, which is in state 0."""

    steps: list[Step] = field(default_factory=list)
    states: int = 1
    #: Predicates of statements that count wherever they stand (None: any).
    anywhere: set[Node | None] = field(default_factory=set)

    def state(self) -> int:
        self.states += 1
        return self.states - 1

    def go(self, start: int, *predicates: Node | None, against: bool = False) -> int:
        """Add a step along any of these predicates; the state in which it ends."""
        end = self.state()
        self.steps += [Step(start, end, predicate, against) for predicate in predicates]
        return end

    def free(self, start: int, end: int) -> None:
        self.steps.append(Step(start, end, free=True))

    def repeat(self, start: int, *predicates: Node | None, against: bool = False) -> int:
        """Add any number of steps along these predicates; the state in which they end."""
        self.free(self.go(start, *predicates, against=against), start)
        return start

    def starts(self, graph: Graph, changed: Iterable[Statement]) -> set[Node]:
        """The nodes from which some way over the graph leads over one of these statements. Raises
        Unreadable."""
        into: dict[int, list[Step]] = defaultdict(list)
        for step in self.steps:
            into[step.end].append(step)
        waiting: list[tuple[Node, int]] = []
        by_predicate = defaultdict(list)
        for step in self.steps:
            if not step.free:
                by_predicate[step.predicate].append(step)
        for subject, predicate, value in changed:
            for step in (*by_predicate.get(predicate, ()), *by_predicate.get(None, ())):
                if not step.against:
                    waiting.append((subject, step.start))
                elif value is not None:
                    waiting.append((value, step.start))
                elif step.predicate is not None:
                    raise Unreadable("a path against a property that is derived")
        met = set(waiting)
        while waiting:
            node, state = waiting.pop()
            for step in into[state]:
                for before in [node] if step.free else _before(graph, node, step):
                    if (before, step.start) not in met:
                        met.add((before, step.start))
                        waiting.append((before, step.start))
        return {node for node, state in met if state == 0}


def _before(graph: Graph, node: Node, step: Step) -> Iterator[Node]:
    if step.against:
        if not isinstance(node, Literal):
            yield from graph.objects(node, step.predicate)
    else:
        yield from graph.subjects(step.predicate, node)


def repeated(automaton: Automaton, state: int, add: Callable[[int], int]) -> int:
    """Any number of what `add` adds from a state on."""
    begin = automaton.state()
    automaton.free(state, begin)
    automaton.free(add(begin), begin)
    return begin

"""Of which nodes can a statement change the verdict? Read off the shapes themselves.

What a shape looks at from a focus node is a set of paths: those of its property shapes, of what these
nest, of the pairs that it compares, the class of its values, and the patterns of its queries. Together
they are a finite automaton over the statements of the graph. A statement that fits a step of it is
followed back to the nodes where the automaton starts: these are the ones to judge again. Where a shape
cannot be read like that, all its focus nodes are.
"""

import re
from collections.abc import Iterable, Mapping
from functools import partial

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from filiation import patterns, shacl
from filiation.automaton import HOME, Automaton, Statement, Unreadable, repeated

_NESTED = (SH.node, SH["not"], SH.qualifiedValueShape, SH.property)
_NESTED_LISTS = (SH["or"], SH["and"], SH.xone)
_COMPARED = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
#: What looks at nothing but the value itself, or at nothing.
_BY_ITSELF = {
    *(SH.datatype, SH.nodeKind, SH.pattern, SH.flags, SH.languageIn, SH.uniqueLang, SH["in"], SH.hasValue),
    *(SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.qualifiedMinCount, SH.qualifiedMaxCount),
    *(SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive),
    *(SH.message, SH.severity, SH.name, SH.description, SH.order, SH.group, SH.defaultValue),
    *(SH.path, SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf),
}


def depending(
    graph: Graph, shapes: Graph, changed: Iterable[Statement], met: Mapping[URIRef, set[Node]]
) -> set[Node]:
    """The focus nodes whose results may differ when these statements are added or taken away; `graph`
    is what the shapes see afterwards, and `met` their focus nodes in it."""
    changed = list(changed)
    predicates = {predicate for _, predicate, _ in changed}
    # A result can be told at a node that did not change, in a file that did.
    beside = {other for node, p, _ in changed if p == HOME for other in graph.predicates(node)}
    found: set[Node] = set()
    for shape, nodes in met.items():
        if not nodes or not shacl.has_targets(shapes, shape):
            continue
        try:
            automaton = of_shape(shapes, shape, predicates | beside)
            anywhere = None in automaton.anywhere or not predicates.isdisjoint(automaton.anywhere)
            found |= nodes if anywhere else nodes & automaton.starts(graph, changed)
        except Unreadable:
            found |= nodes
    return found


def of_shape(shapes: Graph, shape: Node, predicates: set[Node]) -> Automaton:
    """What a shape with targets looks at; of its queries only what statements with these predicates
    can bear on. Raises Unreadable."""
    automaton = Automaton()
    for predicate in (RDF.type, *shapes.objects(shape, SH.targetSubjectsOf)):
        automaton.go(0, predicate)
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        automaton.go(0, predicate, against=True)
    _Reader(shapes, automaton, predicates).shape(shape, 0, (), told=True)
    return automaton


class _Reader:
    def __init__(self, shapes: Graph, automaton: Automaton, predicates: set[Node]):
        self.shapes, self.automaton, self.predicates = shapes, automaton, predicates

    def shape(self, shape: Node, state: int, around: tuple[Node, ...], told: bool) -> None:
        """Add what a shape looks at; `told` where its results stand in the report."""
        if shape in around:
            raise Unreadable("a shape that refers to itself")
        around, shapes, end = (*around, shape), self.shapes, state
        path = shapes.value(shape, SH.path)
        if path is not None:
            end = self.path(path, state)
            if told and not isinstance(path, URIRef) and not self.is_choice(path):
                self.place(state, end, path)
        for predicate, value in shapes.predicate_objects(shape):
            if predicate in _NESTED:
                self.shape(value, end, around, told and predicate == SH.property)
            elif predicate in _NESTED_LISTS:
                for part in Collection(shapes, value):
                    self.shape(part, end, around, told=False)
            elif predicate in _COMPARED:
                self.automaton.go(state, value)
            elif predicate == SH["class"]:
                self.automaton.go(end, RDF.type)
            elif predicate == SH.sparql:
                self.query(str(shapes.value(value, SH.select)), value, state)
            elif str(predicate).startswith(str(SH)) and predicate not in _BY_ITSELF:
                raise Unreadable(f"{predicate}")

    def is_choice(self, path: Node) -> bool:
        """Whether a path is one property or another, of which the one that leads to a value is found."""
        ways = self.shapes.value(path, SH.alternativePath)
        return ways is not None and all(isinstance(way, URIRef) for way in Collection(self.shapes, ways))

    def place(self, state: int, end: int, path: Node) -> None:
        """Add where a result is told whose path is no single property: at the value; or, where the value
        is not described (as the subject of a statement always is), at a neighbour that has it."""
        self.automaton.go(end, HOME)
        steps = list(Collection(self.shapes, path)) if (path, RDF.first, None) in self.shapes else [path]
        if (steps[-1], SH.inversePath, None) in self.shapes:
            return
        self.neighbours(state)
        if isinstance(steps[0], URIRef):
            self.automaton.go(self.automaton.go(state, steps[0]), HOME)

    def neighbours(self, state: int) -> None:
        """Add where the nodes are described that speak of this one."""
        self.automaton.go(self.automaton.go(state, None, against=True), HOME)

    def path(self, path: Node, state: int) -> int:
        """Add a path (SHACL, section 2.3.1); the state in which it ends."""
        if isinstance(path, URIRef):
            return self.automaton.go(state, path)
        if (path, RDF.first, None) in self.shapes:
            for part in Collection(self.shapes, path):
                state = self.path(part, state)
            return state
        inverse = self.shapes.value(path, SH.inversePath)
        if isinstance(inverse, URIRef):
            return self.automaton.go(state, inverse, against=True)
        alternatives = self.shapes.value(path, SH.alternativePath)
        if alternatives is not None:
            end = self.automaton.state()
            for part in Collection(self.shapes, alternatives):
                self.automaton.free(self.path(part, state), end)
            return end
        for kind in (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath):
            inner = self.shapes.value(path, kind)
            if inner is not None:
                return repeated(self.automaton, state, partial(self.path, inner))
        raise Unreadable("a path")

    def query(self, text: str, constraint: Node, state: int) -> None:
        """Add the patterns of a query in which `$this` is the focus node."""
        if re.search(r"[$?]PATH\b", text):
            raise Unreadable("a query that takes its path from the shape")
        where = text.partition("{")[2]
        if not re.search(r"(?:^|[{}.])\s*[?$]value\b", where):
            self.neighbours(state)
        if not _bears_on(where, self.predicates):
            return
        prefixes = {
            str(self.shapes.value(declared, SH.prefix)): str(self.shapes.value(declared, SH.namespace))
            for declaring in self.shapes.objects(constraint, SH.prefixes)
            for declared in self.shapes.objects(declaring, SH.declare)
        }
        patterns.add(self.automaton, shacl.prepared(patterns.bare(text), prefixes).algebra, [], state)


def _bears_on(where: str, predicates: set[Node]) -> bool:
    """Whether a query may match statements with one of these predicates, as far as its words tell."""
    if re.search(r"[^{}.\s]\s+[?$]\w+\s+[?$\w<\"'(\[]", where):
        return True
    if RDF.type in predicates and re.search(r"\sa\s", where):
        return True
    words = set(re.findall(r"[\w-]+", where))
    return any(re.split(r"[/#]", str(predicate))[-1] in words for predicate in predicates)

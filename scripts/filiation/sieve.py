"""Which nodes conform to a shape for certain? Told at sight, so that pySHACL is asked only for the rest.

Nearly all nodes of a file conform to nearly all shapes, and to find that out pySHACL takes a hundred times
as long as reading it off their statements. What a shape asks for is read here from the components of SHACL
Core (section 4) that our shapes use. Nothing is reported from here: where a node does not conform, or a
shape has a part that is not known here, the verdict is left to pySHACL.
"""

import operator
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import components
from filiation.components import Component, NotRead, Told, every
from filiation.probe import Probe

Test = Callable[[Node], Told]
Way = Callable[[Node], Collection[Node]]

#: What decides nothing about a single node, or is read with something else.
_SILENT = {
    *(SH.path, SH.message, SH.severity, SH.name, SH.description, SH.order, SH.group, SH.defaultValue),
    *(SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf),
    *(SH.flags, SH.qualifiedMinCount, SH.qualifiedMaxCount),
}
_OF_QUERIES = {RDF.type, RDFS.comment, SH.message, SH.prefixes, SH.select}


class Sieve:
    """Shapes, and the graph whose nodes are judged by them. Neither may change meanwhile, but for targets."""

    def __init__(self, data: Graph, shapes: Graph):
        self._data, self._shapes = data, shapes
        self._tests: dict[tuple[Node, frozenset[Node]], Test] = {}
        self._about: dict[Node, dict[Node, list[Node]]] = {}
        self._reading: set[Node] = set()
        self._superclasses: dict[Node, set[Node | None]] = {}
        self._probe = Probe(data, shapes)
        #: A component of somebody's own takes parameters of any name.
        self._knows_all = (None, RDF.type, SH.ConstraintComponent) not in shapes

    def passes(self, shape: Node, node: Node, without: frozenset[Node] = frozenset()) -> bool:
        """Whether a node conforms to a shape for certain; not counting these of its property shapes."""
        return self._knows_all and self._test(shape, without)(node) is True

    # Reading a shape

    def _test(self, shape: Node, without: frozenset[Node] = frozenset()) -> Test:
        if (shape, without) not in self._tests:
            if shape in self._reading:
                return _untold
            self._reading.add(shape)
            try:
                self._tests[shape, without] = self._read(shape, without)
            except (NotRead, re.error, ValueError):
                self._tests[shape, without] = _untold
            finally:
                self._reading.discard(shape)
        return self._tests[shape, without]

    def _read(self, shape: Node, without: frozenset[Node]) -> Test:
        path = components.only(self._shapes, shape, SH.path)
        way = self._way(path) if path is not None else None
        asked = list(self._components(shape, without))

        def test(node: Node) -> Told:
            values = way(node) if way else (node,)
            return every(component(node, values) for component in asked)

        return test

    def _components(self, shape: Node, without: frozenset[Node]) -> Iterator[Component]:
        for predicate, parameter in self._shapes.predicate_objects(shape):
            if predicate in _SILENT or not str(predicate).startswith(str(SH)):
                continue
            if predicate == SH.property and parameter in without:
                continue
            if predicate in _LOOKING_FURTHER:
                yield _LOOKING_FURTHER[predicate](self, shape, parameter)
            else:
                yield components.read(self._shapes, shape, predicate, parameter)

    # What stands in the graph

    def _values(self, node: Node, predicate: Node) -> list[Node]:
        about = self._about.get(node)
        if about is None:
            about = self._about[node] = {}
            if not isinstance(node, Literal):
                for _, verb, value in self._data.triples((node, None, None)):
                    about.setdefault(verb, []).append(value)
        return about.get(predicate, [])

    def _classes(self, kind: Node) -> set[Node | None]:
        if kind not in self._superclasses:
            self._superclasses[kind] = set(self._data.transitive_objects(kind, RDFS.subClassOf))
        return self._superclasses[kind]

    def _way(self, path: Node) -> Way:
        """The values that a path leads to from a node (section 2.3.1)."""
        shapes = self._shapes
        if isinstance(path, URIRef):
            return lambda node: self._values(node, path)
        if (path, RDF.first, None) in shapes:
            steps = [self._way(step) for step in components.members(shapes, path)]
            return lambda node: _walked(node, steps)
        inverse = components.only(shapes, path, SH.inversePath)
        if isinstance(inverse, URIRef):
            return lambda node: set(self._data.subjects(inverse, node))
        either = components.only(shapes, path, SH.alternativePath)
        if either is None:
            raise NotRead("a path")
        ways = [self._way(way) for way in components.members(shapes, either)]
        return lambda node: {value for way in ways for value in way(node)}

    # Components that look further than at the values (sections 4.1.1, 4.5 to 4.7, 5)

    def _class(self, _shape: Node, wanted: Node) -> Component:
        def is_one(value: Node) -> bool:
            return any(wanted in self._classes(kind) for kind in self._values(value, RDF.type))

        return components.of_each(is_one)

    def _compared(self, other: Node, fits: Callable[[Any, Any], bool]) -> Component:
        measure = components.measure

        def compare(focus: Node, values: Collection[Node]) -> Told:
            pairs = [(measure(a), measure(b)) for a in values for b in self._values(focus, other)]
            return every(fits(a, b) if a is not None and type(a) is type(b) else None for a, b in pairs)

        return compare

    def _less_than(self, _shape: Node, other: Node) -> Component:
        return self._compared(other, operator.lt)

    def _at_most(self, _shape: Node, other: Node) -> Component:
        return self._compared(other, operator.le)

    def _disjoint(self, _shape: Node, other: Node) -> Component:
        return lambda focus, values: set(self._values(focus, other)).isdisjoint(values)

    def _equals(self, _shape: Node, other: Node) -> Component:
        return lambda focus, values: set(self._values(focus, other)) == set(values)

    def _node(self, _shape: Node, nested: Node) -> Component:
        test = self._test(nested)
        return lambda _focus, values: every(map(test, values))

    def _not(self, _shape: Node, nested: Node) -> Component:
        test = self._test(nested)
        return lambda _focus, values: every(_turned(test(value)) for value in values)

    def _and(self, _shape: Node, head: Node) -> Component:
        tests = [self._test(nested) for nested in components.members(self._shapes, head)]
        return lambda _focus, values: every(test(value) for value in values for test in tests)

    def _or(self, _shape: Node, head: Node) -> Component:
        tests = [self._test(nested) for nested in components.members(self._shapes, head)]
        # One of several conforms, unless it holds of each that it does not.
        return lambda _focus, values: every(
            _turned(every(_turned(test(value)) for test in tests)) for value in values
        )

    def _qualified(self, shape: Node, nested: Node) -> Component:
        least, most = (
            components.only(self._shapes, shape, bound)
            for bound in (SH.qualifiedMinCount, SH.qualifiedMaxCount)
        )
        components.only(self._shapes, shape, SH.qualifiedValueShape)
        test, fewest = self._test(nested), components.whole(least) if least is not None else 0
        greatest = components.whole(most) if most is not None else None

        def counted(_focus: Node, values: Collection[Node]) -> Told:
            told = [test(value) for value in values]
            if None in told:
                return None
            return told.count(True) >= fewest and (greatest is None or told.count(True) <= greatest)

        return counted

    def _sparql(self, _shape: Node, constraint: Node) -> Component:
        for predicate in self._shapes.predicates(constraint):
            if predicate not in _OF_QUERIES:
                raise NotRead(predicate)
        components.only(self._shapes, constraint, SH.select)
        return lambda focus, _values: True if self._probe.finds(constraint, focus) is False else None


_LOOKING_FURTHER: dict[Node, Callable[[Sieve, Node, Node], Component]] = {
    SH["class"]: Sieve._class,
    SH.lessThan: Sieve._less_than,
    SH.lessThanOrEquals: Sieve._at_most,
    SH.disjoint: Sieve._disjoint,
    SH.equals: Sieve._equals,
    SH.node: Sieve._node,
    SH.property: Sieve._node,
    SH.sparql: Sieve._sparql,
    SH["not"]: Sieve._not,
    SH["and"]: Sieve._and,
    SH["or"]: Sieve._or,
    SH.qualifiedValueShape: Sieve._qualified,
}


def _untold(_node: Node) -> Told:
    return None


def _turned(told: Told) -> Told:
    return None if told is None else not told


def _walked(node: Node, steps: list[Way]) -> set[Node]:
    """The nodes at the end of several steps."""
    nodes = {node}
    for step in steps:
        nodes = {value for one in nodes for value in step(one)}
    return nodes

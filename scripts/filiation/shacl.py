"""The only module that meets pySHACL: judge a graph by shapes, and count what each shape met.

Both arguments are always graphs: given a string, pySHACL would open it as a path or fetch it.
Inference stays off, for it gives a wrong value the very class that a shape asks for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


class BrokenShapes(Exception):
    """The shapes themselves are wrong, so that nothing can be judged; the message says how."""


@dataclass(frozen=True)
class Result:
    """One sh:ValidationResult (SHACL, section 3.6)."""

    focus: Node
    path: Node | None
    value: Node | None
    shape: Node
    severity: str
    message: str


def validate(data: Graph, shapes: Graph, focus: set[URIRef] | None = None) -> list[Result]:
    """The results for the whole graph, or only for these focus nodes. Raises BrokenShapes."""
    import pyshacl

    _check_texts_once()
    _, report, text = pyshacl.validate(
        _Prepared(data),
        shacl_graph=_light(shapes) if focus is None else _narrowed(data, shapes, focus),
        inference="none",
        advanced=False,
        inplace=True,
        do_owl_imports=False,
    )
    if not isinstance(report, Graph):
        raise BrokenShapes(f"a shape in shapes/ is wrong: {text.strip()}")
    return [_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)]


def _light(shapes: Graph) -> Graph:
    """The same shapes in the store that answers soonest: each is asked for again at every node."""
    light = Graph(store="SimpleMemory", bind_namespaces="none")
    light += shapes
    return light


def _narrowed(data: Graph, shapes: Graph, focus: set[URIRef]) -> Graph:
    """The same shapes with only those of their targets that are asked for. pySHACL's own option for
    that also leaves out the value nodes of nested shapes, and so misses violations."""
    narrow = _light(shapes)
    for predicate in _TARGETS:
        narrow.remove((None, predicate, None))
    for shape in rules(shapes):
        for node in focus.intersection(_targets(data, shapes, shape)):
            narrow.add((shape, SH.targetNode, node))
    return narrow


class _Prepared(Graph):
    """A graph that reads each query text once. pySHACL asks the same text for every focus node, and
    reading it costs rdflib far more than answering it."""

    def __init__(self, graph: Graph):
        super().__init__(store=graph.store, identifier=graph.identifier, bind_namespaces="none")
        self._queries: dict[tuple[str, tuple[tuple[str, Any], ...]], Query] = {}

    def query(self, query_object: Any, *args: Any, **options: Any) -> Any:
        if isinstance(query_object, str):
            prefixes = options.get("initNs") or {}
            key = (query_object, tuple(sorted(prefixes.items())))
            if key not in self._queries:
                self._queries[key] = prepareQuery(query_object, initNs=prefixes)
            query_object = self._queries[key]
        return super().query(query_object, *args, **options)


@cache
def _check_texts_once() -> None:
    """Have pySHACL look once for what the text of a query must not contain. It looks anew for every
    focus node, by patterns that take the square of the text's length, and finds the same."""
    from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper

    check = SPARQLQueryHelper.check_invalid_sparql
    passed: set[tuple[str, bool]] = set()

    def check_once(self: Any, text: str, valuenode: Any = None, extravars: Any = None) -> bool:
        key = text, valuenode is None
        if extravars or key not in passed:
            check(self, text, valuenode=valuenode, extravars=extravars)
            passed.add(key)
        return True

    SPARQLQueryHelper.check_invalid_sparql = check_once


def _result(report: Graph, node: Node) -> Result:
    shape = report.value(node, SH.sourceShape)
    severity = str(report.value(node, SH.resultSeverity)).rpartition("#")[2].lower()
    messages = sorted(str(message) for message in report.objects(node, SH.resultMessage))
    focus = report.value(node, SH.focusNode)
    assert shape is not None and focus is not None
    return Result(
        focus,
        report.value(node, SH.resultPath),
        report.value(node, SH.value),
        shape,
        severity,
        " ".join(messages),
    )


def rules(shapes: Graph) -> list[URIRef]:
    """Every shape that is a rule of its own, in order of IRI: one with a target, or a property shape
    of such a one. Shapes that only others refer to, such as a part of sh:or, are none."""
    return sorted(
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
        if isinstance(shape, URIRef)
        and (
            any((shape, target, None) in shapes for target in _TARGETS)
            or (None, SH.property, shape) in shapes
        )
    )


def focus_nodes(data: Graph, shapes: Graph) -> dict[URIRef, set[Node]]:
    """The focus nodes of each shape (SHACL, section 2.1); a property shape has those of the node
    shapes that use it."""
    met = {shape: set(_targets(data, shapes, shape)) for shape in rules(shapes)}
    for shape in list(met):
        for part in shapes.objects(shape, SH.property):
            if isinstance(part, URIRef) and part in met:
                met[part] |= met[shape]
    return met


def _targets(data: Graph, shapes: Graph, shape: URIRef) -> Iterator[Node]:
    yield from (node for node in shapes.objects(shape, SH.targetNode) if not isinstance(node, Literal))
    for target in shapes.objects(shape, SH.targetClass):
        for kind in data.transitive_subjects(RDFS.subClassOf, target):
            yield from data.subjects(RDF.type, kind)
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(predicate)
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, predicate)

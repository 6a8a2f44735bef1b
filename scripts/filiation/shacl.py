"""The only module that meets pySHACL: judge a graph by shapes, and count what each shape met.

Both arguments are always graphs: given a string, pySHACL would open it as a path or fetch it.
Inference stays off, for it gives a wrong value the very class that a shape asks for.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from pyparsing import ParserElement
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from filiation.faults import Fault
from filiation.sieve import Sieve

#: The prefixes that pySHACL writes as lines above the text of a constraint, some of them always.
_PREFIX_LINE = re.compile(r"^PREFIX (\S*): <([^>]*)>\n", re.MULTILINE)
_EVERYWHERE = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL)}

_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
#: By which a shape has targets: a class that is one has its members (section 2.1.3.3).
_BY_TARGETS = (*((target, None) for target in _TARGETS), (RDF.type, RDFS.Class))


class BrokenShapes(Fault):
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
    #: The first property of a path that is a sequence of several.
    step: Node | None = None


def validate(data: Graph, shapes: Graph, focus: Set[Node] | None = None) -> list[Result]:
    """The results for the whole graph, or only for these focus nodes. Raises BrokenShapes."""
    return results(report(data, shapes, focus))


def report(
    data: Graph,
    shapes: Graph,
    focus: Set[Node] | None = None,
    met: Mapping[URIRef, Set[Node]] | None = None,
) -> Graph:
    """The validation report (SHACL, section 3.6) as pySHACL writes it, for the whole graph or only for
    these focus nodes; `met` is what `focus_nodes` gives, where that is known. Raises BrokenShapes."""
    import pyshacl

    _check_texts_once()
    _fetch_nothing()
    try:
        _, found, text = pyshacl.validate(
            _Prepared(data),
            shacl_graph=_light(shapes) if focus is None else _narrowed(data, shapes, focus, met),
            inference="none",
            advanced=False,
            inplace=True,
            do_owl_imports=False,
        )
    except BrokenShapes:
        raise
    except Exception as problem:  # rdflib has no class of its own for a query that cannot be answered
        raise BrokenShapes(f"a shape in shapes/ cannot be applied: {problem}") from problem
    if not isinstance(found, Graph):
        raise BrokenShapes(f"a shape in shapes/ is wrong: {text.strip()}")
    return found


def results(report: Graph) -> list[Result]:
    """The results in a report, without those that only tell why another is one (sh:detail)."""
    return [_result(report, node) for node in report.objects(None, SH.result)]


def only(report: Graph, wanted: Callable[[Result], bool]) -> Graph:
    """A report with the wanted results alone; it conforms where none is left."""
    root = next(report.subjects(RDF.type, SH.ValidationReport))
    dropped = [
        node for node in report.subjects(RDF.type, SH.ValidationResult) if not wanted(_result(report, node))
    ]
    part = Graph()
    part += report
    for node in dropped:
        part.remove((root, SH.result, node))
    if (root, SH.result, None) not in part:
        part.set((root, SH.conforms, Literal(True)))
    return part.cbd(root, include_reifications=False)


def _light(shapes: Graph) -> Graph:
    """The same shapes in the store that answers soonest: each is asked for again at every node."""
    light = Graph(store="SimpleMemory", bind_namespaces="none")
    light += shapes
    return light


def _narrowed(data: Graph, shapes: Graph, focus: Set[Node], met: Mapping[URIRef, Set[Node]] | None) -> Graph:
    """The same shapes with only those of their targets that are asked for, and of these only what may not
    conform. pySHACL's own option for that also leaves out the value nodes of nested shapes, and so misses
    violations."""
    narrow = _light(shapes)
    for predicate, value in _BY_TARGETS:
        narrow.remove((None, predicate, value))
    at_sight, met = Sieve(data, narrow), met or focus_nodes(data, shapes)
    telling = _telling_of_others(shapes)
    for unnamed in {shape for by in _BY_TARGETS for shape in shapes.subjects(*by)} - met.keys():
        for node in targets(data, shapes, unnamed):
            if node in focus or unnamed in telling:
                narrow.add((unnamed, SH.targetNode, node))
    for shape in met:
        nodes = met[shape] if shape in telling else focus & met[shape]
        if not nodes or not has_targets(shapes, shape):
            continue
        if (None, SH.property, shape) in shapes:
            nodes &= set(targets(data, shapes, shape))
        parts = frozenset(_own_parts(shapes, shape))
        for node in nodes:
            if not at_sight.passes(shape, node, without=parts):
                narrow.add((shape, SH.targetNode, node))
                continue
            for part in parts:
                if not at_sight.passes(part, node):
                    narrow.add((part, SH.targetNode, node))
    return narrow


def _telling_of_others(shapes: Graph) -> set[Node]:
    """The shapes that tell of the values of their focus nodes as if these were the focus nodes: by a property
    shape in a property shape."""
    within = {shape for shape in shapes.subjects(SH.property) if (shape, SH.path, None) in shapes}
    return {above for shape in within for above in shapes.transitive_subjects(SH.property, shape) if above}


def _own_parts(shapes: Graph, shape: URIRef) -> Iterator[Node]:
    """The property shapes of a shape that judge for it alone: by themselves they find the same. Those of a
    shape with a path judge its values, and none for it."""
    if (shape, SH.path, None) in shapes:
        return
    for part in shapes.objects(shape, SH.property):
        alone = len(set(shapes.subjects(SH.property, part))) == 1
        if alone and isinstance(part, URIRef) and not has_targets(shapes, part):
            yield part


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
                self._queries[key] = prepared(query_object, prefixes)
            query_object = self._queries[key]
        return super().query(query_object, *args, **options)


def prepared(text: str, prefixes: Mapping[str, Any]) -> Query:
    """The query of a constraint with its prefixes; each is read once, whoever asks."""
    body = _PREFIX_LINE.sub("", text).strip()
    declared = dict(_PREFIX_LINE.findall(text))
    return _read(body, frozenset({**_EVERYWHERE, **prefixes, **declared}.items()))


@cache
def _read(text: str, prefixes: frozenset[tuple[str, Any]]) -> Query:
    # The package edtf has every parser of the process remember its attempts, as its own grammar needs.
    # That of SPARQL does not, and takes more than twice as long with it.
    remembers = ParserElement._packratEnabled
    ParserElement.disable_memoization()
    try:
        return prepareQuery(text, initNs={name: str(namespace) for name, namespace in prefixes})
    finally:
        if remembers:
            ParserElement.enable_packrat()


@cache
def _fetch_nothing() -> None:
    """Keep rdflib from loading what a query of a shape names with FROM or SERVICE, however it is spelt."""
    from rdflib.plugins import sparql

    def refuse(_context: Any, part: Any) -> Any:
        if part.name == "ServiceGraphPattern":
            raise BrokenShapes("a query of a shape has SERVICE: nothing is fetched")
        # So rdflib's hook is told to go on by itself.
        raise NotImplementedError

    sparql.SPARQL_LOAD_GRAPHS = False
    sparql.CUSTOM_EVALS["filiation"] = refuse


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
    path = report.value(node, SH.resultPath)
    value = report.value(node, SH.value)
    step = report.value(path, RDF.first) if isinstance(path, BNode) else None
    return Result(focus, path, value, shape, severity, " ".join(messages), step)


def rules(shapes: Graph) -> list[URIRef]:
    """Every shape that is a rule of its own, in order of IRI: one with a target, or a property shape
    of such a one. Shapes that only others refer to, such as a part of sh:or, are none."""
    return sorted(
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
        if isinstance(shape, URIRef) and (has_targets(shapes, shape) or (None, SH.property, shape) in shapes)
    )


def has_targets(shapes: Graph, shape: Node) -> bool:
    """Whether a shape says itself which nodes it is for."""
    return any((shape, *by) in shapes for by in _BY_TARGETS)


def focus_nodes(data: Graph, shapes: Graph) -> dict[URIRef, set[Node]]:
    """The focus nodes of each shape (SHACL, section 2.1); a property shape has those of the node
    shapes that use it."""
    led_to = cache(partial(_led_to, data))
    met = {
        shape: {node for pair in _targets(shapes, shape) for node in led_to(*pair)} for shape in rules(shapes)
    }
    for shape in list(met):
        for part in shapes.objects(shape, SH.property):
            if isinstance(part, URIRef) and part in met:
                met[part] |= met[shape]
    return met


def targets(data: Graph, shapes: Graph, shape: Node) -> Iterator[Node]:
    """The nodes that the targets of a shape lead to (SHACL, section 2.1), some more than once."""
    for kind, target in _targets(shapes, shape):
        yield from _led_to(data, kind, target)


def _targets(shapes: Graph, shape: Node) -> Iterator[tuple[Node, Node]]:
    """The targets of a shape, each with its kind."""
    for kind in _TARGETS:
        for target in shapes.objects(shape, kind):
            yield kind, target
    if (shape, RDF.type, RDFS.Class) in shapes:
        yield SH.targetClass, shape


def _led_to(data: Graph, kind: Node, target: Node) -> list[Node]:
    """The nodes that a target leads to."""
    if kind == SH.targetNode:
        return [target]
    if kind == SH.targetSubjectsOf:
        return list(data.subjects(target))
    if kind == SH.targetObjectsOf:
        return list(data.objects(None, target))
    below = data.transitive_subjects(RDFS.subClassOf, target)
    return [node for one in below for node in data.subjects(RDF.type, one)]

"""What the components of SHACL Core ask for that look at nothing but the values.

These are those of the sections 4.1 to 4.4 and 4.8 without sh:class. Each is read once from the shape that
has it, and then tells of the value nodes of a focus node whether they are as it asks, as pySHACL would. A
component that is written otherwise than our shapes write it is not read.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache
from typing import Any

from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

#: True: as it asks; False: not; None: not told here.
Told = bool | None
#: Of a focus node and its value nodes.
Component = Callable[[Node, Collection[Node]], Told]

_LITERALS, _IRIS, _BLANKS = "literal", "IRI", "blank node"
_KINDS: dict[Node, set[str]] = {
    SH.IRI: {_IRIS},
    SH.BlankNode: {_BLANKS},
    SH.Literal: {_LITERALS},
    SH.BlankNodeOrIRI: {_BLANKS, _IRIS},
    SH.BlankNodeOrLiteral: {_BLANKS, _LITERALS},
    SH.IRIOrLiteral: {_IRIS, _LITERALS},
}
#: By which pySHACL tells a literal of a datatype from one that only claims to be one.
_PYTHON: dict[Node, type] = {
    XSD.string: str,
    RDF.langString: str,
    XSD.integer: int,
    XSD.boolean: bool,
    XSD.date: date,
}
_BUILT_IN = (str(XSD), str(RDF), str(RDFS))


class NotRead(Exception):
    """A part of a shape that is not known here."""


def read(shapes: Graph, shape: Node, predicate: Node, parameter: Node) -> Component:
    """The component of a shape that this predicate and this parameter stand for. Raises NotRead."""
    if predicate not in _COMPONENTS:
        raise NotRead(predicate)
    return _COMPONENTS[predicate](shapes, shape, parameter)


def only(shapes: Graph, shape: Node, predicate: Node) -> Node | None:
    """The one value of a property of a shape, if it has any. Raises NotRead where it has several."""
    found = list(shapes.objects(shape, predicate))
    if len(found) > 1:
        raise NotRead(predicate)
    return found[0] if found else None


def members(shapes: Graph, head: Node) -> list[Node]:
    """The members of a list. Raises NotRead where there are none."""
    found = list(RdfList(shapes, head))
    if not found:
        raise NotRead("an empty list")
    return found


def every(told: Iterable[Told]) -> Told:
    """Whether all hold: not so where one does not, and else untold where one is."""
    untold = False
    for one in told:
        if one is False:
            return False
        untold = untold or one is None
    return None if untold else True


def of_each(fits: Callable[[Node], bool]) -> Component:
    """A component that asks the same of every value."""
    return lambda _focus, values: all(map(fits, values))


def whole(number: Any) -> int:
    """The number that a parameter is. Raises NotRead."""
    if not isinstance(number, Literal) or type(number.value) is not int:
        raise NotRead(number)
    return number.value


def measure(value: Node) -> int | date | None:
    """The whole number or the day that a literal is; None for all else, which is not compared here."""
    if isinstance(value, Literal) and value.datatype in (XSD.integer, XSD.date):
        kind = int if value.datatype == XSD.integer else date
        return value.value if type(value.value) is kind else None
    return None


def _datatype(shapes: Graph, shape: Node, wanted: Node) -> Component:
    only(shapes, shape, SH.datatype)
    kind = _PYTHON.get(wanted)
    if kind is None and str(wanted).startswith(_BUILT_IN):
        raise NotRead(wanted)

    def is_of(value: Node) -> bool:
        if not isinstance(value, Literal) or value.ill_typed:
            return False
        own = value.datatype or (RDF.langString if value.language else XSD.string)
        return own == wanted and (kind is None or isinstance(value.value, kind))

    return of_each(is_of)


def _node_kind(shapes: Graph, shape: Node, wanted: Node) -> Component:
    only(shapes, shape, SH.nodeKind)
    kinds = _KINDS.get(wanted, set())
    return of_each(lambda value: _kind(value) in kinds)


def _kind(value: Node) -> str:
    return _LITERALS if isinstance(value, Literal) else _BLANKS if isinstance(value, BNode) else _IRIS


def _pattern(shapes: Graph, shape: Node, text: Node) -> Component:
    if only(shapes, shape, SH.flags) is not None:
        raise NotRead(SH.flags)
    # Read when a value is met: most of the long patterns are not needed for a file.
    compiled = cache(re.compile)

    def fit(_focus: Node, values: Collection[Node]) -> Told:
        try:
            return all(
                not isinstance(value, BNode) and compiled(str(text)).search(str(value)) is not None
                for value in values
            )
        except re.error:
            return None

    return fit


def _language_in(shapes: Graph, shape: Node, head: Node) -> Component:
    only(shapes, shape, SH.languageIn)
    tags = members(shapes, head)
    if not all(isinstance(tag, Literal) and isinstance(tag.value, str) for tag in tags):
        raise NotRead(SH.languageIn)
    wanted = {str(tag).lower() for tag in tags}

    def is_in(value: Node) -> bool:
        tag = (value.language or "").lower() if isinstance(value, Literal) else ""
        return bool(tag) and (tag in wanted or tag.partition("-")[0] in wanted or "*" in wanted)

    return of_each(is_in)


def _unique_lang(shapes: Graph, shape: Node, wanted: Node) -> Component:
    only(shapes, shape, SH.uniqueLang)
    if wanted != Literal(True):
        raise NotRead(SH.uniqueLang)

    def differ(_focus: Node, values: Collection[Node]) -> Told:
        tags = [(value.language or "").lower() for value in values if isinstance(value, Literal)]
        tagged = [tag for tag in tags if tag]
        return len(tagged) == len(set(tagged))

    return differ


def _in(shapes: Graph, shape: Node, head: Node) -> Component:
    only(shapes, shape, SH["in"])
    allowed = set(members(shapes, head))
    return of_each(lambda value: value in allowed)


def _has_value(_shapes: Graph, _shape: Node, wanted: Node) -> Component:
    return lambda _focus, values: wanted in values


def _min_count(shapes: Graph, shape: Node, least: Node) -> Component:
    only(shapes, shape, SH.minCount)
    number = whole(least)
    return lambda _focus, values: len(values) >= number


def _max_count(shapes: Graph, shape: Node, most: Node) -> Component:
    only(shapes, shape, SH.maxCount)
    number = whole(most)
    return lambda _focus, values: len(values) <= number


def _min_inclusive(_shapes: Graph, _shape: Node, least: Node) -> Component:
    number = whole(least)

    def enough(_focus: Node, values: Collection[Node]) -> Told:
        figures = map(measure, values)
        return every(own >= number if isinstance(own, int) else None for own in figures)

    return enough


_COMPONENTS: dict[Node, Callable[[Graph, Node, Node], Component]] = {
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH.pattern: _pattern,
    SH.languageIn: _language_in,
    SH.uniqueLang: _unique_lang,
    SH["in"]: _in,
    SH.hasValue: _has_value,
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.minInclusive: _min_inclusive,
}

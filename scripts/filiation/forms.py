"""What each kind of node must and may say, read off the shapes and the ontology.

A kind is the prefix of its nodes: `group`, `split`, `attestation`. Its form has one field for each
property that a shape of its class (or of a wider one) speaks of, or that has such a class as its
domain. So a rule that is added to shapes/ is asked for at once, and no second table can grow old.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, XSD, Graph, Namespace, URIRef
from rdflib.term import Node

from filiation import layout
from filiation import shape_parts as walk
from filiation.faults import Fault

FIL = Namespace(layout.ONTOLOGY)
SHAPE = Namespace(layout.SHAPES)
EDTF = URIRef(layout.PREFIXES["edtf"] + "EDTF")

#: What a value is: a date, a whole number, a yes, a text (with its language, or with or without), an
#: address on the web, a node that is described here, a concept.
DATE, NUMBER, YES, TEXT, TAGGED, LITERAL = "date", "number", "yes", "text", "tagged text", "literal"
ADDRESS, NODE, CONCEPT = "address", "node", "concept"

_DATATYPES: dict[Node, str] = {
    EDTF: DATE,
    XSD.integer: NUMBER,
    XSD.nonNegativeInteger: NUMBER,
    XSD.boolean: YES,
    XSD.string: TEXT,
    RDF.langString: TAGGED,
}

_NODE_KINDS: dict[Node, str] = {SH.Literal: LITERAL, SH.IRI: ADDRESS}

#: Nodes that belong to another and have neither a source nor a status of their own.
_PARTS = {"geometry", "identifier"}
KINDS = (
    *layout.ENTITY_FOLDERS.values(),
    *(prefix for prefix in layout.DEPENDENT_PREFIXES if prefix not in _PARTS),
)


class NoSuchKind(Fault):
    """Nothing of this kind is described in data/."""


@dataclass(frozen=True)
class Field:
    """One property of a kind: how often it must and may stand, and what its values are."""

    name: str
    path: URIRef
    sort: str
    least: int = 0
    most: int | None = None
    classes: frozenset[URIRef] = frozenset()
    schemes: frozenset[URIRef] = frozenset()
    choices: tuple[URIRef, ...] = ()
    languages: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    message: str = ""
    about: str = ""

    @property
    def usual(self) -> URIRef | None:
        """What is meant where nothing is said: the first of the few values of a needed property."""
        return self.choices[0] if self.least and self.choices else None


@dataclass(frozen=True)
class Need:
    """At least so many values among several fields; `when` names the kinds of source, or the kinds of
    the node itself, for which it holds (none: always)."""

    names: tuple[str, ...]
    least: int
    message: str
    when: frozenset[URIRef] = frozenset()


@dataclass(frozen=True)
class Form:
    """All that a kind must and may say; `patterns` are those of its IRI, each with what to type."""

    kind: str
    type: URIRef
    fields: dict[str, Field]
    needs: tuple[Need, ...]
    patterns: tuple[tuple[str, str], ...]

    def applying(self, kinds: Iterable[Node]) -> Iterator[Need]:
        """The needs that hold where the source, or the node itself, is of these kinds."""
        known = set(kinds)
        return (need for need in self.needs if not need.when or need.when & known)


@lru_cache(maxsize=256)
def form(shapes: Graph, vocabulary: Graph, kind: str) -> Form:
    """The form of a kind. Raises NoSuchKind."""
    target = shapes.value(SHAPE[_camel(kind) + "-stem"], SH.targetClass)
    if kind not in KINDS or not isinstance(target, URIRef):
        raise NoSuchKind(f"`{kind}` is no kind of ours: write one of {', '.join(KINDS)}")
    classes = set(vocabulary.transitive_objects(target, RDFS.subClassOf))
    targeted = sorted({s for each in classes for s in shapes.subjects(SH.targetClass, each)}, key=str)
    told: dict[URIRef, list[Node]] = defaultdict(list)
    never = _derived(shapes) | {RDF.type}
    needs: list[Need] = []
    for shape in targeted:
        needs += _needs(shapes, shape)
        for part in walk.parts(shapes, shape):
            paths, least = walk.paths(shapes, part), walk.least(shapes, part)
            if walk.is_barred(shapes, part):
                never.update(paths)
            elif len(paths) > 1 and least:
                needs.append(Need(tuple(map(name_of, paths)), least, walk.message(shapes, part)))
            for path in paths:
                told[path].append(part)
    for own in {p for each in classes for p in vocabulary.subjects(RDFS.domain, each)}:
        # Naming the property gives it a field: many have no shape of their own, but for their values.
        told[URIRef(str(own))] += []
    for path, parts in told.items():
        parts += (s for s in shapes.subjects(SH.targetSubjectsOf, path) if path in walk.paths(shapes, s))
        domains = {each for each in vocabulary.objects(path, RDFS.domain) if isinstance(each, URIRef)}
        if domains and not domains & classes:
            never.add(path)
    found = (_field(shapes, vocabulary, path, told[path]) for path in sorted(told) if path not in never)
    fields = {field.name: field for field in found if field}
    asked = (replace(need, names=tuple(name for name in need.names if name in fields)) for need in needs)
    patterns = (
        (str(pattern), walk.message(shapes, shape))
        for shape in targeted
        for pattern in shapes.objects(shape, SH.pattern)
    )
    return Form(kind, target, fields, tuple(need for need in asked if need.names), tuple(patterns))


def name_of(path: Node) -> str:
    """The name of a property as a flag or a column: `fil:partialComponent` is `partial-component`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", re.split(r"[/#]", str(path))[-1]).lower()


def _camel(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("-"))


def _field(shapes: Graph, vocabulary: Graph, path: URIRef, parts: list[Node]) -> Field | None:
    """What all these shapes together say of a property; None where nothing tells what its values are."""
    alone = [part for part in parts if len(walk.paths(shapes, part)) == 1]
    asking = [part for part in alone if walk.least(shapes, part)]
    most = [int(str(n)) for part in alone for n in shapes.objects(part, SH.maxCount)]
    conditions = [node for part in parts for node in walk.conditions(shapes, part)]
    schemes = {
        scheme
        for node in conditions
        if shapes.value(node, SH.path) == SKOS.inScheme
        for scheme in (*shapes.objects(node, SH.hasValue), *walk.listed(shapes, node, SH["in"]))
    }
    choices = [list(walk.listed(shapes, part, SH["in"])) for part in parts]
    classes = {each for node in conditions for each in shapes.objects(node, SH["class"])}
    ranges = set(vocabulary.objects(path, RDFS.range))
    datatypes = {each for part in parts for each in shapes.objects(part, SH.datatype)} or ranges
    kinds = {each for part in parts for each in shapes.objects(part, SH.nodeKind)}
    if schemes or any(choices) or SKOS.Concept in ranges:
        sort = CONCEPT
    elif classes or (ranges and not ranges & _DATATYPES.keys()):
        sort, classes = NODE, classes or ranges
    else:
        sort = next((_DATATYPES[each] for each in datatypes if each in _DATATYPES), "")
        sort = sort or next((_NODE_KINDS[each] for each in kinds if each in _NODE_KINDS), "")
    if not sort:
        return None
    return Field(
        name_of(path),
        path,
        sort,
        max((walk.least(shapes, part) for part in alone), default=0),
        min(most, default=None),
        frozenset(URIRef(str(each)) for each in classes),
        frozenset(URIRef(str(each)) for each in schemes),
        tuple(URIRef(str(each)) for each in min(filter(None, choices), key=len, default=[])),
        tuple(str(tag) for part in parts for tag in walk.listed(shapes, part, SH.languageIn)),
        tuple(str(pattern) for part in parts for pattern in shapes.objects(part, SH.pattern)),
        next((text for part in (*asking, *alone, *parts) if (text := walk.message(shapes, part))), ""),
        str(vocabulary.value(path, SKOS.definition) or ""),
    )


def _derived(shapes: Graph) -> set[URIRef]:
    """The properties that nobody writes by hand: barred wherever they stand."""
    return {
        path
        for shape in set(shapes.subjects(SH.targetSubjectsOf))
        for part in walk.parts(shapes, shape)
        if walk.is_barred(shapes, part)
        for path in walk.paths(shapes, part)
    }


def _needs(shapes: Graph, shape: Node) -> Iterator[Need]:
    """What the sh:or of a node shape asks for: one of several properties, or some of them where the
    source, or the node, is of a kind."""
    inside = walk.below(shapes, shape)
    when = frozenset(
        URIRef(str(kind))
        for node in inside
        if list(walk.path_list(shapes, node)) == [DCTERMS.source, FIL.kind]
        or (shapes.value(node, SH.path) == FIL.kind and (node, SH.hasValue, None) in shapes)
        for kind in (*shapes.objects(node, SH.hasValue), *walk.listed(shapes, node, SH["in"]))
    )
    some = [walk.paths(shapes, node) for node in inside if walk.least(shapes, node)]
    asked = [tuple(map(name_of, paths)) for paths in some if paths]
    message = walk.message(shapes, shape)
    if when:
        yield from (Need(names, 1, message, when) for names in asked)
    elif asked:
        yield Need(tuple(name for names in asked for name in names), 1, message)

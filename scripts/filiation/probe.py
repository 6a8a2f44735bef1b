"""Does the query of a shape find anything for a node? Oxigraph tells, ten times as fast as rdflib.

What it finds is not reported: pySHACL is asked then, with rdflib behind it. The two agree on what our
queries compare, which are IRIs, texts and days. Where the graph has something else at a property that some
query names, nothing is told from here, for what may be compared with what is where engines differ.
"""

import re
from functools import cached_property

from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal
from rdflib.term import Node

from filiation import oxigraph
from filiation.dates import DATE_PROPERTIES, EDTF, SEM

#: To fill a store takes longer than some answers: of a larger graph pySHACL is asked at once.
MOST_STATEMENTS = 50_000
#: What stands for something beside the focus node, asks another graph, or may not stand in a constraint
#: (section 5.3.1 of SHACL): pySHACL says what comes of it.
_ELSEWHERE = re.compile(
    r"[$?](?:PATH|shapesGraph|currentShape)\b|(?<![\w:])(?i:from|graph|service|minus|values)\b|\\[uU]"
)
#: Words before a bracket; beside these they are functions, of which not all engines make the same.
_KNOWN = {"filter", "in", "str", "strstarts", "where"}
_BEFORE_BRACKET = re.compile(r"(?<![\w:?$-])([A-Za-z]\w*)\s*\(")
_NESTED = re.compile(r"(?<![\w:?$])select\b.*(?<![\w:?$])select\b", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: The value of a property that may be any, and where a query compares such a value, which may be of any kind.
_VALUE_OF_ANY = re.compile(r"(?:;|[$?]\w+|[\w-]*:[\w-]+|>)\s+[$?]\w+\s+[$?](?!this\b)(\w+)")
_COMPARED = r"(?:[!<>=&|,]|(?<!STR)\(|\bNOT\b)\s*[$?]NAME\b|[$?]NAME\s*(?:[!<>=&|,]|(?:NOT\s+)?IN\b)"


class Probe:
    """A graph that queries are asked of, and the shapes that they stand in."""

    def __init__(self, data: Graph, shapes: Graph):
        self._data, self._shapes = data, shapes
        self._texts: dict[Node, tuple[str, dict[str, str]]] = {}

    def finds(self, constraint: Node, node: Node) -> bool | None:
        """Whether the query of a constraint has an answer for this focus node; None: not told here."""
        if self._store is None:
            return None
        if constraint not in self._texts:
            self._texts[constraint] = self._text(constraint), self._prefixes(constraint)
        text, prefixes = self._texts[constraint]
        try:
            return self._store.finds(text, prefixes, {"this": node})
        except oxigraph.QueryFailed:
            return None

    @cached_property
    def _store(self) -> oxigraph.Store | None:
        """The graph in a store; None where it has values that are not told of here, or too many."""
        if len(self._data) > MOST_STATEMENTS:
            return None
        texts = " ".join(str(text) for text in self._shapes.objects(None, SH.select))
        words = set(re.findall(r"[\w-]+", texts))
        triples = list(self._data)
        named = {p: re.split(r"[/#]", str(p))[-1] in words for p in {p for _, p, _ in triples}}
        if not all(_is_usual(p, value) for _, p, value in triples if named[p] and isinstance(value, Literal)):
            return None
        return oxigraph.Store.of_triples(triples)

    def _text(self, constraint: Node) -> str:
        text = str(self._shapes.value(constraint, SH.select) or "")
        functions = {word.lower() for word in _BEFORE_BRACKET.findall(text)} - _KNOWN
        of_any = _VALUE_OF_ANY.findall(text.partition("{")[2])
        compared = any(re.search(_COMPARED.replace("NAME", name), text) for name in of_any)
        return "" if functions or compared or _ELSEWHERE.search(text) or _NESTED.search(text) else text

    def _prefixes(self, constraint: Node) -> dict[str, str]:
        declared = {
            str(self._shapes.value(prefix, SH.prefix)): str(self._shapes.value(prefix, SH.namespace))
            for declaring in self._shapes.objects(constraint, SH.prefixes)
            for prefix in self._shapes.objects(declaring, SH.declare)
        }
        return {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL), **declared}


def _is_usual(predicate: Node, value: Literal) -> bool:
    """Whether a value is of a kind on which the engines agree."""
    if str(predicate).startswith(str(SEM)):
        return value.datatype == XSD.date and not value.ill_typed and bool(_DAY.fullmatch(value))
    if value.datatype == EDTF:
        return predicate in DATE_PROPERTIES
    return value.datatype in (None, RDF.langString, XSD.string)

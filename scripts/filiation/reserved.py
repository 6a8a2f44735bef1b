"""What data may not say, and files that are no data: rules, terms, imports, foreign addresses.

Shapes and ontology decide what counts as right, so a contribution of facts changes neither: what belongs
there is refused here, although no tool of ours would follow it. Whoever loads a dump has other tools.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

from rdflib import OWL, RDF, RDFS, SH, SKOS, Literal, URIRef

from filiation import layout
from filiation.findings import Finding, Scope

#: Namespace -> where statements in its terms belong.
_ELSEWHERE = {
    str(SH): "a rule belongs in shapes/",
    str(OWL): "an axiom belongs in ontology/",
    str(RDFS): "an axiom belongs in ontology/",
    str(RDF): "RDF's own terms state nothing about the world",
}
_PREDICATES = frozenset({RDF.type, OWL.deprecated})
_CLASSES = frozenset({SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection})
_NAMESPACES = tuple(layout.PREFIXES.values())
#: In a shape or an axiom: what switches a rule off, runs code, or fetches something.
_POWERS = (SH.deactivated, SH.js, SH.jsLibrary, SH.rule, SH.entailment, SH.shapesGraph, OWL.imports)
_FETCHES = re.compile(r"\b(?:service|from)\s*(?:silent\s*|named\s*)?[<?$\w]", re.IGNORECASE)


def ruled_out(scope: Scope) -> Iterator[Finding]:
    """Statements of data that are none: of rules, of terms, in foreign words, or about no address."""
    for path, graph in scope.data.items():
        for subject, predicate, value in graph:
            advice = _predicate(predicate) or _value(predicate, value)
            if advice:
                yield Finding(path, advice, "reserved", subject, predicate, value)


@cache
def _predicate(predicate: object) -> str | None:
    iri = str(predicate)
    if predicate in _PREDICATES:
        return None
    if predicate == OWL.sameAs:
        return "`owl:sameAs` makes two things one in every statement: write a `skos:exactMatch`"
    for namespace, home in _ELSEWHERE.items():
        if iri.startswith(namespace):
            return f"`{layout.curie(iri)}` has no place in data: {home}"
    if not iri.startswith(_NAMESPACES):
        return f"`{layout.curie(iri)}` is of no vocabulary that we use: take a property that other files have"
    return None


def _value(predicate: object, value: object) -> str | None:
    advice = _of_iri(predicate, value) if isinstance(value, URIRef) else None
    return f"`{layout.curie(str(value))}`{advice}" if advice else None


def _of_iri(predicate: object, value: URIRef) -> str | None:
    if predicate == RDF.type and (str(value).startswith(tuple(_ELSEWHERE)) or value in _CLASSES):
        return " has no place in data: terms belong in ontology/, rules in shapes/"
    if not str(value).startswith(("https://", "http://")):
        return " is no address on the web: it must begin with https:// or http://"
    if not value.isascii():
        return ": write an address in ASCII, other letters as %XX (hosts as xn--…)"
    ours = str(value).startswith(layout.BASE) and not str(value).startswith(layout.ONTOLOGY)
    if ours and value != URIRef(layout.DATASET) and layout.split_iri(str(value)) is None:
        return " is no IRI of ours: the kinds of things are the folders of data/"
    return None


def overpowered(scope: Scope) -> Iterator[Finding]:
    """Shapes and axioms that switch a rule off, run code, or fetch something."""
    for path, graph in scope.corpus.below("shapes", "ontology").items():
        if path not in scope.files:
            continue
        for subject, predicate, value in graph:
            name = layout.curie(str(predicate))
            if predicate in _POWERS and value != Literal(False):
                message = f"`{name}` is not used here: a rule holds or is removed, and nothing is fetched"
                yield Finding(path, message, "overpowered", subject, predicate, value)
            elif predicate in (SH.select, SH.ask, SH.construct) and _FETCHES.search(str(value)):
                message = f"`{name}` with FROM or SERVICE would fetch something: take that away"
                yield Finding(path, message, "overpowered", subject, predicate, value)


def stray(scope: Scope) -> Iterator[Finding]:
    """Files in data/ that are no Turtle, so that nobody would judge them."""
    if not scope.files >= scope.corpus.files.keys():
        return
    root = scope.corpus.layout.root
    for file in sorted(scope.corpus.layout.data.rglob("*")):
        path = PurePosixPath(file.relative_to(root).as_posix())
        if path not in scope.corpus.files and (file.is_symlink() or not file.is_dir()):
            message = "no file of the dataset: convert it to Turtle (.ttl), or take it away"
            yield Finding(path, message, "stray")


RULES = [ruled_out, overpowered, stray]

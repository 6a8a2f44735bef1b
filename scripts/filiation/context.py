"""`context.jsonld`: with it, JSON says in our prefixes what a file of data/ says in Turtle.

Keys are the names that people write in Turtle (`fil:status`, `skos:prefLabel`), for the short names are
prefixes already (`status:held`). What a value is (an IRI, a date, words in a language) is read off the
shapes, and off the ontology where no shape tells.
"""

import json
from typing import Any

from rdflib import DCTERMS, ORG, OWL, RDF, RDFS, SH, SKOS, XSD, Graph, URIRef
from rdflib.term import Node

from filiation import layout, shape_parts
from filiation.corpus import Corpus

#: Stands for any IRI among the kinds of values of a property.
_IRI = URIRef("urn:iri")
#: What SKOS, DCMI and the build (`dates`) say of properties of theirs, of which no shape tells.
_BORROWED: dict[Node, tuple[URIRef, ...]] = {
    RDF.langString: (
        *(RDFS.label, RDFS.comment, SKOS.prefLabel, SKOS.altLabel, SKOS.definition),
        *(SKOS.editorialNote, SKOS.example, SKOS.note, SKOS.scopeNote),
    ),
    _IRI: (
        *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
        *(DCTERMS.isPartOf, DCTERMS.isReplacedBy, RDFS.seeAlso, RDFS.isDefinedBy, ORG.memberOf),
    ),
    XSD.date: tuple(
        URIRef(f"{layout.PREFIXES['sem']}has{side}TimeStamp")
        for side in ("EarliestBegin", "LatestBegin", "EarliestEnd", "LatestEnd")
    ),
}


def text(corpus: Corpus) -> bytes:
    """The file itself (JSON-LD 1.1, section 3.1)."""
    whole = {"@context": context(corpus)}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def context(corpus: Corpus) -> dict[str, Any]:
    """The prefixes, then a definition for each property with one kind of value: `@id` for an IRI, a
    datatype, or a map from languages to words. Plain strings, and properties of which values of several
    kinds are known, have none: their values say themselves what they are."""
    terms = {
        curie: definition
        for link, kinds in sorted(_kinds(corpus).items())
        if not (curie := layout.curie(str(link))).startswith("<") and (definition := _definition(kinds))
    }
    return {"@version": 1.1, "id": "@id", "type": "@type", **dict(sorted(layout.PREFIXES.items()))} | {
        curie: {"@id": _iri(curie), **definition} for curie, definition in terms.items()
    }


def _iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return layout.PREFIXES[prefix] + name


def _definition(kinds: set[Node]) -> dict[str, str] | None:
    if kinds == {_IRI}:
        return {"@type": "@id"}
    if kinds == {RDF.langString}:
        return {"@container": "@language"}
    if len(kinds) == 1 and kinds != {XSD.string}:
        return {"@type": layout.curie(str(next(iter(kinds))))}
    return None


def _kinds(corpus: Corpus) -> dict[URIRef, set[Node]]:
    """Property -> the datatypes of its values; `_IRI` where they are IRIs."""
    shapes, ontology = corpus.shapes, corpus.ontology
    found: dict[URIRef, set[Node]] = {}
    for part in set(shapes.subjects(SH.path)):
        for link in shape_parts.paths(shapes, part):
            for condition in shape_parts.conditions(shapes, part):
                found.setdefault(link, set()).update(_asked(shapes, condition))
    for value, links in _BORROWED.items():
        found.update((link, {value}) for link in links)
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in ontology.subjects(RDF.type, kind):
            if isinstance(term, URIRef) and not found.get(term):
                found[term] = set(ontology.objects(term, RDFS.range))
                if kind == OWL.ObjectProperty:
                    found[term] = {_IRI}
    # `type` says it.
    found.pop(RDF.type, None)
    return found


def _asked(shapes: Graph, condition: Node) -> set[Node]:
    """The datatypes that one condition names, and `_IRI` where it asks for a node."""
    kinds = set(shapes.objects(condition, SH.datatype))
    if shapes.value(condition, SH.nodeKind) == SH.IRI or (condition, SH["class"], None) in shapes:
        kinds.add(_IRI)
    values = [*shapes.objects(condition, SH.hasValue), *shape_parts.listed(shapes, condition, SH["in"])]
    return kinds | {_IRI for value in values if isinstance(value, URIRef)}

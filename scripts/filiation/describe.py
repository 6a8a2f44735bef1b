"""What a release says about itself: a VoID description with counts of what is really in it."""

from collections import Counter
from collections.abc import Iterable

from rdflib import DCTERMS, OWL, RDF, VOID, XSD, Graph, Literal, URIRef

from filiation import layout
from filiation.dataset import Edition
from filiation.oxigraph import Quad

#: Syntax of a dump -> its IRI among the formats of the W3C, for void:feature.
FEATURES = {
    "nq": "http://www.w3.org/ns/formats/N-Quads",
    "trig": "http://www.w3.org/ns/formats/TriG",
    "ttl": "http://www.w3.org/ns/formats/Turtle",
    "nt": "http://www.w3.org/ns/formats/N-Triples",
    "jsonld": "http://www.w3.org/ns/formats/JSON-LD",
    "rdf": "http://www.w3.org/ns/formats/RDF_XML",
}
TYPE = str(RDF.type)


def void(dataset: Graph, quads: Iterable[Quad], edition: Edition, dumps: Iterable[str]) -> Graph:
    """The description of the dataset (its own statements, `data/dataset.ttl`) with the counts of
    the union of its graphs, and one partition for each class and property (VoID, section 4)."""
    triples = {quad.triple for quad in quads}
    node = URIRef(layout.DATASET)
    graph = Graph() + dataset
    graph.add((node, RDF.type, VOID.Dataset))
    graph.add((node, OWL.versionInfo, Literal(edition.version)))
    graph.add((node, DCTERMS.modified, Literal(edition.date, datatype=XSD.date)))
    for name in dumps:
        file = URIRef(f"{layout.BASE}release/{edition.version}/{name}")
        graph.add((node, VOID.dataDump, file))
        syntax = name.removesuffix(".gz").rpartition(".")[2]
        graph.add((node, VOID.feature, URIRef(FEATURES[syntax])))
    types = Counter(str(t.object)[1:-1] for t in triples if t.predicate.value == TYPE)
    predicates = Counter(t.predicate.value for t in triples)
    subjects = {t.subject for t in triples}
    ours = {s for s in subjects if str(s).startswith(f"<{layout.BASE}")}
    for name, number in (
        (VOID.triples, len(triples)),
        (VOID.entities, len(ours)),
        (VOID.classes, len(types)),
        (VOID.properties, len(predicates)),
        (VOID.distinctSubjects, len(subjects)),
        (VOID.distinctObjects, len({t.object for t in triples})),
    ):
        graph.add((node, name, Literal(number)))
    for iri, number in types.items():
        part = _partition(graph, node, VOID.classPartition, "class", iri)
        graph.add((part, VOID["class"], URIRef(iri)))
        graph.add((part, VOID.entities, Literal(number)))
    for iri, number in predicates.items():
        part = _partition(graph, node, VOID.propertyPartition, "property", iri)
        graph.add((part, VOID.property, URIRef(iri)))
        graph.add((part, VOID.triples, Literal(number)))
    return graph


def _partition(graph: Graph, whole: URIRef, link: URIRef, kind: str, iri: str) -> URIRef:
    name = layout.curie(iri).strip("<>").replace(":", "-").replace("/", "-")
    part = URIRef(f"{whole}/{kind}/{name}")
    graph.add((whole, link, part))
    return part

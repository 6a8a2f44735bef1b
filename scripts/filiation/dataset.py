"""What a release holds and what a query sees: every file as a named graph, and what was inferred.

The ontology of a release carries what the build knows and nobody writes by hand: its version, its
date, and on every term where it is defined.
"""

from dataclasses import dataclass

from rdflib import DCTERMS, OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from filiation import layout, oxigraph
from filiation.corpus import Corpus


@dataclass(frozen=True)
class Edition:
    """Which release this is: a semantic version, and a day as YYYY-MM-DD."""

    version: str
    date: str


def quads(corpus: Corpus, inferred: Graph, edition: Edition | None = None) -> list[oxigraph.Quad]:
    """The data, the ontology and the inferred facts, each file in a graph of its own."""
    found: list[oxigraph.Quad] = []
    for path, graph in {**corpus.data, **corpus.below("ontology")}.items():
        name = layout.graph_iri(path)
        if edition and name == layout.GRAPH + "ontology":
            graph = dated(graph, edition)
        found.extend(oxigraph.from_rdflib(graph, name))
    found.extend(oxigraph.from_rdflib(inferred, layout.INFERRED_GRAPH))
    return found


def dated(ontology: Graph, edition: Edition) -> Graph:
    """The ontology with owl:versionIRI, owl:versionInfo, dcterms:modified and rdfs:isDefinedBy."""
    whole = Graph() + ontology
    node = URIRef(layout.BASE + "ontology")
    whole.add((node, OWL.versionIRI, URIRef(f"{layout.BASE}ontology/{edition.version}")))
    whole.add((node, OWL.versionInfo, Literal(edition.version)))
    whole.add((node, DCTERMS.modified, Literal(edition.date, datatype=XSD.date)))
    for term in set(ontology.subjects(RDF.type)):
        if str(term).startswith(layout.ONTOLOGY):
            whole.add((term, RDFS.isDefinedBy, node))
    return whole

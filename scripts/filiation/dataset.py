"""What a release holds and what a query sees: every file as a named graph, and what was inferred.

The ontology of a release carries what the build knows and nobody writes by hand: its version, its
date, and on every term where it is defined.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import DCTERMS, OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from filiation import layout, oxigraph
from filiation.corpus import Corpus


@dataclass(frozen=True)
class Edition:
    """Which release this is: a semantic version, and a day as YYYY-MM-DD."""

    version: str
    date: str
    #: The commit it is built from, where the caller knows it.
    revision: str | None = None


def quads(corpus: Corpus, inferred: Graph, edition: Edition | None = None) -> list[oxigraph.Quad]:
    """The data, the ontology and the inferred facts, each file in a graph of its own."""
    graphs = _graphs(corpus, inferred, edition)
    return [quad for name, graph in graphs for quad in oxigraph.from_rdflib(graph, name)]


def lines(corpus: Corpus, inferred: Graph, edition: Edition | None = None) -> dict[str, list[str]]:
    """The same as text, which takes a third of the room: named graph -> its triples as N-Triples without
    the full stop, sorted. The graphs are in order of their names, as they are written."""
    found: dict[str, list[str]] = {}
    for name, graph in _graphs(corpus, inferred, edition):
        told = oxigraph.lines_of(graph)
        found[name] = sorted({*found[name], *told}) if name in found else told
    return {name: found[name] for name in sorted(found, key="<{}>".format) if found[name]}


def _graphs(corpus: Corpus, inferred: Graph, edition: Edition | None) -> Iterator[tuple[str, Graph]]:
    for path, graph in {**corpus.data, **corpus.below("ontology")}.items():
        name = layout.graph_iri(path)
        yield name, dated(graph, edition) if edition and name == layout.GRAPH + "ontology" else graph
    yield layout.INFERRED_GRAPH, inferred


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

"""Blank nodes of the ontology in a dump: IRIs of their own that stay while what they say stays."""

import pyoxigraph as ox
from rdflib import RDF, Graph

from filiation import layout, oxigraph

CHAINS = """
@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
:a owl:propertyChainAxiom ( :p :q :r ) , ( :s :q :r ) .
:b owl:propertyChainAxiom ( :t :q :r ) .
"""


def skolemised(text: str) -> set[str]:
    graph = Graph().parse(data=text, format="turtle")
    return {str(quad) for quad in oxigraph.from_rdflib(graph, layout.GRAPH + "ontology")}


def test_a_dump_has_no_blank_node(release):
    dump = next(release.glob("filiation-[0-9]*.nq"))
    quads = ox.parse(dump.read_bytes(), ox.RdfFormat.N_QUADS)
    assert not any(isinstance(term, ox.BlankNode) for q in quads for term in (q.subject, q.object))


def test_every_node_of_every_list_keeps_its_own_name():
    found = skolemised(CHAINS)
    firsts = [line for line in found if str(RDF.first) in line]
    assert len(firsts) == 9
    assert len({line.split()[0] for line in firsts}) == 9


def test_the_names_stay_when_something_else_changes():
    more = CHAINS.replace(":b owl", ":0 owl:propertyChainAxiom ( :x :q :r ) . :b owl")
    before, after = skolemised(CHAINS), skolemised(more)
    assert before < after
    assert len(after - before) == 7


def test_another_list_has_other_names():
    other = skolemised(CHAINS.replace(":t", ":u"))
    changed = skolemised(CHAINS) - other
    assert len(changed) == 7


def test_alike_nodes_are_still_apart():
    graph = Graph().parse(data="@prefix : <https://example.org/> . :a :p [] , [] .", format="turtle")
    assert len(graph) == len(set(oxigraph.from_rdflib(graph, layout.GRAPH + "x"))) == 2

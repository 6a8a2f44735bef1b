"""What is told at sight of a node is what pySHACL finds: nothing that it would report is passed over."""

import random
from pathlib import Path

import pytest
from rdflib import RDF, SH, XSD, Graph, Literal, URIRef

from filiation import corpus, dates, layout, shacl, turtle, validate
from filiation.probe import Probe
from filiation.sieve import Sieve

HERE = Path(__file__).parent
FIL = dates.FIL
#: Values that come to stand where they should not.
STRANGERS = (
    *(Literal("x"), Literal(" "), Literal("x", lang="en"), Literal("x", lang="EN-gb"), Literal(7)),
    *(Literal(-7), Literal("7", datatype=XSD.integer), Literal("seven", datatype=XSD.integer)),
    *(Literal("2013", datatype=dates.EDTF), Literal("20133", datatype=dates.EDTF), Literal(True)),
    *(URIRef("https://example.org/x"), URIRef(layout.PREFIXES["group"] + "Nowhere"), FIL.Group),
)


@pytest.fixture(scope="module")
def world(place) -> corpus.Corpus:
    """The fictional world, with our ontology and shapes."""
    whole = corpus.load(place)
    for path in list(whole.data):
        del whole.graphs[path]
    del whole.__dict__["data"]
    for file in sorted((HERE / "world").glob("*.ttl")):
        whole.graphs[place.relative(file)] = turtle.read(file)
    return whole


def _broken(graph: Graph, seed: int) -> Graph:
    """The graph with statements taken away, added and replaced."""
    dice = random.Random(seed)
    triples = sorted(triple for triple in graph if not triple[2].startswith(layout.ONTOLOGY))
    for subject, predicate, value in dice.sample(triples, 60):
        other = dice.choice((dice.choice(triples)[2], *dice.sample(STRANGERS, 3)))
        if dice.random() < 0.6:
            graph.remove((subject, predicate, value))
        if dice.random() < 0.7:
            graph.add((subject, predicate, other))
    return graph


@pytest.mark.parametrize("seed", range(4))
def test_what_the_sieve_lets_through_conforms(world, seed):
    graph, shapes = _broken(validate.judged(world), seed), world.shapes
    met = {shape: nodes for shape, nodes in shacl.focus_nodes(graph, shapes).items() if nodes}
    found = shacl.validate(graph, shapes)
    assert len(found) > 50
    sieve = Sieve(graph, shapes)
    told = {(result.shape, result.focus) for result in found}
    passed = {(shape, node) for shape, nodes in met.items() for node in nodes if sieve.passes(shape, node)}
    # Of a property shape in another the result is told, of the other none.
    parts = {(shape, part) for shape in met for part in shapes.objects(shape, SH.property)}
    told |= {(shape, node) for shape, part in parts for other, node in told if other == part}
    assert not passed & told


def test_nothing_that_conforms_is_left_to_pyshacl(world):
    graph, shapes = validate.judged(world), world.shapes
    sieve, met = Sieve(graph, shapes), shacl.focus_nodes(graph, shapes)
    told = {(result.shape, result.focus) for result in shacl.validate(graph, shapes)}
    left = {
        (shape, node)
        for shape, nodes in met.items()
        for node in nodes
        if not sieve.passes(shape, node, frozenset(shapes.objects(shape, SH.property)))
    }
    assert left == told


@pytest.mark.parametrize("seed", range(2))
def test_what_is_judged_with_the_sieve_is_what_is_judged_without(world, seed, monkeypatch):
    graph = _broken(validate.judged(world), 100 + seed)
    focus = set(graph.subjects())
    with_it = set(map(_plain, shacl.validate(graph, world.shapes, focus)))
    monkeypatch.setattr(Sieve, "passes", lambda *_, **__: False)
    assert with_it == set(map(_plain, shacl.validate(graph, world.shapes, focus)))


def _plain(result: shacl.Result) -> tuple:
    """A result; the labels of the paths that are blank nodes differ from report to report."""
    path = result.path if isinstance(result.path, URIRef) else None
    return (result.focus, path, result.value, result.shape, result.severity, result.message)


def test_a_shape_with_a_part_that_is_not_known_is_left_to_pyshacl(world):
    shape, node = URIRef(layout.SHAPES + "One"), next(world.stated.subjects(RDF.type, FIL.Group))
    shapes = Graph()
    shapes.add((shape, RDF.type, SH.NodeShape))
    assert Sieve(world.stated, shapes).passes(shape, node)
    shapes.add((shape, SH.closed, Literal(True)))
    assert not Sieve(world.stated, shapes).passes(shape, node)


def test_of_values_that_engines_compare_otherwise_nothing_is_told(world):
    query = URIRef(layout.SHAPES + "Group-birth-query")
    group = next(world.stated.subjects(RDF.type, FIL.Group))
    assert Probe(validate.judged(world), world.shapes).finds(query, group) is False
    odd = validate.judged(world)
    odd.add((group, dates.SEM.hasLatestEndTimeStamp, Literal("2013", datatype=XSD.gYear)))
    assert Probe(odd, world.shapes).finds(query, group) is None


def test_a_query_is_asked_with_the_focus_node_in_every_part_of_it(world):
    """Also where a pattern with `$this` stands by itself in a negation (SHACL, section 5.3)."""
    constraint = URIRef(layout.SHAPES + "One-query")
    shapes = Graph()
    text = "SELECT $this WHERE { ?any a ?kind FILTER NOT EXISTS { $this a ?other } }"
    shapes.add((constraint, SH.select, Literal(text)))
    group = next(world.stated.subjects(RDF.type, FIL.Group))
    probe = Probe(world.stated, shapes)
    assert probe.finds(constraint, group) is False
    assert probe.finds(constraint, URIRef("https://example.org/nobody")) is True


@pytest.mark.parametrize("clause", ["FROM <https://example.org/g>", "fr\\u006Fm <https://example.org/g>"])
def test_a_query_of_another_graph_is_left_to_pyshacl(world, clause):
    constraint, shapes = URIRef(layout.SHAPES + "One-query"), Graph()
    shapes.add((constraint, SH.select, Literal(f"SELECT $this {clause} WHERE {{ $this ?p ?o }}")))
    assert Probe(world.stated, shapes).finds(constraint, FIL.Group) is None

"""What is told at sight of a node is what pySHACL finds: nothing that it would report is passed over."""

import random
from collections import Counter
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


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $this WHERE { $this ?p ?o FILTER (REGEX(?o, 'x')) }",
        "SELECT $this WHERE { $this ?p ?o BIND (year(?o) AS ?y) }",
        "SELECT $this WHERE { $this ?p ?o MINUS { $this ?p 7 } }",
        "SELECT $this WHERE { $this ?p ?o { SELECT ?o WHERE { ?any ?p ?o } } }",
        "SELECT $this WHERE { $this ?p ?o VALUES ?o { 7 } }",
    ],
)
def test_a_query_with_more_than_ours_have_is_left_to_pyshacl(world, text):
    constraint, shapes = URIRef(layout.SHAPES + "One-query"), Graph()
    shapes.add((constraint, SH.select, Literal(text)))
    assert Probe(world.stated, shapes).finds(constraint, FIL.Group) is None


@pytest.mark.parametrize("clause", ["FROM <https://example.org/g>", "fr\\u006Fm <https://example.org/g>"])
def test_a_query_of_another_graph_is_left_to_pyshacl(world, clause):
    constraint, shapes = URIRef(layout.SHAPES + "One-query"), Graph()
    shapes.add((constraint, SH.select, Literal(f"SELECT $this {clause} WHERE {{ $this ?p ?o }}")))
    assert Probe(world.stated, shapes).finds(constraint, FIL.Group) is None


PREFIXES = """
PREFIX : <https://example.org/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
#: Nodes with everything that components look at, right and wrong.
SMALL = """
:Town rdfs:subClassOf :Place .
:a a :Town ; :name "A"@en , "A"@EN-gb ; :date "2013-01-01"^^xsd:date ; :count 5 ; :next :b , :a .
:b a :Place ; :name "B"@en , "C"@EN ; :date "2013-13-45"^^xsd:date ; :count "5.0"^^xsd:decimal ; :next :c .
:c a "Place" ; :name "B" , "" ; :date "2013-01-01Z"^^xsd:date , "2013"^^xsd:gYear ; :count "x"^^xsd:integer .
:d :name 7 ; :next "a" , [ a :Town ; :name "E"@fr ] .
:d :until "2013-01-01"^^xsd:date ; :date "2013-01-02"^^xsd:date .
"""
COMPONENTS = (
    *("sh:class :Place", "sh:datatype xsd:date", "sh:datatype xsd:integer", "sh:datatype xsd:decimal"),
    *(
        "sh:datatype rdf:langString",
        "sh:nodeKind sh:IRI",
        "sh:nodeKind sh:BlankNodeOrLiteral",
        "sh:minCount 2",
    ),
    *("sh:maxCount 1", "sh:minInclusive 5", "sh:maxExclusive 6", "sh:minLength 1", "sh:maxLength 2"),
    *(
        'sh:pattern "^[a-z]$"',
        'sh:pattern "^b" ; sh:flags "i"',
        'sh:languageIn ("EN" "de")',
        'sh:in (:b "a" 5)',
    ),
    *(
        "sh:uniqueLang true",
        "sh:uniqueLang false",
        "sh:equals :next",
        "sh:disjoint :next",
        "sh:lessThan :until",
    ),
    *("sh:lessThanOrEquals :date", "sh:hasValue :b", "sh:not [ sh:class :Place ]", "sh:deactivated true"),
    *(
        "sh:or ([ sh:class :Town ] [ sh:datatype xsd:date ])",
        "sh:and ([ sh:class :Town ] [ sh:nodeKind sh:IRI ])",
    ),
    *("sh:xone ([ sh:class :Place ] [ sh:nodeKind sh:IRI ])", "sh:node [ sh:closed true ]", "sh:closed true"),
    *("sh:node [ sh:property [ sh:path :name ; sh:maxCount 1 ] ]", "sh:class :Town ; sh:severity sh:Warning"),
    "sh:qualifiedValueShape [ sh:class :Place ] ; sh:qualifiedMinCount 1",
    "sh:qualifiedValueShape [ sh:class :Place ] ; sh:qualifiedMaxCount 0",
    "sh:property [ sh:path :next ; sh:class :Town ]",
    'sh:sparql [ sh:select "SELECT $this WHERE { $this <https://example.org/next> $this }" ]',
    'sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?number FILTER (?number > 4) }" ]',
)
PATHS = (
    *(":name", ":next", ":date", ":count", "[ sh:inversePath :next ]", "(:next :name)"),
    *("[ sh:alternativePath (:next rdf:type) ]", "[ sh:zeroOrMorePath :next ]"),
)
TARGETS = (
    "sh:targetClass :Place ; sh:targetSubjectsOf :until ; sh:targetObjectsOf :next ; sh:targetNode :d , 7"
)


def _in_part_as_in_whole(shapes_text: str) -> int:
    """Judge a graph as a whole and in parts, and compare; how much there is to report."""
    data, shapes = Graph(), Graph()
    data.parse(data=PREFIXES + SMALL, format="turtle")
    shapes.parse(data=PREFIXES + shapes_text, format="turtle")
    whole = shacl.validate(data, shapes)
    named = {URIRef("https://example.org/" + name) for name in "abcd"}
    for part in (*({node} for node in named), {*data.subjects(), *data.objects(), Literal(7)} - named):
        told = shacl.validate(data, shapes, part)
        assert _of(part, told) == _of(part, whole), part
    return len(whole)


def _of(nodes: set, results: list[shacl.Result]) -> Counter:
    """The results for these focus nodes, each as often as it is told."""
    return Counter(_plain(result) for result in results if result.focus in nodes)


@pytest.mark.parametrize("component", COMPONENTS)
def test_each_component_judges_a_node_as_it_judges_the_whole(component):
    of_pairs = ("Lang", "Count", "equals", "less", "qualified")
    shapes = [
        f":P{n} a sh:PropertyShape ; sh:path {p} ; {component} ; {TARGETS} ." for n, p in enumerate(PATHS)
    ]
    if not any(word in component for word in of_pairs):
        shapes.append(f":N a sh:NodeShape ; {component} ; {TARGETS} .")
    # What is compared with a blank node breaks off the run.
    shapes = shapes[:1] + shapes[2:4] if "less" in component else shapes
    assert _in_part_as_in_whole("\n".join(shapes)) or component in (
        "sh:deactivated true",
        "sh:uniqueLang false",
    )


@pytest.mark.parametrize(
    "shapes",
    [
        "[] a sh:NodeShape ; sh:targetClass :Place ; sh:nodeKind sh:Literal .",
        ":Untyped sh:targetSubjectsOf :name ; sh:property [ sh:path :count ; sh:minCount 1 ] .",
        ":Place a rdfs:Class , sh:NodeShape ; sh:property [ sh:path :count ; sh:datatype xsd:integer ] .",
        ":Of a sh:PropertyShape ; sh:path :next ; sh:targetNode :a ; sh:property :In . "
        ":In a sh:PropertyShape ; sh:path :count ; sh:datatype xsd:integer .",
        ":N a sh:NodeShape ; sh:targetNode :a , :d ; sh:property :Of . "
        ":Of a sh:PropertyShape ; sh:path :next ; sh:property :In . "
        ":In a sh:PropertyShape ; sh:path :name ; sh:uniqueLang true ; sh:targetNode :b .",
    ],
)
def test_shapes_that_are_written_otherwise_than_ours_judge_a_node_as_they_judge_the_whole(shapes):
    assert _in_part_as_in_whole(shapes)


def test_a_pattern_that_is_none_is_told_of_the_shapes():
    data, shapes = Graph(), Graph()
    data.parse(data=PREFIXES + SMALL, format="turtle")
    shapes.parse(
        data=PREFIXES + ':N a sh:NodeShape ; sh:targetClass :Place ; sh:pattern "(" .', format="turtle"
    )
    with pytest.raises(shacl.BrokenShapes):
        shacl.validate(data, shapes, set(data.subjects()))

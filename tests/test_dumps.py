"""The RDF files of a release hold the same statements in every syntax, in forms that loaders take."""

import gzip
import json
import re
from pathlib import Path
from unicodedata import is_normalized

import pyoxigraph as ox
import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef

from filiation import context, corpus, dataset, dumps, examples, layout, oxigraph, questions, simple, turtle
from filiation.dataset import Edition
from filiation.dates import FIL
from filiation.material import Material
from filiation.release import NotReleasable, Release

SPEX = Path(__file__).parents[2] / "shared" / "suites" / "sparql-examples" / "spex-shacl.ttl"
EDITION = Edition("1.2.3", "2026-11-23")
EVERYTHING = [f"filiation-1.2.3.{extension}" for extension in oxigraph.FORMATS]
PREFIXES = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in layout.PREFIXES.items())


def written(material: Material, folder: Path, zstd: bool = False) -> Release:
    folder.mkdir()
    release = Release(folder, zstd)
    dumps.write(material, release)
    return release


@pytest.fixture(scope="module")
def material(repository, inferred) -> Material:
    return Material(repository, inferred, EDITION)


@pytest.fixture(scope="module")
def release(material, tmp_path_factory) -> Release:
    return written(material, tmp_path_factory.mktemp("dumps") / "release")


def triples(release: Release, name: str) -> set[str]:
    content = (release.folder / name).read_bytes()
    return {str(quad.triple) for quad in ox.parse(content, oxigraph.FORMATS[name.rpartition(".")[2]])}


def canonical(release: Release, name: str) -> list[str]:
    content = (release.folder / name).read_bytes()
    return oxigraph.canonical(oxigraph.read_quads(content, name.rpartition(".")[2]))


def lines(text: str) -> list[str]:
    """The N-Triples of a Turtle text that may use the house prefixes."""
    return [str(triple) for triple in oxigraph.parse_turtle((PREFIXES + text).encode())]


# The whole


@pytest.mark.parametrize("name", EVERYTHING)
def test_each_syntax_holds_every_statement(name, release, material):
    assert triples(release, name) == {str(quad.triple) for quad in material.quads}


@pytest.mark.parametrize("extension", ["nq", "trig"])
def test_syntaxes_with_graphs_keep_them(extension, release, material):
    content = (release.folder / f"filiation-1.2.3.{extension}").read_bytes()
    assert set(oxigraph.read_quads(content, extension)) == set(material.quads)


@pytest.mark.parametrize("extension", ["nt", "ttl", "rdf", "jsonld"])
def test_the_union_names_no_graph(extension, release):
    content = (release.folder / f"filiation-1.2.3.{extension}").read_bytes()
    assert {quad.graph_name for quad in oxigraph.read_quads(content, extension)} == {ox.DefaultGraph()}


def test_stated_and_inferred_make_the_whole_and_share_nothing(release, material):
    stated = oxigraph.read_quads((release.folder / "filiation-stated-1.2.3.nq").read_bytes())
    assert ox.NamedNode(layout.INFERRED_GRAPH) not in {quad.graph_name for quad in stated}
    inferred = triples(release, "filiation-inferred-1.2.3.nt")
    told = {str(quad.triple) for quad in stated}
    assert inferred and not inferred & told
    assert inferred | told == {str(quad.triple) for quad in material.quads}


@pytest.mark.parametrize(
    "name", ["filiation-1.2.3.nt", "filiation-inferred-1.2.3.nt", "filiation-simple-1.2.3.nt"]
)
def test_triples_are_lines_in_order_of_code_points(name, release):
    text = (release.folder / name).read_bytes()
    found = text.split(b"\n")
    assert found.pop() == b""
    assert b"\r" not in text and not text.startswith(b"\xef\xbb\xbf")
    assert [line.removesuffix(b" .") for line in found] == sorted({line[:-2] for line in found})


def test_quads_are_in_order_of_their_graphs_then_of_their_triples(release):
    rows = (release.folder / "filiation-1.2.3.nq").read_text("utf-8").splitlines()
    split = [re.fullmatch(r"(.*) (<[^<>]*>) \.", row).groups() for row in rows]
    assert [(graph, triple) for triple, graph in split] == sorted({(g, t) for t, g in split})


def test_no_blank_node_no_decomposed_letter_no_iri_beyond_ascii(release):
    text = (release.folder / "filiation-1.2.3.nq").read_text("utf-8")
    assert "_:" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    assert is_normalized("NFC", text)
    assert all(iri.isascii() for iri in re.findall(r"<([^<>\s]*)>", text))


def test_each_part_tells_how_many_statements_it_has(release):
    for part in release.parts:
        extension = part.name.removesuffix(".gz").rpartition(".")[2]
        if extension not in oxigraph.FORMATS or part.name == "context.jsonld":
            continue
        content = (release.folder / part.name).read_bytes()
        plain = gzip.decompress(content) if part.compression else content
        assert part.statements == oxigraph.count(plain, extension), part.name
        assert part.size == len(content)
        assert part.title.endswith(f"({dumps.SYNTAXES[extension]})")


def test_dumps_are_there_plain_and_compressed_and_nothing_is_left_beside_them(release, material, tmp_path):
    names = {part.name for part in release.parts}
    plain = {part.name for part in release.of("dump") if not part.compression}
    assert {f"{name}.gz" for name in plain} <= names
    assert names == {file.name for file in release.folder.iterdir()}
    both = written(material, tmp_path / "both", zstd=True)
    assert {f"{name}.zst" for name in plain} <= {part.name for part in both.parts}


def test_the_same_statements_give_the_same_bytes(village, tmp_path):
    built = []
    for name in ("one", "other"):
        whole = corpus.load(village)
        whole.graphs = dict(reversed(whole.graphs.items())) if name == "other" else whole.graphs
        release = written(Material(whole, Graph(), EDITION), tmp_path / name)
        built.append({file.name: file.read_bytes() for file in release.folder.iterdir()})
    assert built[0] == built[1]


# What cannot be released


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ('fil:Group skos:note "Cafe\u0301"@fr', "normal form C"),
        ("group:a skos:closeMatch <https://example.org/caf\u00e9>", "https://example.org/caf\u00e9"),
    ],
)
def test_what_loaders_choke_on_is_told_with_its_file(village, tmp_path, statement, words):
    file = village.data / "groups" / "northern-front.ttl"
    whole = corpus.load(village)
    graph = whole.graphs[village.relative(file)]
    graph.parse(data=f"{PREFIXES}{statement} .", format="turtle")
    with pytest.raises(NotReleasable) as problem:
        written(Material(whole, Graph(), EDITION), tmp_path / "release")
    assert str(problem.value).startswith("data/groups/northern-front.ttl: ")
    assert words in str(problem.value)
    assert not list((tmp_path / "release").iterdir())


def test_a_blank_node_is_told_with_its_graph(village):
    material = Material(corpus.load(village), Graph(), EDITION)
    material.lines["x:graph"] = ["<x:a> <x:b> _:c"]
    with pytest.raises(NotReleasable, match="<x:graph>: a node without an IRI"):
        dumps.judge(material)


def test_a_text_that_looks_like_a_blank_node_is_none(village):
    material = Material(corpus.load(village), Graph(), EDITION)
    material.lines["x:graph"] = ['<x:a> <x:b> "see _:b0 there"']
    dumps.judge(material)


def test_lines_and_quads_say_the_same(material):
    whole = dataset.quads(material.corpus, material.inferred, material.edition)
    assert set(material.quads) == set(whole)
    assert len(list(material.quads)) == len(set(whole))


def test_a_dump_that_does_not_parse_is_not_added(village, tmp_path, monkeypatch):
    def broken(source: Path, target: Path, prefixes: object) -> int:
        target.write_text("<x:a> <x:b> .\n")
        return oxigraph.count_file(source)

    monkeypatch.setattr(oxigraph, "convert", broken)
    with pytest.raises(NotReleasable, match=r"filiation-1\.2\.3\.trig would not be well-formed: line 1"):
        written(Material(corpus.load(village), Graph(), EDITION), tmp_path / "release")


def test_a_dump_that_lost_a_statement_is_not_added(village, tmp_path, monkeypatch):
    monkeypatch.setattr(oxigraph, "convert", lambda source, target, prefixes: target.write_text(""))
    with pytest.raises(NotReleasable, match=r"filiation-1\.2\.3\.nq would hold 0 statements in place of"):
        written(Material(corpus.load(village), Graph(), EDITION), tmp_path / "release")


def test_lines_that_do_not_parse_are_not_added(tmp_path):
    source, target = tmp_path / "a.nt", tmp_path / "a.ttl"
    source.write_text("<x:a> <x:b> <x:c> .\n<x:a> <x:b> .\n")
    with pytest.raises(oxigraph.NotWellFormed, match="line 2"):
        oxigraph.convert(source, target, {})
    source.write_text("<x:a> <x:b> <x:c> .\n<x:a> <x:b> <x:d> .\n")
    assert oxigraph.convert(source, target, {}) == 2


# The simple form

VALLEY = """
group:old a fil:Group ; skos:prefLabel "Old Army"@en ; fil:involves group:new ; skos:editorialNote "No."@en .
group:new a fil:Group , prov:Agent ; skos:prefLabel "New Army"@en ; fil:splitFrom group:old ;
    skos:exactMatch identifier:new-list ; adms:identifier identifier:new-list .
person:a1bc a fil:Person ; skos:prefLabel "Somebody"@en .
place:hill a fil:Place ; skos:prefLabel "Hill"@en .
organization:office a org:Organization ; skos:prefLabel "Office"@en .
source:report a fil:Source ; dcterms:title "Report"@en .
identifier:new-list a adms:Identifier ; skos:notation "L.7" ; dcterms:source source:report .
split:new a fil:Split ; fil:offshoot group:new ; fil:parent group:old ; fil:status status:held ;
    sem:hasEarliestBeginTimeStamp "1994-01-01"^^xsd:date ;
    sem:hasLatestBeginTimeStamp "1994-12-31"^^xsd:date ;
    sem:hasEarliestEndTimeStamp "1994-01-01"^^xsd:date ; sem:hasLatestEndTimeStamp "1994-12-31"^^xsd:date .
naming:new-fr a fil:Naming ; fil:names group:new ; skosxl:literalForm "Armée nouvelle"@fr ;
    fil:status status:held .
naming:new-en a fil:Naming ; fil:names group:new ; skosxl:literalForm "New Army"@en ; fil:status status:held .
naming:wrong a fil:Naming ; fil:names group:new ; skosxl:literalForm "Wrong"@en ; fil:status status:disputed .
position:a a fil:Position ; org:member person:a1bc ; org:organization group:new ; fil:status status:held .
presence:new a fil:Presence ; fil:about group:new ; fil:place place:hill ; fil:status status:held .
life-event:a1bc a fil:LifeEvent ; fil:about person:a1bc ; fil:place place:hill ; fil:status status:held ;
    fil:kind life-event-kind:birth ; sem:hasEarliestBeginTimeStamp "1960-01-01"^^xsd:date .
"""
SIMPLE = """
group:old a fil:Group ; skos:prefLabel "Old Army"@en .
group:new a fil:Group ; skos:prefLabel "New Army"@en ; skos:altLabel "Armée nouvelle"@fr ;
    fil:splitFrom group:old ; dcterms:spatial place:hill ;
    skos:exactMatch identifier:new-list ; adms:identifier identifier:new-list ;
    sem:hasEarliestBeginTimeStamp "1994-01-01"^^xsd:date ;
    sem:hasLatestBeginTimeStamp "1994-12-31"^^xsd:date .
person:a1bc a fil:Person ; skos:prefLabel "Somebody"@en ; org:memberOf group:new ;
    sem:hasEarliestBeginTimeStamp "1960-01-01"^^xsd:date .
place:hill a fil:Place ; skos:prefLabel "Hill"@en .
organization:office a org:Organization ; skos:prefLabel "Office"@en .
identifier:new-list a adms:Identifier ; skos:notation "L.7" .
"""


def test_the_simple_form_tells_in_one_step_what_situations_tell_in_two(repository):
    assert simple.triples(lines(VALLEY), repository.ontology) == set(lines(SIMPLE))


def test_what_is_disputed_is_not_in_the_simple_form(repository):
    disputed = VALLEY.replace("status:held", "status:disputed")
    found = simple.triples(lines(disputed), repository.ontology)
    assert not any("TimeStamp" in line or "memberOf" in line or "spatial" in line for line in found)


def test_two_beginnings_give_the_outermost_days_and_an_open_one_leaves_them_open(repository):
    again = """
    formation:new a fil:Formation ; fil:formed group:new ; fil:status status:held ;
        sem:hasEarliestBeginTimeStamp "1990-01-01"^^xsd:date .
    """
    found = simple.triples(lines(VALLEY + again), repository.ontology)
    bounds = {line for line in found if "group/new> <http://semanticweb" in line}
    assert bounds == set(lines('group:new sem:hasEarliestBeginTimeStamp "1990-01-01"^^xsd:date .'))


def test_the_simple_form_has_every_direct_relation_and_no_situation(release, repository, material):
    relations = simple.direct_relations(repository.ontology)
    assert f"<{FIL.descendsFrom}>" in relations and f"<{FIL.ledBy}>" in relations
    found = triples(release, "filiation-simple-1.2.3.nt")
    direct = {str(quad.triple) for quad in material.quads if str(quad.predicate) in relations}
    assert direct and direct <= found
    kinds = {line.partition(" ")[0].removeprefix(f"<{layout.BASE}").partition("/")[0] for line in found}
    assert kinds == {*simple.ENTITIES, "identifier"}


def test_whatever_the_simple_form_speaks_of_has_a_name_there(release):
    graph = Graph().parse(release.folder / "filiation-simple-1.2.3.ttl")
    named = set(graph.subjects(SKOS.prefLabel)) | set(graph.subjects(SKOS.notation))
    spoken_of = {node for node in graph.all_nodes() if layout.split_iri(str(node))}
    assert spoken_of and spoken_of <= named


def test_the_account_of_the_simple_form_names_every_property_and_class(repository, release):
    found = {line.split(" ", 2)[1] for line in triples(release, "filiation-simple-1.2.3.nt")}
    possible = simple.KEPT | simple.direct_relations(repository.ontology) | simple.OF_IDENTIFIERS
    possible |= {*simple.STEPS.values(), *simple.BOUNDS}
    assert found <= possible
    for term in possible | simple.CLASSES:
        assert f"`{layout.curie(term[1:-1])}`" in simple.ACCOUNT, term


def test_both_syntaxes_of_the_simple_form_say_the_same(release):
    assert triples(release, "filiation-simple-1.2.3.nt") == triples(release, "filiation-simple-1.2.3.ttl")


# The schema


@pytest.mark.parametrize("extension", ["nt", "jsonld", "rdf"])
def test_the_ontology_is_the_same_in_every_syntax(extension, release):
    assert canonical(release, f"ontology.{extension}") == canonical(release, "ontology.ttl")


def test_the_shapes_are_the_same_in_both_syntaxes(release):
    assert canonical(release, "shapes.nt") == canonical(release, "shapes.ttl")


def test_the_ontology_knows_its_version(release):
    graph = Graph().parse(release.folder / "ontology.ttl")
    node = URIRef(layout.BASE + "ontology")
    assert graph.value(node, OWL.versionIRI) == URIRef(layout.BASE + "ontology/1.2.3")
    assert (FIL.Group, RDFS.isDefinedBy, node) in graph


# The questions


@pytest.fixture(scope="module")
def example_graph(release) -> Graph:
    return Graph().parse(release.folder / "examples.ttl")


@pytest.mark.skipif(not SPEX.is_file(), reason="the spex shapes are not at hand")
def test_the_examples_conform_to_the_shapes_of_their_vocabulary(example_graph):
    # Their own text has `\\s` in a string, which is no escape of Turtle.
    shapes = Graph().parse(data=SPEX.read_text("utf-8").replace(r"\s", r"\\s"), format="turtle")
    assert validate(example_graph, shacl_graph=shapes)[0]
    some = next(example_graph.subjects(RDF.type, SH.SPARQLExecutable))
    example_graph.remove((some, examples.SCHEMA.target, None))
    assert not validate(example_graph, shacl_graph=shapes)[0]
    example_graph.add((some, examples.SCHEMA.target, URIRef(layout.DATASET)))


def test_every_question_is_an_example_that_can_be_asked(example_graph, place):
    asked = {question.stem: question for question in questions.load(place)}
    found = dict(example_graph.subject_objects(SH.select))
    assert {str(node).removeprefix(examples.QUESTION) for node in found} == asked.keys()
    store = oxigraph.Store([])
    for node, text in found.items():
        question = asked[str(node).removeprefix(examples.QUESTION)]
        assert example_graph.value(node, RDFS.comment) == Literal(question.title, lang="en")
        assert store.query(str(text)).rows()[0] == store.query(question.text).rows()[0]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("# title: select\nPREFIX a: <x:#y>\nBASE <x:>\nask {}", "ASK"),
        ("PREFIX : <x:SELECT>\n# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <x:a>", "DESCRIBE"),
    ],
)
def test_the_form_of_a_query_is_its_first_word(text, form):
    assert examples.form(questions.Question("a", "a", "", text)) == form


def test_an_update_is_no_example():
    with pytest.raises(examples.NotAnExample, match=r"ontology/questions/a\.rq is no query"):
        examples.form(questions.Question("a", "a", "", "INSERT DATA { }"))


# The context


@pytest.fixture(scope="module")
def terms(release) -> dict:
    return json.loads((release.folder / "context.jsonld").read_text("utf-8"))["@context"]


def test_json_with_the_context_says_what_turtle_says(terms):
    document = {
        "@context": terms,
        "id": "split:north-1994",
        "type": "fil:Split",
        "fil:offshoot": "group:north",
        "fil:date": "1994~",
        "fil:status": "status:held",
        "fil:count": 12,
        "fil:ended": True,
        "skos:editorialNote": {"en": "A note.", "ar": "ملاحظة"},
        "dcterms:identifier": "N.1",
        "sem:hasEarliestBeginTimeStamp": "1993-01-01",
    }
    told = ox.parse(json.dumps(document), ox.RdfFormat.JSON_LD)
    text = """
    split:north-1994 a fil:Split ; fil:offshoot group:north ; fil:date "1994~"^^edtf:EDTF ;
        fil:status status:held ; fil:count 12 ; fil:ended true ; dcterms:identifier "N.1" ;
        skos:editorialNote "A note."@en , "ملاحظة"@ar ;
        sem:hasEarliestBeginTimeStamp "1993-01-01"^^xsd:date .
    """
    assert sorted(str(quad.triple) for quad in told) == sorted(lines(text))


@pytest.mark.parametrize("file", ["groups/northern-front.ttl", "incidents/raid-on-green-valley-1999.ttl"])
def test_a_file_goes_into_json_with_the_context_and_back(file, village, terms):
    graph = turtle.read(village.data / file)
    text = graph.serialize(format="json-ld", context=terms, auto_compact=True)
    assert '"fil:status": "status:held"' in text
    told = {str(quad.triple) for quad in ox.parse(text, ox.RdfFormat.JSON_LD)}
    assert told == {str(quad.triple) for quad in oxigraph.from_rdflib(graph, "x:g")}


def test_the_kinds_of_values_in_the_context_are_those_of_the_data(terms, repository):
    kinds: dict[str, set[str]] = {}
    for _, link, value in repository.stated:
        if isinstance(value, Literal):
            kind = "@language" if value.language else layout.curie(str(value.datatype or XSD.string))
        else:
            kind = "@id"
        kinds.setdefault(layout.curie(str(link)), set()).add(kind)
    defined = {name: term for name, term in terms.items() if ":" in name}
    assert len(defined) > 100
    for name, term in defined.items():
        told = term.get("@container") or term["@type"]
        assert kinds.get(name, {told}) == {told}, name


def test_each_key_of_the_context_is_the_name_of_its_iri(repository):
    for name, term in context.context(repository).items():
        if isinstance(term, dict):
            assert layout.curie(term["@id"]) == name


# Compressing beside the writing


def test_compressing_beside_gives_the_same_parts(tmp_path):
    found = []
    for name in ("beside", "after"):
        (tmp_path / name).mkdir()
        release = Release(tmp_path / name)
        if name == "beside":
            with release.compressing():
                release.add("a.nt", b"<x:a> <x:b> <x:c> .\n", title="A", role="dump", compressed=True)
        else:
            release.add("a.nt", b"<x:a> <x:b> <x:c> .\n", title="A", role="dump", compressed=True)
        found.append(release.parts)
    assert found[0] == found[1] and len(found[0]) == 2


def test_a_file_that_cannot_be_compressed_is_told(tmp_path):
    release = Release(tmp_path)
    (tmp_path / "a.nt.gz").mkdir()
    with pytest.raises(OSError, match=r"a\.nt\.gz"), release.compressing():
        release.add("a.nt", b"", title="A", role="dump", compressed=True)

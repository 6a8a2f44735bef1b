"""RDF in any syntax becomes data, each node in its file, or is refused with its line; nothing is fetched."""

import json
import random

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from test_hostile import confined, inside, listener  # noqa: F401  # fixtures come by their name

from filiation import contribution, corpus, dialects, layout, oxigraph, turtle

PREFIXES = {name: namespace for name, namespace in layout.PREFIXES.items() if name not in ("wd", "shape")}
HEAD = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in PREFIXES.items())
#: The line on which the first statement stands.
FIRST = len(PREFIXES) + 1
FACT = """\
group:snow-column a fil:Group ;
    skos:prefLabel "Snow Column"@en .
split:snow-column-1999 a fil:Split ;
    fil:date "1999"^^edtf:EDTF ;
    fil:offshoot group:snow-column ;
    fil:parent group:hill-league ;
    fil:status status:held .
attestation:snow-column-1999-handbook a fil:Attestation ;
    dcterms:source source:example-handbook ;
    fil:attests split:snow-column-1999 ;
    fil:page "7" ;
    fil:stance stance:affirms .
attestation:hill-league-1992-handbook a fil:Attestation ;
    dcterms:source source:example-handbook ;
    fil:attests subordination:hill-league-1992 ;
    fil:page "9" ;
    fil:stance stance:doubts .
"""
SYNTAXES = ("ttl", "nt", "nq", "trig", "jsonld", "rdf")
GROUP, FIL = layout.PREFIXES["group"], layout.ONTOLOGY
LABEL = layout.PREFIXES["skos"] + "prefLabel"


def in_syntax(text, syntax, folder):
    """A file with the statements of a Turtle text."""
    file = folder / f"facts.{syntax}"
    if syntax == "ttl":
        file.write_text(HEAD + text, encoding="utf-8")
        return file
    quads = list(ox.parse((HEAD + text).encode(), ox.RdfFormat.TURTLE))
    file.write_bytes(ox.serialize(quads, format=oxigraph.FORMATS[syntax], prefixes=PREFIXES))
    return file


def quads_of(whole):
    """The data of a checkout as a release has it."""
    graphs = ((layout.graph_iri(path), graph) for path, graph in whole.data.items())
    return [quad for name, graph in graphs for quad in oxigraph.from_rdflib(graph, name)]


def state(place):
    return {file: file.read_bytes() for file in place.data.rglob("*") if file.is_file()}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_statements_go_into_the_files_in_which_they_belong(syntax, village, run, tmp_path):
    before = state(village)
    done = run("import", in_syntax(FACT, syntax, tmp_path), root=village.root)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "wrote data/groups/hill-league.ttl",
        "wrote data/groups/snow-column.ttl",
    ]
    assert "2 attestations, 1 group, 1 split; 0 nodes said what is there already" in done.stderr
    mine, theirs = village.data / "groups" / "snow-column.ttl", village.data / "groups" / "hill-league.ttl"
    added = turtle.read(mine) + (turtle.read(theirs) - turtle.parse(before[theirs].decode(), theirs))
    assert set(added) == set(Graph().parse(data=HEAD + FACT, format="turtle"))
    assert {file: text for file, text in state(village).items() if file not in (mine, theirs)} == {
        file: text for file, text in before.items() if file != theirs
    }
    judged = run("validate", mine, theirs, root=village.root)
    assert judged.exit_code == 0, judged.output
    assert "format]" not in judged.output


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_importing_twice_adds_nothing(syntax, village, run, tmp_path):
    file = in_syntax(FACT, syntax, tmp_path)
    run("import", file, root=village.root)
    once = state(village)
    again = run("import", file, root=village.root)
    assert again.exit_code == 0
    assert "nothing new; 4 nodes said what is there already" in again.stderr
    assert state(village) == once


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_dump_of_ours_is_read_back_as_nothing_new(syntax, village, run, tmp_path):
    quads = quads_of(corpus.load(village))
    file = tmp_path / f"dump.{syntax}"
    file.write_bytes(oxigraph.serialize(quads, syntax, PREFIXES))
    done = run("import", file, root=village.root)
    assert done.exit_code == 0, done.output
    assert "nothing new" in done.stderr


def test_a_dump_of_ours_fills_an_empty_checkout(village, run, tmp_path):
    whole = corpus.load(village)
    quads = quads_of(whole)
    file = tmp_path / "dump.nq"
    file.write_bytes(oxigraph.serialize(quads, "nq", PREFIXES))
    for path in whole.data:
        whole.files[path].unlink()
    done = run("import", file, root=village.root)
    assert done.exit_code == 0, done.output
    again = corpus.load(village).data
    assert again.keys() == whole.data.keys()
    assert all(set(again[path]) == set(graph) for path, graph in whole.data.items())


def test_a_dry_run_writes_nothing(village, run, tmp_path):
    before = state(village)
    done = run("import", in_syntax(FACT, "trig", tmp_path), "--dry-run", root=village.root)
    assert done.exit_code == 0
    assert "would write data/groups/snow-column.ttl" in done.stdout
    assert state(village) == before


#: What is wrong in a fact: what stands there, what in its place, the line in Turtle, what is said.
MISTAKES = {
    "a misspelt term": ("fil:parent", "fil:parnet", 5, "did you mean `fil:parent`?"),
    "a date that is none": ('"1999"', '"1999-8"', 3, "write `1999-08`"),
    "nobody": ("group:hill-league", "group:hill-leage", 5, "did you mean `group:hill-league`?"),
    "no locator": ('    fil:page "7" ;\n', "", 8, "fil:section"),
    "a label of somebody else": (
        "group:snow-column a fil:Group ;",
        'group:hill-league skos:prefLabel "Robbers"@en .\ngroup:snow-column a fil:Group ;',
        0,
        "group:hill-league is described in data/groups/hill-league.ttl, and not with this",
    ),
    "another date for a fact of somebody else": (
        "group:snow-column a fil:Group ;",
        'subordination:hill-league-1992 fil:from "1993"^^edtf:EDTF .\ngroup:snow-column a fil:Group ;',
        0,
        "subordination:hill-league-1992 is described in data/groups/hill-league.ttl, and not with this",
    ),
    "a term of the ontology": (
        "group:snow-column a fil:Group ;",
        "fil:Group rdfs:subClassOf fil:Person .\ngroup:snow-column a fil:Group ;",
        0,
        "fil:Group is not for a contribution to describe",
    ),
    "a shape that is switched off": (
        "group:snow-column a fil:Group ;",
        "<https://w3id.org/filiation/shapes#Split> sh:deactivated true .\ngroup:snow-column a fil:Group ;",
        0,
        "is not for a contribution to describe",
    ),
    "a concept": (
        "group:snow-column a fil:Group ;",
        'status:held skos:prefLabel "let go"@en .\ngroup:snow-column a fil:Group ;',
        0,
        "status:held is not for a contribution to describe",
    ),
    "somebody else's node": (
        "group:snow-column a fil:Group ;",
        "<https://example.org/x> a fil:Group .\ngroup:snow-column a fil:Group ;",
        0,
        "<https://example.org/x> is not for a contribution to describe",
    ),
    "a way out of the folder": (
        "group:snow-column a fil:Group ;",
        "<https://w3id.org/filiation/group/../../../x> a fil:Group .\ngroup:snow-column a fil:Group ;",
        0,
        "`../../../x` is no stem of small letters",
    ),
    "a stem of nobody": ("split:snow-column-1999", "split:nobody-1999", 2, "group:hill-league"),
    "a blank node": ("status:held .", "status:held ; fil:about [ a fil:Group ] .", 6, "a blank node"),
    "an inference": (
        "fil:Group ;",
        "fil:Group ; fil:splitFrom group:hill-league ;",
        0,
        "fil:splitFrom",
    ),
    "a local file": ("fil:Group ;", "fil:Group ; skos:exactMatch <file:///etc/passwd> ;", 0, "file:"),
    "an import": (
        "fil:Group ;",
        "fil:Group ; owl:imports <http://127.0.0.1:9/> ;",
        0,
        "owl:imports",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_nothing_is_written(name, village, run, tmp_path):
    there, instead, line, message = MISTAKES[name]
    assert FACT.count(there)
    before = state(village)
    file = in_syntax(FACT.replace(there, instead), "ttl", tmp_path)
    done = run("import", file, root=village.root)
    assert done.exit_code == 1, done.output
    told = [each for each in done.stdout.splitlines() if f"facts.ttl:{FIRST + line}:" in each]
    if name != "a stem of nobody":
        assert any(message in each for each in told), done.output
    assert "nothing was written" in done.stderr
    assert state(village) == before


@pytest.mark.parametrize("syntax", ["nq", "jsonld", "rdf"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_every_syntax(name, syntax, village, run, tmp_path):
    there, instead, _, message = MISTAKES[name]
    before = state(village)
    done = run("import", in_syntax(FACT.replace(there, instead), syntax, tmp_path), root=village.root)
    assert done.exit_code in (1, 2), done.output
    assert name == "a stem of nobody" or message in done.output
    assert f"facts.{syntax}:" in done.output
    assert state(village) == before


def test_graphs_are_those_of_our_files(village, run, tmp_path):
    def told(graph):
        text = f'<{GROUP}snow-column> <{LABEL}> "Snow"@en <{graph}> .\n'
        text += f"<{GROUP}snow-column> a <{FIL}Group> <{graph}> .\n".replace(
            " a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        )
        file = tmp_path / "facts.nq"
        file.write_text(text)
        return run("import", file, "--dry-run", root=village.root)

    assert told(layout.GRAPH + "groups/snow-column").exit_code == 0
    for graph, message in (
        (layout.INFERRED_GRAPH, "is no file of data/"),
        ("http://127.0.0.1:9/g", "is no file of data/"),
        (layout.GRAPH + "groups/../../x", "is no file of data/"),
        (layout.GRAPH + "groups/hill-league", "belongs in data/groups/snow-column.ttl"),
    ):
        done = told(graph)
        assert (done.exit_code, message in done.output) == (1, True), done.output


def ld(context=None, **node):
    whole = {"@id": f"{GROUP}mine", "@type": f"{FIL}Group", LABEL: {"@value": "Mine", "@language": "en"}}
    return json.dumps({**({"@context": context} if context is not None else {}), **whole, **node})


def xml(inside, attributes="", before=""):
    return (
        f'{before}<rdf:RDF xmlns:rdf="{layout.PREFIXES["rdf"]}" xmlns:skos="{layout.PREFIXES["skos"]}" '
        f'xmlns:fil="{FIL}" {attributes}>{inside}</rdf:RDF>'
    )


MINE_XML = (
    f'<fil:Group rdf:about="{GROUP}mine"><skos:prefLabel xml:lang="en">Mine</skos:prefLabel>%s</fil:Group>'
)
HERE = "http://127.0.0.1:{port}/"
LAUGHS = "<!DOCTYPE r [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
)
MATCH = f"<{GROUP}mine> <{layout.PREFIXES['skos']}exactMatch> <{HERE}> "

#: Ending of the name, content, and what is said of it.
HOSTILE = {
    "a context elsewhere": ("jsonld", ld(HERE + "context"), "which is not fetched"),
    "a context elsewhere, among others": ("jsonld", ld([{}, HERE]), "which is not fetched"),
    "a context elsewhere, by import": ("jsonld", ld({"@version": "1.1", "@import": HERE}), "`@import`"),
    "a context elsewhere, of a term": (
        "jsonld",
        ld({"p": {"@id": LABEL, "@context": HERE}}),
        "`@context` in a context is not read here",
    ),
    "a context elsewhere, inside": (
        "jsonld",
        ld(**{LABEL: {"@context": HERE, "@id": GROUP + "x"}}),
        "at the",
    ),
    "a context that is a file": ("jsonld", ld("file:///etc/passwd"), "which is not fetched"),
    "a base in a context": ("jsonld", ld({"@base": HERE}), "`@base` in a context"),
    "a relative IRI": ("jsonld", ld(**{"@id": "mine"}), "`mine` is a relative IRI"),
    "a relative type": ("jsonld", ld(**{"@type": "Group"}), "does not say what `Group` is"),
    "a relative value": (
        "jsonld",
        ld({"near": {"@id": LABEL, "@type": "@id"}}, near="hill"),
        "`hill` is a relative IRI",
    ),
    "a key without a meaning": ("jsonld", ld(label="Mine"), "does not say what `label` is"),
    "a text at the top": ("jsonld", '["mine"]', "something at the top that is no node"),
    "a text among nodes": ("jsonld", ld(**{"@graph": ["mine"]}), "stands where a node belongs"),
    "a key twice": ("jsonld", '{"@id": "x:a", "@id": "x:b", "x:p": "c"}', "not JSON-LD"),
    "no JSON": ("jsonld", '{"@id": ', "not JSON-LD"),
    "JSON in a literal": (
        "jsonld",
        ld(**{LABEL: {"@type": "@json", "@value": {"a": 1}}}),
        "does not say what `a` is",
    ),
    "an included node": ("jsonld", ld(**{"@included": []}), "`@included` is not read here"),
    "deep arrays": ("jsonld", '{"x:p": ' + "[" * 100_000 + "]" * 100_000 + "}", "goes deeper than 50"),
    "deep objects": ("jsonld", '{"x:p":' * 100_000 + "1" + "}" * 100_000, "goes deeper than 50"),
    "deep lists": ("jsonld", '{"x:p":' + '{"@list":[' * 900 + "]}" * 900 + "}", "goes deeper than 50"),
    "a number of a million digits": ("jsonld", ld(**{LABEL: 0}).replace("0", "9" * 1_000_000), ""),
    "an entity": (
        "rdf",
        xml(MINE_XML % "<fil:x>&e;</fil:x>", before='<!DOCTYPE r [<!ENTITY e "x">]>'),
        "declares a document type",
    ),
    "an entity elsewhere": (
        "rdf",
        xml(MINE_XML % "<fil:x>&e;</fil:x>", before=f'<!DOCTYPE r [<!ENTITY e SYSTEM "{HERE}">]>'),
        "declares a document type",
    ),
    "a document type elsewhere": (
        "rdf",
        xml(MINE_XML % "", before=f'<!DOCTYPE r SYSTEM "{HERE}x.dtd">'),
        "declares a document type",
    ),
    "a local file as an entity": (
        "rdf",
        xml(MINE_XML % "&e;", before='<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        "declares a document type",
    ),
    "a billion laughs": ("rdf", xml(MINE_XML % "<fil:x>&a9;</fil:x>", before=LAUGHS), "declares a document"),
    "a base in XML": ("rdf", xml(MINE_XML % "", f'xml:base="{HERE}"'), "a base makes one IRI"),
    "a relative IRI in XML": ("rdf", xml('<fil:Group rdf:about="mine"/>'), "a relative IRI"),
    "an ID": ("rdf", xml('<fil:Group rdf:ID="mine"/>'), "a relative IRI"),
    "XML in a literal": (
        "rdf",
        xml(MINE_XML % '<fil:x rdf:parseType="Literal"><b/></fil:x>'),
        "XMLLiteral> is not used here",
    ),
    "another encoding": (
        "rdf",
        xml(MINE_XML % "", before='<?xml version="1.0" encoding="ISO-8859-1"?>'),
        "write encoding UTF-8",
    ),
    "deep elements": ("rdf", xml("<fil:Group><fil:x>" * 50_000 + "</fil:x></fil:Group>" * 50_000), "deeper"),
    "XInclude": (
        "rdf",
        xml(
            MINE_XML % f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{HERE}"/>',
        ),
        "",
    ),
    "no XML": ("rdf", "<rdf:RDF", "not XML"),
    "a base in TriG": ("trig", f"@base <{HERE}> . <mine> a <x:y> .", "a base makes one IRI"),
    "a relative IRI in TriG": ("trig", "<mine> a <x:y> .", "a relative IRI"),
    "a graph without a name": ("trig", "_:g { <x:a> <x:b> <x:c> }", "a graph without a name"),
    "deep brackets": (
        "trig",
        "<x:a> <x:b> " + "[ <x:b> " * 100_000 + "1" + "]" * 100_000 + " .",
        "blank node",
    ),
    "deep lists in TriG": ("trig", "<x:a> <x:b> " + "(" * 100_000 + ")" * 100_000 + " .", "blank node"),
    "a statement about a statement": ("nt", "<x:a> <x:b> <<( <x:a> <x:b> <x:c> )>> .", "an attestation"),
    "a relative IRI in N-Triples": ("nt", "<a> <x:b> <x:c> .", "a relative IRI"),
    "a relative IRI in N-Quads": ("nq", "<a> <x:b> <x:c> .", "a relative IRI"),
    "a graph elsewhere": ("nq", f"{MATCH}<{HERE}g> .", "is no file of data/"),
    "many blank nodes": (
        "nt",
        "".join(f"_:a <x:p> _:b{n} .\n_:b{n} <x:p> _:a .\n" for n in range(20_000)),
        "",
    ),
    "a number that is none": (
        "nt",
        f'<{GROUP}mine> <x:p> "9{"9" * 2_000}"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        "nothing but a text is longer",
    ),
    "characters that nobody sees": ("nt", f'<{GROUP}mine> <{LABEL}> "Mi\\u202Ene"@en .', "U+202E"),
    "nothing": ("nq", "# nothing\n", "says nothing"),
    "nothing in JSON": ("jsonld", "{}", "says nothing"),
    "no UTF-8": ("nt", b'<x:a> <x:b> "\xff" .', "is not UTF-8 here"),
    "UTF-16": ("rdf", xml(MINE_XML % "").encode("utf-16"), "is not UTF-8 here"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_means_harm_is_refused_and_nothing_is_fetched(name, village, listener, tmp_path):  # noqa: F811
    port, met = listener
    syntax, content, message = HOSTILE[name]
    content = content if isinstance(content, bytes) else content.replace("{port}", str(port)).encode()
    file = tmp_path / f"mine.{syntax}"
    file.write_bytes(content)
    before = state(village)
    code, said = inside("import", file, root=village.root)
    assert code in (1, 2), said
    assert f"mine.{syntax}" in said, said
    assert message in said, said
    assert len(said) < 40_000
    assert state(village) == before
    assert not met


BOMBS = {
    "jsonld": lambda size: ld(**{LABEL: "a" * size}),
    "rdf": lambda size: xml(MINE_XML % f'<skos:prefLabel xml:lang="fr">{"a" * size}</skos:prefLabel>'),
    "trig": lambda size: f'<{GROUP}mine> <{LABEL}> "{"a" * size}"@en .',
    "nt": lambda size: f'<{GROUP}mine> <{LABEL}> "{"a" * size}"@en .',
    "nq": lambda size: f'<{GROUP}mine> <{LABEL}> "{"a" * size}"@en .',
    "ttl": lambda size: f'<{GROUP}mine> <{LABEL}> "{"a" * size}"@en .',
}


@pytest.mark.parametrize("size", [100_000_000, 2_500_000])
@pytest.mark.parametrize("syntax", BOMBS)
def test_an_endless_text_is_refused(syntax, size, village, tmp_path):
    file = tmp_path / f"mine.{syntax}"
    file.write_text(BOMBS[syntax](size))
    code, said = inside("import", file, root=village.root)
    assert code in (1, 2), said[:500]
    assert any(each in said for each in ("larger than", "a text of", "write"))
    assert len(said) < 2_000


@pytest.mark.parametrize(
    "name",
    ["a billion laughs", "deep elements", "deep objects", "deep lists", "deep brackets", "many blank nodes"],
)
def test_a_bomb_is_refused_within_a_gibibyte_and_ten_seconds(name, village, tmp_path):
    syntax, content, message = HOSTILE[name]
    file = tmp_path / f"mine.{syntax}"
    file.write_text(content)
    code, said = confined("import", file, root=village.root)
    assert code in (1, 2)
    assert message in said


def test_a_full_file_of_bad_statements_is_refused_within_a_gibibyte_and_ten_seconds(village, tmp_path):
    kind = layout.PREFIXES["rdf"] + "type"
    lines = [f"<{GROUP}g{n}> <{kind}> <{FIL}Grop> .\n" for n in range(20_000)]
    file = tmp_path / "many.nt"
    file.write_text("".join(lines))
    assert len("".join(lines)) < 3_000_000
    code, said = confined("import", file, root=village.root)
    assert code == 1
    assert "100 problems and perhaps more: nothing was written" in said


def test_mutated_files_are_read_or_refused_and_nothing_else(village, tmp_path):
    chance = random.Random(4)
    whole = corpus.load(village)
    refused = 0
    for number in range(300):
        syntax = SYNTAXES[number % len(SYNTAXES)]
        text = bytearray(in_syntax(FACT, syntax, tmp_path).read_bytes())
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(text))
            text[place : place + chance.randint(0, 9)] = chance.choice(
                [
                    b"",
                    b"<",
                    b'"',
                    b"[",
                    b"{",
                    b"\\",
                    b"\0",
                    "\u202e".encode(),
                    b"]]>",
                    b"@base",
                    b"\xff",
                    b"a",
                ]
            )
        file = tmp_path / f"mutated.{syntax}"
        file.write_bytes(text)
        try:
            found = contribution.read(whole, [dialects.read(file)])
        except turtle.Unreadable as problem:
            assert problem.line >= 1
            refused += 1
            continue
        refused += bool(found.problems)
        for path in found.graphs:
            assert layout.entity_iri(path)
    assert refused > 200


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("facts.ttl", "--kind", "split"), "are for tables"),
        (("facts.ttl", "--create"), "are for tables"),
        (("facts.ttl", "facts.csv"), "tables and RDF in one call"),
        (("facts.ttl", "facts.ttl"), "is named twice"),
        (("facts.owl",), "RDF ends in .ttl"),
        (("none.trig",), "there is no such file"),
        (("folder.ttl",), "this is a folder"),
    ],
)
def test_a_wrong_call_says_what_to_type(words, message, village, run, tmp_path):
    in_syntax(FACT, "ttl", tmp_path)
    (tmp_path / "facts.owl").write_text("<x/>")
    (tmp_path / "folder.ttl").mkdir()
    done = run("import", *(tmp_path / w if "." in w else w for w in words), root=village.root)
    assert (done.exit_code, message in done.output) == (2, True), done.output


def test_a_file_of_the_dataset_is_not_imported(village, run):
    done = run("import", village.data / "groups" / "hill-league.ttl", root=village.root)
    assert (done.exit_code, "is a file of the dataset already" in done.output) == (2, True)


def test_a_link_is_not_followed(village, run, tmp_path):
    (tmp_path / "link.nt").symlink_to("/etc/passwd")
    done = run("import", tmp_path / "link.nt", root=village.root)
    assert (done.exit_code, "a link to another place" in done.output) == (2, True)
    assert "root:" not in done.output


def test_a_context_gives_names(village, run, tmp_path):
    context = {
        "name": {"@id": LABEL, "@container": "@language"},
        "fil": FIL,
        "like": {"@id": layout.PREFIXES["skos"] + "closeMatch", "@type": "@id"},
    }
    node = {
        "@context": context,
        "@id": f"{GROUP}snow-column",
        "@type": "fil:Group",
        "name": {"en": "Snow Column", "fr": ["Colonne des neiges"]},
    }
    file = tmp_path / "facts.jsonld"
    file.write_text(json.dumps(node))
    done = run("import", file, root=village.root)
    assert done.exit_code == 0, done.output
    graph = turtle.read(village.data / "groups" / "snow-column.ttl")
    labels = set(map(str, graph.objects(URIRef(f"{GROUP}snow-column"), URIRef(LABEL))))
    assert labels == {"Snow Column", "Colonne des neiges"}

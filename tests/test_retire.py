"""What is given up leaves a stub: nobody refers to it, no question finds it, and its IRI stays."""

import re
from pathlib import Path, PurePosixPath

import pytest
from rdflib import DCTERMS, OWL, RDF, SKOS, Literal, URIRef
from releases import quads_of

from filiation import changed, corpus, infer, layout, oxigraph, questions, turtle, vanished
from filiation.dataset import quads
from filiation.validate import validate

WHY = ("--because", "It is the Hill League.")
#: A group of which nothing else speaks, with a name that a source has.
LAKE = """
group:lake-band
    a fil:Group ;
    skos:prefLabel "Lake Band"@en , "Bande du lac"@fr ;
    skos:editorialNote "For a test."@en ;
.
naming:lake-band-lakers
    a fil:Naming ;
    skosxl:literalForm "Lakers"@fr ;
    fil:kind naming-kind:alias ;
    fil:names group:lake-band ;
    fil:status status:held ;
.
attestation:lake-band-lakers-naming-example-report
    a fil:Attestation ;
    dcterms:source source:example-handbook ;
    fil:attests naming:lake-band-lakers ;
    fil:section "History" ;
    fil:stance stance:affirms ;
.
"""
#: One that speaks of it.
RIVAL = """
rivalry:shore-band-lake
    a fil:Rivalry ;
    fil:rival group:lake-band , group:shore-band ;
    fil:status status:held ;
.
"""
PATH = "data/groups/lake-band.ttl"


def write(place: layout.Layout, path: str, text: str) -> Path:
    """A file with the prefixes that it needs, in the house format."""
    names = {*re.findall(r"\b([a-z][\w-]*):", re.sub(r'"[^"]*"|<[^>]*>', "", text))} & set(layout.PREFIXES)
    header = "".join(f"PREFIX {name}: <{layout.PREFIXES[name]}>\n" for name in sorted(names))
    file = place.root / path
    graph = turtle.parse(header + text, file)
    turtle.write(file, turtle.house_format(graph, layout.entity_iri(place.relative(file))))
    return file


@pytest.fixture
def lake(village) -> layout.Layout:
    write(village, PATH, LAKE)
    return village


def group(stem: str) -> URIRef:
    return URIRef(f"{layout.BASE}group/{stem}")


def test_a_group_with_all_of_its_file_becomes_stubs(lake, run):
    assert validate(corpus.load(lake)).violations == []
    before = vanished.promised(quads_of(lake, "1.0.0"))
    words = ("--replaced-by", "group:hill-league", "--whole-file", *WHY)
    result = run("retire", "group:lake-band", *words, root=lake.root)
    assert result.exit_code == 0, result.output
    assert result.stdout.split() == [
        "attestation:lake-band-lakers-naming-example-report",
        "group:lake-band",
        "naming:lake-band-lakers",
    ]
    graph = turtle.read(lake.root / PATH)
    assert set(graph.predicate_objects(group("lake-band"))) == {
        (OWL.deprecated, Literal(True)),
        (SKOS.changeNote, Literal("It is the Hill League.", lang="en")),
        (DCTERMS.isReplacedBy, group("hill-league")),
        (SKOS.prefLabel, Literal("Lake Band", lang="en")),
        (SKOS.prefLabel, Literal("Bande du lac", lang="fr")),
    }
    assert (None, RDF.type, None) not in graph
    whole = corpus.load(lake)
    assert [str(problem) for problem in validate(whole).problems if "lake-band" in str(problem)] == []
    assert vanished.promised(quads_of(lake, "1.1.0")).keys() == before.keys()


def test_no_question_and_no_inference_finds_a_stub(village, place):
    def told():
        whole = corpus.load(village)
        added = infer.infer(whole)
        store = oxigraph.Store(quads(whole, added))
        return set(added), {
            question.stem: store.query(question.text, layout.PREFIXES).rows()
            for question in questions.load(village)
        }

    inferred, answers = told()
    assert len(answers) > 100
    stub = 'owl:deprecated true ; skos:changeNote "It was nothing."@en'
    kept = 'skos:prefLabel "Valley Army"@en'
    kinds = {*layout.ENTITY_FOLDERS.values(), *layout.DEPENDENT_PREFIXES} - {"person"}
    stubs = "\n".join(f"{kind}:gone {stub} ; {kept} ." for kind in sorted(kinds))
    write(
        village, "data/groups/gone.ttl", f"{stubs}\nperson:z9zz {stub} ; dcterms:isReplacedBy person:k7qd ."
    )
    after, found = told()
    assert after == inferred
    assert [name for name in answers if answers[name] != found[name]] == []


def test_while_others_speak_of_it_nothing_is_written_and_they_are_told(lake, run):
    league = lake.root / "data/groups/hill-league.ttl"
    text = league.read_text("utf-8")
    result = run("retire", "group:hill-league", "--replaced-by", "group:lake-band", *WHY, root=lake.root)
    assert result.exit_code == 1
    assert league.read_text("utf-8") == text
    assert "still speak of what is to be retired: nothing was written" in result.stderr
    for line in result.stdout.splitlines():
        path, number, message = re.fullmatch(r"(\S+?):(\d+): (.*)", line).groups()
        subject, predicate = re.search(
            r"(\S+) says (\S+) group:hill-league: write group:lake-band", message
        ).groups()
        said = (lake.root / path).read_text("utf-8").splitlines()[int(number) - 1]
        assert "group:hill-league" in said, (line, subject, predicate)
    assert result.stdout.count("\n") > 3


def test_a_situation_takes_its_attestations_along(lake, run):
    result = run("retire", "naming:lake-band-lakers", *WHY, root=lake.root)
    assert result.stdout.split() == [
        "attestation:lake-band-lakers-naming-example-report",
        "naming:lake-band-lakers",
    ]
    graph = turtle.read(lake.root / PATH)
    assert (group("lake-band"), RDF.type, None) in graph
    assert not any("Lakers" in str(value) for value in graph.objects())


def test_of_a_person_no_name_stays(village, run):
    write(village, "data/people/z9zz.ttl", 'person:z9zz a fil:Person ; skos:prefLabel "A. Nobody"@en .')
    assert run("retire", "person:z9zz", *WHY, root=village.root).exit_code == 0
    text = (village.root / "data/people/z9zz.ttl").read_text("utf-8")
    assert "Nobody" not in text
    assert "owl:deprecated true" in text
    assert not [p for p in validate(corpus.load(village)).problems if "z9zz" in str(p)]


def test_what_is_gone_from_the_files_gets_its_stub_where_its_name_belongs(village, run):
    names = ("group:lost-band", "naming:northern-front-lost", "split:hill-league-1901")
    result = run("retire", *names, "--gone", *WHY, root=village.root)
    assert result.exit_code == 0, result.output
    whole = corpus.load(village)
    homes = {layout.curie(str(node)): str(path) for node, path in whole.homes.items()}
    assert [homes[name] for name in names] == [
        "data/groups/lost-band.ttl",
        "data/groups/northern-front.ttl",
        "data/groups/hill-league.ttl",
    ]
    assert validate(whole).violations == []


def test_a_dry_run_writes_nothing(lake, run):
    text = (lake.root / PATH).read_text("utf-8")
    result = run("retire", "group:lake-band", "--whole-file", "--dry-run", *WHY, root=lake.root)
    assert result.exit_code == 0
    assert "would be retired" in result.stderr
    assert (lake.root / PATH).read_text("utf-8") == text


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("group:hill-league", "--replaced-by", "group:hill-league"), "cannot stand in its own place"),
        (("group:hil-league",), "nowhere described: did you mean `group:hill-league`? If it was released"),
        (("group:x1",), "group:x1 is nowhere described. If it was released and is gone"),
        (("group:hill-league", "--replaced-by", "group:nobody"), "group:nobody is nowhere described"),
        (("hedge:reportedly",), "hedge:reportedly is no data: write owl:deprecated true there, in ontology/"),
        (("fil:Group",), "fil:Group is no data"),
        (("wd:Q1",), "is no IRI of the data"),
        (("hill-league",), "write it with its prefix, such as group:hill-league"),
        (("grupe:hill-league",), "unknown prefix"),
        (("naming:of-nobody", "--gone"), "stands in no file"),
    ],
)
def test_what_cannot_be_retired_is_a_wrong_call(village, run, words, advice):
    result = run("retire", *words, *WHY, root=village.root)
    assert result.exit_code == 2
    assert advice in result.stderr


def test_what_is_retired_is_not_retired_again_nor_a_successor(lake, run):
    assert run("retire", "group:lake-band", "--whole-file", *WHY, root=lake.root).exit_code == 0
    again = run("retire", "group:lake-band", *WHY, root=lake.root)
    assert again.exit_code == 2 and "is retired already, in data/groups/lake-band.ttl" in again.stderr
    words = ("retire", "group:lost-band", "--replaced-by", "group:lake-band", *WHY)
    other = run(*words, root=lake.root)
    assert other.exit_code == 2 and "group:lake-band is retired itself" in other.stderr


def test_a_reference_to_what_is_retired_is_a_problem_with_its_mend(lake, run):
    stub = 'group:lake-band owl:deprecated true ; skos:changeNote "One with the League."@en'
    write(lake, PATH, f"{stub} ; dcterms:isReplacedBy group:hill-league .")
    write(lake, "data/groups/shore-band.ttl", LAKE.replace("lake-band", "shore-band") + RIVAL)
    found = [p for p in validate(corpus.load(lake)).problems if p.rule == "retired"]
    assert [(str(p.file), p.severity, p.message, p.instead) for p in found] == [
        (
            "data/groups/shore-band.ttl",
            "violation",
            "`group:lake-band` is retired: write `group:hill-league` instead",
            "group:hill-league",
        )
    ]
    assert "group:lake-band" in found[0].excerpt


def test_a_change_to_a_stub_is_judged_as_everything_is(lake):
    """Who speaks of what was retired is in another file than the one that changed."""
    write(lake, "data/groups/shore-band.ttl", LAKE.replace("lake-band", "shore-band") + RIVAL)
    before = {PurePosixPath(PATH): (lake.root / PATH).read_bytes()}
    write(lake, PATH, 'group:lake-band owl:deprecated true ; skos:changeNote "It was nothing."@en .')
    whole = corpus.load(lake)
    verdict = changed.judge(whole, changed.between(whole, before, before))
    told = {(str(p.file), p.message) for p in verdict.problems if p.rule == "retired"}
    everything = {
        (str(p.file), p.message) for p in validate(corpus.load(lake)).problems if p.rule == "retired"
    }
    assert told == everything != set()

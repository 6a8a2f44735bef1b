"""Every class has words, and what they say is what the node says."""

import csv
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from filiation import corpus, layout, turtle
from filiation.phrases import FIL, PHRASES, used
from filiation.sentences import EDTF, Teller, day, listed, sentence

WORLD = Path(__file__).parent / "world"

#: A situation of each class in the small world, told in full.
with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8") as file:
    TOLD = {row["node"]: row["told"] for row in csv.DictReader(file)}
NOUNS = {
    "group:northern-front": "the group Northern Front",
    "person:k7qd": "the person A. Example",
    "place:green-valley": "the place Green Valley",
    "organization:example-court": "the organization Example Court",
    "source:example-report": "the source “An example report”",
    "identifier:northern-front-example-list": "the entry “EX.12” for Northern Front in the list of Example "
    "Office",
    "geometry:green-valley": "the geometry of Green Valley",
    "tactic:ambush": "the concept ambush",
    "scheme:tactic": "the list of concepts Tactic",
    "fil:Split": "the class split",
    "fil:offshoot": "the property offshoot",
    "attestation:northern-front-1994-split-example-report": "the word of An example report (characters 84 to "
    "144) for the split of Northern Front from Valley Army (1994)",
    "split:nowhere": "split:nowhere",
}


def iri(name: str) -> URIRef:
    prefix, _, stem = name.partition(":")
    return URIRef(layout.PREFIXES[prefix] + stem)


@pytest.fixture(scope="module")
def world(repository) -> Graph:
    files = sorted(WORLD.glob("*.ttl"))
    assert files
    return corpus.union([*(turtle.read(file) for file in files), repository.vocabulary])


@pytest.fixture
def facts(world) -> Graph:
    """The world, to be added to."""
    return corpus.union([world])


def test_every_class_of_situations_has_a_phrase_and_a_case(repository, world):
    wider = {FIL.Situation, FIL.Affiliation, FIL.Change}
    wanted = set(repository.vocabulary.transitive_subjects(RDFS.subClassOf, FIL.Situation)) - wider
    assert set(PHRASES) == wanted
    assert {kind for name in TOLD for kind in world.objects(iri(name), RDF.type)} == wanted


def test_every_role_in_a_phrase_is_a_property_of_the_ontology(repository):
    ours = {p for parts in PHRASES.values() for p in used(parts) if str(p).startswith(layout.ONTOLOGY)}
    known = {*repository.vocabulary.subjects(RDF.type, OWL.ObjectProperty)}
    assert ours and ours - known == {FIL.listedName}


@pytest.mark.parametrize("name", TOLD)
def test_a_situation_is_told(world, name):
    assert Teller(world).told(iri(name)) == TOLD[name]


@pytest.mark.parametrize("name", NOUNS)
def test_a_node_has_a_phrase(world, name):
    assert Teller(world).noun(iri(name)) == NOUNS[name]


def test_every_situation_and_entity_of_the_dataset_is_told_by_its_names(repository):
    """No IRI of ours, and no empty place, in any phrase of the real data."""
    teller = Teller(corpus.union([repository.stated, repository.vocabulary]))
    nodes = {node for node in repository.stated.subjects() if str(node).startswith(layout.BASE)}
    phrases = {node: teller.noun(node) for node in nodes if str(node) != layout.DATASET}
    assert len(phrases) > 2000
    bad = {
        str(node): phrase
        for node, phrase in phrases.items()
        if any(f"{prefix}:" in phrase.split("“")[0] for prefix in layout.ENTITY_FOLDERS.values())
        or "  " in phrase
        or phrase.endswith((" of", " by", " from", " to"))
    }
    assert bad == {}


def test_a_role_without_a_value_is_left_out(facts):
    facts.remove((iri("split:northern-front-1994"), FIL.parent, None))
    assert Teller(facts).noun(iri("split:northern-front-1994")) == "the split of Northern Front (1994)"


def test_a_property_can_be_left_out(world):
    noun = Teller(world).noun(iri("split:northern-front-1994"), without={FIL.date})
    assert noun == "the split of Northern Front from Valley Army"


@pytest.mark.parametrize("name", TOLD)
def test_whatever_is_left_out_a_phrase_remains(world, name):
    for predicate in set(world.predicates(iri(name))):
        noun = Teller(world).noun(iri(name), without={predicate})
        assert re.match(r"the [a-z]", noun)
        assert not re.search(r"  |\b(of|by|from|to|in) (of|by|from|to|in)\b| (of|by|to|in)$", noun), noun


def test_what_a_source_says_otherwise_is_told_with_it(facts):
    said = iri("attestation:northern-front-1994-split-example-report")
    facts.add((said, FIL.section, Literal("History")))
    facts.add((said, FIL.date, Literal("1993/1994", datatype=EDTF)))
    facts.add((said, FIL.hedge, iri("hedge:reportedly")))
    facts.add((said, FIL.voice, iri("group:hill-league")))
    facts.add((said, FIL.silentOn, FIL.founder))
    facts.add((said, FIL.silentOn, FIL["from"]))
    assert Teller(facts).witness(said) == (
        "An example report (History; reportedly; in the words of Hill League; date 1993 to 1994; "
        "silent on the founder and the beginning)"
    )


@pytest.mark.parametrize(
    ("stance", "start"), [("denies", "the denial of the split"), ("doubts", "the doubt of An example report")]
)
def test_who_denies_or_doubts_is_told_so(facts, stance, start):
    said = iri("attestation:northern-front-1994-split-example-report")
    facts.set((said, FIL.stance, iri(f"stance:{stance}")))
    teller = Teller(facts)
    assert teller.noun(said).startswith(start)
    verb = {"denies": "denied", "doubts": "doubted"}[stance]
    assert f", {verb} by An example report" in teller.told(iri("split:northern-front-1994"))


@pytest.mark.parametrize(
    ("concept", "phrase"),
    [
        ("aim:retaliation", "the pursuit of retaliation by Northern Front in Green Valley"),
        ("ideology:secularism", "the adherence of Northern Front to secularism in Green Valley"),
        ("revenue:extortion", "the income of Northern Front from extortion in Green Valley"),
        ("activity:training", "the practice of training by Northern Front in Green Valley"),
    ],
)
def test_each_sort_of_practice_has_its_words(facts, concept, phrase):
    node = iri("practice:northern-front-ambush")
    facts.set((node, FIL.concept, iri(concept)))
    assert Teller(facts).noun(node) == phrase


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("alias-of", "is an alias of"),
        ("part-of", "is part of"),
        ("renamed-from", "was renamed from"),
    ],
)
def test_each_kind_of_identity_has_its_words(facts, kind, words):
    node = iri("identity:northern-front-hill-league")
    facts.set((node, FIL.kind, iri(f"identity-kind:{kind}")))
    assert Teller(facts).noun(node) == f"the position that Northern Front {words} Hill League"


@pytest.mark.parametrize(
    ("bounds", "figure"),
    [
        ({"lowerBound": 200}, "at least 200"),
        ({"upperBound": 400}, "at most 400"),
        ({"count": 30000}, "30,000"),
    ],
)
def test_a_strength_has_its_figure(facts, bounds, figure):
    node = iri("strength:northern-front-1996")
    for name in ("count", "lowerBound", "upperBound"):
        facts.remove((node, FIL[name], None))
    for name, number in bounds.items():
        facts.add((node, FIL[name], Literal(number)))
    assert Teller(facts).noun(node) == f"the strength of Northern Front, {figure} (peak, 1996)"


def test_a_role_that_leads_back_to_itself_ends(facts):
    node = iri("split:northern-front-1994")
    facts.set((node, FIL.parent, node))
    facts.add((node, FIL.resultOf, node))
    assert "split:northern-front-1994" in Teller(facts).told(node)


def test_a_class_without_a_phrase_is_still_told(facts):
    node = iri("split:new")
    facts.add((FIL.Feud, RDFS.label, Literal("feud", lang="en")))
    facts.add((node, RDF.type, FIL.Feud))
    facts.add((node, FIL.status, iri("status:held")))
    assert Teller(facts).noun(node) == "the feud split:new"


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1994", "1994"),
        ("2013-08-22", "2013-08-22"),
        ("1950~", "about 1950"),
        ("1950?", "perhaps 1950"),
        ("1950%", "perhaps about 1950"),
        ("[2011..]", "2011 or later"),
        ("[..2009-05]", "2009-05 or before"),
        ("[2011-10..2011-12]", "between 2011-10 and 2011-12"),
        ("{2009-05-22,2009-05-31}", "2009-05-22 and 2009-05-31"),
        ("[2009,2011]", "2009 or 2011"),
        ("1993/1994~", "1993 to about 1994"),
        ("2013/..", "2013 onwards"),
        ("2017-02/", "2017-02 onwards"),
        ("../2017", "2017 at the latest"),
        ("", ""),
        ("2013-8", "2013-8"),
    ],
)
def test_a_date_is_said_as_one_says_it(edtf, words):
    assert day(edtf) == words


def test_lists_and_sentences():
    assert [listed([]), listed(["A"]), listed(["A", "B"])] == ["", "A", "A and B"]
    assert [sentence("the end"), sentence("why?")] == ["The end.", "Why?"]


def test_a_label_is_on_one_line(facts):
    facts.set((iri("group:northern-front"), SKOS.prefLabel, Literal("Northern\n\n Front", lang="en")))
    assert Teller(facts).noun(iri("group:northern-front")) == "the group Northern Front"

"""The disagreements of the research come out, each with its sides, and nothing that is none.

tests/disagreements.csv names, for each contradiction K01 to K41 of the research, rows that
`disagreements.rq` must give: the kind, the situation, the answer and the source.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import SKOS, URIRef

from filiation import corpus, dataset, dates, infer, layout, oxigraph, questions
from filiation.dates import FIL

HERE = Path(__file__).parent
PLACE = layout.find(HERE)
QUESTION = questions.named(PLACE, "disagreements")
WANTED = list(csv.DictReader((HERE / "disagreements.csv").open(encoding="utf-8", newline="")))
KINDS = {"date", "order", "parties", "leader", "size", "place", "manner", "identity", "name", "status"}
PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in layout.PREFIXES.items())

Row = dict[str, str]


def disagreements(store: oxigraph.Store) -> list[Row]:
    names, rows = store.query(QUESTION.text).rows()
    return [
        dict(zip(names, (layout.curie(v) if v.startswith("http") else v for v in row), strict=True))
        for row in rows
    ]


@pytest.fixture(scope="module")
def found(repository, inferred) -> list[Row]:
    return disagreements(oxigraph.Store(dataset.quads(repository, inferred)))


def test_every_contradiction_of_the_research_has_at_least_two_answers():
    answers = defaultdict(set)
    for row in WANTED:
        assert row["kind"] in KINDS
        answers[row["line"]].add((row["situation"], row["answer"]))
    assert sorted(answers) == [f"K{number:02}" for number in range(1, 42)]
    assert not [line for line, told in answers.items() if len(told) < 2]


@pytest.mark.parametrize("line", sorted({row["line"] for row in WANTED}))
def test_a_contradiction_comes_out_with_all_its_sides(line, found):
    given = {(row["kind"], row["situation"], row["answer"], row["source"]) for row in found}
    wanted = {
        (row["kind"], row["situation"], row["answer"], row["source"]) for row in WANTED if row["line"] == line
    }
    assert not wanted - given


def test_dates_that_disagree_have_no_day_in_common(found):
    told = defaultdict(list)
    for row in found:
        if row["kind"] == "date" and row["question"] == row["situation"]:
            told[row["situation"]].append(dates.parse(row["answer"]))
    assert told
    for situation, spans in told.items():
        for one in spans:
            assert any(_apart(one, other) for other in spans), situation


def _apart(one: dates.Interval, other: dates.Interval) -> bool:
    def before(first: dates.Interval, second: dates.Interval) -> bool:
        last, start = first.latest_end, second.earliest_begin
        return last is not None and start is not None and last < start

    return before(one, other) or before(other, one)


def world(text: str) -> list[Row]:
    """The disagreements of a small world: three sources, and places within each other."""
    facts = oxigraph.to_rdflib(oxigraph.parse_turtle((PREFIXES + text).encode(), layout.BASE))
    small = corpus.Corpus(PLACE, {PLACE.relative(PLACE.data / "groups" / "north.ttl"): facts})
    return disagreements(oxigraph.Store(dataset.quads(small, infer.infer(small))))


def said(situation: str, *sources: str) -> str:
    """Attestations of a situation by source:a, source:b, …, each with these values of its own."""
    return "".join(
        f"""attestation:{situation.replace(":", "-")}-{name} a fil:Attestation ; fil:attests {situation} ;
        {own if "fil:stance" in own else "fil:stance stance:affirms ; " + own} dcterms:source source:{name} .
        """
        for name, own in zip("abcdef", sources, strict=False)
    )


SPLIT = """split:north a fil:Split ; fil:parent group:army ; fil:offshoot group:north ;
    fil:status status:held %s .\n"""
PLACES = "place:town dcterms:isPartOf place:land . place:land a fil:Place . place:far a fil:Place .\n"
STRENGTH = "strength:north a fil:Strength ; fil:about group:north ; fil:status status:held %s .\n"
EDTF = "^^edtf:EDTF ;"

AGREED = {
    "a day in a month": SPLIT % '; fil:date "2013-08"^^edtf:EDTF'
    + said("split:north", "", f'fil:date "2013-08-20"{EDTF}', f'fil:date "2013"{EDTF}'),
    "a bound around a year": SPLIT % '; fil:date "2012"^^edtf:EDTF'
    + said("split:north", "", f'fil:date "[2011..]"{EDTF}'),
    "about a year": SPLIT % '; fil:date "2012"^^edtf:EDTF'
    + said("split:north", "", f'fil:date "2011~"{EDTF}'),
    "no date at all": SPLIT % '; fil:date "2012"^^edtf:EDTF'
    + said("split:north", "", "fil:silentOn fil:date ;"),
    "a town in a land": SPLIT % "; fil:place place:land"
    + PLACES
    + said("split:north", "", "fil:place place:town ;"),
    "a figure in a range": STRENGTH % "; fil:lowerBound 100 ; fil:upperBound 200"
    + said("strength:north", "", "fil:count 150 ;"),
    "the same parties": SPLIT % "" + said("split:north", "", "fil:statedOriginal group:army ;"),
    "silence about the parent": SPLIT % "" + said("split:north", "", "fil:silentOn fil:parent ;"),
    "two strengths at two times": STRENGTH % '; fil:count 10 ; fil:date "1999"^^edtf:EDTF'
    + """strength:north-2 a fil:Strength ; fil:about group:north ; fil:status status:disputed ;
    fil:count 90 ; fil:date "2005"^^edtf:EDTF .\n"""
    + said("strength:north", "")
    + said("strength:north-2", ""),
    "two leaders in turn": """leadership:north-1 a fil:Leadership ; fil:leader person:a1bc ;
    fil:until "1999"^^edtf:EDTF ; org:organization group:north ; fil:status status:held .
    leadership:north-2 a fil:Leadership ; fil:leader person:b2cd ; fil:from "2000"^^edtf:EDTF ;
    org:organization group:north ; fil:status status:disputed .\n"""
    + said("leadership:north-1", "")
    + said("leadership:north-2", ""),
    "two leaders that the editors hold together": """leadership:north-1 a fil:Leadership ;
    fil:leader person:a1bc ; org:organization group:north ; fil:status status:held .
    leadership:north-2 a fil:Leadership ; fil:leader person:b2cd ;
    org:organization group:north ; fil:status status:held .\n"""
    + said("leadership:north-1", "")
    + said("leadership:north-2", ""),
    "one source after another": SPLIT % '; fil:date "1999"^^edtf:EDTF'
    + """renaming:north a fil:Renaming ; fil:renamed group:north ; fil:status status:held ;
    fil:date "2001"^^edtf:EDTF .\n"""
    + said("split:north", "", "")
    + said("renaming:north", "", f'fil:date "[1999..2002]"{EDTF}'),
}

DISAGREED = {
    "date": SPLIT % '; fil:date "2013-08"^^edtf:EDTF'
    + said("split:north", "", f'fil:date "2013-07-31"{EDTF}'),
    "order": SPLIT % ""
    + "renaming:north a fil:Renaming ; fil:renamed group:north ; fil:status status:held .\n"
    + said("split:north", f'fil:date "1999"{EDTF}', f'fil:date "2001"{EDTF}')
    + said("renaming:north", f'fil:date "2001"{EDTF}', f'fil:date "1999"{EDTF}'),
    "parties": SPLIT % "" + said("split:north", "", "fil:statedOriginal group:army , group:league ;"),
    "leader": SPLIT % "; fil:founder person:a1bc"
    + "person:a1bc a fil:Person . person:b2cd a fil:Person .\n"
    + said("split:north", "", "fil:statedFounder person:b2cd ;"),
    "size": STRENGTH % "; fil:lowerBound 100 ; fil:upperBound 200"
    + said("strength:north", "", "fil:count 201 ;"),
    "place": SPLIT % "; fil:place place:town" + PLACES + said("split:north", "", "fil:place place:far ;"),
    "manner": SPLIT % "; fil:manner manner:own-initiative"
    + said("split:north", "", "fil:manner manner:concealed-instrument ;"),
    "status": SPLIT % "" + said("split:north", "", "fil:stance stance:denies ;"),
    "identity": """identity:north a fil:Identity ; fil:identified group:north ;
    fil:identifiedWith group:army ; fil:kind identity-kind:same-as ; fil:status status:disputed .\n"""
    + said("identity:north", "", "fil:stance stance:denies ;"),
    "name": """naming:north-1 a fil:Naming ; fil:names group:north ; skosxl:literalForm "North"@en ;
    fil:kind naming-kind:official-name ; fil:status status:disputed .
    naming:north-2 a fil:Naming ; fil:names group:north ; skosxl:literalForm "Far North"@en ;
    fil:kind naming-kind:official-name ; fil:status status:held .\n"""
    + said("naming:north-1", "")
    + said("naming:north-2", ""),
}


@pytest.mark.parametrize("case", AGREED)
def test_what_can_both_be_true_is_no_disagreement(case):
    assert world(AGREED[case]) == []


@pytest.mark.parametrize("kind", DISAGREED)
def test_what_cannot_both_be_true_comes_out_with_both_sources(kind):
    rows = [row for row in world(DISAGREED[kind]) if row["kind"] == kind]
    assert {row["source"] for row in rows} >= ({"source:a"} if kind == "name" else {"source:a", "source:b"})
    assert len({(row["situation"], row["answer"]) for row in rows}) >= 2


def test_a_part_of_a_group_is_not_the_whole_of_it():
    rows = world(SPLIT % "" + said("split:north", "", "fil:statedPartialOriginal group:army ;"))
    assert {(row["kind"], row["answer"]) for row in rows} == {("parties", "group:army")}
    assert {row["source"] for row in rows} == {"source:a", "source:b"}


def test_every_kind_of_disagreement_has_a_case():
    assert set(DISAGREED) == KINDS


def test_what_is_held_against_another_answer_says_on_what_grounds(repository):
    stated = repository.stated
    for row in WANTED:
        prefix, _, stem = row["situation"].partition(":")
        situation = URIRef(layout.PREFIXES[prefix] + stem)
        held = (situation, FIL.status, URIRef(layout.BASE + "status/held")) in stated
        assert not held or (situation, SKOS.editorialNote, None) in stated, row["situation"]

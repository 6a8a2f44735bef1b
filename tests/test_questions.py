"""Every competency question has one expected answer, whichever engine and whichever form of the data.

The answers are SPARQL 1.1 CSV results, one file for each question, read in the diff like any golden
file. `python tests/test_questions.py` writes them anew from the working tree; it must run where the
package can be imported (`PYTHONPATH=scripts`, or after installation).

The second engine is rdflib, over the whole dump. Left alone it would need hours: it settles the order
of triple patterns before it knows what they match, and joins some lists pair by pair. It is given a
better order through the hook that it has for this (see prove/joins.py); all else is its own.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Dataset

from filiation import corpus, dataset, infer, layout, oxigraph, questions
from filiation.prove import joins

HERE = Path(__file__).parent
ANSWERS = HERE / "questions"
PLACE = layout.find(HERE)
LIBRARY = questions.load(PLACE)

#: What comes near to an answer and must not be in it.
NEAR_MISSES = [
    ("ancestry-of-jnim", "group/al-qaida"),
    ("ancestry-of-jnim", "group/al-muwaqiun"),
    ("chains-from-gia-to-jnim", "group/ansar-al-dine"),
    ("descent-from-gia", "group/ansaroul-islam"),
    ("how-long-after-the-act-it-was-announced", "alliance/mnla-ansar-al-dine-2012"),
    ("how-many-were-killed-of-each-nationality", "place/mauritania"),
    ("what-aqim-was-called-on-2006-12-31", "AQIM"),
    ("what-changed-between-2011-10-01-and-2013-12-31", "joining/al-murabitun-aqim-2015"),
    ("what-is-only-suspected-or-possible", "incident/american-killing-mauritania-2009"),
    ("what-only-one-source-attests", "split/mujao-2011"),
    ("what-states-and-other-organizations-did", "incident/f3ji-statement-2006"),
    ("what-took-place-in-mali", "cooperation/aqim-mnla-2012"),
    ("what-was-tied-to-what-on-2012-12-31", "group/al-murabitun"),
    ("what-was-tied-to-what-on-2012-12-31", "person/a9xp"),
    ("where-wikidata-divides-otherwise", "group/gia"),
    ("which-acronyms-groups-bear", "FIS"),
    ("which-external-records-divide-otherwise", "group/mujao"),
    ("which-group-ranked-first-where", "group/aqim"),
    ("which-groups-existed-on-2012-12-31", "group/jnim"),
    ("which-groups-have-no-known-origin", "group/aqim"),
    ("which-groups-were-allied", "group/boko-haram"),
    ("which-incidents-happened-in-which-year", "incident/british-hostage-negotiations-2009"),
    ("which-lists-name-which-group-and-did-it-exist", "listing/mujao-fto"),
    ("which-names-several-groups-share", "gspc"),
    ("which-relations-are-inferred-and-from-what", "person/p9kz"),
    ("who-descends-from-whom", "group/al-qaida"),
    ("who-descends-from-whom", "group/csp-psd"),
    ("who-had-merged-into-what-by-2013-08-31", "group/al-muwaqiun"),
    ("who-had-split-by-2012-01-01", "group/msa"),
    ("who-held-which-role-formerly", "person/k2up"),
    ("who-leads-what-at-the-end", "person/f3ji"),
    ("who-led-what-on-2012-06-30", "group/al-murabitun"),
    ("who-led-what-on-2012-06-30", "person/p9kz"),
    ("who-possibly-led-what-on-1998-06-30", "group/ansar-al-dine"),
    ("who-was-subordinate-on-1999-12-31", "group/al-muwaqiun"),
    ("who-was-subordinate-on-1999-12-31", "group/katiba-uqba-ibn-nafi"),
]

#: rdflib warns of its own use of what it will rename.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

every_question = pytest.mark.parametrize("question", LIBRARY, ids=lambda question: question.stem)


def answer(store: oxigraph.Store, question: questions.Question) -> str:
    """As `filiation query --question … --format csv` prints it, but with our own prefixes alone."""
    return store.query(question.text).serialize("csv", {}).decode().replace("\r\n", "\n")


def expected(question: questions.Question) -> str:
    return (ANSWERS / f"{question.stem}.csv").read_text("utf-8").replace("\r\n", "\n")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def tree(repository, inferred) -> oxigraph.Store:
    return oxigraph.Store(dataset.quads(repository, inferred))


@pytest.fixture(scope="module")
def dump(tree: oxigraph.Store) -> bytes:
    return oxigraph.serialize(tree, "nq", {})


@pytest.fixture(scope="module")
def from_dump(dump: bytes) -> oxigraph.Store:
    return oxigraph.Store.of_dump(dump)


@pytest.fixture(scope="module")
def second_engine(dump: bytes) -> Iterator[Dataset]:
    known = Dataset(default_union=True).parse(data=dump, format="nquads")
    with joins.ordered(known):
        yield known


def test_there_are_enough_questions():
    assert len(LIBRARY) >= 115


def test_every_question_has_an_answer_and_every_answer_a_question():
    assert {question.stem for question in LIBRARY} == {file.stem for file in ANSWERS.glob("*.csv")}


@every_question
def test_a_question_is_asked_in_words_and_answered_in_an_order(question: questions.Question):
    assert question.text.startswith("# title: ")
    assert question.title.endswith("?")
    assert "\nORDER BY " in question.text


@every_question
def test_a_question_declares_the_prefixes_it_uses_and_no_others(question: questions.Question):
    declarations, _, body = question.text.rpartition("PREFIX ")
    lines = [*declarations.splitlines(), *body.splitlines()[:1]]
    declared = {line.removeprefix("PREFIX ").split(":")[0] for line in lines if ": <" in line}
    used = {name for name in declared if f"{name}:" in body.partition("\n")[2]}
    assert declared == used


@every_question
def test_the_tree_gives_the_answer(question: questions.Question, tree: oxigraph.Store):
    assert answer(tree, question) == expected(question), "run `python tests/test_questions.py`, read the diff"


@every_question
def test_no_answer_is_empty(question: questions.Question):
    assert rows(expected(question))


@every_question
def test_a_dump_gives_the_same_answer(question: questions.Question, from_dump: oxigraph.Store):
    assert answer(from_dump, question) == expected(question)


@every_question
def test_another_engine_gives_the_same_answer(question: questions.Question, second_engine: Dataset):
    found = second_engine.query(question.text)
    names = [str(name) for name in found.vars]
    told = [[("" if value is None else str(value)) for value in row] for row in found]
    wanted = rows(expected(question))
    assert Counter(map(tuple, told)) == Counter(tuple(row[name] for name in names) for row in wanted)


@pytest.mark.parametrize(("stem", "near_miss"), NEAR_MISSES)
def test_a_near_miss_is_in_the_data_and_not_in_the_answer(stem, near_miss, tree, dump):
    found = answer(tree, questions.named(PLACE, stem))
    assert rows(found)
    assert near_miss in dump.decode()
    assert not [row for row in rows(found) for value in row.values() if value.endswith(near_miss)]


def regenerate() -> None:
    """Write every expected answer anew, and remove those whose question is gone."""
    whole = corpus.load(PLACE)
    store = oxigraph.Store(dataset.quads(whole, infer.infer(whole)))
    ANSWERS.mkdir(exist_ok=True)
    for file in ANSWERS.glob("*.csv"):
        file.unlink()
    for question in LIBRARY:
        (ANSWERS / f"{question.stem}.csv").write_text(answer(store, question), "utf-8", newline="\n")


if __name__ == "__main__":
    regenerate()

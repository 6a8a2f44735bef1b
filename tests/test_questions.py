"""Every competency question has one expected answer, whichever engine and whichever form of the data.

The answers are SPARQL 1.1 CSV results, one file for each question, read in the diff like any golden
file. `python tests/test_questions.py` writes them anew from the working tree; it must run where the
package can be imported (`PYTHONPATH=scripts`, or after installation).
"""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from rdflib import Dataset

from filiation import corpus, dataset, infer, layout, oxigraph, questions

HERE = Path(__file__).parent
ANSWERS = HERE / "questions"
PLACE = layout.find(HERE)
LIBRARY = questions.load(PLACE)

#: The questions whose empty answer is itself the point; their note says so.
EMPTY = {"which-groups-were-allied", "which-held-situations-does-a-source-deny"}

#: What comes near to an answer and must not be in it.
NEAR_MISSES = [
    ("how-many-were-killed-of-each-nationality", "place/mauritania"),
    ("what-aqim-was-called-on-2006-12-31", "AQIM"),
    ("what-is-only-suspected-or-possible", "incident/american-killing-mauritania-2009"),
    ("what-took-place-in-mali", "cooperation/aqim-mnla-2012"),
    ("which-group-ranked-first-where", "group/aqim"),
    ("which-groups-have-no-known-origin", "group/aqim"),
    ("which-incidents-happened-in-which-year", "incident/american-killing-mauritania-2009"),
    ("which-relations-are-inferred-and-from-what", "person/y2ya"),
    ("who-descends-from-whom", "group/al-qaida"),
    ("who-descends-from-whom", "group/gia"),
    ("who-had-merged-into-what-by-2013-08-31", "group/al-muwaqiun"),
    ("who-held-which-role-formerly", "person/k2up"),
    ("who-led-what-on-2012-06-30", "person/y2ya"),
    ("who-was-subordinate-on-1999-12-31", "group/al-muwaqiun"),
]

#: rdflib warns of its own use of what it will rename.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

every_question = pytest.mark.parametrize("question", LIBRARY, ids=lambda question: question.stem)


def built() -> oxigraph.Store:
    """The working tree with what is inferred from it."""
    whole = corpus.load(PLACE)
    return oxigraph.Store(dataset.quads(whole, infer.infer(whole)))


def answer(store: oxigraph.Store, question: questions.Question) -> str:
    """As `filiation query --question … --format csv` prints it, but with our own prefixes alone."""
    return store.query(question.text).serialize("csv", {}).decode().replace("\r\n", "\n")


def expected(question: questions.Question) -> str:
    return (ANSWERS / f"{question.stem}.csv").read_text("utf-8").replace("\r\n", "\n")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def tree() -> oxigraph.Store:
    return built()


@pytest.fixture(scope="module")
def dump(tree: oxigraph.Store) -> bytes:
    return oxigraph.serialize(tree, "nq", {})


@pytest.fixture(scope="module")
def from_dump(dump: bytes) -> oxigraph.Store:
    return oxigraph.Store.of_dump(dump)


@pytest.fixture(scope="module")
def second_engine(dump: bytes) -> Dataset:
    return Dataset(default_union=True).parse(data=dump, format="nquads")


def test_there_are_enough_questions():
    assert len(LIBRARY) >= 40


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
def test_the_answer_is_empty_only_where_that_is_the_point(question: questions.Question):
    assert bool(rows(expected(question))) == (question.stem not in EMPTY)
    if question.stem in EMPTY:
        assert "that is the point" in question.note


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
    store = built()
    ANSWERS.mkdir(exist_ok=True)
    for file in ANSWERS.glob("*.csv"):
        file.unlink()
    for question in LIBRARY:
        (ANSWERS / f"{question.stem}.csv").write_text(answer(store, question), "utf-8", newline="\n")


if __name__ == "__main__":
    regenerate()

"""The house format is stable, loses nothing, and an added fact is an added line."""

import difflib

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from filiation import layout, turtle
from filiation.layout import PREFIXES

GROUP = URIRef(layout.BASE + "group/northern-front")
TEXT = """PREFIX group: <https://w3id.org/filiation/group/>
PREFIX fil: <https://w3id.org/filiation/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX split: <https://w3id.org/filiation/split/>
split:northern-front-1994 fil:parent group:valley-army ; a fil:Split .
group:northern-front skos:prefLabel "Front du Nord"@fr , "Northern Front"@en ; a fil:Group .
"""
HOUSE = """PREFIX fil: <https://w3id.org/filiation/ontology#>
PREFIX group: <https://w3id.org/filiation/group/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX split: <https://w3id.org/filiation/split/>

group:northern-front
    a fil:Group ;
    skos:prefLabel
        "Northern Front"@en ,
        "Front du Nord"@fr ;
.

split:northern-front-1994
    a fil:Split ;
    fil:parent group:valley-army ;
.
"""


@pytest.fixture
def graph() -> Graph:
    return Graph().parse(data=TEXT)


def test_the_entity_of_the_file_comes_first(graph):
    assert turtle.house_format(graph, str(GROUP)) == HOUSE


def test_formatting_twice_changes_nothing(place):
    files = list(place.turtle_files())
    assert files
    for file in files:
        entity = layout.entity_iri(place.relative(file))
        once = turtle.house_format(turtle.read(file), entity)
        again = Graph().parse(data=once)
        assert turtle.house_format(again, entity) == once, file
        assert isomorphic(again, turtle.read(file)), file


def test_an_added_fact_adds_its_lines_and_moves_no_others(repository):
    for path, graph in repository.data.items():
        entity = layout.entity_iri(path)
        before = turtle.house_format(graph, entity).splitlines()
        subject = sorted(set(graph.subjects()))[-1]
        longer = Graph() + graph
        longer.add((subject, URIRef(PREFIXES["skos"] + "historyNote"), Literal("An added fact.", lang="en")))
        after = turtle.house_format(longer, entity).splitlines()
        changes = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
        assert [line for line in changes if line.startswith("-")] == [], path
        assert sum("An added fact." in line for line in changes) == 1, path


@pytest.mark.parametrize(
    ("content", "line", "advice"),
    [
        (b"", 1, "says nothing"),
        (b"# only a remark\n", 1, "says nothing"),
        ("<http://a/é> <http://a/p> 'x' .".encode("latin-1"), 1, "save the file as UTF-8"),
        (
            b"<http://a/s> <http://a/p> 1 .\n<http://a/s> <http://a/p>\n",
            2,
            "a value and the full stop are missing",
        ),
        (b"<http://a/b c> <http://a/p> 1 .", 1, "not Turtle"),
        (b"\n\nfil:a fil:b fil:c .", 3, "add `PREFIX fil: <https://w3id.org/filiation/ontology#>`"),
        (b"gruop:a <http://a/p> 1 .", 1, "did you mean `group:`"),
    ],
)
def test_a_bad_file_says_where_and_what_to_do(tmp_path, content, line, advice):
    file = tmp_path / "bad.ttl"
    file.write_bytes(content)
    with pytest.raises(turtle.Unreadable) as problem:
        turtle.read(file)
    assert problem.value.line == line
    assert advice in problem.value.message


def test_a_folder_and_a_missing_file_are_unreadable(tmp_path):
    for path, advice in ((tmp_path, "folder"), (tmp_path / "none.ttl", "no such file")):
        with pytest.raises(turtle.Unreadable, match=advice):
            turtle.read(path)


def test_writing_that_fails_leaves_the_old_text(tmp_path, monkeypatch):
    file = tmp_path / "a.ttl"
    file.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(turtle.Unreadable, match="No space left"):
        turtle.write(file, "new")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.ttl"]

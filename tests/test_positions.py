"""Lines and columns are right for every way of writing Turtle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef

from filiation import positions
from filiation.dates import EDTF
from filiation.positions import Place

BASE = "https://w3id.org/filiation/"
XSD = "http://www.w3.org/2001/XMLSchema#"
GROUP, TERM = BASE + "group/", BASE + "ontology#"
TEXT = '''@prefix g: <https://w3id.org/filiation/group/> . # a . remark ; with [ signs
PREFIX f: <https://w3id.org/filiation/ontology#>

g:one a f:Group ;
  f:label """a long
text with "quotes" and # no remark
in three lines"""@en , 'two'@fr-FR ;
  f:count 12 , 1.5 , -3e2, true;
  f:date "2013"^^f:EDTF .
<group/two> f:part [ f:x 1 ; f:y ( 1 2
  3 ) ] ;
  f:after g:one, g:three\\,four ,
    g:five.
g:six.seven f:x "\\u0041\\n" .
'''


def group(name):
    return URIRef(GROUP + name)


def term(name):
    return URIRef(TERM + name)


def test_every_statement_has_its_line():
    found = positions.locate(TEXT, BASE)
    assert {name: place.line for name, place in found.subjects.items()} == {
        GROUP + "one": 4,
        GROUP + "two": 10,
        GROUP + "six.seven": 14,
    }
    for subject, predicate, value, line in (
        ("one", "label", 'a long\ntext with "quotes" and # no remark\nin three lines', 5),
        ("one", "label", "two", 7),
        ("one", "count", "12", 8),
        ("one", "count", "true", 8),
        ("one", "date", "2013", 9),
        ("two", "after", GROUP + "one", 12),
        ("two", "after", GROUP + "three,four", 12),
        ("two", "after", GROUP + "five", 13),
        ("six.seven", "x", "A\n", 14),
    ):
        assert (GROUP + subject, TERM + predicate, value) in found.objects
        assert found.line(GROUP + subject, TERM + predicate, value) == line, (subject, predicate, value)
    assert found.line(GROUP + "two", TERM + "part") == 10
    assert found.line(GROUP + "two", TERM + "missing") == 10
    assert found.line("http://nowhere.example/") == 1


#: What is marked in a text of one statement a line, and the statement that must be found there.
MARKED = [
    ('g:one f:name ⟦"Front"⟧ .', "name", Literal("Front")),
    ("g:one ⟦f:parnet⟧ g:two .", "parnet", None),
    ("g:one f:parent ⟦g:two⟧ .", "parent", group("two")),
    ('g:one f:name "Front"@fr , ⟦"Front"@en⟧ .', "name", Literal("Front", lang="en")),
    ('g:one f:name ⟦"Front"@ar-Latn⟧ , "Front"@en .', "name", Literal("Front", lang="ar-latn")),
    ('g:one f:date "2013" , ⟦"2013"^^e:EDTF⟧ .', "date", Literal("2013", datatype=EDTF)),
    ('g:one f:date ⟦"2013"⟧ , "2013"^^e:EDTF .', "date", Literal("2013")),
    ('g:one f:count "7" , ⟦7⟧ .', "count", Literal("7", datatype=URIRef(XSD + "integer"))),
    ("g:one f:count 7 , ⟦7.0⟧ .", "count", Literal("7.0", datatype=URIRef(XSD + "decimal"), normalize=False)),
    ("g:one f:ended ⟦true⟧ .", "ended", Literal("true", datatype=URIRef(XSD + "boolean"))),
    ('g:one f:name "جبهة الشمال"@ar , ⟦"Nord"@fr⟧ .', "name", Literal("Nord", lang="fr")),
    ('g:one f:name "𐎠𐎡😀é" , ⟦"x"⟧ .', "name", Literal("x")),
    ("g:one\tf:parent\t⟦g:two⟧ .", "parent", group("two")),
    ("# g:one f:parent g:two .\ng:one f:parent ⟦g:two⟧ .", "parent", group("two")),
    ("g:zero f:parent g:two . g:one f:parent ⟦g:two⟧ .", "parent", group("two")),
    ("g:one f:note '''a\nb''' , ⟦'c'⟧ .", "note", Literal("c")),
    ("g:one f:note ⟦'''a\nb'''@en⟧ , 'c' .", "note", Literal("a\nb", lang="en")),
    ("g:one f:x [ f:parent g:two ] ; f:parent ⟦g:two⟧ .", "parent", group("two")),
    ("[ f:parent g:two ] f:x 1 . g:one f:parent ⟦g:two⟧ .", "parent", group("two")),
    ("⟦g:one⟧ a f:Group .", "missing", None),
    ("⟦<group/one>⟧ a f:Group .", "missing", None),
    ("g:zero f:x [ f:parnet ⟦g:nowhere⟧ ] .", "parnet", group("nowhere")),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("marked", "predicate", "value"), MARKED)
def test_every_place_begins_and_ends_where_it_should(marked, predicate, value, newline):
    head = (
        f"PREFIX g: <{GROUP}>\nPREFIX f: <{TERM}>\n# a remark, not g:one f:parent g:two .\n"
        "PREFIX e: <http://id.loc.gov/datatypes/edtf/>\n\n"
    )
    text = (head + marked).replace("\n", newline)
    start, end = text.index("⟦"), text.index("⟧") - 1
    plain = text.replace("⟦", "").replace("⟧", "")
    expected = Place(*line_and_column(plain, start), *line_and_column(plain, end))
    subject = BNode("b0") if "nowhere" in marked else group("one")
    node = Literal("a\r\nb", lang="en") if newline == "\r\n" and "\n" in str(value) else value
    assert positions.locate(plain, BASE).place(subject, term(predicate), node) == expected


def line_and_column(text, offset):
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def test_what_a_blank_node_says_stands_at_the_first_of_them():
    text = "PREFIX g: <x:>\ng:one g:p\n   [ g:q 1 ] ."
    assert positions.locate(text).place(BNode("b0")) == Place(3, 4, 3, 5)


def test_a_node_is_written_with_the_prefixes_of_the_text():
    prefixes = {"f": TERM, "e": str(EDTF).removesuffix("EDTF")}
    for node, text in (
        (term("parent"), "f:parent"),
        (group("aqim"), f"<{GROUP}aqim>"),
        (Literal("2013", datatype=EDTF), '"2013"^^e:EDTF'),
        (Literal('say "so"', lang="en"), '"say \\"so\\""@en'),
    ):
        assert positions.node_text(node, prefixes) == text


def test_every_statement_of_the_dataset_is_found(repository):
    for path, graph in repository.data.items():
        found = positions.locate(repository.files[path].read_text("utf-8"), BASE)
        for subject, predicate, value in graph:
            assert (str(subject), str(predicate), str(value)) in found.objects, (
                path,
                subject,
                predicate,
                value,
            )


@given(st.text())
def test_any_text_ends(text):
    positions.locate(text)


@given(st.text(alphabet="<>\"'@^.;,[]()\\# \n\ra:_1-+eé", max_size=60))
def test_any_tangle_of_signs_ends_within_the_text(text):
    lines = text.count("\n") + 1
    for token in positions.tokens(text):
        assert 1 <= token.place.line <= token.place.end_line <= lines

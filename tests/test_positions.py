"""Lines are right for every way of writing Turtle."""

from hypothesis import given
from hypothesis import strategies as st

from filiation import positions

BASE = "https://w3id.org/filiation/"
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


def test_every_statement_has_its_line():
    found = positions.locate(TEXT, BASE)
    group, term = BASE + "group/", BASE + "ontology#"
    assert found.subjects == {group + "one": 4, group + "two": 10, group + "six.seven": 14}
    for subject, predicate, value, line in (
        ("one", "label", 'a long\ntext with "quotes" and # no remark\nin three lines', 5),
        ("one", "label", "two", 7),
        ("one", "count", "12", 8),
        ("one", "count", "true", 8),
        ("one", "date", "2013", 9),
        ("two", "after", group + "one", 12),
        ("two", "after", group + "three,four", 12),
        ("two", "after", group + "five", 13),
        ("six.seven", "x", "A\n", 14),
    ):
        assert found.line(group + subject, term + predicate, value) == line, (subject, predicate, value)
    assert found.line(group + "two", term + "part") == 10
    assert found.line(group + "two", term + "missing") == 10
    assert found.line("http://nowhere.example/") == 1


def test_windows_line_ends_count_once():
    found = positions.locate(TEXT.replace("\n", "\r\n"), BASE)
    assert found.subjects[BASE + "group/six.seven"] == 14


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

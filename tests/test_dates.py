"""EDTF becomes the four bounds, never more precise than it is, and bad dates say what to write."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from filiation import dates
from filiation.dates import FIL, SEM, Interval


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2013-08-20", ("2013-08-20", "2013-08-20", "2013-08-20", "2013-08-20")),
        ("2013-08", ("2013-08-01", "2013-08-31", "2013-08-01", "2013-08-31")),
        ("2012-02", ("2012-02-01", "2012-02-29", "2012-02-01", "2012-02-29")),
        ("1998", ("1998-01-01", "1998-12-31", "1998-01-01", "1998-12-31")),
        ("199X", ("1990-01-01", "1999-12-31", "1990-01-01", "1999-12-31")),
        ("2004~", ("2003-01-01", "2005-12-31", "2003-01-01", "2005-12-31")),
        ("2004-06?", ("2004-05-01", "2004-07-31", "2004-05-01", "2004-07-31")),
        ("2004-01-01%", ("2003-12-31", "2004-01-02", "2003-12-31", "2004-01-02")),
        ("2013-21", ("2013-03-01", "2013-05-31", "2013-03-01", "2013-05-31")),
        ("[..2009-05]", (None, "2009-05-31", None, "2009-05-31")),
        ("[2011..]", ("2011-01-01", None, "2011-01-01", None)),
        ("[2013-08..2015-05]", ("2013-08-01", "2015-05-31", "2013-08-01", "2015-05-31")),
        ("[1998,2000]", ("1998-01-01", "2000-12-31", "1998-01-01", "2000-12-31")),
        ("2011/..", ("2011-01-01", "2011-12-31", None, None)),
        ("2011/", ("2011-01-01", "2011-12-31", None, None)),
        ("../2013", (None, None, "2013-01-01", "2013-12-31")),
        ("1993/1994", ("1993-01-01", "1993-12-31", "1994-01-01", "1994-12-31")),
        ("Y-17E7", (None, None, None, None)),
    ],
)
def test_bounds(text, bounds):
    assert dates.parse(text) == Interval(*map(day, bounds))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2013-8", "write `2013-08`"),
        ("31/08/2013", "write `2013-08-31`"),
        ("20 August 2013", "write `2013-08-20`"),
        ("August 2013", "write `2013-08`"),
        ("2013.8.20", "write `2013-08-20`"),
        ("c. 2004", "write `2004~`"),
        ("1990s", "write `199X`"),
        (" 2013", "write `2013`"),
        ("2013-13", "there is no month 13"),
        ("2013-02-30", "2013-02 has 28 days"),
        ("2013/2011", "the earlier date first"),
        ("", "write a year"),
        ("soon", "write a year"),
        ("/..", "write a year"),
    ],
)
def test_a_bad_date_says_what_to_write(text, advice):
    with pytest.raises(dates.NotADate, match=advice):
        dates.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_gets_advice(text):
    try:
        assert isinstance(dates.parse(text), Interval)
    except dates.NotADate as problem:
        assert str(problem)


@given(st.dates(), st.dates())
def test_a_span_of_days_keeps_its_ends(one, other):
    first, last = sorted((one, other))
    assert dates.parse(f"{first}/{last}") == Interval(first, first, last, last)


def test_from_bounds_the_begin_and_until_the_end():
    node = URIRef("http://example.org/leadership")
    graph = Graph()
    graph.add((node, FIL["from"], Literal("1998", datatype=dates.EDTF)))
    graph.add((node, FIL.until, Literal("[..2013-08]", datatype=dates.EDTF)))
    found = {predicate: str(value) for _, predicate, value in dates.bounds_of_graph(graph)}
    assert found == {
        SEM.hasEarliestBeginTimeStamp: "1998-01-01",
        SEM.hasLatestBeginTimeStamp: "1998-12-31",
        SEM.hasLatestEndTimeStamp: "2013-08-31",
    }


def test_a_malformed_date_gives_no_bounds():
    graph = Graph()
    graph.add((URIRef("http://example.org/split"), FIL.date, Literal("2013-13", datatype=dates.EDTF)))
    assert not list(dates.bounds_of_graph(graph))


SIDES = ["2009", "2009-05", "2009-05-07", "2009-21", "2009-13", "2009-02-30", "2012-02", "0000", "", ".."]


@pytest.mark.parametrize("one", SIDES)
def test_the_short_way_reads_what_the_grammar_reads(one):
    for text in [f"{one}~", *(form.format(one, other) for other in SIDES for form in ("{}/{}", "[{}..{}]"))]:
        assert dates._read(text) == dates._by_grammar(text), text

"""Fuzzy dates: what an EDTF literal (ISO 8601-2, EDTF level 2) says as plain xsd:date bounds.

Stores compare fuzzy date types differently or not at all, so every dated node also gets the four
bounds of the Simple Event Model: earliest and latest begin, earliest and latest end. A bound that
is open or unknown is left out, never filled in. "About 2004" (`2004~`) and "2004?" reach one unit
of their precision further on either side: a convention of ours, for EDTF gives no measure.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import StringIO
from typing import Any

from rdflib import XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from filiation.layout import ONTOLOGY, PREFIXES

FIL = Namespace(ONTOLOGY)
SEM = Namespace(PREFIXES["sem"])
EDTF = URIRef(PREFIXES["edtf"] + "EDTF")
DATE_PROPERTIES = (FIL.date, FIL["from"], FIL.until)


class NotADate(ValueError):
    """The text is not EDTF, or names no time; the message says what to write instead."""


@dataclass(frozen=True)
class Interval:
    """The four bounds of something dated; None is open or unknown."""

    earliest_begin: date | None = None
    latest_begin: date | None = None
    earliest_end: date | None = None
    latest_end: date | None = None


@lru_cache(maxsize=4096)
def parse(text: str) -> Interval:
    """The bounds of an EDTF text. Raises NotADate.

    >>> parse("[..2009-05]").latest_end
    datetime.date(2009, 5, 31)
    """
    interval = _read(text)
    if interval is None:
        raise NotADate(_advice(text))
    if _reversed(interval):
        raise NotADate(f"`{text}` ends before it begins: write the earlier date first")
    return interval


def _read(text: str) -> Interval | None:
    """The bounds of a text; None where it is not EDTF."""
    if text != text.strip() or not text:
        return None
    plain = _CALENDAR.match(text)
    if plain:
        return _calendar(*plain.groups())
    return _compound(text) or _by_grammar(text)


def _calendar(year: str, month: str | None, day: str | None) -> Interval | None:
    """The plain forms of level 0, which need no grammar: year, month, day."""
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        # The season codes of level 1 (2013-21) and the year 0 are the grammar's business.
        return None if day else _by_grammar(f"{year}-{month}" if month else year)
    if day:
        last = first
    else:
        last_month = int(month or 12)
        last = date(first.year, last_month, monthrange(first.year, last_month)[1])
    return Interval(first, last, first, last)


def _compound(text: str) -> Interval | None:
    """The usual forms made of plain dates: a set with one span, an interval, an approximate date. The
    grammar reads them all alike, but takes some hundredths of a second for each."""
    for form in (_SPAN, _INTERVAL, _APPROXIMATE):
        if match := form.match(text):
            if form is _SPAN and len({len(side) for side in match.groups() if side}) > 1:
                return None
            try:
                first, *rest = (_plain(side) for side in match.groups())
            except ValueError:
                return None
            last = rest[0] if rest else first
            if form is _APPROXIMATE:
                first = Interval(*_widened(first.earliest_begin, first.latest_begin) * 2)
                last = first
            if form is _INTERVAL:
                return Interval(first.earliest_begin, first.latest_begin, last.earliest_end, last.latest_end)
            begin, end = first.earliest_begin, last.latest_end
            return Interval(begin, end, begin, end)
    return None


def _plain(text: str | None) -> Interval:
    """The bounds of a plain date, or open ones. Raises ValueError."""
    if text is None:
        return Interval()
    year, month, day = _CALENDAR.findall(text)[0]
    date(int(year), int(month or 1), int(day or 1))
    return _calendar(year, month, day) or Interval()


def _by_grammar(text: str) -> Interval | None:
    """What the library makes of the text."""
    # Imported here, for it costs a tenth of a second and `--help` needs none of it.
    from edtf import EDTFParseException, parse_edtf
    from edtf.parser import parser_classes as kinds

    try:
        with redirect_stdout(StringIO()):  # It prints what it cannot read.
            value = parse_edtf(text)
    except (EDTFParseException, ValueError, TypeError, RecursionError):
        return None
    if isinstance(value, kinds.Interval):
        begin, end = (_span(side) for side in (value.lower, value.upper))
        return Interval(*begin, *end)
    earliest, latest = _span(value)
    return Interval(earliest, latest, earliest, latest)


def _reversed(interval: Interval) -> bool:
    first, last = interval.earliest_begin, interval.latest_end
    return first is not None and last is not None and last < first


def _span(value: object) -> tuple[date | None, date | None]:
    """First and last day of one side of an interval, or of a point or set in time."""
    from edtf.parser import parser_classes as kinds

    if not isinstance(value, kinds.EDTFObject) or isinstance(value, kinds.UnspecifiedIntervalSection):
        return None, None
    if isinstance(value, (kinds.OneOfASet, kinds.MultipleDates)):
        spans = [_span(item) for item in value.objects]
        return _outer(spans)
    if isinstance(value, kinds.Consecutives):
        return _first(value.lower), _last(value.upper)
    first, last = _first(value), _last(value)
    if isinstance(value, kinds.UncertainOrApproximate) and value.ua is not None:
        return _widened(first, last)
    return first, last


def _outer(spans: list[tuple[date | None, date | None]]) -> tuple[date | None, date | None]:
    firsts, lasts = zip(*spans, strict=True)
    return (
        None if None in firsts else min(day for day in firsts if day),
        None if None in lasts else max(day for day in lasts if day),
    )


def _first(value: object) -> date | None:
    return _day(value.lower_strict()) if hasattr(value, "lower_strict") else None


def _last(value: object) -> date | None:
    return _day(value.upper_strict()) if hasattr(value, "upper_strict") else None


def _day(moment: object) -> date | None:
    """A date that xsd:date and Python both hold; None for infinity and for years beyond that."""
    if not isinstance(moment, tuple):
        return None
    year, month, day = moment[:3]
    return date(year, month, day) if 1 <= year <= 9999 else None


def _widened(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """One unit (day, month or year) further on either side."""
    if first is None or last is None:
        return first, last
    if first == last:
        step = (0, 0, 1)
    elif (first.year, first.month) == (last.year, last.month):
        step = (0, 1, 0)
    else:
        step = (1, 0, 0)
    return _shifted(first, step, -1), _shifted(last, step, 1)


def _shifted(day: date, step: tuple[int, int, int], sign: int) -> date:
    years, months, days = step
    if days:
        return date.fromordinal(day.toordinal() + sign)
    month = day.month - 1 + sign * months
    year, month = day.year + sign * years + month // 12, month % 12 + 1
    last = monthrange(year, month)[1]
    return date(year, month, 1 if sign < 0 else last)


_DAY_FIRST = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")
_LOOSE = re.compile(r"^(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?$")
_ABOUT = re.compile(r"^(?:c\.?|ca\.?|circa|about|around)\s*(\d{4}(?:-\d\d){0,2})$", re.IGNORECASE)
_CALENDAR = re.compile(r"^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$")
_DATE = r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)"
_SPAN = re.compile(rf"^\[(?!\.\.\]){_DATE}?\.\.{_DATE}?\]$")
_INTERVAL = re.compile(rf"^(?!(?:\.\.)?/(?:\.\.)?$)(?:{_DATE}|\.\.)?/(?:{_DATE}|\.\.)?$")
_APPROXIMATE = re.compile(rf"^{_DATE}~$")
_MONTHS = "january february march april may june july august september october november december"


def suggest(text: str) -> str | None:
    """What the writer probably meant, as EDTF that parses; None where nothing is near."""
    for candidate in _candidates(text.strip()):
        interval = _read(candidate)
        if interval is not None and not _reversed(interval):
            return candidate
    return None


def _candidates(text: str) -> Iterator[str]:
    yield text
    if match := _DAY_FIRST.match(text):
        day, month, year = match.groups()
        yield f"{year}-{int(month):02}-{int(day):02}"
    if match := _LOOSE.match(text):
        year, *rest = (part for part in match.groups() if part)
        yield "-".join([year, *(f"{int(part):02}" for part in rest)])
    words = re.findall(r"[a-z]+|\d+", text.lower())
    months = [i for w in words for i, m in enumerate(_MONTHS.split(), 1) if len(w) > 2 and m.startswith(w)]
    years = [w for w in words if len(w) == 4 and w.isdigit()]
    days = [w for w in words if w.isdigit() and len(w) <= 2]
    if len(years) == 1 and len(months) == 1 and len(days) <= 1:
        yield "-".join([years[0], f"{months[0]:02}", *(f"{int(day):02}" for day in days)])
    if match := _ABOUT.match(text):
        yield match[1] + "~"
    if re.fullmatch(r"\d{4}s", text):
        yield text[:3] + "X"
    yield text.replace(" ", "").replace("–", "/")


def _advice(text: str) -> str:
    meant = suggest(text) if text.strip() else None
    if meant:
        return f"`{text}` is not EDTF: write `{meant}`"
    if match := _CALENDAR.match(text):
        year, month, day = match.groups("")
        if day and 1 <= int(month) <= 12:
            last = monthrange(int(year), int(month))[1] if int(year) else 28
            return f"`{text}` is not a date: {year}-{month} has {last} days; or write only {year}-{month}"
        return f"`{text}` is not a date: there is no month {month}; or write only {year}"
    return (
        f"`{text}` is not EDTF: write a year (2013), a month (2013-08), a day (2013-08-20), "
        "a bound ([..2013-08]) or a span (2012/2013)"
    )


def bounds_of_graph(graph: Graph) -> Iterator[tuple[Node, URIRef, Literal]]:
    """The SEM bounds (xsd:date) of every node that has a `fil:date`, `fil:from` or `fil:until`.

    Literals that are not EDTF are passed over: reporting them is validation's business.
    """
    intervals: dict[Node, Interval] = {}
    for predicate in DATE_PROPERTIES:
        literals: dict[Node, list[Any]] = {}
        for node, literal in graph.subject_objects(predicate):
            literals.setdefault(node, []).append(literal)
        for node in sorted(literals, key=str):
            # Of several the last one counts, whatever the order in which the graph gives them.
            for literal in sorted(literals[node]):
                try:
                    value = parse(str(literal))
                except NotADate:
                    continue
                intervals[node] = _merged(intervals.get(node, Interval()), predicate, value)
    for node, interval in intervals.items():
        for predicate, day in (
            (SEM.hasEarliestBeginTimeStamp, interval.earliest_begin),
            (SEM.hasLatestBeginTimeStamp, interval.latest_begin),
            (SEM.hasEarliestEndTimeStamp, interval.earliest_end),
            (SEM.hasLatestEndTimeStamp, interval.latest_end),
        ):
            if day is not None:
                yield node, predicate, Literal(day.isoformat(), datatype=XSD.date)


def _merged(known: Interval, predicate: URIRef, value: Interval) -> Interval:
    """`from` bounds the begin, `until` the end, `date` both."""
    if predicate == FIL.date:
        return value
    if predicate == FIL["from"]:
        return Interval(value.earliest_begin, value.latest_end, known.earliest_end, known.latest_end)
    return Interval(known.earliest_begin, known.latest_begin, value.earliest_begin, value.latest_end)

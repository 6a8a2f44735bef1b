"""Where in the files a finding stands: the statement that a result of a shape is about, its line and
column, and what to type there instead.

A result of SHACL names a node and a path, which are no place in a text. A path may be none, several
properties, or lead into another file; then the statement is meant from which the shape started.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import dates, layout, positions, shacl, turtle
from filiation.corpus import Corpus
from filiation.dates import FIL, SEM
from filiation.findings import VIOLATION, WARNING, Finding, Problem

_OURS = re.compile(rf"<?({re.escape(layout.BASE)}[^\s<>\"]*[^\s<>\".,:;)])>?")
#: Where the statements are that queries compare by their bounds.
_BOUNDS = "TimeStamp"
_FROM, _UNTIL = (FIL["from"], FIL.date, FIL.until), (FIL.until, FIL.date, FIL["from"])
_BOUND_BY: dict[Node | None, tuple[URIRef, ...]] = {
    SEM[f"has{which}{end}TimeStamp"]: by
    for which in ("Earliest", "Latest")
    for end, by in (("Begin", _FROM), ("End", _UNTIL))
}


def located(corpus: Corpus, result: shacl.Result) -> Finding:
    """A result as a finding in the file of the offending node, or else of the focus node."""
    shapes = corpus.shapes
    home = corpus.homes.get(result.focus)
    subject, predicate, value = result.focus, result.path, result.value
    if home is None and (spoken := _spoken_of(corpus, result)):
        home, subject, predicate, value = spoken
    home = home or _speaker(corpus, result.focus)
    stated = corpus.graphs.get(home, Graph())
    if predicate in _BOUND_BY:
        # Bounds are read off the dates: what is compared is what was written.
        written = (p for p in _BOUND_BY[predicate] if (subject, p, None) in stated)
        predicate, value = next(written, predicate), None
    elif not isinstance(predicate, URIRef):
        predicate = _first(stated, subject, value)
        if predicate is None and value is not None and value != subject:
            home, subject, predicate, value = _followed(corpus, home, subject, result.step, value)
        elif predicate is None and isinstance(result.step, URIRef):
            predicate, value = result.step, None
        if predicate is None:
            said = corpus.graphs.get(home, Graph())
            meant = _meant(shapes, result.shape, compared=subject != result.focus)
            predicate = next((p for p in meant if (subject, p, None) in said), None)
    advice = date_advice(value) if predicate in dates.DATE_PROPERTIES else None
    return Finding(
        home,
        advice or _short(shapes, result),
        layout.curie(str(result.shape)),
        subject,
        predicate if isinstance(predicate, URIRef) else None,
        value,
        WARNING if result.severity in ("warning", "info") else VIOLATION,
        date_meant(value) if predicate in dates.DATE_PROPERTIES else None,
    )


def _spoken_of(corpus: Corpus, result: shacl.Result) -> tuple[PurePosixPath, Node, Node, Node] | None:
    """File and statement by which what none describes came to be judged (sh:targetObjectsOf)."""
    shapes = corpus.shapes
    judging = {result.shape, *shapes.subjects(SH.property, result.shape)}
    by = {predicate for shape in judging for predicate in shapes.objects(shape, SH.targetObjectsOf)}
    for path, graph in corpus.data.items():
        stated = sorted(pair for pair in graph.subject_predicates(result.focus) if pair[1] in by)
        if stated:
            return path, *stated[0], result.focus
    return None


def _speaker(corpus: Corpus, node: Node) -> PurePosixPath:
    """The first file of the data that speaks of a node which none describes."""
    speaking = (path for path, graph in corpus.data.items() if (None, None, node) in graph)
    return next(speaking, PurePosixPath("data"))


def _first(graph: Graph, subject: Node, value: Node | None) -> Node | None:
    if value is None:
        return None
    return next(iter(sorted(graph.predicates(subject, value), key=str)), None)


def _followed(
    corpus: Corpus, home: PurePosixPath, subject: Node, step: Node | None, value: Node
) -> tuple[PurePosixPath, Node, Node | None, Node | None]:
    """File and statement to which a path leads: the description of the value, the neighbour that has
    the value, or the statement with which the path begins."""
    if value in corpus.homes:
        return corpus.homes[value], value, None, None
    stated = corpus.stated
    near = stated.objects(subject, step) if isinstance(step, URIRef) else stated.subjects(None, subject)
    for node in sorted(set(near), key=str):
        predicate = _first(stated, node, value)
        if predicate is not None and node in corpus.homes:
            return corpus.homes[node], node, predicate, value
    return home, subject, step if isinstance(step, URIRef) else None, None


def _meant(shapes: Graph, shape: Node, compared: bool) -> Iterator[Node]:
    """The properties of which a shape speaks that has no path of its own, in the order of likelihood."""
    queries = [
        text for query in shapes.objects(shape, SH.sparql) for text in shapes.objects(query, SH.select)
    ]
    if compared and any(_BOUNDS in str(text) for text in queries):
        yield from dates.DATE_PROPERTIES
    yield from sorted(shapes.objects(shape, SH.targetSubjectsOf), key=str)
    waiting, seen = [shape], set[Node]()
    while waiting:
        node = waiting.pop(0)
        seen.add(node)
        for path in shapes.objects(node, SH.path):
            yield from shapes.items(path) if (path, RDF.first, None) in shapes else [path]
        parts = [o for p, o in shapes.predicate_objects(node) if isinstance(o, BNode) or p == SH.property]
        waiting += [part for part in parts if part not in seen]


def _short(shapes: Graph, result: shacl.Result) -> str:
    """The message, with names as people write them in place of the IRIs that it was filled with."""
    written = shapes.objects(result.shape, SH.message)
    if not any("{" in str(text) for text in written):
        return result.message
    return _OURS.sub(lambda match: layout.curie(match[1]), result.message)


def date_advice(value: Node | None) -> str | None:
    """What is wrong with a literal that is no date; None where it is one."""
    if not isinstance(value, Literal):
        return None
    try:
        dates.parse(str(value))
    except dates.NotADate as problem:
        return str(problem)
    return None


def date_meant(value: Node | None) -> Literal | None:
    """What to write for a literal that is no date, or is one without the datatype."""
    if not isinstance(value, Literal):
        return None
    meant = Literal(dates.suggest(str(value)) or "", datatype=dates.EDTF)
    return meant if str(meant) and meant != value else None


class Places:
    """Findings as problems with their places; a file is walked only when something is found in it."""

    def __init__(self, corpus: Corpus):
        self._corpus = corpus
        self._positions = cache(self._walk)
        self._lines = cache(self._read)

    def problem(self, finding: Finding) -> Problem:
        """The finding with its line and column, the line itself, and what to type instead."""
        path, place, instead = finding.file, finding.place or positions.START, ""
        if finding.place is None and finding.subject is not None and path in self._corpus.graphs:
            found = self._positions(path)
            place = found.place(finding.subject, finding.predicate, finding.value)
            if finding.instead is not None:
                instead = positions.node_text(finding.instead, found.prefixes)
        problem = Problem(path, place.line, finding.severity, finding.message, finding.rule, instead=instead)
        return self._at(problem, place)

    def unreadable(self, problem: turtle.Unreadable) -> Problem:
        """What kept a file from being read, as a problem."""
        path = self._corpus.layout.relative(problem.file)
        place = positions.Place(problem.line, problem.column, problem.line, problem.column + 1)
        return self._at(Problem(path, place.line, VIOLATION, problem.message, "unreadable"), place)

    def _at(self, problem: Problem, place: positions.Place) -> Problem:
        lines = self._lines(problem.file)
        return replace(
            problem,
            column=place.column,
            end_line=place.end_line,
            end_column=place.end_column,
            excerpt=lines[place.line - 1].rstrip("\r") if place.line <= len(lines) else "",
        )

    def _walk(self, path: PurePosixPath) -> positions.Positions:
        return positions.locate(turtle.text_of(self._corpus.files[path]), layout.BASE)

    def _read(self, path: PurePosixPath) -> list[str]:
        try:
            file = self._corpus.files[path]
            # What a link leads to is nobody's to show.
            return [] if file.is_symlink() else turtle.text_of(file).split("\n")
        except (turtle.Unreadable, KeyError):
            return []


def first_difference(one: str, other: str) -> positions.Place:
    """The first line of a text that another has otherwise."""
    pairs: Iterable[tuple[str, str]] = zip(one.split("\n"), other.split("\n"), strict=False)
    number = next((n for n, (mine, theirs) in enumerate(pairs, 1) if mine != theirs), 1)
    return positions.Place(number, 1, number, len(one.split("\n")[number - 1].rstrip("\r")) + 1)

"""What a query looks at from `$this`: its triple patterns, as ways of an automaton.

A statement counts only where all patterns match, so that of the ways that lead to a pattern any one will
do; the shortest is taken. What stands in a branch, an option or a negation counts beside what is around.
"""

import re
from collections.abc import Iterator
from typing import Any

from rdflib import Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from filiation.automaton import HOME, Automaton, Unreadable, repeated

Pattern = tuple[Node, Any, Node]


def add(automaton: Automaton, part: CompValue, around: list[Pattern], start: int) -> None:
    """Add what a part of a query looks at; `around` are the patterns that must match beside it. Raises
    Unreadable."""
    patterns = list(around)
    inner: list[CompValue] = []
    _mandatory(part, patterns, inner)
    own = patterns[len(around) :]
    for pattern in own:
        _pattern(automaton, pattern, patterns, start)
    for other in inner:
        add(automaton, other, patterns, start)


def bare(text: str) -> str:
    """A query without the comparisons of its filters, which look at nothing: rdflib takes most of its time
    to read them. The patterns of EXISTS stay. A text in which a bracket may be none stays as it is."""
    if re.search(r"[\"'#]|<[^\s<>]*>", text):
        return text
    rest, kept = text, ""
    while match := re.search(r"\bFILTER\s*(?=\()", rest, re.IGNORECASE):
        end = _closing(rest, match.end())
        if end is None:
            return text
        kept += rest[: match.start()] + _negated(rest[match.end() : end])
        rest = rest[end:]
    return kept + rest


def _negated(expression: str) -> str:
    """The patterns inside an expression, each as a filter of its own: what is looked at is the same."""
    found, begin = "", expression.find("{")
    while begin >= 0:
        end = _closing(expression, begin) or len(expression)
        found += f" FILTER NOT EXISTS {bare(expression[begin:end])} "
        begin = expression.find("{", end)
    return found


def _closing(text: str, begin: int) -> int | None:
    """The place after the bracket that closes the one at a place; None where none does."""
    opening, depth = text[begin], 0
    closing = {"(": ")", "{": "}"}[opening]
    for place in range(begin, len(text)):
        depth += (text[place] == opening) - (text[place] == closing)
        if depth == 0:
            return place + 1
    return None


def _mandatory(part: Any, patterns: list[Pattern], inner: list[CompValue]) -> None:
    """Gather the patterns that every match of a part has, and the parts that only some have."""
    match part.name:
        case "BGP":
            patterns.extend(part.triples)
        case "Join":
            _mandatory(part.p1, patterns, inner)
            _mandatory(part.p2, patterns, inner)
        case "LeftJoin" | "Minus":
            _mandatory(part.p1, patterns, inner)
            inner.append(part.p2)
            inner.extend(_exists(part.get("expr")))
        case "Union":
            inner.extend((part.p1, part.p2))
        case "Filter" | "Extend":
            _mandatory(part.p, patterns, inner)
            inner.extend(_exists(part.expr))
        case "SelectQuery" | "Project" | "Distinct" | "Reduced" | "OrderBy" | "ToMultiSet":
            if part.p is not None:
                _mandatory(part.p, patterns, inner)
        case _:
            raise Unreadable(f"{part.name} in a query")


def _exists(expression: Any) -> Iterator[CompValue]:
    """The graph patterns inside an expression."""
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            yield expression.graph
            return
        for value in expression.values():
            yield from _exists(value)
    elif isinstance(expression, (list, tuple)):
        for value in expression:
            yield from _exists(value)


def _pattern(automaton: Automaton, pattern: Pattern, beside: list[Pattern], start: int) -> None:
    """Add a pattern at the end of the shortest way that leads to it from `$this`. Any one way will do:
    a statement counts only where all patterns match."""
    ways = _ways(pattern, beside)
    if ways is None:
        automaton.anywhere |= set(_predicates(pattern[1]))
        return
    state = start
    for (subject, predicate, value), node in ways:
        against = node != subject
        state = _add(automaton, predicate, state, against)
        if (subject if against else value) == Variable("value"):
            automaton.go(state, HOME)


def _ways(pattern: Pattern, beside: list[Pattern]) -> list[tuple[Pattern, Node]] | None:
    """The patterns from `$this` to one, each with the node from which it is entered."""
    reached: dict[Node, list[tuple[Pattern, Node]]] = {Variable("this"): []}
    waiting: list[Node] = [Variable("this")]
    while waiting:
        node = waiting.pop(0)
        if node in (pattern[0], pattern[2]):
            return [*reached[node], (pattern, node)]
        for other in beside:
            for begin, end in ((other[0], other[2]), (other[2], other[0])):
                if begin == node and end not in reached and not isinstance(end, (URIRef, Literal)):
                    reached[end] = [*reached[node], (other, node)]
                    waiting.append(end)
    return None


def _predicates(path: Any) -> Iterator[Node | None]:
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, (SequencePath, AlternativePath)):
        for part in path.args:
            yield from _predicates(part)
    elif isinstance(path, (InvPath, MulPath)):
        yield from _predicates(path.arg if isinstance(path, InvPath) else path.path)
    else:
        yield None


def _add(automaton: Automaton, path: Any, state: int, against: bool) -> int:
    """Add a path of a query (SPARQL 1.1, section 9), entered at its other end where `against`."""
    if not isinstance(path, Path):
        return automaton.go(state, path if isinstance(path, URIRef) else None, against=against)
    if isinstance(path, InvPath):
        return _add(automaton, path.arg, state, not against)
    if isinstance(path, SequencePath):
        for part in reversed(path.args) if against else path.args:
            state = _add(automaton, part, state, against)
        return state
    if isinstance(path, AlternativePath):
        end = automaton.state()
        for part in path.args:
            automaton.free(_add(automaton, part, state, against), end)
        return end
    if isinstance(path, MulPath):
        return repeated(automaton, state, lambda begin: _add(automaton, path.path, begin, against))
    raise Unreadable("a path in a query")

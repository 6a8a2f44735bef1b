"""Where in a Turtle text each statement stands, so that a problem can name its line.

RDF parsers give no positions, so this walks the tokens of a text that a parser has already found
well-formed (RDF 1.1 Turtle, section 6.5) and keeps the line of each subject, predicate and object.
Blank nodes are walked through, but their statements count for the subject around them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""
      (?P<skip>\s+|\#[^\n\r]*)
    | (?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<iri><[^<>\s]*>)
    | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<datatype>\^\^)
    | (?P<punct>[.;,\[\]()](?![0-9])|[;,\[\]()])
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[^\s;,\[\]()<>"'\#^]+(?<!\.)|[^\s;,\[\]()<>"'\#^]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass
class Positions:
    """Lines (from 1) of subjects and of statements, by IRI and lexical form."""

    subjects: dict[str, int] = field(default_factory=dict)
    predicates: dict[tuple[str, str], int] = field(default_factory=dict)
    objects: dict[tuple[str, str, str], int] = field(default_factory=dict)
    mentions: dict[str, int] = field(default_factory=dict)

    def line(self, subject: str, predicate: str | None = None, value: str | None = None) -> int:
        """The line of the statement; of the subject where the statement is not there; else 1."""
        if predicate is not None and value is not None:
            found = self.objects.get((subject, predicate, value))
            if found:
                return found
        if predicate is not None and (subject, predicate) in self.predicates:
            return self.predicates[subject, predicate]
        return self.subjects.get(subject, 1)


def locate(text: str, base: str = "") -> Positions:
    """The positions of every statement in a well-formed Turtle text."""
    positions = Positions()
    prefixes: dict[str, str] = {}
    subject: str | None = None
    predicate: str | None = None
    depth = 0
    tokens = _Tokens(text)
    for kind, token, line in tokens:
        if kind == "punct":
            if token in "[(":
                depth += 1
            elif token in "])":
                depth -= 1
            elif depth == 0 and token == ".":
                subject = predicate = None
            elif depth == 0 and token == ";":
                predicate = None
            continue
        word = token.lower().lstrip("@")
        if depth == 0 and subject is None and word in ("prefix", "base") and kind in ("name", "lang"):
            base = _directive(word, tokens, prefixes, base)
            continue
        if kind in ("datatype", "lang"):
            if kind == "datatype":
                next(tokens, None)
            continue
        value = _value(kind, token, prefixes, base)
        if kind in ("iri", "name"):
            positions.mentions.setdefault(value, line)
        if depth:
            continue
        if subject is None:
            subject = value
            positions.subjects.setdefault(value, line)
        elif predicate is None:
            predicate = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" if token == "a" else value
            positions.predicates.setdefault((subject, predicate), line)
        else:
            positions.objects.setdefault((subject, predicate, value), line)
    return positions


class _Tokens(Iterator[tuple[str, str, int]]):
    """Kind, text and line of each token."""

    def __init__(self, text: str):
        self._text = text
        self._place = 0
        self._line = 1

    def __next__(self) -> tuple[str, str, int]:
        while match := _TOKEN.match(self._text, self._place):
            line, self._place = self._line, match.end()
            self._line += match[0].count("\n")
            if match.lastgroup != "skip":
                return str(match.lastgroup), match[0], line
        raise StopIteration


def _directive(word: str, tokens: Iterator[tuple[str, str, int]], prefixes: dict[str, str], base: str) -> str:
    """Take in a PREFIX or BASE; the base that holds from here on."""
    if word == "base":
        return _value(*next(tokens)[:2], prefixes, base)
    name = next(tokens)[1]
    prefixes[name.rstrip(":")] = _value(*next(tokens)[:2], prefixes, base)
    return base


def _value(kind: str, token: str, prefixes: dict[str, str], base: str) -> str:
    """The IRI or the lexical form that a token stands for."""
    if kind == "iri":
        iri = _unescaped(token[1:-1])
        return iri if ":" in iri.split("/")[0] else base + iri
    if kind == "string":
        quotes = 3 if token[:3] in ('"""', "'''") else 1
        return _unescaped(token[quotes:-quotes])
    if kind == "name" and ":" in token:
        prefix, _, local = token.partition(":")
        return prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
    return token


def _unescaped(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] in "uU" and len(code) > 1:
            return chr(int(code[1:], 16))
        return _CONTROL.get(code, code)

    return _ESCAPE.sub(replace, text)

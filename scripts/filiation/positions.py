"""Where in a Turtle text each statement stands, so that a problem can name its line and column.

RDF parsers give no positions, so this walks the tokens of a text that a parser has already found
well-formed (RDF 1.1 Turtle, section 6.5) and keeps the place of each subject, predicate and object.
Blank nodes are walked through, but their statements count for the subject around them.
Lines end where editors end them (LF, CR LF); columns count Unicode code points.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import RDF, XSD, BNode, Literal
from rdflib.term import Node

_TOKEN = re.compile(
    r"""
      (?P<skip>\s+|\#[^\n\r]*)
    | (?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<iri><[^<>\s]*>)
    | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<datatype>\^\^)
    | (?P<punct>[.;,\[\]()](?![0-9])|[;,\[\]()])
    | (?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:\.?[eE][+-]?\d+)?)
    | (?P<name>(?:[^\s;,\[\]()<>"'\#^\\.]|\.(?![\s;,\[\]()<>"'\#^]|$)|\\.)+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, order=True)
class Place:
    """A stretch of text: line and column from 1; `end_column` is the first one after it."""

    line: int
    column: int
    end_line: int
    end_column: int


#: The start of a file: where what is wrong with the whole of it is told.
START = Place(1, 1, 1, 1)


@dataclass
class Positions:
    """Places of subjects and of statements, by IRI and lexical form; of the first where there are
    several. `literals` also tells apart what differs only in language or datatype."""

    subjects: dict[str, Place] = field(default_factory=dict)
    predicates: dict[tuple[str, str], Place] = field(default_factory=dict)
    objects: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    literals: dict[tuple[str, str, str, str], Place] = field(default_factory=dict)
    values: dict[tuple[str, str], Place] = field(default_factory=dict)
    mentions: dict[str, Place] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    blank: Place | None = None

    def line(self, subject: str, predicate: str | None = None, value: str | None = None) -> int:
        """The line of the statement; of the subject where the statement is not there; else 1."""
        found = self._statement(subject, predicate, value) or self.subjects.get(subject)
        return found.line if found else START.line

    def place(self, subject: Node, predicate: Node | None = None, value: Node | None = None) -> Place:
        """The place of the value where it is said of the subject, else of the predicate, else of the
        subject; of what is not stated of its own (in a blank node, or only spoken of), where it is
        mentioned first; else the start."""
        name = f"_:{subject}" if isinstance(subject, BNode) else str(subject)
        names = name, None if predicate is None else str(predicate)
        if isinstance(value, Literal) and names[1] is not None:
            kind = f"@{value.language.lower()}" if value.language else str(value.datatype or XSD.string)
            exact = self.literals.get((names[0], names[1], str(value), kind))
            if exact:
                return exact
        found = self._statement(*names, None if value is None else str(value))
        found = found or self.subjects.get(name)
        if found is None:
            spoken_of = (self.mentions.get(str(n)) for n in (value, predicate, subject) if n is not None)
            found = next(filter(None, spoken_of), None)
        return found or (self.blank if isinstance(subject, BNode) else None) or START

    def _statement(self, subject: str, predicate: str | None, value: str | None) -> Place | None:
        if predicate is None:
            return None if value is None else self.values.get((subject, value))
        named = None if value is None else self.objects.get((subject, predicate, value))
        return named or self.predicates.get((subject, predicate))


@dataclass(frozen=True)
class Token:
    """A word or sign of a text: its kind (a group of the pattern above), how it is written, and where."""

    kind: str
    text: str
    place: Place


def locate(text: str, base: str = "") -> Positions:
    """The positions of every statement in a well-formed Turtle text."""
    found = Positions()
    subject: str | None = None
    predicate: str | None = None
    depth = 0
    rest = _Tokens(text)
    for token in rest:
        if token.kind == "punct":
            if token.text in "[(":
                found.blank = found.blank or token.place
                depth += 1
                if depth == 1 and subject is None:
                    # A blank node as a subject: nothing outside it is said of a name.
                    subject = "_:"
            elif token.text in "])":
                depth -= 1
            elif depth == 0 and token.text == ".":
                subject = predicate = None
            elif depth == 0 and token.text == ";":
                predicate = None
            continue
        word = token.text.lower().lstrip("@")
        if depth == 0 and subject is None and word in ("prefix", "base") and token.kind in ("name", "lang"):
            base = _directive(word, rest, found.prefixes, base)
            continue
        value = _value(token, found.prefixes, base)
        kind, place = _literal_kind(token, rest, found.prefixes, base)
        if not kind:
            found.mentions.setdefault(value, place)
            if value.startswith("_:"):
                found.blank = found.blank or place
        if depth:
            continue
        if subject is None:
            subject = value
            found.subjects.setdefault(value, place)
        elif predicate is None:
            predicate = str(RDF.type) if token.text == "a" else value
            found.predicates.setdefault((subject, predicate), place)
        else:
            found.objects.setdefault((subject, predicate, value), place)
            found.literals.setdefault((subject, predicate, value, kind), place)
            found.values.setdefault((subject, value), place)
    return found


def tokens(text: str) -> Iterator[Token]:
    """Every token of a text, remarks left out; the sign where a text that is not well-formed breaks off
    is of the kind `other`."""
    return _Tokens(text)


class _Tokens(Iterator[Token]):
    """The tokens of a text, one of which can be looked at before it is taken."""

    def __init__(self, text: str):
        self._text = text
        self._offset = 0
        self._line = 1
        self._start = 0
        self._next: Token | None = None

    def peek(self) -> Token | None:
        """The token that comes next; None at the end."""
        if self._next is None:
            self._next = self._read()
        return self._next

    def __next__(self) -> Token:
        token, self._next = self.peek(), None
        if token is None:
            raise StopIteration
        return token

    def _read(self) -> Token | None:
        while match := _TOKEN.match(self._text, self._offset):
            line, column = self._line, match.start() - self._start + 1
            self._offset = match.end()
            breaks = match[0].count("\n")
            if breaks:
                self._line += breaks
                self._start = match.start() + match[0].rindex("\n") + 1
            if match.lastgroup != "skip":
                place = Place(line, column, self._line, match.end() - self._start + 1)
                return Token(str(match.lastgroup), match[0], place)
        return None


def _literal_kind(token: Token, tokens: _Tokens, prefixes: dict[str, str], base: str) -> tuple[str, Place]:
    """Language (`@en`) or datatype of a literal, nothing for a name; and its place with that part."""
    if token.kind == "number":
        exponent, point = re.search("[eE]", token.text), "." in token.text
        return str(XSD.double if exponent else XSD.decimal if point else XSD.integer), token.place
    if token.kind != "string":
        boolean = token.kind == "name" and token.text in ("true", "false")
        return str(XSD.boolean) if boolean else "", token.place
    following = tokens.peek()
    if following is None or following.kind not in ("lang", "datatype"):
        return str(XSD.string), token.place
    last = next(tokens)
    kind = last.text.lower()
    if last.kind == "datatype":
        last = next(tokens, last)
        kind = _value(last, prefixes, base)
    start, end = token.place, last.place
    return kind, Place(start.line, start.column, end.end_line, end.end_column)


def _directive(word: str, tokens: _Tokens, prefixes: dict[str, str], base: str) -> str:
    """Take in a PREFIX or BASE; the base that holds from here on."""
    name = next(tokens, None)
    if name is None:
        return base
    if word == "base":
        return _value(name, prefixes, base)
    iri = next(tokens, None)
    if iri is not None:
        prefixes[name.text.rstrip(":")] = _value(iri, prefixes, base)
    return base


def _value(token: Token, prefixes: dict[str, str], base: str) -> str:
    """The IRI or the lexical form that a token stands for."""
    if token.kind == "iri":
        iri = _unescaped(token.text[1:-1])
        return iri if _SCHEME.match(iri) else base + iri
    if token.kind == "string":
        quotes = 3 if token.text[:3] in ('"""', "'''") else 1
        return _unescaped(token.text[quotes:-quotes])
    if token.kind == "name" and ":" in token.text:
        prefix, _, local = token.text.partition(":")
        return prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
    return token.text


def _unescaped(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] in "uU" and len(code) > 1:
            number = int(code[1:], 16)
            return chr(number) if number <= 0x10FFFF else match[0]
        return _CONTROL.get(code, code)

    return _ESCAPE.sub(replace, text)


def node_text(node: Node, prefixes: dict[str, str]) -> str:
    """What to type for a node in a text with these prefixes."""
    if isinstance(node, Literal):
        text = Literal(str(node)).n3()
        if node.language:
            return f"{text}@{node.language}"
        return f"{text}^^{node_text(node.datatype, prefixes)}" if node.datatype else text
    for prefix in sorted(prefixes, key=lambda name: -len(prefixes[name])):
        local = str(node)[len(prefixes[prefix]) :]
        if str(node).startswith(prefixes[prefix]) and re.fullmatch(r"[A-Za-z0-9_-]*", local):
            return f"{prefix}:{local}"
    return f"<{node}>"

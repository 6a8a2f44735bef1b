"""Where a text in any syntax of RDF first speaks of a statement, as near as its words tell.

Turtle has `positions`, which knows every statement by its place. For other syntaxes the names are looked
for: the subject, after it the predicate, after that the value; each whole, or with a prefix.
"""

from __future__ import annotations

import re

from rdflib import RDF, URIRef
from rdflib.term import Node

from filiation import layout
from filiation.positions import START, Place


class Mentions:
    """The places of names in a text."""

    def __init__(self, text: str):
        self.text = text

    def of(self, subject: Node | str, predicate: Node | None = None, value: Node | None = None) -> Place:
        """The place of the last of the three that is found behind the others; that of the subject where
        it alone is; the start of the text where nothing is."""
        found: tuple[int, int] | None = None
        for term in (subject, predicate, value):
            place = self._find(term, found[1] if found else 0) if term is not None else None
            found = place or found
            if place is None and term is subject:
                break
        if found is None:
            return START
        line = self.text.count("\n", 0, found[0]) + 1
        column = found[0] - self.text.rfind("\n", 0, found[0])
        return Place(line, column, line, column + found[1] - found[0])

    def _find(self, term: Node | str, begin: int) -> tuple[int, int] | None:
        if not isinstance(term, (URIRef, str)) or not str(term):
            return None
        names = [re.escape(str(term))]
        if isinstance(term, URIRef):
            names += [re.escape(layout.curie(str(term))), *(["a"] if term == RDF.type else [])]
        whole = re.compile(rf"(?<![\w:/#-])(?:{'|'.join(names)})(?![\w:/#-])")
        match = whole.search(self.text, begin)
        return match.span() if match else None

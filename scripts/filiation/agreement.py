"""Whether a row speaks of a situation that is there already, and whether it repeats what is held.

An attestation affirms what it does not answer itself. So a source must not be put beside a value that it
does not give: the row repeats it, or says what the source says instead, or that it is silent.
"""

from collections.abc import Iterator

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from filiation import cells, columns, forms, layout
from filiation.claims import AFFIRMS, TOGETHER
from filiation.columns import Column, Plan
from filiation.corpus import Corpus
from filiation.forms import FIL

#: What a row says: the terms of each column.
Said = dict[Column, list[Node]]
_AFFIRMED = {path for line in TOGETHER for path in line}


class Held:
    """The situations that are there: those of a corpus, and those that are added to it row by row."""

    def __init__(self, corpus: Corpus, stated: Graph):
        self.corpus, self.stated = corpus, stated
        self._known: dict[str, dict[object, list[URIRef]]] = {}

    def alike(self, plan: Plan, held: Said) -> list[URIRef]:
        """The situations of a kind with the parties that a row has."""
        return self._of(plan).get(_signature(plan, held), [])

    def same(self, plan: Plan, held: Said) -> URIRef | None:
        """The situation of a kind with the very values of a row."""
        return next(iter(self._of(plan).get(_exactly(held), ())), None)

    def add(self, plan: Plan, held: Said, node: URIRef) -> None:
        """Let later rows speak of what a row describes."""
        for key in (_signature(plan, held), _exactly(held)):
            self._of(plan).setdefault(key, []).append(node)

    def differences(
        self, plan: Plan, node: URIRef, held: Said, told: Said, filled: set[str]
    ) -> Iterator[tuple[str, str]]:
        """The columns in which a row does not repeat a situation, with what to do; `filled` are those
        that are not empty in it."""
        now, name = self._values(node, plan), layout.curie(node)
        affirms = any(AFFIRMS in terms for terms in told.values())
        silent = {t for column, terms in told.items() if column.field.path == FIL.silentOn for t in terms}
        answered = {column.field.path for column in told}
        for column in plan.columns.values():
            path = column.field.path
            has = now.get(path, set())
            if column.of_source or not _compared(column) or has == set(held.get(column, ())):
                continue
            text = f" {columns.SEPARATOR} ".join(sorted(cells.written(term, column) for term in has))
            answer = _answer(plan, path)
            if column.name in filled:
                instead = (
                    f"put what this source says in `{answer.name}`"
                    if answer
                    else "mend the cell, or the file"
                )
                yield column.name, f"{name} has {f'`{text}`' if has else 'none'}: repeat that, and {instead}"
                continue
            unsaid = answer is None or answer.field.path not in answered
            if unsaid and affirms and path in _AFFIRMED - silent and column.field.usual is None:
                advice = f"repeat it, or write `{column.name}` in `silent-on`"
                yield column.name, f"is empty, and {name} has `{text}`: {advice}"

    def _of(self, plan: Plan) -> dict[object, list[URIRef]]:
        """The situations of a kind by their parties, and by all their values."""
        if plan.kind not in self._known:
            self._known[plan.kind] = {}
            for each in sorted(self.stated.subjects(RDF.type, plan.form.type), key=str):
                node = URIRef(str(each))
                values = self._values(node, plan)
                asked = (c for c in plan.columns.values() if not c.of_source and c.field.path in values)
                held = {column: list(values[column.field.path]) for column in asked}
                self.add(plan, held, node)
        return self._known[plan.kind]

    def _values(self, node: URIRef, plan: Plan) -> dict[URIRef, set[Node]]:
        """What is said of a situation, by those properties by which rows are compared."""
        graph = self.corpus.graphs[self.corpus.homes[node]]
        asked = [c for c in plan.columns.values() if not c.of_source and _compared(c)]
        values = {c.field.path: set(graph.objects(node, c.field.path)) for c in asked}
        return {path: terms for path, terms in values.items() if terms}


def _answer(plan: Plan, path: URIRef) -> Column | None:
    """The column in which a source says something else than the situation does."""
    answers = (line[path] for line in TOGETHER if path in line)
    return next((column for said in answers if (column := plan.column(said, True))), None)


def _compared(column: Column) -> bool:
    """Whether two rows must agree in a column to speak of one thing; notes are ours to add."""
    return column.field.name != "editorial-note"


def _exactly(held: Said) -> object:
    """All that is said by which rows are compared."""
    return frozenset((c.field.path, frozenset(terms)) for c, terms in held.items() if _compared(c))


def _signature(plan: Plan, held: Said) -> object:
    """What tells a situation from others of its kind: its parties, its kind, the name it is about."""
    needed = {name for need in plan.form.needs for name in need.names}
    return frozenset(
        (column.name, term)
        for column, terms in held.items()
        if (column.required or column.name in needed | {"kind"})
        and column.field.sort not in (forms.DATE, forms.NUMBER)
        for term in terms
    )

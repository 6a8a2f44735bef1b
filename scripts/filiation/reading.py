"""The rows of tables as terms: of which kind each is, what its cells say, and which cells say nothing.

A name that nobody bears begins somebody new, if that was asked for; else it is a problem of its cell.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import cells, columns, homes, layout, names, sheets, stems, turtle
from filiation.agreement import Said
from filiation.claims import Triple
from filiation.columns import ATTESTATION, CLASS, STEM, Plan
from filiation.corpus import Corpus
from filiation.drafts import Draft
from filiation.sheets import CellProblem, Row, Table


@dataclass
class Intake:
    """The files as they will be, what is wrong, who is new by name, and what the rows add."""

    graphs: dict[PurePosixPath, Graph] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    begun: dict[URIRef, str] = field(default_factory=dict)
    added: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    given_up: bool = False


class Enough(Exception):
    """There are so many problems that looking for more is no help."""


class Reading:
    """The reading of some tables: a draft that grows, and which row said what."""

    def __init__(self, corpus: Corpus, create: bool):
        self.create = create
        self.draft = Draft(corpus)
        self.corpus = self.draft.corpus
        self.known = cells.Known(self.corpus, self._begin)
        self.intake = Intake(self.draft.graphs)
        self.origins: dict[Node, tuple[Row, Plan, bool]] = {}
        self.speakers: dict[PurePosixPath, Row] = {}
        self._plans: dict[str, Plan] = {}
        self._row: Row | None = None
        self._column: str | None = None

    def plan(self, kind: str) -> Plan:
        """The columns of a kind. Raises forms.NoSuchKind."""
        if kind not in self._plans:
            self._plans[kind] = columns.plan(self.corpus, kind)
        return self._plans[kind]

    def tell(self, row: Row, column: str | None, message: str) -> None:
        """Note what is wrong. Raises Enough where that was too much."""
        problem = CellProblem(row, column, message)
        if problem not in self.intake.problems[-50:]:
            self.intake.problems.append(problem)
        if len(self.intake.problems) >= sheets.MAX_PROBLEMS:
            raise Enough

    def planned(self, table: Table, kind: str | None) -> Iterator[tuple[Row, Plan]]:
        """The rows of a table with the columns that their kind may have. Raises sheets.NotATable where
        nothing tells the kind."""
        self.intake.problems += table.problems
        header = Row(table.file, 1, {}, table.columns, table.sheet)
        usual = kind or columns.kind_named(table.sheet or "") or columns.kind_named(table.file.stem)
        unknown: set[str] = set()
        for row in table.rows:
            name = row.cells.get(CLASS) or usual
            if name is None:
                ways = "name the file or sheet after it (leadership.csv), add a column `class`, or use --kind"
                raise sheets.NotATable(table.file, f"nothing tells of what kind the rows are: {ways}")
            if name not in columns.KINDS:
                near = turtle.did_you_mean(name, columns.KINDS) or f": {', '.join(columns.KINDS)}"
                self.tell(row, CLASS, f"`{name}` is no kind of ours{near}")
                continue
            plan = self.plan(name)
            allowed = {*plan.columns, CLASS, STEM, *([ATTESTATION] if plan.is_situation else [])}
            for column in row.cells.keys() - allowed - unknown:
                unknown.add(column)
                place = row if CLASS in row.cells else header
                advice = turtle.did_you_mean(column, allowed) or ": see `filiation template`"
                self.tell(place, column, f"a {name} has no column `{column}`{advice}")
            if row.cells.keys() != {CLASS}:
                yield row, plan

    def announce(self, rows: list[tuple[Row, Plan]]) -> None:
        """Let rows name situations of other rows by the stems that these give."""
        for row, plan in rows:
            stem = row.cells.get(STEM, "").removeprefix(f"{plan.kind}:")
            if cells.STEM.fullmatch(stem):
                self.draft.announce(URIRef(f"{layout.PREFIXES[plan.kind]}{stem}"), plan.form.type)

    def terms(self, row: Row, plan: Plan) -> tuple[Said, bool]:
        """What the cells of a row say, and whether all of them could be read."""
        self._row, before = row, len(self.intake.problems)
        said: Said = {}
        for name, column in plan.columns.items():
            text = row.cells.get(name)
            self._column = name
            if text is None:
                if column.required:
                    self.tell(row, name, f"is empty: {column.field.message}")
                elif column.field.usual is not None:
                    said[column] = [column.field.usual]
                continue
            try:
                said[column] = cells.terms(text, column, self.known)
            except cells.NotACell as problem:
                self.tell(row, name, str(problem))
        return said, len(self.intake.problems) == before

    def stem(self, row: Row, column: str, kind: str) -> str | None:
        """The stem that a row gives, without its prefix; empty for none, None for what is no stem."""
        text = row.cells.get(column, "").removeprefix(f"{kind}:")
        if text and not cells.STEM.fullmatch(text):
            meant = stems.slug(text)
            advice = f": write `{meant}`" if meant else ""
            self.tell(row, column, f"`{text}` is no stem of small letters, digits and single hyphens{advice}")
            return None
        return text

    def add(self, path: PurePosixPath, triples: list[Triple], origin: tuple[Row, Plan, bool]) -> None:
        """Describe a new node in a file, and remember the row that did, and whether it is what the row
        says of its source."""
        row, plan, of_source = origin
        self.intake.added["attestation" if of_source else plan.kind] += 1
        if len(self.origins) >= sheets.MAX_NEW:
            self.tell(row, None, f"more than {sheets.MAX_NEW} new nodes from here on: split the table")
            raise Enough
        self.origins[triples[0][0]] = origin
        self.draft.add(path, triples)
        self.speakers.setdefault(path, row)

    def _begin(self, kind: str, name: str) -> URIRef:
        """Somebody who is only named: a label in English and nothing more."""
        assert self._row is not None
        plan = self.plan(kind)
        stem = stems.drawn(self.corpus) if kind == "person" else stems.slug(name)
        node = URIRef(f"{layout.PREFIXES[kind]}{stem}")
        if not self.create:
            near = difflib.get_close_matches(names.folded(name), self.known.bearers, n=1, cutoff=0.75)
            meant = f": did you mean `{near[0]}`?" if near else ""
            self.tell(
                self._row,
                self._column,
                f"nobody here is called `{name}`{meant or ':'} --create begins {kind}:{stem}",
            )
        if not stem or self.draft.described(node):
            taken = f"{layout.curie(str(node))} is somebody else" if stem else "no stem can be made of it"
            raise cells.NotACell(
                f"`{name}` is new, and {taken}: give it a row of its own in a table of {kind}"
            )
        path = homes.own(str(node))
        assert path is not None
        self.known.add(kind, name, node)
        self.intake.begun[node] = name
        label = (node, SKOS.prefLabel, Literal(name, lang="en"))
        self.add(path, [(node, RDF.type, plan.form.type), label], (self._row, plan, False))
        return node


def statements(node: URIRef, type_: Node, said: Said) -> list[Triple]:
    """What is said of a node, by columns, as statements."""
    values = [(node, column.field.path, term) for column, terms in said.items() for term in terms]
    return [(node, RDF.type, type_), *values]

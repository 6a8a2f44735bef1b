"""What the rows of tables come to: statements in the right files, and everything that is wrong with them.

Entities first, so that situations can name them in whatever order the tables stand. A situation that is
there already gets the further attestation, if the row agrees with it: an attestation affirms what it
does not answer itself, so a row must repeat what is held, or say what its source says instead.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import (
    agreement,
    cells,
    columns,
    forms,
    layout,
    names,
    rowwise,
    scaffold,
    sheets,
    stems,
    trial,
    turtle,
)
from filiation.agreement import Said
from filiation.columns import ATTESTATION, CLASS, STEM, Plan
from filiation.corpus import Corpus
from filiation.findings import Finding
from filiation.forms import FIL
from filiation.sheets import CellProblem, Row, Table

#: In this order one kind of entity can name those before it.
_ENTITIES = ("place", "organization", "group", "person", "source")
_FOLDERS = {prefix: folder for folder, prefix in layout.ENTITY_FOLDERS.items()}
#: What happens or holds again and again between the same parties.
_RECURRING = frozenset({"incident", "listing", "practice", "presence", "strength"})
#: The place of what a row will describe that is not yet read.
_TABLE = PurePosixPath("table")


@dataclass
class Intake:
    """The files as they will be, what is wrong, who is new by name, and what the rows add."""

    graphs: dict[PurePosixPath, Graph] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    begun: dict[URIRef, str] = field(default_factory=dict)
    added: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    given_up: bool = False


class _Enough(Exception):
    """There are so many problems that looking for more is no help."""


def read(corpus: Corpus, tables: Iterable[Table], kind: str | None = None, create: bool = False) -> Intake:
    """What the tables come to. Nothing is written. Somebody who is only named is a problem unless
    `create`; who they would be stands in `begun` either way. Raises sheets.NotATable where nothing
    tells the kind of a table, and forms.NoSuchKind."""
    work = _Work(corpus, create)
    try:
        _read(work, list(tables), kind)
    except _Enough:
        work.intake.given_up = True
    work.intake.problems.sort(key=_order)
    return work.intake


def _read(work: _Work, tables: list[Table], kind: str | None) -> None:
    rows = [each for table in tables for each in work.planned(table, kind)]
    work.announce(rows)
    rank = {kind: number for number, kind in enumerate(_ENTITIES)}
    for row, plan in sorted(rows, key=lambda each: rank.get(each[1].kind, len(rank))):
        (work.situation if plan.is_situation else work.entity)(row, plan)
    work.judge()


def _order(problem: CellProblem) -> tuple[str, str, int, int]:
    row, column = problem.row, problem.column
    number = row.columns.index(column) if column in row.columns else len(row.columns)
    return str(row.file), row.sheet or "", row.number, number


class _Work:
    """The reading of some tables: a corpus that grows, and which row said what."""

    def __init__(self, corpus: Corpus, create: bool):
        self.before, self.create = corpus, create
        self.corpus = trial.taken_in(corpus, {})
        self.second = forms.form(corpus.shapes, corpus.vocabulary, "attestation")
        self.known = cells.Known(self.corpus, self._begin)
        self.intake = Intake()
        self.origins: dict[Node, tuple[Row, Plan, bool]] = {}
        self.speakers: dict[PurePosixPath, Row] = {}
        self.held = agreement.Held(self.corpus, corpus.stated)
        self.plans: dict[str, Plan] = {}
        self.row: Row | None = None
        self.column: str | None = None

    def plan(self, kind: str) -> Plan:
        if kind not in self.plans:
            self.plans[kind] = columns.plan(self.corpus, kind)
        return self.plans[kind]

    def tell(self, row: Row, column: str | None, message: str) -> None:
        problem = CellProblem(row, column, message)
        if problem not in self.intake.problems[-50:]:
            self.intake.problems.append(problem)
        if len(self.intake.problems) >= sheets.MAX_PROBLEMS:
            raise _Enough

    def planned(self, table: Table, kind: str | None) -> Iterator[tuple[Row, Plan]]:
        """The rows of a table with the columns that their kind may have."""
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
        promised = self.corpus.graphs[_TABLE] = Graph(bind_namespaces="none")
        for row, plan in rows:
            stem = row.cells.get(STEM, "").removeprefix(f"{plan.kind}:")
            node = URIRef(f"{layout.PREFIXES[plan.kind]}{stem}")
            if cells.STEM.fullmatch(stem) and self.corpus.homes.setdefault(node, _TABLE) == _TABLE:
                promised.add((node, RDF.type, plan.form.type))

    def described(self, node: Node) -> bool:
        """Whether a node stands in a file, or in a row that was read."""
        return self.corpus.homes.get(node, _TABLE) != _TABLE

    def read(self, row: Row, plan: Plan) -> tuple[Said, bool]:
        """What the cells of a row say, and whether all of them could be read."""
        self.row, before = row, len(self.intake.problems)
        said: Said = {}
        for name, column in plan.columns.items():
            text = row.cells.get(name)
            self.column = name
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

    def add(self, path: PurePosixPath, triples: Iterable[tuple[Node, Node, Node]], row: Row) -> None:
        """Put statements in the graph of a file, a copy of what it was."""
        if path not in self.intake.graphs:
            fresh = Graph(bind_namespaces="none")
            fresh += self.corpus.graphs.get(path, Graph())
            self.intake.graphs[path] = self.corpus.graphs[path] = fresh
            self.corpus.files.setdefault(path, self.corpus.layout.root / path)
        for triple in triples:
            self.intake.graphs[path].add(triple)
            self.corpus.homes[triple[0]] = path
        self.speakers.setdefault(path, row)

    def entity(self, row: Row, plan: Plan) -> None:
        """A group, person, place, organization or source, in a file of its own."""
        said, _ = self.read(row, plan)
        stem = self.stem(row, STEM, plan.kind)
        if stem is None:
            return
        if not stem:
            by_name = {column.name: terms for column, terms in said.items()}
            stem = stems.drawn(self.corpus) if plan.kind == "person" else stems.made(by_name, (), None)
        node = URIRef(f"{layout.PREFIXES[plan.kind]}{stem}")
        triples = _triples(node, plan.form.type, said)
        for label in (value for s, p, value in triples if p == SKOS.prefLabel):
            self.known.add(plan.kind, str(label), node)
        if self.described(node):
            held = self.corpus.graphs[self.corpus.homes[node]]
            for column, terms in said.items():
                for term in terms:
                    if (node, column.field.path, term) not in held and column.name in row.cells:
                        there = f"{layout.curie(node)} is described already, and not with this"
                        self.tell(row, column.name, f"{there}: mend the cell, or the file")
            self.intake.unchanged += 1
            return
        self.intake.added[plan.kind] += 1
        self.origins[node] = (row, plan, False)
        self.add(PurePosixPath("data", _FOLDERS[plan.kind], f"{stem}.ttl"), triples, row)

    def _begin(self, kind: str, name: str) -> URIRef:
        """Somebody who is only named: a label in English and nothing more."""
        assert self.row is not None
        plan = self.plan(kind)
        stem = stems.drawn(self.corpus) if kind == "person" else stems.slug(name)
        node = URIRef(f"{layout.PREFIXES[kind]}{stem}")
        if not self.create:
            near = difflib.get_close_matches(names.folded(name), self.known.bearers, n=1, cutoff=0.75)
            meant = f": did you mean `{near[0]}`?" if near else ""
            self.tell(
                self.row,
                self.column,
                f"nobody here is called `{name}`{meant or ':'} --create begins {kind}:{stem}",
            )
        if not stem or self.described(node):
            taken = f"{layout.curie(node)} is somebody else" if stem else "no stem can be made of it"
            raise cells.NotACell(
                f"`{name}` is new, and {taken}: give it a row of its own in a table of {kind}"
            )
        triples = [(node, RDF.type, plan.form.type), (node, SKOS.prefLabel, Literal(name, lang="en"))]
        self.known.add(kind, name, node)
        self.intake.begun[node] = name
        self.intake.added[kind] += 1
        self.origins[node] = (self.row, plan, False)
        self.add(PurePosixPath("data", _FOLDERS[kind], f"{stem}.ttl"), triples, self.row)
        return node

    def situation(self, row: Row, plan: Plan) -> None:
        """A situation and its attestation, in the file of the entity that it is about."""
        said, whole = self.read(row, plan)
        stem = self.stem(row, STEM, plan.kind)
        own = self.stem(row, ATTESTATION, "attestation")
        if not whole or stem is None or own is None:
            return
        held = {column: terms for column, terms in said.items() if not column.of_source}
        told = {column: terms for column, terms in said.items() if column.of_source}
        if self._lacks(row, plan, plan.form, held) or self._lacks(row, plan, self.second, told):
            return
        node = self._situation(row, plan, stem, held)
        if node is None:
            return
        there = self.described(node)
        home = self.corpus.homes[node] if there else self._home(row, plan, node, held)
        if home is None:
            return
        if there:
            differences = list(self.held.differences(plan, node, held, told, set(row.cells)))
            for column, message in differences:
                self.tell(row, column, message)
            if differences:
                return
        else:
            self.intake.added[plan.kind] += 1
            self.origins[node] = (row, plan, False)
            self.add(home, _triples(node, plan.form.type, held), row)
            self.held.add(plan, held, node)
        self._attestation(row, plan, node, home, own, told)

    def _lacks(self, row: Row, plan: Plan, form: forms.Form, said: Said) -> bool:
        """Whether a row lacks one of several values of which some are needed; each lack is told."""
        by_name = {column.field.name: terms for column, terms in said.items()}
        lacking = list(scaffold.missing(self.corpus, form, by_name))
        for need in lacking:
            self.tell(row, need.names[0], f"is needed: {need.message}")
        return bool(lacking)

    def _situation(self, row: Row, plan: Plan, stem: str, held: Said) -> URIRef | None:
        """The IRI that a row gives, or that of the one it speaks of, or a new one."""
        base = layout.PREFIXES[plan.kind]
        if stem:
            return URIRef(base + stem)
        same = self.held.alike(plan, held)
        if found := next((node for node in same if self.held.same(plan, held, node)), None):
            return found
        if same and plan.kind not in _RECURRING:
            name = layout.curie(same[0])
            advice = (
                "if this is it, write its stem, and what this source says otherwise in the said-… columns"
            )
            self.tell(
                row, STEM, f"{name} has the same parties and other values: {advice}; if not, write a new stem"
            )
            return None
        if plan.kind in _FOLDERS:
            self.tell(row, STEM, f"is empty: give the {plan.kind} a stem, such as example-raid-1994")
            return None
        few = {c.name for c in held if c.field.usual is not None} | {"editorial-note"}
        by_name = {column.name: terms for column, terms in held.items()}
        home = next((self.corpus.homes[party].stem for party in _parties(held)), None)
        return stems.free(self.corpus, URIRef(base + stems.made(by_name, few, home or "unnamed")))

    def _home(self, row: Row, plan: Plan, node: URIRef, held: Said) -> PurePosixPath | None:
        if plan.kind in _FOLDERS:
            return PurePosixPath("data", _FOLDERS[plan.kind], f"{_stem(node)}.ttl")
        parties = [self.corpus.homes[party] for party in _parties(held)]
        # A party's file before that of anybody else whose stem it begins with, the longest first.
        others = (path for path in self.corpus.graphs if len(path.parts) > 2)
        for paths in (parties, others):
            begun = [path for path in paths if _begins(node, path)]
            if begun:
                return min(begun, key=lambda path: (-len(path.stem), path))
        begin = (
            f"begin it with that of the file it goes into, such as `{parties[0].stem}-…`" if parties else ""
        )
        self.tell(row, STEM, f"`{_stem(node)}` begins with the stem of no file: {begin or 'mend it'}")
        return None

    def _attestation(
        self, row: Row, plan: Plan, situation: URIRef, home: PurePosixPath, stem: str, told: Said
    ) -> None:
        graph = self.corpus.graphs[home]
        source = next(terms for column, terms in told.items() if column.field.path == DCTERMS.source)

        def says(node: Node) -> set[tuple[Node, Node]]:
            return {(p, o) for p, o in graph.predicate_objects(node) if p in kept}

        kept = {column.field.path for column in plan.columns.values()} | {RDF.type, FIL.attests}
        wanted = {(p, o) for _, p, o in _triples(situation, FIL.Attestation, told)} | {
            (FIL.attests, situation)
        }
        if any(says(node) == wanted for node in graph.subjects(FIL.attests, situation)):
            self.intake.unchanged += 1
            return
        node = URIRef(layout.PREFIXES["attestation"] + stem)
        if not stem:
            node = stems.free(self.corpus, stems.of_attestation(situation, source))
        elif self.described(node):
            self.tell(
                row,
                ATTESTATION,
                f"{layout.curie(node)} is there and says otherwise: give this one another stem",
            )
            return
        self.intake.added["attestation"] += 1
        self.origins[node] = (row, plan, True)
        self.add(home, ((node, p, o) for p, o in wanted), row)

    def judge(self) -> None:
        """Every rule of `validate` over the files as they would be, each finding told at its cell."""
        if not self.intake.graphs:
            return
        for finding in rowwise.findings(self.before, self.intake.graphs, set(self.origins)):
            self.tell(*self._cell(finding), finding.message)

    def _cell(self, finding: Finding) -> tuple[Row, str | None]:
        """The row and column that a finding is about."""
        for node in (finding.subject, finding.value):
            if node in self.origins:
                row, plan, of_source = self.origins[node]
                if isinstance(finding.predicate, URIRef) and node == finding.subject:
                    column = plan.column(finding.predicate, of_source)
                    if column is not None:
                        return row, column.name
                if finding.rule.endswith("-stem"):
                    return row, ATTESTATION if of_source else STEM
                return row, None
        return self.speakers.get(finding.file) or next(iter(self.speakers.values())), None


def _triples(node: URIRef, type_: URIRef, said: Said) -> list[tuple[Node, Node, Node]]:
    values = [(node, column.field.path, term) for column, terms in said.items() for term in terms]
    return [(node, RDF.type, type_), *values]


def _stem(node: Node) -> str:
    parts = layout.split_iri(str(node))
    return parts[1] if parts else ""


def _begins(node: Node, path: PurePosixPath) -> bool:
    """Whether a node may stand in a file of data/ by its stem."""
    stem = _stem(node)
    return path.parts[0] == "data" and (stem == path.stem or stem.startswith(path.stem + "-"))


def _parties(held: Said) -> list[Node]:
    """The entities of a row, that in whose file it belongs first."""
    ordered = sorted(
        (c for c in held if c.field.sort == forms.NODE),
        key=lambda c: scaffold.HOMES.index(c.name) if c.name in scaffold.HOMES else len(scaffold.HOMES),
    )
    return [term for column in ordered if column.name in scaffold.HOMES for term in held[column]]

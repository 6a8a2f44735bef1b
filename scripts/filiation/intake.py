"""What the rows of tables come to: statements in the right files, and everything that is wrong with them.

Entities first, so that situations can name them in whatever order the tables stand. A situation that is
there already gets the further attestation, if the row agrees with it: an attestation affirms what it
does not answer itself, so a row must repeat what is held, or say what its source says instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from rdflib import DCTERMS, RDF, SKOS, URIRef
from rdflib.term import Node

from filiation import agreement, forms, homes, layout, rowwise, scaffold, sheets, stems
from filiation.agreement import Said
from filiation.claims import FIL
from filiation.columns import ATTESTATION, SEPARATOR, STEM, Plan
from filiation.corpus import Corpus
from filiation.findings import Finding
from filiation.reading import Enough, Intake, Reading, statements
from filiation.sheets import CellProblem, Row, Table

#: In this order one kind of entity can name those before it.
_ENTITIES = ("place", "organization", "group", "person", "source")
#: What happens or holds again and again between the same parties.
_RECURRING = frozenset({"incident", "listing", "practice", "presence", "strength"})

#: How much of the work is done, and how much there is.
Progress = Callable[[int, int], None]


def read(
    corpus: Corpus,
    tables: Iterable[Table],
    kind: str | None = None,
    create: bool = False,
    progress: Progress | None = None,
) -> Intake:
    """What the tables come to. Nothing is written. Somebody who is only named is a problem unless
    `create`; who they would be stands in `begun` either way. Raises sheets.NotATable where nothing
    tells the kind of a table or the tables are too much at once, and forms.NoSuchKind."""
    work = _Work(Reading(corpus, create))
    intake = work.reading.intake
    try:
        work.read(list(tables), kind, progress)
    except Enough:
        intake.given_up = True
    intake.problems.sort(key=_order)
    return intake


def _order(problem: CellProblem) -> tuple[str, str, int, int]:
    row, column = problem.row, problem.column
    number = row.columns.index(column) if column in row.columns else len(row.columns)
    return str(row.file), row.sheet or "", row.number, number


class _Work:
    """What is made of the rows that are read."""

    def __init__(self, reading: Reading):
        self.reading, self.draft, self.corpus = reading, reading.draft, reading.corpus
        self.tell = reading.tell
        before = reading.draft.before
        self.second = forms.form(before.shapes, before.vocabulary, "attestation")
        self.held = agreement.Held(self.corpus, before.stated)
        self.attested: dict[URIRef, set[frozenset[tuple[Node, Node]]]] = {}

    def read(self, tables: list[Table], kind: str | None, progress: Progress | None) -> None:
        sheets.bound(tables, SEPARATOR)
        rows = [each for table in tables for each in self.reading.planned(table, kind)]
        self.reading.announce(rows)
        rank = {kind: number for number, kind in enumerate(_ENTITIES)}
        for row, plan in sorted(rows, key=lambda each: rank.get(each[1].kind, len(rank))):
            (self.situation if plan.is_situation else self.entity)(row, plan)
        self.judge(progress)

    def entity(self, row: Row, plan: Plan) -> None:
        """A group, person, place, organization or source, in a file of its own."""
        said, _ = self.reading.terms(row, plan)
        stem = self.reading.stem(row, STEM, plan.kind)
        if stem is None:
            return
        if not stem:
            by_name = {column.name: terms for column, terms in said.items()}
            stem = stems.drawn(self.corpus) if plan.kind == "person" else stems.made(by_name, (), None)
        node = URIRef(f"{layout.PREFIXES[plan.kind]}{stem}")
        triples = statements(node, plan.form.type, said)
        for label in (value for _, p, value in triples if p == SKOS.prefLabel):
            self.reading.known.add(plan.kind, str(label), node)
        if self.draft.described(node):
            held = self.corpus.graphs[self.corpus.homes[node]]
            for column, terms in said.items():
                for term in terms:
                    if (node, column.field.path, term) not in held and column.name in row.cells:
                        there = f"{layout.curie(str(node))} is described already, and not with this"
                        self.tell(row, column.name, f"{there}: mend the cell, or the file")
            self.reading.intake.unchanged += 1
            return
        path = homes.own(str(node))
        assert path is not None
        self.reading.add(path, triples, (row, plan, False))

    def situation(self, row: Row, plan: Plan) -> None:
        """A situation and its attestation, in the file of the entity that it is about."""
        said, whole = self.reading.terms(row, plan)
        stem = self.reading.stem(row, STEM, plan.kind)
        own = self.reading.stem(row, ATTESTATION, "attestation")
        if not whole or stem is None or own is None:
            return
        held = {column: terms for column, terms in said.items() if not column.of_source}
        told = {column: terms for column, terms in said.items() if column.of_source}
        if self._lacks(row, plan, plan.form, held) or self._lacks(row, plan, self.second, told):
            return
        node = self._situation(row, plan, stem, held)
        if node is None:
            return
        there = self.draft.described(node)
        home = self.corpus.homes[node] if there else self._home(row, node, held)
        if home is None:
            return
        if there:
            differences = list(self.held.differences(plan, node, held, told, set(row.cells)))
            for column, message in differences:
                self.tell(row, column, message)
            if differences:
                return
        else:
            self.reading.add(home, statements(node, plan.form.type, held), (row, plan, False))
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
        if found := self.held.same(plan, held):
            return found
        same = self.held.alike(plan, held)
        if same and plan.kind not in _RECURRING:
            name = layout.curie(str(same[0]))
            advice = (
                "if this is it, write its stem, and what this source says otherwise in the said-… columns"
            )
            self.tell(
                row, STEM, f"{name} has the same parties and other values: {advice}; if not, write a new stem"
            )
            return None
        if homes.own(base + "any"):
            self.tell(row, STEM, f"is empty: give the {plan.kind} a stem, such as example-raid-1994")
            return None
        few = {c.name for c in held if c.field.usual is not None} | {"editorial-note"}
        by_name = {column.name: terms for column, terms in held.items()}
        home = next((self.corpus.homes[party].stem for party in _parties(held)), None)
        return stems.free(self.corpus, URIRef(base + stems.made(by_name, few, home or "unnamed")))

    def _home(self, row: Row, node: URIRef, held: Said) -> PurePosixPath | None:
        parties = _parties(held)
        if home := self.draft.home(node, parties):
            return home
        near = next((self.corpus.homes[party].stem for party in parties), None)
        begin = f"begin it with that of the file it goes into, such as `{near}-…`" if near else "mend it"
        stem = str(node).rpartition("/")[2]
        self.tell(row, STEM, f"`{stem}` begins with the stem of no file: {begin}")
        return None

    def _attestation(
        self, row: Row, plan: Plan, situation: URIRef, home: PurePosixPath, stem: str, told: Said
    ) -> None:
        wanted = frozenset(
            {(p, o) for _, p, o in statements(situation, FIL.Attestation, told)} | {(FIL.attests, situation)}
        )
        said = self._attested(plan, situation, home)
        if wanted in said:
            self.reading.intake.unchanged += 1
            return
        source = next(terms for column, terms in told.items() if column.field.path == DCTERMS.source)
        node = URIRef(layout.PREFIXES["attestation"] + stem)
        if not stem:
            node = stems.free(self.corpus, stems.of_attestation(situation, source))
        elif self.draft.described(node):
            self.tell(
                row,
                ATTESTATION,
                f"{layout.curie(str(node))} is there and says otherwise: give this one another stem",
            )
            return
        said.add(wanted)
        self.reading.add(home, [(node, p, o) for p, o in wanted], (row, plan, True))

    def _attested(
        self, plan: Plan, situation: URIRef, home: PurePosixPath
    ) -> set[frozenset[tuple[Node, Node]]]:
        """What each attestation of a situation says, as far as a row can say it."""
        if situation not in self.attested:
            graph = self.corpus.graphs[home]
            kept = {column.field.path for column in plan.columns.values()} | {RDF.type, FIL.attests}
            self.attested[situation] = {
                frozenset((p, o) for p, o in graph.predicate_objects(node) if p in kept)
                for node in graph.subjects(FIL.attests, situation)
            }
        return self.attested[situation]

    def judge(self, progress: Progress | None) -> None:
        """Every rule of `validate` over the files as they would be, each finding told at its cell."""
        new = set(self.reading.origins)
        for finding in rowwise.findings(self.draft.before, self.draft.graphs, new, progress):
            self.tell(*self._cell(finding), finding.message)

    def _cell(self, finding: Finding) -> tuple[Row, str | None]:
        """The row and column that a finding is about."""
        for node in (finding.subject, finding.value):
            if node in self.reading.origins:
                row, plan, of_source = self.reading.origins[node]
                if isinstance(finding.predicate, URIRef) and node == finding.subject:
                    column = plan.column(finding.predicate, of_source)
                    if column is not None:
                        return row, column.name
                if finding.rule.endswith("-stem"):
                    return row, ATTESTATION if of_source else STEM
                return row, None
        return self.reading.speakers.get(finding.file) or next(iter(self.reading.speakers.values())), None


def _parties(held: Said) -> list[Node]:
    """The entities of a row, that in whose file it belongs first."""
    ordered = sorted(
        (column for column in held if column.field.sort == forms.NODE and column.name in homes.PARTIES),
        key=lambda column: homes.rank(column.name),
    )
    return [term for column in ordered for term in held[column]]

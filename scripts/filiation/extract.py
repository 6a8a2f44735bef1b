"""The rows of a kind, as `intake` reads them: what is imported comes out as the same rows.

One row for each attestation of each situation, or for each group, person, place, organization or
source, in the order of their stems. What a kind has no column for is counted and told, not hidden.
"""

from dataclasses import dataclass, field

from rdflib import RDF, Graph
from rdflib.term import Node

from filiation import cells, columns, layout
from filiation.columns import ATTESTATION, SEPARATOR, STEM, Plan
from filiation.corpus import Corpus
from filiation.forms import FIL


@dataclass
class Extract:
    """The header and the rows of a kind, with remarks on what they leave out."""

    header: list[str]
    rows: list[dict[str, str]]
    remarks: list[str] = field(default_factory=list)


def rows(corpus: Corpus, kind: str) -> Extract:
    """All of a kind that is stated. Raises forms.NoSuchKind."""
    plan = columns.plan(corpus, kind)
    found = Extract([], [])
    left = 0
    for node in sorted(corpus.stated.subjects(RDF.type, plan.form.type), key=str):
        graph = corpus.graphs[corpus.homes[node]]
        attestations: list[Node | None] = []
        attestations += sorted(graph.subjects(FIL.attests, node), key=str)
        for attestation in attestations or [None]:
            row = {STEM: _stem(node)}
            try:
                left += _fill(row, plan, graph, node, False)
                if attestation is not None:
                    row[ATTESTATION] = _stem(attestation)
                    left += _fill(row, plan, graph, attestation, True)
            except _Unwritable as problem:
                found.remarks.append(f"{layout.curie(str(attestation or node))} is left out: {problem}")
                continue
            found.rows.append(row)
    if left:
        found.remarks.append(f"{left} statements have no column in a table of {kind}: they are left out")
    found.header = plan.header(name for row in found.rows for name in row)
    return found


class _Unwritable(Exception):
    """A value that would be read back as another."""


def _fill(row: dict[str, str], plan: Plan, graph: Graph, node: Node, of_source: bool) -> int:
    """Write what is said of a node into its cells; how many statements have none."""
    left = 0
    told: dict[str, list[str]] = {}
    for predicate, value in graph.predicate_objects(node):
        if predicate in (RDF.type, FIL.attests):
            continue
        column = next(
            (c for c in plan.columns.values() if c.field.path == predicate and c.of_source == of_source), None
        )
        if column is None:
            left += 1
            continue
        text = cells.written(value, column)
        if column.several and SEPARATOR in text:
            raise _Unwritable(f"`{SEPARATOR}` stands in a value of {column.name}, where it parts two")
        told.setdefault(column.name, []).append(text)
    row.update({name: SEPARATOR.join(sorted(texts)) for name, texts in told.items()})
    return left


def _stem(node: Node) -> str:
    return layout.curie(str(node)).partition(":")[2]

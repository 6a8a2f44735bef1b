"""Every sourced line of the research is in the data, and the table says where.

tests/coverage.csv names, for each fact line (F) and each contradiction (K) of the research, the
situation and the attestation that carry it, a row for each source that the line names.
"""

import csv
from pathlib import Path

import pytest
from rdflib import RDF, URIRef

from filiation import layout
from filiation.dates import FIL

HERE = Path(__file__).parent
ROWS = list(csv.DictReader((HERE / "coverage.csv").open(encoding="utf-8", newline="")))
NUMBERS = (range(1, 29), range(40, 85), range(100, 120), range(130, 168), range(180, 207), range(220, 250))
FACTS = [f"F{number:03}" for numbers in NUMBERS for number in numbers]
CONTRADICTIONS = [f"K{number:02}" for number in range(1, 42)]


def iri(curie: str) -> URIRef:
    prefix, _, stem = curie.partition(":")
    return URIRef(layout.PREFIXES[prefix] + stem)


def test_every_line_is_there_and_no_other():
    assert sorted({row["line"] for row in ROWS}) == sorted([*FACTS, *CONTRADICTIONS])


def test_no_row_is_left_empty_or_repeated():
    assert all(row["situation"] and row["attestation"] for row in ROWS)
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("line", [*FACTS, *CONTRADICTIONS])
def test_what_the_table_names_is_in_the_data(line, repository):
    stated = repository.stated
    for row in ROWS:
        if row["line"] == line:
            attestation, situation = iri(row["attestation"]), iri(row["situation"])
            assert (attestation, RDF.type, FIL.Attestation) in stated, row
            assert (attestation, FIL.attests, situation) in stated, row


@pytest.mark.parametrize("line", CONTRADICTIONS)
def test_a_contradiction_has_more_than_one_statement(line):
    assert len({row["attestation"] for row in ROWS if row["line"] == line}) >= 2

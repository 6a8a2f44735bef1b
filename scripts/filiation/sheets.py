"""Tables of cells in a file: CSV, XLSX and ODS read with suspicion, CSV written harmlessly.

A table comes from anybody. Nothing in it is evaluated, followed or guessed: a formula, a day number,
another encoding and a character that nobody sees are told, with the row (and, in a workbook, the cell)
as the spreadsheet shows it. What a table means is the business of `rows`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from filiation import bounds, characters, turtle, workbook
from filiation.faults import Fault

MAX_ROWS, MAX_COLUMNS, MAX_CELL = 5_000, 200, 10_000
#: Of all tables together: as many values and as many new nodes as rows of that number have.
MAX_VALUES, MAX_NEW = 200_000, 25_000
#: Who has made so many mistakes has made one of them everywhere.
MAX_PROBLEMS = 100

#: What a spreadsheet takes for the start of a formula, or skips to find one.
#: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_MASK = "'"
_DELIMITERS = ",;\t"


class NotATable(Fault):
    """A file that cannot be read as a table: the file, and what to do."""

    def __init__(self, file: Path, message: str, where: str = ""):
        super().__init__(f"{file}{f':{where}' if where else ''}: {message}")


@dataclass(frozen=True)
class Row:
    """One row below the header: its cells by column, empty ones left out."""

    file: Path
    number: int
    cells: dict[str, str] = field(hash=False)
    columns: tuple[str, ...]
    sheet: str | None = None

    def place(self, column: str | None = None) -> str:
        """Where it is: `f.csv:7: leader`, `f.xlsx:Sheet!B7`; without a column, the row."""
        if self.sheet is None:
            return f"{self.file}:{self.number}" + (f": {column}" if column else "")
        letter = bounds.letters(self.columns.index(column) + 1) if column in self.columns else ""
        # A column that the sheet has not can only be named.
        named = f": {column}" if column and not letter else ""
        return f"{self.file}:{self.sheet}!{letter}{self.number}{named}"


@dataclass(frozen=True)
class CellProblem:
    """One thing to mend in a table: the row, the column where it is one cell, and what to do."""

    row: Row
    column: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.row.place(self.column)}: {self.message}"


@dataclass
class Table:
    """The rows of a file or of one sheet of it, and what is wrong with their cells as such."""

    file: Path
    columns: tuple[str, ...]
    rows: list[Row]
    problems: list[CellProblem] = field(default_factory=list)
    sheet: str | None = None


def read(file: Path, known: Iterable[str]) -> list[Table]:
    """The tables of a file: one of a CSV, one for each sheet of a workbook. `known` are the columns
    by which the separator is told. Raises NotATable."""
    try:
        content = turtle.content_of(file)
    except turtle.Unreadable as problem:
        raise NotATable(file, problem.message) from problem
    suffix = file.suffix.lower()
    if suffix in (".xlsx", ".ods"):
        try:
            sheets = workbook.read(content, suffix, MAX_ROWS, MAX_COLUMNS)
        except bounds.Refused as problem:
            raise NotATable(file, str(problem), problem.where) from problem
        return [_table(file, sheet.rows, sheet.name, sheet.remarks) for sheet in sheets]
    if suffix not in (".csv", ".tsv", ".tab", ".txt"):
        advice = "save it as .csv, .xlsx or .ods; RDF ends in .ttl, .nt, .nq, .trig, .jsonld or .rdf"
        raise NotATable(file, f"is no table that can be read: {advice}")
    return [_table(file, _records(file, _decoded(file, content), frozenset(known)))]


def bound(tables: Iterable[Table], separator: str) -> None:
    """Raise NotATable where tables that are read together come to more than can be judged at once;
    `separator` stands between the values of a cell."""
    rows = values = 0
    for table in tables:
        rows += len(table.rows)
        values += sum(1 + cell.count(separator) for row in table.rows for cell in row.cells.values())
        if rows > MAX_ROWS:
            raise NotATable(table.file, f"more than {MAX_ROWS} rows in all: import them one after the other")
        if values > MAX_VALUES:
            raise NotATable(table.file, f"more than {MAX_VALUES} values in all: split it")


def _decoded(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        found = "is UTF-16" if utf16 else "is not UTF-8 here (Windows-1252, perhaps)"
        raise NotATable(file, f"{found}: save it as CSV UTF-8", "1" if utf16 else str(line)) from problem


def _records(file: Path, text: str, known: frozenset[str]) -> list[list[str]]:
    """The records of a CSV text (RFC 4180), by the separator that finds the most known columns."""
    head = text[: MAX_COLUMNS * 100]

    def likeness(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return len(known.intersection(name.strip() for name in header)), len(header)

    delimiter = max(_DELIMITERS, key=likeness)
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
            if len(records) > MAX_ROWS + 1:
                raise NotATable(file, f"more than {MAX_ROWS} rows: split it", str(len(records)))
            if len(record) > MAX_COLUMNS:
                raise NotATable(file, f"more than {MAX_COLUMNS} columns", str(len(records)))
    except csv.Error as problem:
        where = str(len(records) + 1)
        if "field limit" in str(problem):
            raise NotATable(file, f"a cell has more than {MAX_CELL} characters", where) from problem
        raise NotATable(file, f"is not CSV: {problem}; is a quote left open?", where) from problem
    return records


def _table(
    file: Path,
    records: list[list[str]],
    sheet: str | None = None,
    remarks: dict[tuple[int, int], str] | None = None,
) -> Table:
    """The table of some records, the first of which is the header. `remarks` say what a workbook has
    at (row, column), from 0, that is no plain value."""
    where = f"{sheet}!A1" if sheet else "1"
    if not records or not any(name.strip() for name in records[0]):
        raise NotATable(
            file, "the first row names no columns: begin with that of `filiation template`", where
        )
    columns = tuple(name.strip() for name in records[0])
    twice = next((name for i, name in enumerate(columns) if name and name in columns[:i]), None)
    if twice:
        raise NotATable(file, f"two columns are called `{twice[:80]}`: keep one", where)
    table = Table(file, columns, [], sheet=sheet)
    for index, record in enumerate(records[1:], 1):
        cells = {name: text for name, text in zip(columns, map(unmasked, record), strict=False) if text}
        row = Row(file, index + 1, cells, columns, sheet)
        unnamed = any(text.strip() for text in record[len(columns) :])
        if unnamed or "" in cells:
            nameless = "a cell stands under no column name: name the column"
            table.problems.append(CellProblem(row, None, nameless))
            cells.pop("", None)
        for number, name in enumerate(columns if len(table.problems) < MAX_PROBLEMS else ()):
            advice = (remarks or {}).get((index, number)) or _advice(record[number : number + 1])
            if advice and name:
                table.problems.append(CellProblem(row, name, advice))
        if cells:
            table.rows.append(row)
    return table


def _advice(cell: list[str]) -> str | None:
    """What is wrong with the text of a cell, whatever column it is in."""
    text = cell[0] if cell else ""
    if len(text) > MAX_CELL:
        return f"{len(text)} characters: write at most {MAX_CELL}"
    if text.lstrip().startswith("="):
        return f"a formula, which nobody computes here: write its value, or `{_MASK}{text[:20]}` for the text"
    place = characters.hidden(text)
    return None if place is None else characters.advice(text[place])


def masked(text: str) -> str:
    """The text as a spreadsheet shows it without running it: an apostrophe goes before what would
    start a formula, and before an apostrophe, so that `unmasked` gives the very text back.

    >>> unmasked(masked("=1+1")), masked("O'Hara")
    ('=1+1', "O'Hara")
    """
    return _MASK + text if text[:1] in FORMULA_STARTS or text[:1] == _MASK else text


def unmasked(text: str) -> str:
    """The text that `masked` was given, without the white space around it."""
    text = text.strip(" ")
    if text[:1] == _MASK and (text[1:2] in FORMULA_STARTS or text[1:2] == _MASK):
        return text[1:]
    return text.strip()


def write(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> str:
    """The rows as CSV (RFC 4180, with line feeds), each cell harmless to a spreadsheet."""
    names = list(columns)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([masked(row.get(name, "")) for name in names])
    return stream.getvalue()

"""How far the parts of a workbook reach, found by walking their XML once, before anybody takes it in.

Expat keeps nothing of what it walks and is told to know no entities. What is counted is what a reader
would make of a part: the last row and column, the text with all its repetitions, links and formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_TEXT = 20_000_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Refused(Exception):
    """A workbook that is broken, too large or reaches out of itself; `where` names the cell, if one."""

    def __init__(self, message: str, where: str = ""):
        super().__init__(message)
        self.where = where


def letters(column: int) -> str:
    """The letters of a column, from 1.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass
class Scan:
    """What a part holds: its first formula, and what it says of sheets and of where they stand."""

    part: str
    formula: str = ""
    sheet: str = ""
    names: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)


def sheet_of(part: str, scans: list[Scan]) -> str:
    """The name of the sheet that a part of XLSX holds; that of the part where nothing tells it."""
    names = {key: name for scan in scans for key, name in scan.names.items()}
    for scan in scans:
        for key, target in scan.targets.items():
            if part.endswith(target.lstrip("./")) and key in names:
                return names[key]
    return part


def scan(parts: dict[str, bytes], suffix: str, max_rows: int, max_columns: int) -> list[Scan]:
    """Walk every part once. Raises Refused for what is not XML, too far or elsewhere."""
    if ("content.xml" if suffix == ".ods" else "xl/workbook.xml") not in parts:
        raise Refused(f"is not a workbook of the kind that its name says ({suffix})")
    limits = _Limits(max_rows, max_columns)
    shared: list[int] = []
    strings = [name for name in parts if name.lower() == "xl/sharedstrings.xml"]
    for name in strings:
        _walk(name, parts, _SharedStrings(shared))
    scans = []
    for name in parts:
        if name in strings or not name.endswith((".xml", ".rels")):
            continue
        # Which part of XLSX is a sheet is for the file to say, so cells are looked for in all of them.
        walker: _Walker
        if suffix == ".xlsx":
            walker = _XlsxCells(Scan(name), limits, shared)
        else:
            walker = _OdsCells(Scan(name), limits)
        _walk(name, parts, walker)
        scans.append(walker.scan)
    return scans


def _walk(name: str, parts: dict[str, bytes], walker: _Walker) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(parts[name], True)
    except expat.ExpatError as problem:
        raise Refused(f"{name} is not well-formed XML: {problem}") from problem


def _no_doctype(*_: object) -> None:
    raise Refused("declares a document type, which no spreadsheet program writes: save it anew")


@dataclass
class _Limits:
    rows: int
    columns: int
    room: int = MAX_TEXT

    def reach(self, row: int, column: int, size: int, where: str) -> None:
        """A filled cell that ends at this row and column, from 1. Raises Refused."""
        if row > self.rows + 1:
            raise Refused(f"more than {self.rows} rows: split it", where)
        if column > self.columns:
            raise Refused(f"more than {self.columns} columns", where)
        self.room -= size
        if self.room < 0:
            raise Refused(f"more than {MAX_TEXT // 1_000_000} million characters: split it", where)


@dataclass
class _Walker:
    """Looks for links that lead out of the workbook."""

    scan: Scan

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        outside = attributes.get("TargetMode") == "External"
        if outside and not attributes.get("Type", "").endswith("/hyperlink"):
            target = attributes.get("Target", "")[:80]
            raise Refused(f"leads to another file ({target}): save it without links")
        if tag in ("table:table-source", "table:cell-range-source", "office:dde-source"):
            raise Refused("leads to another file: save it without links")
        if "Target" in attributes:
            self.scan.targets[attributes.get("Id", "")] = attributes["Target"]
        elif tag == "sheet":
            self.scan.names[attributes.get("r:id", "")] = attributes.get("name", "")

    def end(self, tag: str) -> None: ...

    def text(self, data: str) -> None: ...


class _SharedStrings(_Walker):
    """Counts the characters of each shared string."""

    def __init__(self, lengths: list[int]):
        super().__init__(Scan("xl/sharedStrings.xml"))
        self.lengths = lengths

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def text(self, data: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(data)


class _XlsxCells(_Walker):
    """Follows the cells of a sheet of XLSX (ECMA-376, part 1, 18.3)."""

    def __init__(self, scan: Scan, limits: _Limits, shared: list[int]):
        super().__init__(scan)
        self.limits, self.shared = limits, shared
        self.row = self.column = 0
        self.where, self.is_shared, self.value = "A1", False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row = _number(attributes.get("r"), self.row + 1)
            self.column = 0
        elif name == "c":
            self.where = attributes.get("r", "")[:12]
            match = _REFERENCE.fullmatch(self.where)
            if match:
                self.column = 0
                for letter in match[1]:
                    self.column = self.column * 26 + ord(letter) - 64
                self.row = int(match[2])
            else:
                self.column += 1
            self.is_shared = attributes.get("t") == "s"
            self.value = ""
        elif name == "f" and not self.scan.formula:
            self.scan.formula = self.where
        elif name == "v" or name == "is":
            self.limits.reach(self.row, self.column, 0, self.where)

    def text(self, data: str) -> None:
        self.limits.reach(self.row, self.column, len(data), self.where)
        if self.is_shared:
            self.value += data[:9]

    def end(self, tag: str) -> None:
        if self.is_shared and tag.rpartition(":")[2] == "v":
            number = _number(self.value, -1)
            if 0 <= number < len(self.shared):
                self.limits.reach(self.row, self.column, self.shared[number], self.where)


class _OdsCells(_Walker):
    """Follows the cells of the sheets of ODS (OpenDocument 1.3, part 3, 9.1), each counted as often as
    it says that it is repeated."""

    def __init__(self, scan: Scan, limits: _Limits):
        super().__init__(scan)
        self.limits = limits
        self.row = self.rows = self.column = self.columns = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if tag == "table:table":
            self.row = self.rows = 0
            self.name = attributes.get("table:name", "")
        elif tag == "table:table-row":
            self.row += self.rows
            self.rows = _number(attributes.get("table:number-rows-repeated"), 1)
            self.column = self.columns = 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.column += self.columns
            self.columns = _number(attributes.get("table:number-columns-repeated"), 1)
            if "table:formula" in attributes and not self.scan.formula:
                self.scan.formula = f"{letters(self.column + 1)}{self.row + 1}"
                self.scan.sheet = self.name
            if "office:value-type" in attributes or "office:value" in attributes:
                self._reach(1)
        elif tag == "text:s":
            self._reach(_number(attributes.get("text:c"), 1))

    def text(self, data: str) -> None:
        if self.columns and not data.isspace():
            self._reach(len(data))

    def _reach(self, size: int) -> None:
        where = f"{letters(self.column + 1)}{self.row + 1}" if self.column < 20_000 else ""
        copies = self.rows * self.columns
        self.limits.reach(self.row + self.rows, self.column + self.columns, size * copies, where)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 12 else default

"""Workbooks (XLSX, ODS) as rows of text: unpacked within bounds and looked through before they are read.

A workbook is a zip of XML. A few kilobytes can unfold to gigabytes (zip bombs, one cell at the far end
of a sheet, a cell that says it is repeated a billion times) and can name files elsewhere. So every part
is unpacked to a limit, walked once with a parser that knows no entities, and only then handed on, in a
zip of our own making, to the library that knows what the cells mean.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from filiation import bounds
from filiation.bounds import Refused

MAX_UNPACKED = 40_000_000
MAX_PARTS = 1_000
_LINKS = re.compile(
    r"(^|/)(externalLinks/|connections\.xml|vbaProject\.bin|queryTables/|embeddings/)", re.IGNORECASE
)


@dataclass
class Sheet:
    """One sheet: its rows of texts, and remarks on cells that hold no plain value, by (row, column)."""

    name: str
    rows: list[list[str]]
    remarks: dict[tuple[int, int], str] = field(default_factory=dict)


def read(content: bytes, suffix: str, max_rows: int, max_columns: int) -> list[Sheet]:
    """The visible sheets of a workbook that hold something. Raises Refused."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    parts = _unpacked(content)
    scans = bounds.scan(parts, suffix, max_rows, max_columns)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts)))
        sheets = []
        for number, about in enumerate(book.sheets_metadata):
            rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
            if not rows:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                raise Refused("the sheet is hidden: show it or delete it", about.name)
            sheets.append(_sheet(about.name, rows))
    except (CalamineError, OSError, ValueError) as problem:
        raise Refused(f"cannot be read as a workbook: {problem}") from problem
    for scan in scans:
        if scan.formula:
            where = f"{scan.sheet or bounds.sheet_of(scan.part, scans)}!{scan.formula}"
            raise Refused("a formula, which nobody computes here: put its value in its place", where)
    if not sheets:
        raise Refused("holds no filled cell")
    return sheets


def _sheet(name: str, rows: Sequence[Sequence[object]]) -> Sheet:
    sheet = Sheet(name, [])
    for number, row in enumerate(rows):
        texts = []
        for column, value in enumerate(row):
            if isinstance(value, (date, datetime, time, timedelta)):
                sheet.remarks[number, column] = (
                    "the spreadsheet has made a day of this by itself, and what was typed is lost: "
                    "format the cell as text and write the date anew, as 2013-08-20, 2013-08 or 2013"
                )
            texts.append(_text(value))
        sheet.rows.append(texts)
    return sheet


def _text(value: object) -> str:
    """A value as one would type it: 2013 and not 2013.0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The XML parts by name. Raises Refused before more than the limit is unpacked."""
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_PARTS:
                raise Refused(f"has more than {MAX_PARTS} parts: save it anew")
            for member in members:
                name = member.filename
                if _LINKS.search(name):
                    raise Refused(f"holds links, macros or connections ({name}): save it without them")
                if name in parts or member.flag_bits & 1:
                    raise Refused("has a part twice, or is encrypted: save it anew, without a password")
                if not name.endswith((".xml", ".rels", "mimetype")):
                    continue
                with archive.open(member) as stream:
                    parts[name] = stream.read(room + 1)
                room -= len(parts[name])
                if room < 0:
                    raise Refused(
                        f"unfolds to more than {MAX_UNPACKED // 1_000_000} MB: split it, or save it as CSV"
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as problem:
        raise Refused(f"is not a whole workbook: {problem}") from problem
    return parts


def _packed(parts: dict[str, bytes]) -> bytes:
    """A zip that says of itself what is true, for the library."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()

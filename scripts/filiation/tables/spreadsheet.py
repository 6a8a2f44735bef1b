"""All tables as one workbook (Office Open XML, ECMA-376): for who opens CSV by a double click.

A spreadsheet guesses at CSV: it takes `2013-08` for a day, a text for a formula, and UTF-8 for something
else. In a workbook a text is a text, a date is a date, and nothing is computed. The only module that meets
XlsxWriter.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from filiation.tables.columns import Table
from filiation.tables.rows import Cell, Filled
from filiation.tables.text import cell_text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A workbook is for reading; whoever needs a longer table has CSV and Parquet.
MAX_ROWS = 20_000
#: What a cell of Excel holds; the rest is in CSV and Parquet.
MAX_TEXT = 32_767
#: Excel thinks 1900 a leap year: earlier days stay text.
_FIRST_DAY = date(1900, 3, 1)
_WIDTH = 24
_COLUMNS = ["table", "column", "what is in it", "type", "several values", "points to"]


def workbook(tables: list[Filled], day: str) -> bytes | None:
    """The whole file, made on `day` (YYYY-MM-DD), with a sheet that tells what is in each column before
    the tables; nothing where a table is longer than `MAX_ROWS`. The same to the byte for the same tables."""
    if any(filled.rows > MAX_ROWS for filled in tables):
        return None
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"title": "Filiation", "created": datetime.fromisoformat(day)})
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    _fill(book.add_worksheet("columns"), _COLUMNS, _explained(filled.table for filled in tables), bold, days)
    for filled in tables:
        names = [column.name for column in filled.table.columns]
        _fill(book.add_worksheet(filled.table.name), names, _rows(filled), bold, days)
    book.close()
    return stream.getvalue()


def _explained(tables: Iterable[Table]) -> Iterator[list[Cell]]:
    for table in tables:
        for column in table.columns:
            several = f"yes, apart by {column.separator}" if column.separator else None
            yield [table.name, column.name, column.title, column.datatype, several, column.references]


def _rows(filled: Filled) -> Iterator[list[Cell]]:
    """The rows, with cells of several values as in CSV."""
    separators = [column.separator for column in filled.table.columns]
    for line in filled.lines():
        yield [
            cell_text(cell, separator) if isinstance(cell, list) else cell
            for cell, separator in zip(line, separators, strict=True)
        ]


def _fill(
    sheet: Worksheet, header: list[str], rows: Iterable[list[Cell]], bold: Format, days: Format
) -> None:
    """The header, which stays in sight, and the rows, which can be filtered."""
    last = 0
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, last, column, cell, days)
    sheet.set_column(0, len(header) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(header) - 1)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, days: Format) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, (int, Decimal)):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date) and cell >= _FIRST_DAY:
        sheet.write_datetime(row, column, cell, days)
    else:
        told = cell_text(cell, None)
        sheet.write_string(row, column, told if len(told) <= MAX_TEXT else told[: MAX_TEXT - 1] + "…")

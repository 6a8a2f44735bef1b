"""A table as CSV: RFC 4180, UTF-8 without a byte order mark, every text as it is in the data.

Other programs read these cells, so none is masked as in the sheets of `filiation template` and `export`.
A text that a spreadsheet could run is refused instead: no name or note needs to be one.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from filiation import layout
from filiation.tables.rows import Cell, Filled, NotTabular, Value

#: What stands for the separator within a text of a cell with several; Parquet has the text itself.
STAND_IN = "¦"
_BLOCK = 2_000
#: A formula, a call of a function or of another program (DDE) behind a sign that opens a formula.
#: https://owasp.org/www-community/attacks/CSV_Injection
_RUNS = re.compile(r"[\t\r\n]*[=＝]|[\t\r\n]|[-+@－＋＠].*(?:\w[\w.]*[(（]|\|.*!)", re.DOTALL)


def csv_blocks(filled: Filled) -> Iterator[bytes]:
    """The file in parts: a header, then the rows. Raises NotTabular for a text that would run."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    columns = filled.table.columns
    writer.writerow([column.name for column in columns])
    written = [
        [cell_text(cell, column.separator) for cell in filled.cells[column.name]] for column in columns
    ]
    for column, cells in zip(columns, written, strict=True):
        if column.datatype == "string":
            _harmless(filled, column.name, cells)
    rows = zip(*written, strict=True)
    for number, row in enumerate(rows, 1):
        writer.writerow(row)
        if number % _BLOCK == 0:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()


def cell_text(cell: Cell, separator: str | None) -> str:
    """The text of a cell; several values apart by the separator."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        assert separator
        return separator.join(_lexical(value).replace(separator, STAND_IN) for value in cell)
    return _lexical(cell)


def _lexical(value: Value) -> str:
    """As XML Schema writes it, which CSV on the Web and Frictionless both read."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _harmless(filled: Filled, column: str, cells: list[str]) -> None:
    for number, cell in enumerate(cells):
        if cell and cell[0] in "=+-@\t\r\n＝＋－＠" and _RUNS.match(cell):
            row = ", ".join(layout.curie(str(filled.cells[name][number])) for name in filled.table.key)
            raise NotTabular(
                f"{filled.table.name}.{column}: the text of {row} begins like a formula, which a spreadsheet "
                f"would run: `{cell[:60]}`. Write it otherwise in data/"
            )

"""All tables as one workbook (Office Open XML, ECMA-376): for who opens CSV by a double click.

A spreadsheet guesses at CSV: it takes `2013-08` for a day, a text for a formula, and UTF-8 for something
else. In a workbook a text is a text, a date is a date, and nothing is computed. Written by hand, for it is
a dozen elements of XML, and every byte must be the same again.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from filiation.bounds import letters
from filiation.tables.columns import Table
from filiation.tables.rows import Cell, Filled
from filiation.tables.text import cell_text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A workbook is for reading; whoever needs a longer table has CSV and Parquet.
MAX_ROWS = 20_000
#: What a cell of Excel holds; the rest is in CSV and Parquet.
MAX_TEXT = 32_767
#: Day 0 of the serial numbers, right from March 1900 on: Excel thinks that year a leap year.
_DAY_0, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
_HEADER, _DAY = 1, 2
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLAIN = 'numFmtId="0" fillId="0" borderId="0"'
#: Plain, the header in bold, and days.
_STYLES = (
    f'{_START}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf {_PLAIN} fontId="0"/></cellStyleXfs>'
    f'<cellXfs count="3"><xf {_PLAIN} fontId="0" xfId="0"/><xf {_PLAIN} fontId="1" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
#: What a reader would take for an escaped character (ECMA-376, 22.9.2.19).
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def workbook(tables: list[Filled]) -> bytes | None:
    """The whole file, with a sheet that tells what is in each column before the tables; nothing where
    a table is longer than `MAX_ROWS`."""
    if any(filled.rows > MAX_ROWS for filled in tables):
        return None
    about = ["columns", *(filled.table.name for filled in tables)]
    sheets = [_sheet(_COLUMNS, _explained(filled.table for filled in tables))]
    sheets += [_sheet([c.name for c in f.table.columns], _rows(f)) for f in tables]
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(about),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, 1)},
    }
    return _zipped(parts)


_COLUMNS = ["table", "column", "what is in it", "type", "several values", "points to"]


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


def _sheet(header: list[str], rows: Iterable[list[Cell]]) -> str:
    names = [letters(number) for number in range(1, len(header) + 1)]
    heading = "".join(_text(f"{name}1", text, _HEADER) for name, text in zip(names, header, strict=True))
    lines = [f'<row r="1">{heading}</row>']
    for number, row in enumerate(rows, 2):
        cells = (_cell(f"{name}{number}", cell) for name, cell in zip(names, row, strict=True))
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return (
        f'{_START}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15" defaultColWidth="24"/>'
        f'<sheetData>{"".join(lines)}</sheetData><autoFilter ref="A1:{names[-1]}{len(lines)}"/></worksheet>'
    )


def _cell(where: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c r="{where}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, (int, Decimal)):
        return f'<c r="{where}"><v>{cell}</v></c>'
    if isinstance(cell, date) and cell >= _FIRST_DAY:
        return f'<c r="{where}" s="{_DAY}"><v>{(cell - _DAY_0).days}</v></c>'
    return _text(where, cell_text(cell, None))


def _text(where: str, text: str, style: int = 0) -> str:
    told = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
    inside = escape(_ESCAPED.sub("_x005F_", told))
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{inside}</t></is></c>'


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    overrides += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)]
    told = "".join(f'<Override PartName="{p}" ContentType="{kind}.{k}+xml"/>' for p, k in overrides)
    return (
        f'{_START}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_START}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _book(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    return f'{_START}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _zipped(parts: dict[str, str]) -> bytes:
    """A ZIP whose entries have one time, one system and one mode."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode(), compresslevel=6)
    return stream.getvalue()

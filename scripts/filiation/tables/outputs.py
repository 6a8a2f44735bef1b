"""The files of the tables in a release: CSV and Parquet of each, a workbook of all, what tells of them."""

from filiation.material import Material
from filiation.release import Part, Release
from filiation.tables import description, spreadsheet, text
from filiation.tables.rows import Filled, Filler
from filiation.tables.schema import TABLES


def write(material: Material, release: Release) -> None:
    """Add them. Raises NotTabular for a fact that does not fit; OSError."""
    # Imported here, for it costs a tenth of a second, and whoever asks for the schema needs none of it.
    from filiation.tables import arrow

    version = material.edition.version
    filler = Filler(material)
    files: dict[str, Part] = {}
    whole: list[Filled] = []
    for table in TABLES.values():
        filled = filler.fill(table)
        whole.append(filled)
        stem = f"filiation-{table.name}-{version}"
        files[table.name] = release.add(
            f"{stem}.csv", text.csv_blocks(filled), title=table.title, role="table", rows=filled.rows
        )
        release.add(
            f"{stem}.parquet", arrow.parquet(filled), title=table.title, role="table", rows=filled.rows
        )
    if book := spreadsheet.workbook(whole, material.edition.date):
        release.add(
            f"filiation-tables-{version}.xlsx",
            book,
            title="All tables, for a spreadsheet",
            role="table",
            media_type=spreadsheet.MEDIA_TYPE,
            rows=sum(filled.rows for filled in whole),
        )
    for name, content, title in (
        ("csvw-metadata.json", description.csvw(files, material), "The tables for programs (CSV on the Web)"),
        ("datapackage.json", description.package(files, material), "The tables for programs (Data Package)"),
    ):
        release.add(name, content, title=title, role="description")

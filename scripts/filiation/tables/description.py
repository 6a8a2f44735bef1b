"""What programs read of the tables: CSV on the Web and a Frictionless data package, from one schema.

Both say the type of each column, the separator of cells with several values, keys and foreign keys; the
package also the size and hash of each file. Keys of a cell with several values have no form in either,
and are told in words.
"""

import json
from collections.abc import Iterable
from typing import Any

from filiation import layout
from filiation.material import Material
from filiation.release import Part
from filiation.tables.schema import TABLES, Column, Table
from filiation.tables.text import STAND_IN

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_EDTF = layout.PREFIXES["edtf"] + "EDTF"
_CSVW: dict[str, Any] = {"edtf": {"base": "string", "@id": _EDTF, "dc:title": "EDTF"}}
#: Types of Table Schema; what has a form of its own there comes with it.
_FIELD: dict[str, dict[str, str]] = {
    "edtf": {"type": "string", "rdfType": _EDTF},
    "anyURI": {"type": "string", "format": "uri"},
    "decimal": {"type": "number"},
}


def csvw(files: dict[str, Part], material: Material) -> bytes:
    """`csvw-metadata.json`: a table group (W3C Recommendation, 17 December 2015). `files` are the CSV
    files by the names of their tables."""
    title, description = _about(material)
    return _json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "@type": "TableGroup",
            "dc:title": f"{title} {material.edition.version}: tables",
            "dc:description": description,
            "dc:license": {"@id": LICENCE},
            "dc:source": {"@id": layout.DATASET},
            "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
            "tables": [_csvw_table(TABLES[name], files) for name in files],
        }
    )


def _csvw_table(table: Table, files: dict[str, Part]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_csvw_column(column) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "columnReference": [column.name],
                "reference": {"resource": files[other.name].name, "columnReference": list(other.key)},
            }
            for column, other in _foreign(table)
        ],
    }
    if len(table.key) == 1:
        schema["aboutUrl"] = f"{{+{table.key[0]}}}"
    return {"url": files[table.name].name, "dc:title": table.title, "tableSchema": schema}


def _csvw_column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": _told(column),
        "datatype": _CSVW.get(column.datatype, column.datatype),
    }
    if column.required:
        described["required"] = True
    if column.separator:
        described["separator"] = column.separator
    if column.property:
        described["propertyUrl"] = column.property
        if column.datatype == "anyURI" and not column.separator:
            described["valueUrl"] = f"{{+{column.name}}}"
    else:
        described["suppressOutput"] = True
    return described


def package(files: dict[str, Part], material: Material) -> bytes:
    """`datapackage.json` (Data Package 2.0), with one resource for each CSV file."""
    title, description = _about(material)
    version = material.edition.version
    return _json(
        {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "filiation",
            "id": f"{layout.BASE}release/{version}/datapackage.json",
            "title": title,
            "description": description,
            "version": version,
            "created": f"{material.edition.date}T00:00:00Z",
            "homepage": layout.BASE,
            "licenses": [{"name": "CC-BY-4.0", "path": LICENCE}],
            "contributors": [{"title": f"{title} contributors", "roles": ["creator", "publisher"]}],
            "sources": [{"title": title, "path": layout.DATASET, "version": version}],
            "resources": [_resource(TABLES[name], part) for name, part in files.items()],
        }
    )


def _resource(table: Table, part: Part) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": part.name,
        "title": table.title,
        "format": "csv",
        "mediatype": part.media_type,
        "encoding": "utf-8",
        "bytes": part.size,
        "hash": f"sha256:{part.sha256}",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": [_field(column, unique=table.key == (column.name,)) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": [column.name],
                    "reference": {"resource": other.name, "fields": list(other.key)},
                }
                for column, other in _foreign(table)
            ],
        },
    }


def _field(column: Column, unique: bool) -> dict[str, Any]:
    form = _FIELD.get(column.datatype, {"type": column.datatype})
    described: dict[str, Any] = {"name": column.name, "description": _told(column)}
    if column.separator:
        described |= {"type": "list", "itemType": form["type"], "delimiter": column.separator}
    else:
        described |= form
    if column.property:
        described.setdefault("rdfType", column.property)
    constraints = {"required": column.required, "unique": unique}
    if any(constraints.values()):
        described["constraints"] = {name: True for name, asked in constraints.items() if asked}
    return described


def _foreign(table: Table) -> Iterable[tuple[Column, Table]]:
    return (
        (column, TABLES[column.references])
        for column in table.columns
        if column.references and not column.separator
    )


def _told(column: Column) -> str:
    parts = [column.title]
    if column.datatype == "edtf":
        parts.append("Extended Date/Time Format, ISO 8601-2")
    if column.separator:
        several = f"several values stand apart by `{column.separator}`"
        if column.datatype == "string":
            several += f", for which `{STAND_IN}` stands within a value"
        parts.append(several)
    if column.separator and column.references:
        parts.append(f"each is a key of the table {column.references}")
    return "; ".join(parts)


def _about(material: Material) -> tuple[str, str]:
    """The title and the description of the dataset, in English."""
    told = [
        material.store.query(
            f"SELECT ?text WHERE {{ <{layout.DATASET}> <{layout.PREFIXES['dcterms']}{name}> ?text "
            'FILTER (LANG(?text) = "en") } ORDER BY ?text'
        ).rows()[1]
        for name in ("title", "description")
    ]
    title, description = (rows[0][0] if rows else "" for rows in told)
    return title or "Filiation", description


def _json(described: dict[str, Any]) -> bytes:
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()

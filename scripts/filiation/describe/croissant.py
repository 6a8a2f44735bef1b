"""`croissant.json`: the tables as record sets with typed fields, for tools of machine learning.

Croissant 1.1, http://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html: each CSV file is a
FileObject, each table a RecordSet, and each column a Field, as `tables.schema` has them. It tells of no
references between tables: readers of Croissant join what is referred to, and ours refer to one another in
rings and by cells of several values. `csvw-metadata.json` and `datapackage.json` tell of them.
"""

from typing import Any

from filiation.describe import forms
from filiation.describe.about import About
from filiation.describe.schema_org import encodings, maker, size
from filiation.release import Part, Release
from filiation.tables.schema import TABLES, Column, Table

NAME = "croissant.json"
VERSION = "http://mlcommons.org/croissant/1.1"

#: Datatype of a column -> that of a field.
DATATYPES = {
    "string": "sc:Text",
    "edtf": "sc:Text",
    "date": "sc:Date",
    "integer": "sc:Integer",
    "decimal": "sc:Float",
    "boolean": "sc:Boolean",
    "anyURI": "sc:URL",
}
#: The terms of Croissant's own namespace that every file declares (its specification, appendix 1).
_TERMS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field"),
    *("fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
    *("replace", "samplingRate", "separator", "source", "subField", "transform"),
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    **{term: f"cr:{term}" for term in _TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "description": {"@container": "@language"},
    "name": {"@container": "@language"},
}


def text(about: About, release: Release) -> bytes:
    """The file."""
    return forms.json_text(description(about, release))


def description(about: About, release: Release) -> dict[str, Any]:
    """The tables that are in the release, and nothing of those that are not."""
    files = {part.name: part for part in release.parts}
    tables = {name: files.get(f"filiation-{name}-{about.version}.csv") for name in TABLES}
    there = {name: part for name, part in tables.items() if part is not None}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": about.iri,
        "conformsTo": VERSION,
        "name": f"{about.title} {about.version}",
        "description": about.description,
        "url": about.page,
        "version": about.version,
        "datePublished": about.date,
        "license": about.licence,
        "citeAs": about.citation,
        "inLanguage": about.language,
        "keywords": list(about.keywords),
        "creator": maker(about),
        "publisher": maker(about),
        "distribution": [_file(part, about) for part in there.values()],
        "recordSet": [_records(TABLES[name], part) for name, part in there.items()],
    }


def _file(part: Part, about: About) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": part.name,
        "name": part.name,
        "description": part.title,
        "contentUrl": about.url(part.name),
        "contentSize": size(part),
        "encodingFormat": encodings(part),
        "sha256": part.sha256,
    }


def _records(table: Table, part: Part) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.title,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column, part) for column in table.columns],
    }


def _field(table: Table, column: Column, part: Part) -> dict[str, Any]:
    source: dict[str, Any] = {"fileObject": {"@id": part.name}, "extract": {"column": column.name}}
    if column.separator:
        source["transform"] = {"separator": column.separator}
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.title,
        "dataType": DATATYPES[column.datatype],
        "source": source,
    }
    if column.separator:
        field |= {"isArray": True, "arrayShape": "-1"}
    if column.property:
        field["equivalentProperty"] = column.property
    return field

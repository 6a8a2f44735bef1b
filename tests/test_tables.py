"""The flat tables hold what the questions answer, and open where people work: pandas, DuckDB, a
spreadsheet, and whatever reads CSV on the Web or a Frictionless data package."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
import python_calamine
from csvw import CSVW, TableGroup
from rdflib import OWL, RDFS, SKOS, Literal, Namespace, URIRef

from filiation import corpus, infer, layout, questions, turtle
from filiation.dataset import Edition
from filiation.material import Material
from filiation.release import Release
from filiation.tables import TABLES, Column, NotTabular, Table, write
from filiation.tables.common import ROLES
from filiation.tables.rows import Filled
from filiation.tables.schema import SEPARATOR
from filiation.tables.spreadsheet import workbook
from filiation.tables.text import csv_blocks

HERE = Path(__file__).parent
FIL = Namespace(layout.ONTOLOGY)
XL = Namespace(layout.PREFIXES["skosxl"])
NAMED = ("groups", "names", "changes", "affiliations", "positions", "incidents", "attestations")
NAMED += ("disagreements", "identifiers")
EACH = pytest.mark.parametrize("name", TABLES)
#: How pandas is told the types; lists are split at the separator.
PANDAS = {"integer": "Int64", "boolean": "boolean", "decimal": "Float64"}
DUCKDB = {"date": "DATE", "integer": "BIGINT", "boolean": "BOOLEAN", "decimal": "DECIMAL(38, 9)"}


def made(material: Material, folder: Path) -> Release:
    folder.mkdir()
    release = Release(folder)
    write(material, release)
    return release


@pytest.fixture(scope="module")
def tables(material, tmp_path_factory) -> Release:
    """The tables of the real data."""
    return made(material, tmp_path_factory.mktemp("tables") / "release")


def csv_of(tables: Release, name: str) -> Path:
    return tables.folder / f"filiation-{name}-1.2.3.csv"


def frame(tables: Release, name: str) -> pd.DataFrame:
    """A table as pandas reads its CSV by the declared types."""
    columns = TABLES[name].columns
    read = pd.read_csv(
        csv_of(tables, name),
        dtype={column.name: PANDAS.get(column.datatype, "string") for column in columns},
        parse_dates=[column.name for column in columns if column.datatype == "date"],
        date_format="%Y-%m-%d",
        keep_default_na=False,
        na_values=[""],
    )
    for column in columns:
        if column.separator:
            read[column.name] = [v.split(SEPARATOR) if isinstance(v, str) else [] for v in read[column.name]]
    return read


def parquet(tables: Release, name: str) -> pd.DataFrame:
    return pd.read_parquet(csv_of(tables, name).with_suffix(".parquet"), dtype_backend="pyarrow")


def asked(material: Material, stem: str) -> list[dict[str, str]]:
    """The answer of a ready question, as rows of texts."""
    names, rows = material.store.query(questions.named(material.corpus.layout, stem).text).rows()
    assert rows, stem
    return [dict(zip(names, row, strict=True)) for row in rows]


def known(value: object) -> str:
    """A cell as the questions give it."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def pairs(read: pd.DataFrame, *names: str) -> set[tuple[str, ...]]:
    """The values of some columns, row by row; several values make several rows."""
    part = read[list(names)]
    for name in names:
        part = part.explode(name)
    return {tuple(map(known, row)) for row in part.itertuples(index=False)}


def held(read: pd.DataFrame) -> pd.DataFrame:
    return read[read["status_label"] == "held"]


# What there is


def test_every_table_is_there_in_both_forms(tables):
    assert set(NAMED) <= set(TABLES)
    for name in TABLES:
        part = tables.named(csv_of(tables, name).name)
        other = tables.named(part.name.replace(".csv", ".parquet"))
        assert part.role == other.role == "table"
        assert part.rows == other.rows and part.rows
        assert (part.media_type, other.media_type) == ("text/csv", "application/vnd.apache.parquet")


@EACH
def test_the_schema_is_whole(name):
    table = TABLES[name]
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert table.name == name and table.title
    for key in table.key:
        assert table.column(key).required and not table.column(key).separator
    for column in table.columns:
        assert column.title
        assert column.references is None or len(TABLES[column.references].key) == 1
        assert column.label_of in (None, "", *names)
        if column.datatype == "anyURI" and column.label_of is None and f"{column.name}_label" in names:
            assert bool(table.column(f"{column.name}_label").separator) == bool(column.separator)


@EACH
def test_there_are_as_many_rows_as_the_store_counts(name, tables, material):
    counts = {
        "groups": "?row a fil:Group",
        "names": "?row skosxl:literalForm ?form",
        "changes": "?row a/rdfs:subClassOf fil:Change",
        "affiliations": "?row a/rdfs:subClassOf fil:Affiliation",
        "positions": "?row org:role ?role",
        "incidents": "?row a fil:Incident",
        "attestations": "?row fil:attests ?situation",
        "identifiers": "?entity adms:identifier ?row",
        "entities": "VALUES ?class { org:Organization fil:Person fil:Place } ?row a ?class",
        "situations": "?row fil:status ?status",
        "sources": "?row dcterms:publisher ?who ; fil:kind ?kind",
    }
    if name == "disagreements":
        expected = len(asked(material, "disagreements"))
    else:
        text = f"SELECT (COUNT(DISTINCT ?row) AS ?rows) WHERE {{ {counts[name]} }}"
        expected = int(material.store.query(text, layout.PREFIXES).rows()[1][0][0])
    assert len(frame(tables, name)) == tables.named(csv_of(tables, name).name).rows == expected


# Types


@EACH
def test_pandas_gets_the_right_types_from_parquet(name, tables):
    read = parquet(tables, name)
    kinds = {"date": "date32[day]", "integer": "int64", "boolean": "bool"}
    for column in TABLES[name].columns:
        kind = kinds.get(column.datatype, "string")
        wanted = f"list<element: {kind}>[pyarrow]" if column.separator else f"{kind}[pyarrow]"
        assert str(read[column.name].dtype) == wanted, column.name


@EACH
def test_duckdb_reads_the_same_from_csv_and_parquet(name, tables):
    columns = TABLES[name].columns
    types = {column.name: DUCKDB.get(column.datatype, "VARCHAR") for column in columns}
    told = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
    file = csv_of(tables, name)
    db = duckdb.connect()
    db.execute(
        f"CREATE TABLE c AS SELECT * FROM read_csv('{file}', header = true, auto_detect = false, "
        f"delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n', columns = {{{told}}})"
    )
    db.execute(f"CREATE TABLE p AS SELECT * FROM read_parquet('{file.with_suffix('.parquet')}')")
    for column in columns:
        kind = types[column.name]
        found = db.execute(f'SELECT typeof("{column.name}") FROM p LIMIT 1').fetchone()[0]
        assert found == f"{kind}[]" if column.separator else found == kind, column.name
    several = [column.name for column in columns if column.separator]
    stood_in = f"lambda v: replace(v, '{SEPARATOR}', '¦')"
    listed = ", ".join(
        f'array_to_string(list_transform("{n}", {stood_in}), \'{SEPARATOR}\') AS "{n}"' for n in several
    )
    same = f"SELECT * REPLACE ({listed}) FROM p" if several else "SELECT * FROM p"
    assert db.execute(f"SELECT COUNT(*) FROM ((SELECT * FROM c) EXCEPT ({same}))").fetchone() == (0,)
    assert db.execute("SELECT COUNT(*) FROM c").fetchone() == db.execute("SELECT COUNT(*) FROM p").fetchone()


def test_dates_are_edtf_with_the_days_that_they_can_mean(tables):
    read = parquet(tables, "changes").set_index("change")
    split = read.loc[layout.BASE + "split/mujao-2011"]
    assert (split["date"], split["date_earliest"], split["date_latest"]) == (
        "2011-10",
        date(2011, 10, 1),
        date(2011, 10, 31),
    )
    said = parquet(tables, "attestations").set_index("attestation")
    said = said.loc[layout.BASE + "attestation/isgs-2015-split-un-consolidated-list-2025"]
    # The source gives no date of its own: it affirms the one that is held.
    assert said["date"] == read.loc[layout.BASE + "split/isgs-2015"]["date"]
    assert said["date_earliest"] is not None


def test_an_open_bound_is_empty(tables):
    read = frame(tables, "positions")
    open_end = read[read["until"].str.startswith("[..", na=False)]
    assert len(open_end)
    assert open_end["until_earliest"].isna().all() and open_end["until_latest"].notna().all()


# Texts


def test_arabic_names_come_back_as_they_were_written(tables, repository):
    written = {str(form) for form in repository.stated.objects(None, XL.literalForm) if form.language == "ar"}
    assert len(written) > 5
    assert any("\u0627" <= letter <= "\u064a" for name in written for letter in name)
    for read in (frame(tables, "names"), parquet(tables, "names")):
        assert set(read[read["language"] == "ar"]["form"]) == written
    db = duckdb.connect()
    file = csv_of(tables, "names")
    rows = db.execute(f"SELECT form FROM read_csv('{file}') WHERE language = 'ar'").fetchall()
    assert {form for (form,) in rows} == written


@EACH
def test_csv_is_rfc_4180_in_utf_8_without_a_mark(name, tables):
    content = csv_of(tables, name).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8")
    assert text.endswith("\r\n")
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    assert rows[0] == [column.name for column in TABLES[name].columns]
    assert {len(row) for row in rows} == {len(TABLES[name].columns)}


def test_the_example_in_the_readme_works(place, tables, tmp_path, monkeypatch):
    readme = (place.root / "README.md").read_text("utf-8")
    example = re.search(r"```python\n(.*?)```", readme.partition("## If you use tables")[2], re.DOTALL)[1]
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "release").symlink_to(tables.folder)
    monkeypatch.chdir(tmp_path)
    *lines, shown = example.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(lines), names)
    found = eval(shown, names)
    assert list(found.columns) == ["source_label", "situation_label", "section"]
    assert len(found) == (frame(tables, "attestations")["stance_label"] == "denies").sum() > 5


def test_every_node_stands_as_a_whole_iri_beside_its_name(tables):
    read = frame(tables, "changes").set_index("change")
    row = read.loc[layout.BASE + "split/mujao-2011"]
    assert row["originals"] == [layout.BASE + "group/aqim"]
    assert row["originals_label"] == ["Al-Qa‘ida in the Lands of the Islamic Maghreb"]
    assert row["class_label"] == "split"
    assert row["label"].startswith("split: ") and "→" in row["label"]
    for name, table in TABLES.items():
        whole = frame(tables, name)
        for column in table.columns:
            if column.datatype == "anyURI":
                values = whole[column.name].explode() if column.separator else whole[column.name]
                assert all(value.startswith("http") for value in values.dropna()), (name, column.name)


# Facts


def test_the_roles_are_those_of_the_ontology(repository):
    roles = set(repository.vocabulary.subjects(RDFS.subPropertyOf, FIL.involves))
    assert {FIL[name] for name in ROLES} | {FIL.authority} == roles | {FIL.authority}


def test_the_groups_are_those_of_the_questions(tables, material):
    read = frame(tables, "groups")
    expected = {(row["group"], row["ancestor"]) for row in asked(material, "who-descends-from-whom")}
    assert {pair for pair in pairs(read, "group", "descends_from") if pair[1]} == expected
    ended = {
        (row["group"], row["event"])
        for row in asked(material, "which-groups-ended-how-and-when")
        if row["how"] != "joined another" and row["status"].endswith("/held")
    }
    assert {pair for pair in pairs(read, "group", "ended_by") if pair[1]} == ended
    split = {
        tuple(row[key] for key in ("group", "parent", "split"))
        for row in asked(material, "who-split-from-whom")
    }
    assert {(group, parent) for group, parent, _ in split} == {
        pair for pair in pairs(read, "group", "split_from") if pair[1]
    }
    assert {(group, event) for group, _, event in split} <= pairs(read, "group", "began_by")


def test_the_names_are_those_of_the_questions(tables, material):
    read = held(frame(tables, "names"))
    acronyms = read[read["kind_label"] == "acronym"]
    groups = set(frame(tables, "groups")["group"])
    expected = {
        (row["acronym"], row["group"], row["from"], row["until"])
        for row in asked(material, "which-acronyms-groups-bear")
    }
    found = pairs(acronyms, "form", "bearer", "from", "until")
    assert {row for row in found if row[1] in groups} == expected


def test_the_changes_are_those_of_the_questions(tables, material):
    read = held(frame(tables, "changes"))
    splits = read[read["class_label"] == "split"]
    expected = {
        tuple(row[key] for key in ("group", "parent", "split", "earliest", "latest"))
        for row in asked(material, "who-split-from-whom")
    }
    assert pairs(splits, "results", "originals", "change", "date_earliest", "date_latest") == expected
    partial = {row["group"] for row in asked(material, "which-changes-took-only-a-part-of-a-group")}
    mergers = read[read["class_label"].isin(["merger", "joining"])]
    assert {group for (group,) in pairs(mergers, "partial_originals") if group} <= partial


def test_the_affiliations_are_those_of_the_questions(tables, material):
    read = frame(tables, "affiliations")
    rivalries = read[read["class_label"] == "rivalry"]
    found = {
        (row.affiliation, one, other, known(row.until), row.status)
        for row in rivalries.itertuples()
        for one in row.parties
        for other in row.parties
        if one < other
    }
    expected = {
        tuple(row[key] for key in ("rivalry", "rival", "other", "until", "status"))
        for row in asked(material, "which-groups-were-rivals")
    }
    assert found == expected
    pledges = read[read["class_label"] == "pledge"]
    told = {(row["pledger"], row["pledgee"]) for row in asked(material, "who-pledged-loyalty-to-whom")}
    assert pairs(held(pledges), "parties", "towards") <= told


def test_the_positions_are_those_of_the_questions(tables, material):
    keys = ("holder", "name", "role", "organization", "from", "until", "status")
    expected = {
        tuple(row[key] for key in keys) for row in asked(material, "who-is-said-to-hold-which-position")
    }
    columns = ("member", "member_label", "role", "organization", "from", "until", "status")
    assert pairs(frame(tables, "positions"), *columns) == expected


def test_the_incidents_are_those_of_the_questions(tables, material):
    read = held(frame(tables, "incidents"))
    nobody = [not (row.perpetrators or row.actors) for row in read.itertuples()]
    expected = {
        (row["incident"], row["label"]) for row in asked(material, "which-incidents-name-nobody-who-acted")
    }
    assert expected <= pairs(read[nobody], "incident", "label")
    first, last = read["date_earliest"].dt.year, read["date_latest"].dt.year
    within = read[(first == last).fillna(False)].assign(year=first.astype("Int64").astype("string"))
    dated = {
        (row["year"], row["incident"], row["kind"])
        for row in asked(material, "which-incidents-happened-in-which-year")
    }
    assert pairs(within, "year", "incident", "kind") <= dated
    assert len(within) > len(dated) / 2


def test_the_attestations_are_those_of_the_questions(tables, material):
    read = frame(tables, "attestations")
    counts = read.groupby("source")["attestation"].nunique().to_dict()
    expected = {
        row["source"]: int(row["attestations"]) for row in asked(material, "which-sources-say-how-much")
    }
    assert counts == expected
    passages = {
        tuple(row[key] for key in ("source", "start", "end", "situation", "attestation"))
        for row in asked(material, "what-is-said-of-al-murabitun-passage-by-passage")
    }
    columns = ("source", "passage_start", "passage_end", "situation", "attestation")
    assert passages <= pairs(read, *columns)
    denied = {
        (row["situation"], row["source"]) for row in asked(material, "what-is-rejected-and-who-denies-it")
    }
    assert denied <= pairs(read[read["stance_label"] == "denies"], "situation", "source")
    hedged = {(row["situation"], row["hedge"]) for row in asked(material, "what-is-hedged-and-how")}
    assert {pair for pair in pairs(read, "situation", "hedges") if pair[1]} == hedged
    affirmed = read[read["stance_label"] == "affirms"]
    otherwise = {
        (row["attestation"], row["stated"])
        for row in asked(material, "which-attestations-date-differently")
        if row["time"] == FIL + "date"
    }
    assert otherwise <= pairs(affirmed, "attestation", "date")


def test_own_values_are_those_that_the_files_state(tables, repository):
    stated = repository.stated
    asked_of = [FIL[name] for name in ("date", "place", "statedOriginal", "statedForm", "count")]
    expected = {
        (str(node), str(predicate))
        for predicate in asked_of
        for node in stated.subjects(predicate)
        if (node, FIL.attests, None) in stated
    }
    found = pairs(frame(tables, "attestations"), "attestation", "own_values")
    assert expected == {pair for pair in found if URIRef(pair[1]) in asked_of}


def test_the_disagreements_are_those_of_the_question(tables, material):
    keys = ("kind", "question", "situation", "answer", "source", "attestation")
    expected = {tuple(row[key] for key in keys) for row in asked(material, "disagreements")}
    assert pairs(frame(tables, "disagreements"), *keys) == expected


def test_the_identifiers_are_those_of_the_questions(tables, material):
    read = frame(tables, "identifiers")
    groups = set(frame(tables, "groups")["group"])
    keys = ("group", "keeper", "record", "title", "match", "review", "source")
    expected = {
        tuple(row[key] for key in keys) for row in asked(material, "which-external-records-match-each-group")
    }
    found = {
        (entity, issuer, notation, title, f"{SKOS}{kind}Match", review, source)
        for kind in ("exact", "close", "broad", "narrow", "related")
        for entity, issuer, notation, title, review, source in pairs(
            read, f"{kind}_match", "issuer", "notation", "title", "review", "source"
        )
    }
    assert {row for row in found if row[0] in groups} == expected
    items = read[read["issuer_label"] == "Wikidata"]
    assert len(items) and items["item"].str.fullmatch(r"http://www\.wikidata\.org/entity/Q\d+").all()


def test_what_the_others_point_to_is_that_of_the_questions(tables, material):
    situations = frame(tables, "situations")
    per_class = situations.groupby("class")["situation"].nunique().to_dict()
    attested = {
        row["family"]: int(row["situations"]) for row in asked(material, "how-many-attestations-per-family")
    }
    assert per_class == attested
    strengths = situations[situations["class_label"] == "strength"]
    expected = {
        tuple(row[key] for key in ("group", "count", "lowerBound", "upperBound", "status"))
        for row in asked(material, "how-strong-each-group-was")
    }
    found = pairs(strengths, "involves", "count", "lower_bound", "upper_bound", "status")
    assert expected <= found
    sources = frame(tables, "sources")
    keys = ("source", "kind", "publisher", "attestations")
    expected = {tuple(row[key] for key in keys) for row in asked(material, "which-sources-say-how-much")}
    assert expected == {row for row in pairs(sources, *keys) if row[3] != "0"}
    parts = {(row["part"], row["whole"]) for row in asked(material, "which-places-are-part-of-which")}
    assert {pair for pair in pairs(frame(tables, "entities"), "entity", "part_of") if pair[1]} <= parts


@EACH
def test_keys_and_foreign_keys_hold_also_in_cells_with_several_values(name, tables):
    table, read = TABLES[name], frame(tables, name)
    assert not read.duplicated(list(table.key)).any()
    for column in table.columns:
        assert not column.required or read[column.name].notna().all()
        if column.references:
            keys = set(frame(tables, column.references)[TABLES[column.references].key[0]])
            values = read[column.name].explode() if column.separator else read[column.name]
            assert set(values.dropna()) <= keys, column.name


# What programs read


def test_csv_on_the_web_is_valid_and_reads_every_table(tables):
    file = tables.folder / "csvw-metadata.json"
    judged = CSVW(str(file), validate=True)
    assert judged.is_valid and not judged.warnings
    group = TableGroup.from_file(file)
    assert len(group.tables) == len(TABLES)
    for table, name in zip(group.tables, TABLES, strict=True):
        rows = list(table.iterdicts(strict=True))
        assert len(rows) == tables.named(csv_of(tables, name).name).rows
        if name == "changes":
            split = next(row for row in rows if str(row["change"].path).endswith("/split/mujao-2011"))
            assert split["date_latest"].isoformat()[:10] == "2011-10-31"
            assert [iri.unsplit() for iri in split["results"]] == [layout.BASE + "group/mujao"]
    group.check_referential_integrity()


def test_the_data_package_tells_sizes_and_hashes(tables):
    package = json.loads((tables.folder / "datapackage.json").read_bytes())
    assert package["version"] == "1.2.3" and package["licenses"][0]["name"] == "CC-BY-4.0"
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    for resource in package["resources"]:
        content = (tables.folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()


def frictionless(tool: Path, folder: Path) -> subprocess.CompletedProcess:
    command = [tool / "frictionless", "validate", "datapackage.json", "--json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


@pytest.mark.validators
def test_frictionless_calls_the_data_package_valid(tables, validator):
    told = frictionless(validator("frictionless"), tables.folder)
    report = json.loads(told.stdout)
    assert told.returncode == 0 and report["valid"], told.stdout[:2000]
    assert {task["name"] for task in report["tasks"]} == set(TABLES)
    rows = {task["name"]: task["stats"]["rows"] for task in report["tasks"]}
    assert rows == {name: tables.named(csv_of(tables, name).name).rows for name in TABLES}


@pytest.mark.validators
def test_frictionless_sees_a_row_that_points_nowhere(village_material, tmp_path, validator):
    release = made(village_material, tmp_path / "release")
    entities = csv_of(release, "entities")
    lines = entities.read_text("utf-8").splitlines(keepends=True)
    entities.write_text("".join(line for line in lines if "group/northern-front," not in line), "utf-8")
    told = frictionless(validator("frictionless"), release.folder)
    kinds = {error["type"] for task in json.loads(told.stdout)["tasks"] for error in task["errors"]}
    assert told.returncode == 1 and {"foreign-key", "hash-count"} <= kinds


# Spreadsheets


@pytest.fixture(scope="module")
def book(tables) -> Path:
    return tables.folder / "filiation-tables-1.2.3.xlsx"


def test_the_workbook_has_a_sheet_for_each_table_with_typed_cells(tables, book):
    opened = openpyxl.load_workbook(book)
    assert opened.sheetnames == ["columns", *TABLES]
    for name, table in TABLES.items():
        header, *rows = opened[name].iter_rows(values_only=True)
        read = frame(tables, name)
        assert list(header) == [column.name for column in table.columns]
        assert len(rows) == len(read)
        for number, column in enumerate(table.columns):
            cells = [row[number] for row in rows]
            kind = {"date": datetime, "integer": int, "boolean": bool}.get(column.datatype, str)
            assert {type(cell) for cell in cells} <= {kind, type(None)}, (name, column.name)
            if not column.separator:
                told = [c.date().isoformat() if isinstance(c, datetime) else known(c) for c in cells]
                assert told == [known(value) for value in read[column.name]], (name, column.name)
            elif column.datatype == "anyURI":
                assert [c.split(SEPARATOR) if c else [] for c in cells] == list(read[column.name])
    explained = [row[:2] for row in opened["columns"].iter_rows(min_row=2, values_only=True)]
    assert explained == [(name, column.name) for name, table in TABLES.items() for column in table.columns]


def test_another_reader_of_workbooks_sees_the_same_names(tables, book):
    sheet = python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_name("names")
    header, *rows = sheet.to_python()
    forms = [row[header.index("form")] for row in rows]
    assert forms == list(frame(tables, "names")["form"])
    assert any("\u0627" <= letter <= "\u064a" for form in forms for letter in form)


def test_nothing_in_a_workbook_is_computed_or_unescaped():
    texts = ["=1+1", "_x0041_", "a & <b>", " two  spaces ", "1994", "2013-08", "TRUE"]
    table = Table("notes", "Notes", (Column("note", "string", "Note"),), ("note",))
    content = workbook([Filled(table, {"note": list(texts)})], "2026-11-23")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["notes"]
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_a_day_before_the_calendar_of_spreadsheets_is_a_text():
    days = [date(1830, 7, 5), date(1900, 3, 1), date(2013, 8, 22), None]
    table = Table("days", "Days", (Column("day", "date", "Day"),), ("day",))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([Filled(table, {"day": list(days)})], "2026-11-23")))[
        "days"
    ]
    told = [cell for (cell,) in sheet.iter_rows(min_row=2, max_row=5, values_only=True)]
    assert told[:3] == ["1830-07-05", datetime(1900, 3, 1), datetime(2013, 8, 22)]


def test_a_table_too_long_to_be_read_has_no_workbook():
    table = Table("notes", "Notes", (Column("note", "string", "Note"),), ("note",))
    assert workbook([Filled(table, {"note": ["x"] * 20_000})], "2026-11-23")
    assert workbook([Filled(table, {"note": ["x"] * 20_001})], "2026-11-23") is None


# The same again, and what is refused


_AGAIN = """
import sys
from pathlib import Path
from filiation import corpus, infer, layout
from filiation.dataset import Edition
from filiation.material import Material
from filiation.release import Release
from filiation.tables import write
whole = corpus.load(layout.find(Path(sys.argv[1])))
release = Release(Path(sys.argv[2]))
write(Material(whole, infer.infer(whole), Edition("1.2.3", "2026-11-23")), release)
print("".join(f"{part.sha256} {part.name}\\n" for part in release.parts))
"""


def test_the_bytes_do_not_depend_on_hashes_zone_or_locale(village, tmp_path):
    told = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        out = tmp_path / seed
        out.mkdir()
        surroundings = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "PYTHONPATH": str(HERE.parent / "scripts"),
        }
        command = [sys.executable, "-c", _AGAIN, str(village.root), str(out)]
        result = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
        told.add(result.stdout)
    assert len(told) == 1 and ".parquet" in told.pop()


def changed(village: layout.Layout, *triples) -> Material:
    """The small world with statements put in, or first taken out where the fourth value says so."""
    file = village.data / "groups" / "northern-front.ttl"
    graph = turtle.read(file)
    for subject, predicate, value, *instead in triples:
        if instead:
            graph.remove((subject, predicate, None))
        graph.add((subject, predicate, value))
    turtle.write(file, turtle.house_format(graph, layout.BASE + "group/northern-front"))
    world = corpus.load(village)
    return Material(world, infer.infer(world), Edition("1.2.3", "2026-11-23"))


def naming_of(village: layout.Layout) -> URIRef:
    """A naming of the group that the tests change."""
    return min(turtle.read(village.data / "groups" / "northern-front.ttl").subjects(XL.literalForm))


FRONT = URIRef(layout.BASE + "group/northern-front")


def only(text: str) -> Filled:
    """A table of one cell."""
    return Filled(Table("notes", "Notes", (Column("note", "string", "Note"),), ("note",)), {"note": [text]})


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "@SUM(1+9)*cmd", "+cmd|' /C calc'!A0", "＝1+1", "\t=1", "-f(x)"]
)
def test_a_text_that_a_spreadsheet_would_run_is_refused(text):
    with pytest.raises(NotTabular, match=r"notes\.note: the text of .* begins like a formula"):
        list(csv_blocks(only(text)))


@pytest.mark.parametrize(
    "text", ["'Abd", "-30- Front", "@front", "+ a sign", 'one "word", two', "a\nb", "٣ =٣"]
)
def test_a_harmless_text_stays_as_it_is(text):
    content = b"".join(csv_blocks(only(text))).decode()
    assert list(csv.reader(content.splitlines(keepends=True))) == [["note"], [text]]


def test_a_formula_in_a_name_stops_the_release(village, tmp_path):
    material = changed(village, (naming_of(village), XL.literalForm, Literal("=1+1", lang="en"), True))
    with pytest.raises(NotTabular, match=r"the text of \w+:northern-front\S* begins like"):
        made(material, tmp_path / "release")


def test_a_separator_within_a_value_is_stood_in_for_in_csv_and_kept_in_parquet(village, tmp_path):
    material = changed(village, (FRONT, SKOS.editorialNote, Literal("one | two", lang="en"), True))
    release = made(material, tmp_path / "release")
    assert frame(release, "groups").set_index("group").loc[str(FRONT)]["note"] == ["one ¦ two"]
    assert list(parquet(release, "groups").set_index("group").loc[str(FRONT)]["note"]) == ["one | two"]


def test_two_values_where_one_can_stand_are_told(village, tmp_path):
    naming = naming_of(village)
    material = changed(village, (naming, XL.literalForm, Literal("Another Name", lang="en")))
    with pytest.raises(NotTabular, match=r"names\.form: one row has .* keep one"):
        made(material, tmp_path / "release")


def test_what_was_given_up_is_no_row_but_is_still_pointed_to(village, tmp_path):
    naming = naming_of(village)
    true = Literal(True)
    material = changed(village, (naming, OWL.deprecated, true), (FRONT, OWL.deprecated, true))
    release = made(material, tmp_path / "release")
    assert str(naming) not in set(frame(release, "names")["name"])
    entities = frame(release, "entities").set_index("entity")
    assert bool(entities.loc[str(FRONT)]["deprecated"]) is True

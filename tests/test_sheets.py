"""Rows of a spreadsheet become data, whole and right or not at all, and come out as the same rows."""

import csv
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiation import bounds, columns, corpus, extract, intake, sheets, turtle

SOURCE = {
    "stem": "example-report",
    "publisher": "organization:Example Office",
    "kind": "document",
    "rights": "Terms not established.",
    "title": "An example report@en",
    "issued": "2001",
}
LEADERSHIPS = [
    {
        "stem": f"band-{n}-leader",
        "leader": f"person:{name}",
        "organization": f"group:Band {n}",
        "role": "leader",
        "from": f"{1990 + n}",
        "status": "held",
        "source": "example-report",
        "stance": "affirms",
        "hedge": "reportedly",
        "section": f"§ {n}",
        "attestation": f"band-{n}-leader-report",
    }
    for n, name in enumerate(("A. Ant", "B. Bee", "C. Cat", "D. Dog", "E. Elk"), 1)
] + [
    {
        "stem": f"league-{n}-leader",
        "leader": f"person:{name}",
        "organization": f"group:League {n}",
        "role": "leader",
        "from": f"[..{2000 + n}-05]",
        "status": "held",
        "source": "example-report",
        "stance": "affirms",
        "section": 'Leaders, "old" and new; a|b'[:22],
        "said-until": f"{2010 + n}",
        "attestation": f"league-{n}-leader-report",
    }
    for n, name in enumerate(("F. Fox", "G. Gnu", "H. Hen", "I. Ibis", "محمد مثال"), 1)
]
MERGERS = [
    {
        "stem": f"league-{n}-{2000 + n}",
        "union": f"group:League {n}",
        "component": f"group:Band {n}|group:Band {n % 5 + 1}",
        "date": f"{2000 + n}",
        "status": "held",
        "editorial-note": "Two lines,\nin one cell.",
        "source": "example-report",
        "stance": "affirms",
        "page": f"{n}",
        "attestation": f"league-{n}-{2000 + n}-report",
    }
    for n in range(1, 6)
]
BOOK = {"source": [SOURCE], "leadership": LEADERSHIPS, "merger": MERGERS}


def records(rows):
    header = list(dict.fromkeys(name for row in rows for name in row))
    return [header, *([row.get(name, "") for name in header] for row in rows)]


def as_csv(path, book):
    """One table, with the kind of each row in the column `class`."""
    rows = [{"class": kind, **row} for kind, some in book.items() for row in some]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(records(rows))
    path.write_bytes(stream.getvalue().encode())
    return path


def packed(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def as_xlsx(path, book, cells="", more=()):
    """One sheet for each kind, with shared strings as Excel writes them. `cells` are added as XML to a
    row of their own below the first sheet; `more` are further parts."""
    strings: dict[str, int] = {}
    parts = {}
    for number, rows in enumerate(book.values(), 1):
        xml = ""
        for index, record in enumerate(records(rows), 1):
            xml += f'<row r="{index}">'
            for column, text in enumerate(record, 1):
                if text:
                    key = strings.setdefault(text, len(strings))
                    xml += f'<c r="{bounds.letters(column)}{index}" t="s"><v>{key}</v></c>'
            xml += "</row>"
        if cells and number == 1:
            xml += f'<row r="{len(rows) + 2}">{cells}</row>'
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{xml}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    named = "".join(f'<sheet name="{kind}" sheetId="{n}" r:id="rId{n}"/>' for n, kind in enumerate(book, 1))
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(book) + 1)
    )
    parts |= {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{items}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    return packed(path, parts | dict(more))


def as_ods(path, book, cells=""):
    tables = ""
    for number, (kind, rows) in enumerate(book.items()):
        xml = ""
        for record in records(rows):
            texts = ("".join(f"<text:p>{escape(line)}</text:p>" for line in t.split("\n")) for t in record)
            filled = (
                f'<table:table-cell office:value-type="string">{text}</table:table-cell>' for text in texts
            )
            xml += f"<table:table-row>{''.join(filled)}</table:table-row>"
        if cells and not number:
            xml += f"<table:table-row>{cells}</table:table-row>"
        tables += f'<table:table table:name="{kind}">{xml}</table:table>'
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{oasis}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{oasis}:manifest:1.0"/>',
        "content.xml": content,
    }
    return packed(path, parts)


WRITERS = {"csv": as_csv, "xlsx": as_xlsx, "ods": as_ods}


def state(place):
    return {path: path.read_bytes() for path in sorted(place.data.rglob("*")) if path.is_file()}


def rows_of(text):
    return [
        {name: sheets.unmasked(cell) for name, cell in row.items() if cell}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


@pytest.fixture(scope="session")
def filled(excerpt, tmp_path_factory):
    """A checkout that has taken the table in, for tests that only read it or only add to it."""
    import shutil

    from click.testing import CliRunner

    from filiation import layout
    from filiation.cli import main

    place = layout.find(shutil.copytree(excerpt, tmp_path_factory.mktemp("filled") / "copy"))
    table = as_csv(place.root / "table.csv", BOOK)
    result = CliRunner().invoke(main, ["--root", str(place.root), "import", str(table), "--create"])
    assert result.exit_code == 0, result.output
    return place


@pytest.mark.parametrize("form", WRITERS)
def test_ten_leaderships_and_five_mergers_become_valid_data(form, copy, run, tmp_path):
    result = run("import", WRITERS[form](tmp_path / f"book.{form}", BOOK), "--create", root=copy.root)
    assert result.exit_code == 0, result.output
    assert "15 attestations" in result.output
    wrote = [line.split()[1] for line in result.output.splitlines() if line.startswith("wrote data/")]
    merged = turtle.read(copy.data / "groups" / "league-1.ttl")
    assert len(wrote) == len(set(wrote)) == 22  # ten groups, ten people, a source and its publisher
    assert len(set(merged.subjects())) == 5  # the group, a leadership, a merger, their attestations
    judged = run("validate", *(copy.root / path for path in wrote), root=copy.root)
    assert judged.exit_code == 0, judged.output


@pytest.mark.parametrize("kind", ["leadership", "merger"])
def test_what_was_imported_is_exported_as_the_same_rows(kind, filled, run):
    exported = rows_of(run("export", kind, root=filled.root).stdout)
    ours = {row["stem"]: row for row in exported if row.get("source") == "example-report"}
    people = {
        row["pref-label"].removesuffix("@en"): row["stem"]
        for row in rows_of(run("export", "person", root=filled.root).stdout)
    }
    for row in BOOK[kind]:
        wanted = dict(row)
        for name in ("leader", "organization"):
            if name in row:
                prefix, label = row[name].split(":")
                wanted[name] = f"{prefix}:{people.get(label) or label.lower().replace(' ', '-')}"
        for name in ("union", "component"):
            if name in row:
                wanted[name] = "|".join(
                    sorted(v.removeprefix("group:").lower().replace(" ", "-") for v in row[name].split("|"))
                )
        assert ours[row["stem"]] == wanted
    assert len(ours) == len(BOOK[kind])


def test_every_kind_of_the_dataset_is_read_back_as_nothing_new(repository):
    from filiation import intake

    for kind in columns.KINDS:
        found = extract.rows(repository, kind)
        read_back = table_of(repository, kind, sheets.write(found.header, found.rows))
        again = intake.read(repository, read_back)
        assert (again.problems, again.graphs) == ([], {}), kind
        assert again.unchanged == len(found.rows) > 0


def table_of(repository, kind, text):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{kind}.csv")
        file.write_text(text, encoding="utf-8")
        return sheets.read(file, columns.plan(repository, kind).columns)


def test_importing_twice_adds_nothing(filled, run, tmp_path):
    before = state(filled)
    again = run("import", as_xlsx(tmp_path / "again.xlsx", BOOK), root=filled.root)
    assert again.exit_code == 0, again.output
    assert "nothing new; 16 rows said what is there already" in again.output
    assert state(filled) == before


SAME = {**MERGERS[0], "stem": "", "attestation": "", "page": "12"}


def test_a_situation_that_is_there_gets_a_further_attestation(filled, run, tmp_path):
    dry = run("import", as_csv(tmp_path / "a.csv", {"merger": [SAME]}), "--dry-run", root=filled.root)
    assert dry.exit_code == 0, dry.output
    assert "would write data/groups/league-1.ttl" in dry.output
    assert "1 attestation;" in dry.output and "merger" not in dry.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"stem": "league-1-2001", "date": "2004"},
            "date: merger:league-1-2001 has `2001`: repeat that, and put",
        ),
        (
            {"stem": "league-1-2001", "date": ""},
            "date: is empty, and merger:league-1-2001 has `2001`: repeat it",
        ),
        ({"date": "2004"}, "stem: merger:league-1-2001 has the same parties and other values"),
        ({"attestation": "league-1-2001-report"}, "is there and says otherwise: give this one another stem"),
    ],
)
def test_a_situation_that_is_there_is_not_contradicted_in_passing(change, said, filled, run, tmp_path):
    before = state(filled)
    result = run("import", as_csv(tmp_path / "a.csv", {"merger": [{**SAME, **change}]}), root=filled.root)
    assert result.exit_code == 1
    assert f"{tmp_path}/a.csv:2: " in result.output and said in result.output
    assert state(filled) == before


@pytest.mark.parametrize(
    "change",
    [
        {"stem": "league-1-2001", "date": "2001", "said-date": "2004"},
        {"stem": "league-1-2001", "date": "", "silent-on": "date"},
    ],
)
def test_a_source_that_differs_says_so_in_its_own_columns(change, filled, run, tmp_path):
    row = {**SAME, **change}
    result = run("import", as_csv(tmp_path / "a.csv", {"merger": [row]}), "--dry-run", root=filled.root)
    assert result.exit_code == 0, result.output


WRONG = [
    ("leader", "person:Nobody Known", "--create begins person:"),
    ("leader", "Nobody Known", "say what is new, `group:Nobody Known` or"),
    ("organization", "group:band-77", "`group:band-77` is nowhere described"),
    ("organization", "", "is empty: Name the one group or organization"),
    ("role", "boss", "`boss` may not stand here: write leader"),
    ("from", "2013-8", "`2013-8` is not EDTF: write `2013-08`"),
    ("from", "41506", "is the number that a spreadsheet makes of a day"),
    ("status", "helt", "did you mean `held`?"),
    ("source", "", "is empty"),
    ("hedge", "reportedly|reportedly", "stands twice"),
    ("hedge", "reportedly|", "nothing stands between two `|`"),
    ("section", "", "fil:section"),
    ("section", "a\nb", "has a line break"),
    ("section", "=1+1", "a formula, which nobody computes here"),
    ("section", "a\u202eb", "U+202E"),
    ("section", "a\x07b", "U+0007"),
    ("section", "x" * 10_001, "10001 characters"),
    ("stem", "../../etc/passwd", "is no stem of small letters, digits and single hyphens"),
    ("stem", "/etc/passwd", "is no stem of small letters, digits and single hyphens"),
    ("stem", "elsewhere-1990", "begins with the stem of no file"),
    ("attestation", "Band 1", "is no stem of small letters, digits and single hyphens: write `band-1`"),
    ("said-from", "soon", "is not EDTF"),
    ("form", "1990", "a leadership has no column `form`: did you mean `from`?"),
]


@pytest.mark.parametrize(("column", "text", "said"), WRONG, ids=[f"{c}-{t[:12]!r}" for c, t, _ in WRONG])
def test_a_bad_cell_is_named_and_nothing_is_written(column, text, said, filled, run, tmp_path):
    before = state(filled)
    good = {**LEADERSHIPS[0], "stem": "band-1-new", "attestation": "", "leader": "person:B. Bee"}
    bad = {**good, column: text}
    table = as_csv(tmp_path / "t.csv", {"leadership": [LEADERSHIPS[1], bad]})
    result = run("import", table, root=filled.root)
    lines = [line for line in result.stdout.splitlines() if line.startswith(f"{table}:3: {column}: ")]
    assert result.exit_code == 1
    assert any(said in line for line in lines), result.output
    assert state(filled) == before


def test_all_problems_are_told_at_once(filled, run, tmp_path):
    rows = [
        {**LEADERSHIPS[0], "from": "199"},
        {**LEADERSHIPS[1], "role": "boss"},
        {**LEADERSHIPS[2], "stem": "X"},
    ]
    result = run("import", as_xlsx(tmp_path / "t.xlsx", {"leadership": rows}), root=filled.root)
    places = [line.split(": ")[0].rpartition("/")[2] for line in result.stdout.splitlines()]
    assert places == ["t.xlsx:leadership!E2", "t.xlsx:leadership!D3", "t.xlsx:leadership!A4"]
    assert "3 problems: nothing was written" in result.stderr


def test_a_day_that_the_spreadsheet_has_made_is_told(filled, run, tmp_path):
    book = as_xlsx(tmp_path / "t.xlsx", {"leadership": LEADERSHIPS[:1]}, '<c r="E3" s="1"><v>41506</v></c>')
    result = run("import", book, root=filled.root)
    assert "t.xlsx:leadership!E3: the spreadsheet has made a day of this by itself" in result.stdout
    ods = '<table:table-cell office:value-type="date" office:date-value="2013-08-20"/>'
    result = run("import", as_ods(tmp_path / "t.ods", {"leadership": LEADERSHIPS[:1]}, ods), root=filled.root)
    assert "t.ods:leadership!A3: the spreadsheet has made a day of this by itself" in result.stdout


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_and_byte_order_marks_make_no_difference(delimiter, encoding, filled, run, tmp_path):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(records(MERGERS))
    table = tmp_path / "mergers.csv"
    table.write_bytes(stream.getvalue().encode(encoding))
    result = run("import", table, root=filled.root)
    assert result.exit_code == 0 and "nothing new; 5 rows" in result.output, result.output


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_told(encoding, run, tmp_path):
    table = tmp_path / "group.csv"
    table.write_bytes("stem,pref-label\nx,Armée@fr\n".encode(encoding))
    result = run("import", table)
    assert result.exit_code == 2
    assert "save it as CSV UTF-8" in result.output


CONTENT = '<c r="A3"><f>HYPERLINK("x")</f><v>1</v></c>'
HOSTILE = {
    "a formula": lambda f: as_xlsx(f / "t.xlsx", {"group": [{"stem": "x"}]}, CONTENT),
    "a far cell": lambda f: as_xlsx(
        f / "t.xlsx", {"group": [{"stem": "x"}]}, '<c r="XFD1048576"><v>1</v></c>'
    ),
    "a link": lambda f: as_xlsx(
        f / "t.xlsx", {"group": [{"stem": "x"}]}, more={"xl/externalLinks/externalLink1.xml": "<x/>"}
    ),
    "an outside target": lambda f: as_xlsx(
        f / "t.xlsx",
        {"group": [{"stem": "x"}]},
        more={"xl/_rels/x.rels": '<R><Relationship Target="file:///etc/passwd" TargetMode="External"/></R>'},
    ),
    "entities": lambda f: as_xlsx(
        f / "t.xlsx",
        {"group": [{"stem": "x"}]},
        more={"xl/x.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'},
    ),
    "a zip bomb": lambda f: packed(f / "t.xlsx", {"xl/workbook.xml": b" " * 200_000_000}),
    "no zip": lambda f: (f / "t.xlsx").write_bytes(b"PK\x03\x04no") and f / "t.xlsx",
    "repeated columns": lambda f: as_ods(
        f / "t.ods",
        {"group": [{"stem": "x"}]},
        '<table:table-cell table:number-columns-repeated="2000000000" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>",
    ),
    "a gap of columns": lambda f: as_ods(
        f / "t.ods",
        {"group": [{"stem": "x"}]},
        '<table:table-cell table:number-columns-repeated="2000000000"/>'
        '<table:table-cell office:value-type="float" office:value="1"/>',
    ),
    "repeated spaces": lambda f: as_ods(
        f / "t.ods",
        {"group": [{"stem": "x"}]},
        '<table:table-cell><text:p>a<text:s text:c="2000000000"/></text:p></table:table-cell>',
    ),
    "a formula in ods": lambda f: as_ods(
        f / "t.ods",
        {"group": [{"stem": "x"}]},
        '<table:table-cell table:formula="of:=1" office:value-type="float"/>',
    ),
    "a million rows": lambda f: (f / "t.csv").write_text("stem\n" + "x\n" * 1_000_000) and f / "t.csv",
    "many columns": lambda f: (f / "t.csv").write_text("stem" + ",x" * 100_000) and f / "t.csv",
    "a huge cell": lambda f: (f / "t.csv").write_text("stem\n" + "x" * 5_000_000) and f / "t.csv",
    "an open quote": lambda f: (f / "t.csv").write_text('stem\n"x\n') and f / "t.csv",
    "a macro": lambda f: packed(f / "t.xlsm", {"xl/vbaProject.bin": b"x"}),
    "a folder": lambda f: f,
    "nothing": lambda f: f / "none.csv",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_table_is_refused_with_one_line(case, copy, run, tmp_path):
    before = state(copy)
    result = run("import", HOSTILE[case](tmp_path), "--kind", "group", "--create", root=copy.root)
    assert result.exit_code == 2, result.output
    assert result.output.count("\n") == 1
    assert state(copy) == before


@given(st.text())
def test_a_cell_that_would_run_is_made_harmless_and_read_back(text):
    safe = sheets.masked(text)
    assert safe[:1] not in sheets.FORMULA_STARTS
    assert sheets.unmasked(safe) == text or text != text.strip()


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"stem": st.from_regex(r"[a-z]{1,8}", fullmatch=True)},
            optional={"pref-label": st.text(st.sampled_from("ab=+-@'\";,|\n مثال"), min_size=1)},
        ),
        min_size=1,
    )
)
def test_rows_that_are_written_are_read_as_they_were(rows, tmp_path_factory):
    file = tmp_path_factory.mktemp("rows") / "group.csv"
    rows = [{name: text.strip() for name, text in row.items() if text.strip()} for row in rows]
    file.write_text(sheets.write(["stem", "pref-label"], rows), encoding="utf-8", newline="")
    (table,) = sheets.read(file, ["stem"])
    assert [row.cells for row in table.rows] == rows


@pytest.mark.parametrize("kind", columns.KINDS)
def test_a_template_says_what_is_needed(kind, repository):
    plan = columns.plan(repository, kind)
    header = plan.header()
    assert header[0] == "stem"
    assert {name for name, column in plan.columns.items() if column.required} <= set(header)
    assert ("attestation" in header) == ("source" in header) == plan.is_situation or kind == "source"


def test_a_template_with_its_description_is_valid_csv_on_the_web(filled, run, tmp_path):
    csvw = pytest.importorskip("csvw")
    for kind in ("leadership", "merger", "source"):
        out = tmp_path / f"{kind}.csv"
        assert run("export", kind, "--out", out, root=filled.root).exit_code == 0
        described = csvw.CSVW(str(out) + "-metadata.json", validate=True)
        assert described.is_valid
        table = described.tables[0]
        by_name = {column.name: column for column in table.tableSchema.columns}
        assert by_name["stem"].datatype.format
        (first, *_), plural = list(table), [c for c in by_name.values() if c.separator]
        assert plural and first["stem"]
    again = run("template", "merger", "--out", tmp_path / "merger.csv")
    assert again.exit_code == 2 and "is there already" in again.output


def test_a_description_tells_the_statements(run):
    import json

    said = json.loads(run("template", "leadership", "--metadata").stdout)
    leader = next(c for c in said["tableSchema"]["columns"] if c["name"] == "leader")
    source = next(c for c in said["tableSchema"]["columns"] if c["name"] == "source")
    assert leader["propertyUrl"] == "https://w3id.org/filiation/ontology#leader"
    assert source["valueUrl"] == "https://w3id.org/filiation/source/{source}"
    assert source["aboutUrl"] == "https://w3id.org/filiation/attestation/{attestation}"
    assert source["required"]


def test_several_kinds_share_a_template(run):
    header = run("template", "leadership", "merger").stdout.strip().split(",")
    assert header[:2] == ["class", "stem"] and header[-1] == "attestation"
    assert {"leader", "union", "source"} <= set(header)


def test_who_is_only_named_is_begun_only_when_asked(copy, run, tmp_path):
    before = state(copy)
    table = as_csv(tmp_path / "t.csv", BOOK)
    result = run("import", table, root=copy.root)
    assert result.exit_code == 1
    assert "nobody here is called `A. Ant`" in result.output
    assert state(copy) == before
    begun = run("import", table, "--create", "--dry-run", root=copy.root)
    assert "would begin group:band-1: Band 1" in begun.output
    assert state(copy) == before


def test_people_get_opaque_stems(filled):
    names = {f.stem: f.read_text() for f in (filled.data / "people").glob("*.ttl")}
    ant = next(stem for stem, text in names.items() if '"A. Ant"@en' in text)
    assert len(ant) == 4 and ant[1].isdigit()


def test_a_file_with_comments_is_not_laid_out_in_passing(filled, run, tmp_path):
    file = filled.data / "groups" / "league-2.ttl"
    before = file.read_text()
    file.write_text("# A remark of somebody.\n" + before)
    row = {**MERGERS[1], "attestation": "", "page": "13"}
    result = run("import", as_csv(tmp_path / "a.csv", {"merger": [row]}), root=filled.root)
    said = "data/groups/league-2.ttl is not in the house format: run `filiation format"
    assert result.exit_code == 1 and said in result.stdout
    assert file.read_text().startswith("# A remark")
    file.write_text(before)


def test_a_fact_that_contradicts_another_is_told_at_its_row(filled, run, tmp_path):
    row = {**LEADERSHIPS[5], "stem": "league-1-early", "attestation": "", "from": "1950", "until": "1951"}
    row = {**row, "leader": "person:B. Bee", "said-until": ""}
    result = run("import", as_csv(tmp_path / "a.csv", {"leadership": [row]}), root=filled.root)
    assert result.exit_code == 1, result.output
    assert f"{tmp_path}/a.csv:2" in result.stdout and "before the group came to be" in result.stdout


def test_the_kind_is_that_of_the_sheet_of_the_file_or_of_the_option(copy, run, tmp_path):
    place = [{"stem": "green-hill", "pref-label": "Green Hill@en"}]
    for name in ("places-of-2012.csv", "place.csv"):
        result = run("import", as_csv_of(tmp_path / name, place), "--dry-run", root=copy.root)
        assert "would write data/places/green-hill.ttl" in result.output
    table = as_csv_of(tmp_path / "table.csv", place)
    refused = run("import", table, root=copy.root)
    assert refused.exit_code == 2 and "nothing tells of what kind the rows are" in refused.output
    assert run("import", table, "--kind", "place", "--dry-run", root=copy.root).exit_code == 0


def as_csv_of(path, rows):
    path.write_text("\n".join(",".join(record) for record in records(rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "words", [("template", "nosuch"), ("export", "nosuch"), ("import", "x", "--kind", "nosuch")]
)
def test_a_kind_that_has_no_table_is_a_wrong_call(words, run):
    result = run(*words)
    assert result.exit_code == 2
    assert "`nosuch` has no table: choose one of group," in result.output


def test_five_thousand_rows_are_read_and_one_more_is_told(copy, run, tmp_path):
    header = ["class", "stem", "pref-label"]
    rows = [["group", f"band-{n}", f"Band {n}@en"] for n in range(sheets.MAX_ROWS)]
    file = tmp_path / "groups.csv"
    file.write_text(sheets.write(header, (dict(zip(header, row, strict=True)) for row in rows)))
    moved = []
    whole = corpus.load(copy)
    found = intake.read(whole, sheets.read(file, header), progress=lambda done, total: moved.append(done))
    assert (found.problems, found.added) == ([], {"group": sheets.MAX_ROWS})
    assert moved == sorted(moved)
    with file.open("a") as stream:
        stream.write("group,one-more,One more@en\n")
    told = run("import", file, root=copy.root)
    assert (told.exit_code, "more than 5000 rows: split it" in told.output) == (2, True)


def test_tables_are_bounded_together(copy, run, tmp_path):
    for number in range(2):
        text = "".join(f"band-{number}-{n},Band {n}@en\n" for n in range(3_000))
        (tmp_path / f"groups-{number}.csv").write_text("stem,pref-label\n" + text)
    told = run("import", tmp_path / "groups-0.csv", tmp_path / "groups-1.csv", root=copy.root)
    assert (told.exit_code, "more than 5000 rows in all" in told.output) == (2, True)


def test_values_are_bounded_however_few_the_rows(copy, run, tmp_path):
    union = "|".join(f"Band {n}" for n in range(900))
    text = "".join(f"league-{n},{union}\n" for n in range(300))
    (tmp_path / "mergers.csv").write_text("stem,component\n" + text)
    told = run("import", tmp_path / "mergers.csv", "--create", root=copy.root)
    assert (told.exit_code, "more than 200000 values" in told.output) == (2, True)


def test_new_nodes_are_bounded(copy, run, tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_NEW", 20)
    (tmp_path / "groups.csv").write_text(
        "stem,pref-label\n" + "".join(f"band-{n},Band {n}@en\n" for n in range(30))
    )
    told = run("import", tmp_path / "groups.csv", root=copy.root)
    assert told.exit_code == 1
    assert "groups.csv:22: more than 20 new nodes from here on" in told.output


def test_what_one_import_writes_is_written_whole_or_not_at_all(copy, run, tmp_path, monkeypatch):
    before, replace, left = state(copy), Path.replace, 3

    def fails(self, target):
        nonlocal left
        if copy.data in Path(target).parents:
            left -= 1
            if not left:
                raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    told = run("import", as_csv(tmp_path / "facts.csv", BOOK), "--create", root=copy.root)
    assert (told.exit_code, "cannot be written: No space left" in told.output) == (2, True)
    assert state(copy) == before

"""A contributor's mistake is told with its file, its line, and what to type instead."""

import json
import os
import re
import shutil

import pytest
from rdflib import RDF, URIRef

from filiation import corpus, layout, validate

MUJAO = "data/groups/mujao.ttl"


def line_of(file, text):
    return next(n for n, line in enumerate(file.read_text("utf-8").splitlines(), 1) if text in line)


def mend(copy, name, old, new):
    file = copy.root / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("fil:parent group:aqim", "fil:parnet group:aqim", "fil:parnet", "did you mean `fil:parent`?"),
        ("status:held", "status:hold", "status:hold", "did you mean `status:held`?"),
        ("group:aqim", "group:aqmi", "group:aqmi", "did you mean `group:aqim`?"),
        ('"[2011..]"', '"2013-13"', '"2013-13"', "there is no month 13"),
        ('"[2011..]"', '"31/08/2013"', "31/08/2013", "write `2013-08-31`"),
        ('"[2011..]"', '"2013-02-30"', "2013-02-30", "2013-02 has 28 days"),
        ('"[2011..]"', '"2013/2011"', "2013/2011", "the earlier date first"),
        ("fil:parent group:aqim", "fil:parent group:mujao", "fil:offshoot", "shape:Split-"),
        (
            "dcterms:source source:nctc-aqim-profile",
            "fil:asOfWriting true",
            "nctc-aqim-profile",
            "dcterms:source",
        ),
        ("naming:mujao-mujao\n", "naming:other-name\n", "naming:other-name", "naming:mujao-…"),
    ],
)
def test_a_mistake_is_told_at_its_line(copy, run, old, new, where, message):
    file = mend(copy, MUJAO, old, new)
    result = run("validate", MUJAO_PATH(copy), root=copy.root)
    assert result.exit_code == 1
    told = [line for line in result.stdout.splitlines() if message in line]
    assert told, result.output
    lines = [n for n, line in enumerate(file.read_text("utf-8").splitlines(), 1) if where in line]
    assert int(told[0].split(":")[1]) in lines, result.output
    assert told[0].startswith(f"{MUJAO}:")
    assert re.search(r"\[[\w:-]+\]$", told[0])


def MUJAO_PATH(copy):  # noqa: N802  # reads as the constant that it stands for
    return copy.root / MUJAO


def test_one_file_gets_what_the_whole_run_says_of_it(copy):
    for old, new in (("fil:stance stance:affirms ;", ""), ('"[2011..]"', '"1990"')):
        mend(copy, MUJAO, old, new)
    whole = corpus.load(copy)
    path = copy.relative(copy.root / MUJAO)
    every = validate.validate(whole)
    alone = validate.validate(whole, {path})
    assert [p for p in every.problems if p.file == path] == alone.problems
    assert alone.violations


def test_a_dozen_files_alone_get_what_the_whole_run_says_of_them(repository):
    every = validate.validate(repository)
    for path in list(repository.data)[:: len(repository.data) // 12]:
        alone = validate.validate(repository, {path})
        assert [p for p in every.problems if p.file == path] == alone.problems


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "data/groups/cut.ttl",
            b"PREFIX fil: <https://w3id.org/filiation/ontology#>\n<x:a> a fil:Gro",
            "the full stop is missing",
        ),
        ("data/groups/empty.ttl", b"", "says nothing"),
        ("data/groups/latin.ttl", "# caf\u00e9".encode("latin-1"), "UTF-8"),
        ("data/groups/prefix.ttl", b"a:b a a:c .", "unknown prefix"),
        (
            "data/other/thing.ttl",
            b"<https://w3id.org/filiation/group/thing> a <x:y> .",
            "data/groups/thing.ttl",
        ),
        ("data/groups/one.ttl", b"<https://w3id.org/filiation/group/two> a <x:y> .", "group:one"),
        (
            "data/groups/bnode.ttl",
            b"<https://w3id.org/filiation/group/bnode> <x:y> [ <x:z> 1 ] .",
            "blank node",
        ),
        ("data/groups/wd.ttl", b"<http://www.wikidata.org/entity/Q1> a <x:y> .", "not ours to describe"),
    ],
)
def test_a_bad_file_is_a_problem_and_the_rest_is_still_judged(copy, run, name, content, message):
    file = copy.root / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    mend(copy, MUJAO, "fil:parent group:aqim", "fil:parnet group:aqim")
    result = run("validate", root=copy.root)
    assert result.exit_code == 1
    assert any(line.startswith(name) and message in line for line in result.stdout.splitlines()), (
        result.output
    )
    assert "did you mean `fil:parent`?" in result.stdout


@pytest.mark.parametrize("name", ["mine.ttl", "./mine.ttl", "shapes/../mine.ttl"])
def test_a_file_from_elsewhere_is_judged_with_the_dataset(copy, run, tmp_path, monkeypatch, name):
    (tmp_path / "shapes").mkdir()
    (tmp_path / "mine.ttl").write_text(
        "<https://w3id.org/filiation/group/mine> a <https://w3id.org/filiation/ontology#Group> ."
    )
    monkeypatch.chdir(tmp_path)
    result = run("validate", name, root=copy.root)
    assert result.exit_code == 1
    assert "move it to data/groups/mine.ttl" in result.stdout
    assert "skos:prefLabel" in result.stdout


def test_a_file_from_elsewhere_that_cannot_be_read_is_a_problem(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "noise.ttl").write_bytes(bytes(range(256)))
    result = run("validate", "noise.ttl")
    assert (result.exit_code, "noise.ttl:2:" in result.stdout) == (1, True)


def test_a_node_that_is_described_twice_is_a_problem(copy, run):
    extra = copy.root / "data" / "groups" / "gia.ttl"
    mend(copy, "data/groups/gia.ttl", "group:gia\n", "group:gia\n    <x:p> <x:o> ;\n")
    extra.write_text(
        extra.read_text("utf-8") + "\n<https://w3id.org/filiation/group/mujao> <x:p> 1 .\n", "utf-8"
    )
    result = run("validate", root=copy.root)
    assert "group:mujao is described in" in result.stdout


def test_a_hundred_thousand_lines_are_read(copy, run):
    file = copy.root / "data" / "groups" / "long.ttl"
    rows = "".join(f"<https://w3id.org/filiation/group/long> <x:p> {n} .\n" for n in range(100_000))
    file.write_text(rows)
    result = run("validate", file, root=copy.root)
    assert result.exit_code == 1
    assert "data/groups/long.ttl:1:" in result.stdout


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root and Windows read everything")
def test_a_file_that_may_not_be_read_is_a_problem(copy, run):
    (copy.root / MUJAO).chmod(0)
    result = run("validate", root=copy.root)
    assert (result.exit_code, "cannot be read" in result.stdout) == (1, True)


@pytest.mark.parametrize("nest", [("[ <x:p> ", " ]"), ("( ", " )")], ids=["nodes", "lists"])
def test_deep_nesting_is_told_and_not_laid_out(copy, run, nest):
    file = copy.data / "groups" / "deep.ttl"
    text = f"<https://w3id.org/filiation/group/deep> <x:p> {nest[0] * 2000}1{nest[1] * 2000} ."
    file.write_text(text)
    result = run("validate", file, root=copy.root)
    assert (result.exit_code, "blank node" in result.stdout) == (1, True)
    assert run("format", file, root=copy.root).exit_code == 1
    assert file.read_text() == text


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(copy, run):
    file = copy.root / MUJAO
    text = file.read_text("utf-8")
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert run("validate", file, root=copy.root).exit_code == 0
    assert run("format", file, root=copy.root).exit_code == 0
    assert file.read_text("utf-8") == text


def test_json_holds_the_problems_and_the_coverage(copy, run):
    mend(copy, MUJAO, "fil:parent group:aqim", "fil:parnet group:aqim")
    result = run("validate", "--format", "json", root=copy.root)
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {"file", "line", "severity", "message", "rule"} <= report["problems"][0].keys()
    splits = set(corpus.load(copy).stated.subjects(RDF.type, URIRef(layout.ONTOLOGY + "Split")))
    assert report["coverage"]["shape:Split"] == len(splits) > 1


def test_no_shapes_at_all_is_an_error(copy, run):
    for file in copy.shapes.glob("*.ttl"):
        file.unlink()
    result = run("validate", root=copy.root)
    assert (result.exit_code, "no shape" in result.output) == (2, True)


def test_a_shape_that_meets_nothing_is_reported(copy, run):
    for folder in ("groups", "incidents", "organizations", "people"):
        shutil.rmtree(copy.data / folder)
    told = run("validate", root=copy.root).stderr.splitlines()[-1]
    assert told.startswith("shapes that met nothing: ")
    assert "shape:Dissolution" in told.split()
    assert "shape:Place" not in told.split()


def test_paths_that_hold_nothing_are_wrong_calls(run, tmp_path):
    assert run("validate", tmp_path).exit_code == 2
    result = run("validate", tmp_path / "none.ttl")
    assert (result.exit_code, "there is no such file" in result.output) == (2, True)

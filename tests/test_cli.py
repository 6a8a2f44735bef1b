"""Commands say what they do, refuse what makes no sense, and never show a traceback."""

import os
import subprocess
import sys
import time

import pytest

from filiation import oxigraph

COMMANDS = ["completion", "evidence", "find", "format", "infer", "publish", "query", "questions", "validate"]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_an_example(run, command):
    result = run(*([command] if command else []), "--help")
    assert result.exit_code == 0
    assert "Example: " in result.output


def test_help_loads_nothing_heavy():
    code = (
        "import sys; import filiation.cli; "
        "print([m for m in ('rdflib', 'pyshacl', 'owlrl', 'edtf') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_format_check_tells_and_format_mends(copy, run):
    file = copy.data / "groups" / "mujao.ttl"
    text = file.read_text("utf-8")
    file.write_text(text.replace("    a fil:Group ;\n", "  a   fil:Group ;\n"), "utf-8")
    told = run("format", "--check", root=copy.root)
    assert (told.exit_code, told.output.count("filiation format data/groups/mujao.ttl")) == (1, 1)
    mended = run("format", root=copy.root)
    assert (mended.exit_code, mended.output) == (0, "formatted data/groups/mujao.ttl\n")
    assert file.read_text("utf-8") == text
    assert run("format", "--check", root=copy.root).exit_code == 0


def test_format_leaves_what_it_cannot_read(copy, run):
    file = copy.data / "groups" / "mujao.ttl"
    file.write_text("group:mujao a", "utf-8")
    result = run("format", file, root=copy.root)
    assert result.exit_code == 1
    assert file.read_text("utf-8") == "group:mujao a"


ANCESTORS = "SELECT ?ancestor WHERE { group:mujao fil:descendsFrom ?ancestor } ORDER BY ?ancestor"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("table", "group:aqim\n group:gia\n group:mia\n\n3 rows"),
        ("csv", "https://w3id.org/filiation/group/aqim\r\n"),
        ("tsv", "<https://w3id.org/filiation/group/aqim>"),
        ("json", '"value":"https://w3id.org/filiation/group/aqim"'),
        ("xml", "<uri>https://w3id.org/filiation/group/aqim</uri>"),
    ],
)
def test_query_in_every_format(run, release, form, expected):
    result = run("query", "--release", release, "-e", ANCESTORS, "--format", form)
    assert result.exit_code == 0
    assert expected in result.stdout_bytes.decode()


def test_query_from_a_file_asserted_only(run, release, tmp_path):
    file = tmp_path / "q.rq"
    file.write_text(ANCESTORS)
    assert "3 rows" in run("query", file, "--release", release).output
    assert "0 rows" in run("query", file, "--release", release, "--asserted-only").output


def test_construct_gives_turtle(run, release):
    result = run(
        "query",
        "--release",
        release,
        "-e",
        "CONSTRUCT { ?a fil:descendsFrom ?b } WHERE { ?a fil:descendsFrom ?b . FILTER (?a = group:mujao) }",
    )
    assert oxigraph.count(result.stdout_bytes, "ttl") == 3
    assert "group:mujao fil:descendsFrom group:aqim" in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name one query"),
        (("-e", "ASK {}", "--question", "x"), "name one query"),
        (("none.rq",), "there is no such file"),
        (("--question", "who-descend-from-whom"), "did you mean `who-descends-from-whom`"),
        (("-e", "SELECT ?a WHERE { ?a fil:parent }"), "query, line 1, column"),
        (("-e", "SELECT ?a WHERE {\n ?a foo:bar ?b }"), "unknown prefix `foo:`"),
        (("-e", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }"), "SERVICE is not answered"),
        (("-e", "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }"), "SERVICE is not answered"),
        (("-e", "DELETE WHERE { ?a ?b ?c }"), "query, line 1"),
        (("-e", "ASK {}", "--format", "ttl"), "SELECT and ASK give rows"),
        (("-e", "DESCRIBE group:aqim", "--format", "csv"), "CONSTRUCT and DESCRIBE give triples"),
        (("-e", "ASK {}", "--release", "/nowhere"), "there is no such folder"),
        (("-e", "ASK {}", "--release", "/nowhere", "--tree"), "exclude each other"),
    ],
)
def test_a_wrong_query_is_told(run, release, words, message):
    store = () if "--release" in words else ("--release", release)
    result = run("query", *words, *store)
    assert (result.exit_code, message in result.output) == (2, True), result.output


@pytest.mark.parametrize(
    "query",
    ['ASK { ?a ?service "a SERVICE" }', "ASK { ?a ?b <http://example.org/service/x> } # SERVICE <x:y>"],
)
def test_the_word_service_is_not_the_clause(run, release, query):
    assert run("query", "--release", release, "-e", query).exit_code == 0


def test_query_asks_the_release_and_says_when_it_is_old(copy, run):
    assert run("publish", "--date", "2026-11-23", root=copy.root).exit_code == 0
    assert "1 row" in run("query", "-e", ANCESTORS, root=copy.root).stdout
    file = copy.data / "groups" / "mujao.ttl"
    file.write_text(file.read_text("utf-8"), "utf-8")
    later = time.time() + 60
    os.utime(file, (later, later))
    assert "older than the files" in run("query", "-e", ANCESTORS, root=copy.root).stderr
    next(copy.release.glob("*.nq.gz")).write_bytes(b"<x:a> <x:b> .")
    broken = run("query", "-e", ANCESTORS, root=copy.root)
    assert (broken.exit_code, "is cut short" in broken.stderr) == (2, True)


def test_query_asks_the_working_tree(run, copy):
    assert "1 row" in run("query", "--tree", "-e", ANCESTORS, root=copy.root).output


def test_questions_are_listed_and_answered(run, release):
    listed = run("questions")
    assert listed.exit_code == 0
    assert len(listed.output.splitlines()) >= 40
    answered = run("questions", "--run", "--release", release)
    assert answered.exit_code == 0
    assert answered.output.count(" row") >= 40


def test_infer_writes_triples_and_tells_why(run, copy, tmp_path):
    out = tmp_path / "inferred.nt"
    assert run("infer", "--out", out, root=copy.root).exit_code == 0
    assert oxigraph.count(out.read_bytes(), "nt") > 500
    told = run("infer", "--explain", root=copy.root).output
    start = told.index("\ngroup:mujao fil:splitFrom group:aqim\n")
    assert "by fil:splitFrom owl:propertyChainAxiom fil:offshootOf" in told[start : start + 200]


def test_infer_of_a_contradiction_is_a_problem(copy, run):
    file = copy.data / "groups" / "mujao.ttl"
    text = file.read_text("utf-8").replace("a fil:Split ;", "a fil:Split , fil:Attestation ;")
    file.write_text(text, "utf-8")
    result = run("infer", root=copy.root)
    assert result.exit_code == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run, shell):
    assert "_FILIATION_COMPLETE" in run("completion", shell).output


def test_outside_a_checkout_the_way_in_is_told(run, tmp_path):
    result = run("validate", root=tmp_path)
    assert (result.exit_code, "--root" in result.output) == (2, True)


def test_an_unknown_command_is_a_wrong_call(run):
    assert run("valdate").exit_code == 2


@pytest.mark.parametrize("words", ["questions", "infer"])
def test_a_reader_that_has_gone_is_no_fault(place, words):
    command = [sys.executable, "-c", "from filiation.cli import run; run()", "--root", str(place.root), words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0

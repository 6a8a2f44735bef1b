"""What programs get: each form is valid by its own standard, and says what the text says."""

import json
import re
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import jsonschema
import pyshacl
import pytest
from rdflib import RDF, SH, Graph
from rdflib.compare import isomorphic, to_isomorphic

from filiation import corpus, layout, rules, shacl, turtle, validate, verdicts
from filiation.findings import VIOLATION, WARNING, Problem, Verdict

SCHEMA = Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json"
FILE = PurePosixPath("data/groups/hill-league.ttl")
BROKEN = f"""PREFIX fil: <{layout.ONTOLOGY}>
PREFIX group: <{layout.BASE}group/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

group:hill-league
    a fil:Group ;
    fil:coutn "twenty" ; fil:splitFrom group:hill-league ;
    skos:prefLabel "Ligue, à 100%: \N{GRINNING FACE}"@fr , "Hill League" ; # a remark
.
"""


def problem(message="Mend it.", severity=VIOLATION, rule="shape:Split-parent", file=FILE, **more):
    return Problem(file, 7, severity, message, rule, 5, **({"end_line": 7, "end_column": 15} | more))


@pytest.fixture(scope="module")
def known(place):
    return list(rules.every(rules.shapes_of(place).shapes))


@pytest.fixture(scope="module")
def judged(place):
    """The checkout without its groups, people and incidents, one broken file in their place."""
    whole = corpus.load(place)
    kept = {
        path: graph
        for path, graph in whole.graphs.items()
        if path.parts[0] != "data" or path.parts[1] == "places"
    }
    whole.graphs = kept
    whole.files = {path: file for path, file in whole.files.items() if path in kept}
    file = place.root / FILE
    whole.graphs[FILE] = turtle.parse(BROKEN, file)
    whole.files[FILE] = file
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turtle, "text_of", lambda path: BROKEN if path == file else path.read_text("utf-8"))
        return whole, validate.validate(whole), validate.validate(whole, {FILE})


def as_log(verdict, known):
    log = json.loads(verdicts.as_sarif(verdict, known))
    jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(log)
    return log


def test_the_sarif_schema_refuses_what_is_no_log(known):
    log = json.loads(verdicts.as_sarif(Verdict([], 0, 0), known))
    log["runs"][0]["results"] = [{"ruleId": "x"}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(log)


def test_sarif_is_valid_and_holds_every_problem_with_its_place_and_rule(judged, known):
    _, verdict, _ = judged
    run = as_log(verdict, known)["runs"][0]
    assert len(run["results"]) == len(verdict.problems) > 3
    described = run["tool"]["driver"]["rules"]
    for found, told in zip(run["results"], verdict.problems, strict=True):
        assert described[found["ruleIndex"]]["id"] == found["ruleId"] == told.rule
        region = found["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (told.line, told.column)
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_has_the_reason_of_each_shape_and_the_mend(judged, known):
    _, verdict, _ = judged
    run = as_log(verdict, known)["runs"][0]
    helps = {rule["id"]: rule["help"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert "Name the group from which part breaks away" in helps["shape:Split-parent"]
    assert "filiation explain shape:Split-parent" in helps["shape:Split-parent"]
    fix = next(found["fixes"] for found in run["results"] if found["ruleId"] == "unknown-term")
    change = fix[0]["artifactChanges"][0]["replacements"][0]
    assert change["insertedContent"]["text"] == "fil:count"
    assert change["deletedRegion"] == {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 14}


def test_sarif_takes_files_from_elsewhere_and_rules_that_nobody_described(known):
    strange = problem(file=PurePosixPath("/tmp/a b/ü%.ttl"), rule="never-heard-of", end_line=0, end_column=0)
    found = as_log(Verdict([strange], 1, 1), known)["runs"][0]["results"][0]
    assert (
        found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        == "file:///tmp/a%20b/%C3%BC%25.ttl"
    )


def test_github_gets_one_escaped_command_for_each_problem():
    found = [
        problem("100% wrong,\r\nreally: yes", file=PurePosixPath("data/groups/a,b:c%.ttl")),
        problem("Perhaps.", WARNING, "unused"),
        problem("`fil:x` is not a term", rule="unknown-term", instead="fil:y"),
        problem("Too long.", end_line=9),
    ]
    assert verdicts.as_github(Verdict(found, 1, 1)).split("\n") == [
        "::error file=data/groups/a%2Cb%3Ac%25.ttl,line=7,endLine=7,col=5,endColumn=15,"
        "title=shape%3ASplit-parent::100%25 wrong,%0D%0Areally: yes",
        "::warning file=data/groups/hill-league.ttl,line=7,endLine=7,col=5,endColumn=15,"
        "title=unused::Perhaps.",
        "::error file=data/groups/hill-league.ttl,line=7,endLine=7,col=5,endColumn=15,"
        "title=unknown-term::`fil:x` is not a term%0AWrite: fil:y",
        "::error file=data/groups/hill-league.ttl,line=7,endLine=9,title=shape%3ASplit-parent::Too long.",
    ]


def test_what_a_runner_reads_from_the_commands_is_what_was_meant(judged):
    """Read as `actions/runner` does (ActionCommand.TryParseV2)."""
    _, verdict, _ = judged
    for line, told in zip(verdicts.as_github(verdict).split("\n"), verdict.problems, strict=True):
        command, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
        read = dict(pair.split("=", 1) for pair in properties.split(","))
        for sign, code in ((":", "%3A"), (",", "%2C"), ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
            read = {key: value.replace(code, sign) for key, value in read.items()}
            message = message if code in ("%3A", "%2C") else message.replace(code, sign)
        assert command == ("warning" if told.severity == WARNING else "error")
        assert (read["file"], read["line"], read["title"]) == (str(told.file), str(told.line), told.rule)
        assert message.split("\nWrite: ")[0] == told.message


def test_junit_fails_the_rules_that_are_broken(judged, known):
    _, verdict, _ = judged
    suite = ElementTree.fromstring(verdicts.as_junit(verdict, known))[0]
    cases = {case.get("name"): case for case in suite}
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failed == {found.rule for found in verdict.violations}
    assert {rule.name for rule in known} <= cases.keys()
    assert cases["shape:Split-parent"].find("skipped") is not None
    counts = [
        len(cases),
        len(failed),
        0,
        sum(case.find("skipped") is not None for case in suite),
    ]
    assert [int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped")] == counts
    assert f"{FILE}:7:5: error:" in cases["unknown-term"].find("failure").text


def test_junit_is_xml_whatever_a_file_holds():
    text = verdicts.as_junit(Verdict([problem("a \x00\x1b\ud800 <b> & ]]>\N{GRINNING FACE}")], 1, 1))
    failure = ElementTree.fromstring(text.encode()).find(".//failure")
    assert "<b> & ]]>\N{GRINNING FACE}" in failure.text


def test_json_has_the_columns_and_the_mends(judged):
    _, verdict, _ = judged
    found = json.loads(verdicts.as_json(verdict))["problems"]
    term = next(told for told in found if told["rule"] == "unknown-term")
    assert term | {"message": ""} == {
        "file": str(FILE),
        "line": 7,
        "column": 5,
        "endLine": 7,
        "endColumn": 14,
        "severity": "violation",
        "message": "",
        "instead": "fil:count",
        "rule": "unknown-term",
    }


def test_the_shacl_report_is_the_one_that_pyshacl_gives(judged):
    whole, verdict, _ = judged
    _, expected, _ = pyshacl.validate(
        validate.judged(whole), shacl_graph=whole.shapes, inference="none", advanced=False
    )
    found = Graph().parse(data=verdicts.as_shacl(verdict), format="turtle")
    assert len(list(found.subjects(RDF.type, SH.ValidationResult))) > 1
    assert isomorphic(to_isomorphic(found), to_isomorphic(expected))


def test_the_shacl_report_on_one_file_holds_its_results_alone(judged):
    _, every, alone = judged
    found = Graph().parse(data=verdicts.as_shacl(alone), format="turtle")
    told = {(result.focus, result.shape, result.message) for result in shacl.results(found)}
    assert told == {
        (result.focus, result.shape, result.message)
        for result in shacl.results(every.report)
        if "hill-league" in str(result.focus)
    }
    assert [value.toPython() for value in found.objects(None, SH.conforms)] == [False]


def test_a_report_without_results_conforms():
    assert "sh:conforms true" in verdicts.as_shacl(
        Verdict([], 0, 0, report=shacl.report(Graph(), Graph().parse(data=ONE_SHAPE)))
    )


ONE_SHAPE = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
<x:shape> a sh:NodeShape ; sh:targetClass <x:class> ; sh:property [ sh:path <x:p> ; sh:minCount 1 ] .
"""


@pytest.mark.parametrize("form", sorted(verdicts.FORMS))
def test_the_command_prints_each_form_to_stdout_and_nothing_else(copy, run, form):
    file = copy.root / FILE
    file.write_text(BROKEN, "utf-8")
    result = run("validate", "--format", form, file, root=copy.root)
    assert result.exit_code == 1
    match form:
        case "json" | "sarif":
            json.loads(result.stdout)
        case "junit":
            ElementTree.fromstring(result.stdout.encode())
        case "shacl":
            assert len(Graph().parse(data=result.stdout, format="turtle")) > 3
            assert "of rules that are no shapes" in result.stderr
        case "github":
            assert all(line.startswith(("::error ", "::warning ")) for line in result.stdout.splitlines())

"""A verdict for programs: JSON, annotations of GitHub, SARIF, JUnit, and the report of SHACL.

Each form is a function from a verdict and the rules that it was judged by to a text, listed in FORMS.
Columns count code points from 1 in all of them, and the end is the first column after the place.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from rdflib import Graph

from filiation import turtle
from filiation.findings import VIOLATION, WORDS, Problem, Verdict
from filiation.rules import Rule

HOME = "https://w3id.org/filiation/"
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

#: What XML 1.0 cannot hold, even as a character reference.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(verdict: Verdict, rules: Iterable[Rule] = ()) -> str:
    """The problems (file, place, severity, message, rule, what to type instead) and the number of focus
    nodes of each shape."""
    problems = [
        {
            "file": str(p.file),
            "line": p.line,
            "column": p.column,
            "endLine": p.end_line or p.line,
            "endColumn": p.end_column or p.column,
            "severity": p.severity,
            "message": p.message,
            "instead": p.instead or None,
            "rule": p.rule,
        }
        for p in verdict.problems
    ]
    return json.dumps({"problems": problems, "coverage": verdict.coverage}, indent=2, ensure_ascii=False)


def as_github(verdict: Verdict, rules: Iterable[Rule] = ()) -> str:
    """One workflow command for each problem, which GitHub shows at its line (Workflow commands for
    GitHub Actions, "Setting an error message" and "Setting a warning message")."""
    return "\n".join(map(_annotation, verdict.problems))


def _annotation(problem: Problem) -> str:
    at: dict[str, object] = {"file": str(problem.file), "line": problem.line, "endLine": problem.end_line}
    if problem.end_line in (0, problem.line):
        # GitHub knows columns only where a place does not go on into another line.
        at |= {"col": problem.column, "endColumn": problem.end_column}
    at["title"] = problem.rule
    told = ",".join(f"{key}={_property(str(value))}" for key, value in at.items() if value)
    instead = f"\nWrite: {problem.instead}" if problem.instead else ""
    return f"::{WORDS.get(problem.severity, 'error')} {told}::{_data(problem.message + instead)}"


def _data(text: str) -> str:
    """Escaped as the runner reads messages (actions/toolkit, `command.ts`)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escaped as the runner reads the properties of a command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(verdict: Verdict, rules: Iterable[Rule] = ()) -> str:
    """A log of one run (SARIF 2.1.0), with the rules and, where it is known, what to type."""
    known = {rule.name: rule for rule in rules}
    for problem in verdict.problems:
        known.setdefault(problem.rule, Rule(problem.rule, problem.message, ""))
    places = {name: index for index, name in enumerate(known)}
    driver = {
        "name": "filiation",
        "version": version("filiation"),
        "informationUri": HOME,
        "rules": [_descriptor(rule) for rule in known.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, places[problem.rule]) for problem in verdict.problems],
    }
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _descriptor(rule: Rule) -> dict[str, Any]:
    why = f"\n\n{rule.why}" if rule.why else ""
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.asks},
        "fullDescription": {"text": rule.why or rule.asks},
        "help": {"text": f"{rule.asks}{why}\n\n`filiation explain {rule.name}` shows examples."},
        "defaultConfiguration": {"level": WORDS.get(rule.severity, "error")},
    }


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    region = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endLine": problem.end_line or problem.line,
        "endColumn": problem.end_column or problem.column,
    }
    file = _artifact(problem.file)
    print_ = "\n".join((problem.rule, str(problem.file), problem.message, problem.excerpt.strip()))
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": rule,
        "level": WORDS.get(problem.severity, "error"),
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": {"artifactLocation": file, "region": region}}],
        "partialFingerprints": {"problem/v1": hashlib.sha256(print_.encode("utf-8", "replace")).hexdigest()},
    }
    if problem.instead:
        change = {"deletedRegion": region, "insertedContent": {"text": problem.instead}}
        edit = {"artifactLocation": file, "replacements": [change]}
        result["fixes"] = [
            {"description": {"text": f"Write {problem.instead}"}, "artifactChanges": [edit]},
        ]
    return result


def _artifact(file: PurePosixPath) -> dict[str, str]:
    if file.is_absolute():
        return {"uri": "file://" + quote(str(file))}
    return {"uri": quote(str(file)), "uriBaseId": "%SRCROOT%"}


def as_junit(verdict: Verdict, rules: Iterable[Rule] = ()) -> str:
    """A test suite in which each rule is a test: failed where something breaks it, skipped where it met
    nothing (the form of Ant's JUnit task that build servers read)."""
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in verdict.problems:
        found[problem.rule].append(problem)
    names = [rule.name for rule in rules]
    names += sorted(found.keys() - set(names))
    failed = {problem.rule for problem in verdict.violations}
    idle = set(verdict.unmet) - found.keys()
    counts = {"tests": len(names), "failures": len(failed), "errors": 0, "skipped": len(idle & set(names))}
    totals = {key: str(count) for key, count in counts.items()}
    root = ElementTree.Element("testsuites", {"name": "filiation", **totals})
    suite = ElementTree.SubElement(root, "testsuite", {"name": "filiation validate", **totals})
    for name in names:
        case = ElementTree.SubElement(suite, "testcase", name=name, classname="filiation.rules")
        broken = [problem for problem in found[name] if problem.severity == VIOLATION]
        if broken:
            first = f"{len(broken)} to mend: {broken[0].message}"
            failure = ElementTree.SubElement(case, "failure", message=_xml(first), type=name)
            failure.text = _xml("\n".join(map(str, broken)))
        elif name in idle:
            ElementTree.SubElement(case, "skipped", message="met nothing to judge")
        warned = [problem for problem in found[name] if problem.severity != VIOLATION]
        if warned:
            ElementTree.SubElement(case, "system-out").text = _xml("\n".join(map(str, warned)))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def as_shacl(verdict: Verdict, rules: Iterable[Rule] = ()) -> str:
    """The validation report of SHACL (section 3.6) as Turtle: what the shapes found, and no other rule."""
    report = Graph()
    report += verdict.report
    turtle.bind(report)
    return report.serialize(format="turtle").rstrip("\n")


FORMS: dict[str, Callable[[Verdict, Iterable[Rule]], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
    "shacl": as_shacl,
}

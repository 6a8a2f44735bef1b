"""What is shown of many warnings, and what of few: nothing is hidden from whoever asks for all."""

import json
from pathlib import PurePosixPath

import pytest

from filiation import report, verdicts
from filiation.findings import VIOLATION, WARNING, Problem, Verdict

LOCATED = "shape:Attestation-verified"


def verdict(number):
    """One problem, one rare warning, and a number of warnings of one rule in two files."""
    files = [PurePosixPath(f"data/groups/{name}.ttl") for name in ("hill-league", "northern-front")]
    problems = [Problem(files[n % 2], n, WARNING, "Verify the place.", LOCATED) for n in range(number)]
    problems.append(Problem(files[0], 7, VIOLATION, "Give a status.", "shape:Situation-status"))
    problems.append(Problem(files[1], 9, WARNING, "nothing refers to it", "unused"))
    return Verdict(sorted(problems), 2, 100)


def test_a_rule_with_many_warnings_has_one_line_at_the_end():
    lines = list(report.told(verdict(400), in_full=False))
    assert lines == [
        "data/groups/hill-league.ttl:7:1: error: Give a status. [shape:Situation-status]",
        "data/groups/northern-front.ttl:9:1: warning: nothing refers to it [unused]",
        "data/groups/hill-league.ttl:0:1: warning: Verify the place. (and 399 more of this rule, in 2 files) "
        f"[{LOCATED}]",
    ]


@pytest.mark.parametrize(("number", "in_full"), [(400, True), (report.FEW, False), (0, False)])
def test_in_full_or_of_a_few_every_one_is_listed(number, in_full):
    found = verdict(number)
    assert list(report.told(found, in_full)) == [str(problem) for problem in found.problems]


def test_programs_get_every_one():
    assert len(json.loads(verdicts.as_json(verdict(400)))["problems"]) == 402


def at(excerpt, column, end_column, instead="", line=7, end_line=7):
    file = PurePosixPath("data/groups/hill-league.ttl")
    more = {"end_line": end_line, "end_column": end_column, "excerpt": excerpt, "instead": instead}
    return Problem(file, line, VIOLATION, "Mend it.", "unknown-term", column, **more)


HEAD = "data/groups/hill-league.ttl:7:{}: error: Mend it. [unknown-term]"


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (
            at("    fil:parnet group:aqim ;", 5, 15, "fil:parent"),
            ["    7 |     fil:parnet group:aqim ;", "      |     ^^^^^^^^^^", "      |     fil:parent"],
        ),
        (at('\tfil:x "long', 8, 3, end_line=9), ['    7 | \tfil:x "long', "      | \t      ^^^^^"]),
        (at('fil:x "北部" , "b" ;', 14, 17), ['    7 | fil:x "北部" , "b" ;', "      |                ^^^"]),
        (
            at("a \u202eb\x1b[2J c", 10, 11),
            ["    7 | a \\u202eb\\u001b[2J c", "      | " + " " * 19 + "^"],
        ),
        (at("", 1, 1), []),
    ],
    ids=["a mend", "a tab, and more lines", "wide signs", "hidden signs", "no line"],
)
def test_the_mark_stands_under_the_place(problem, shown):
    assert report.shown(problem).splitlines() == [HEAD.format(problem.column), *shown]


def test_of_a_long_line_the_part_around_the_place_is_shown():
    _, line, mark = report.shown(at("x" * 5000 + "here" + "y" * 5000, 5001, 5005)).splitlines()
    assert len(line) < 130
    assert line[mark.index("^") : mark.rindex("^") + 1] == "here"


def test_the_run_over_everything_says_how_to_see_the_rest(copy, run):
    for number in range(report.FEW + 1):
        (copy.data / "sources" / f"example-{number}.ttl").write_text(
            "PREFIX fil: <https://w3id.org/filiation/ontology#>\n"
            f"<https://w3id.org/filiation/source/example-{number}> a fil:Source .\n",
            "utf-8",
        )
    short, full = run("validate", root=copy.root), run("validate", "--all", root=copy.root)
    assert "more of this rule, in " in short.stdout
    assert "`--all` lists every warning" in short.stderr
    assert full.stdout.count("[unused]") > report.FEW >= short.stdout.count("[unused]") == 1
    assert "more of this rule" not in full.stdout
    assert "--all" not in full.stderr
    named = run("validate", copy.data / "sources", root=copy.root)
    assert named.stdout.count("[unused]") == 1, "an error would be lost among them"

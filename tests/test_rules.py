"""Each rule can be looked up by the name that a problem tells, with a failing and a passing example."""

import ast
import shutil
from pathlib import Path

import pytest

from filiation import rules

MODULES = sorted((Path(__file__).parent.parent / "scripts" / "filiation").glob("*.py"))


@pytest.fixture(scope="module")
def shapes(place):
    return rules.shapes_of(place)


def told_by_code() -> set[str]:
    """The rules that the code names where it makes a finding."""
    found = {"unreadable", "too-precise", "unaffirmed"}
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Finding"
                and len(node.args) > 2
            ):
                rule = node.args[2]
                found |= {rule.value} if isinstance(rule, ast.Constant) else set()
    return found


def test_every_rule_of_the_code_is_described_with_its_examples():
    assert told_by_code() - rules.code_rules().keys() == set()
    for rule in rules.code_rules().values():
        assert rule.asks.endswith(".")
        assert rule.why.endswith(".")
        assert rule.fails != rule.passes != ""


@pytest.mark.parametrize(
    "name", ["shape:Split-parent", "Split-parent", "split-PARENT", "[shape:Split-parent]"]
)
def test_a_rule_is_found_by_its_name_however_it_is_written(shapes, name):
    rule = rules.find(name, shapes)
    assert rule.name == "shape:Split-parent"
    assert rule.asks == "Name the group from which part breaks away: fil:parent group:…."
    assert rule.judges == ("fil:Split",)
    assert rule.written.startswith("shapes/split.ttl\nshape:Split-parent\n")
    assert rule.written.endswith("\n.")


def test_every_shape_that_can_be_told_has_a_failing_and_a_passing_example(shapes):
    silent = [
        rule.name
        for rule in rules.every(shapes.shapes)
        if rule.name.startswith("shape:") and rule.asks != rule.why
        if not (rules.find(rule.name, shapes).fails and rules.find(rule.name, shapes).passes)
    ][:5]
    assert silent == []


def test_an_example_is_a_case_of_the_rule(shapes, place):
    rule = rules.find("shape:Split-parent", shapes)
    for example, word in ((rule.fails, "breaks"), (rule.passes, "passes")):
        case = example.split("\n")[0]
        assert (place.root / case).read_text("utf-8").startswith(f"# {word}: shape:Split-parent\n")
        assert "PREFIX" not in example
        assert example.count("\n") > 2


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Split-parnet", "`shape:Split-parent`"),
        ("unknown-tern", "`unknown-term`"),
        ("misplace", "`misplaced`"),
    ],
)
def test_of_an_unknown_name_the_nearest_are_told(shapes, name, near):
    with pytest.raises(rules.NoSuchRule, match=f"there is no rule `{name}`: did you mean .*{near}"):
        rules.find(name, shapes)


def test_the_command_explains_a_shape(run):
    result = run("explain", "Split-parent")
    assert result.exit_code == 0
    for part in (
        "shape:Split-parent (error)",
        "Name the group from which part breaks away",
        "Why: ",
        "Judges: fil:Split",
        "Fails:\n    tests/shapes/split/",
        "Passes:\n    tests/shapes/split/",
    ):
        assert part in result.stdout


def test_the_command_explains_a_rule_of_the_code_and_lists_them_all(run):
    result = run("explain", "too-precise")
    assert "too-precise (warning)" in result.stdout
    assert "Fails:\n    split:northern-front-1994" in result.stdout
    listed = run("explain").stdout.splitlines()
    assert len(listed) > 200
    assert all("  " in line for line in listed)


def test_an_unknown_name_is_a_wrong_call(run):
    result = run("explain", "Split-parnet")
    assert (result.exit_code, "did you mean `shape:Split-parent`" in result.stderr) == (2, True)


def test_without_the_cases_a_checkout_says_so(run, place, tmp_path):
    for folder in ("ontology", "shapes"):
        shutil.copytree(place.root / folder, tmp_path / folder)
    result = run("explain", "Split-parent", root=tmp_path)
    assert result.exit_code == 0
    assert "No example here: this checkout lacks tests/shapes/" in result.stdout

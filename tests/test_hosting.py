"""What the host runs for us may do as little as possible, and what it shows people is well-formed.

The rules for workflows are those of the host's own hardening guide: actions by full commit hash, least
permissions, no text of a stranger in a script, no code of a stranger beside a token that may write.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = [
    path for path in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) if path.stem != "config"
]
OURS = [path for path in WORKFLOWS if path.name != "test.yml"]


def read(path):
    # YAML 1.1 takes the key `on` for a truth value.
    found = yaml.safe_load(path.read_text("utf-8"))
    return {("on" if key is True else key): value for key, value in found.items()}


def jobs(path):
    return read(path)["jobs"].items()


def steps(path):
    return [step for _, job in jobs(path) for step in job["steps"]]


def by_stem(path):
    return path.stem


def test_there_are_workflows_and_forms():
    assert {path.stem for path in WORKFLOWS} == {"comment", "publish", "pull-request", "test"}
    assert {path.stem for path in FORMS} == {"bug", "correction", "new-fact"}


def test_workflows_pass_actionlint():
    actionlint = shutil.which("actionlint")
    if actionlint is None:
        pytest.skip("needs actionlint: go install github.com/rhysd/actionlint/cmd/actionlint@latest")
    done = subprocess.run([actionlint, "-no-color", *map(str, WORKFLOWS)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=by_stem)
def test_every_action_is_pinned_by_hash_with_its_version_beside(path):
    for line in path.read_text("utf-8").splitlines():
        if "uses:" in line:
            assert re.search(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_an_action_has_the_same_hash_everywhere():
    used = {step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step}
    assert len(used) == len({action.partition("@")[0] for action in used}) > 1


@pytest.mark.parametrize("path", OURS, ids=by_stem)
def test_nothing_is_permitted_but_what_a_job_asks_for(path):
    workflow = read(path)
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]
    for name, job in jobs(path):
        assert 0 < job["timeout-minutes"] <= 45, name
        assert set(job["permissions"].values()) <= {"read", "write"}, name


@pytest.mark.parametrize("path", WORKFLOWS, ids=by_stem)
def test_no_script_holds_an_expression(path):
    """A title, a branch or a file name in `${{ }}` would become part of the script; in `env` it is a text."""
    for step in steps(path):
        assert "${{" not in step.get("run", ""), step
        assert "${{" not in str(step.get("with", "")) or step["uses"].startswith("actions/checkout"), step


@pytest.mark.parametrize("path", WORKFLOWS, ids=by_stem)
def test_no_script_evaluates_what_it_was_given(path):
    for step in steps(path):
        script = step.get("run", "")
        assert not re.search(r"\b(eval|source|bash -c|sh -c)\b|`", script), step
        # A variable outside quotes is split into words, also those that begin with a hyphen.
        bare = re.sub(r"\"(?:\\.|[^\"])*\"|'[^']*'|[\w]+=\$\([^\n]*(?:\\\n[^\n]*)*", "", script)
        assert not re.search(r"\$[A-Z_]+", bare), bare


def test_who_may_write_runs_nothing_of_ours():
    writers = 0
    for path in OURS:
        for name, job in jobs(path):
            if "write" in job["permissions"].values():
                writers += 1
                assert not any("uses" in step for step in job["steps"]), (path.name, name)
                assert "scripts/" not in str(job["steps"]), (path.name, name)
    assert writers == 2


def test_the_code_of_a_pull_request_runs_only_where_nothing_can_be_written():
    for path in WORKFLOWS:
        events = set(read(path)["on"])
        assert "pull_request_target" not in events
        if "pull_request" in events:
            workflow = read(path)
            permitted = [workflow["permissions"], *(job.get("permissions", {}) for _, job in jobs(path))]
            assert all(set(each.values()) <= {"read"} for each in permitted)
            assert "secrets." not in path.read_text("utf-8")


def test_the_comment_comes_from_the_code_of_the_default_branch():
    comment = ROOT / ".github" / "workflows" / "comment.yml"
    assert read(comment)["on"]["workflow_run"]["workflows"] == [
        read(comment.with_name("pull-request.yml"))["name"]
    ]
    checkouts = [
        step["with"] for step in steps(comment) if step.get("uses", "").startswith("actions/checkout")
    ]
    assert [set(options) for options in checkouts] == [{"fetch-depth", "persist-credentials"}]
    assert all(step["with"]["persist-credentials"] is False for path in OURS for step in steps(path)
               if step.get("uses", "").startswith("actions/checkout"))  # fmt: skip
    scripts = "\n".join(step.get("run", "") for step in steps(comment))
    assert not re.search(r"git (checkout|switch|reset|merge |pull)", scripts)


def test_commands_in_workflows_are_ours(run):
    """The calls that a workflow makes are understood by the command line as it is."""
    called = {
        re.sub(r"[^\w-].*", "", words)
        for path in WORKFLOWS
        for words in re.findall(r"scripts/run ([a-z][^\n]*)", path.read_text("utf-8"))
    }
    assert called == {"validate", "format", "diff", "publish"}
    for command in called:
        said = run(command, "--help").output
        for path in WORKFLOWS:
            for words in re.findall(rf"scripts/run {command}\b([^\n]*)", path.read_text("utf-8")):
                for option in re.findall(r"--[a-z-]+", words):
                    assert option in said, (command, option)


HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_the_hooks_of_pre_commit_are_there():
    assert [hook["id"] for hook in HOOKS] == ["filiation-format", "filiation-validate"]
    for hook in HOOKS:
        assert {"id", "name", "entry", "language", "files"} <= hook.keys()
        # Each process reads all rules: several at once would only wait for each other.
        assert hook["require_serial"] is True


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_does_what_it_says(copy, run, monkeypatch, hook):
    monkeypatch.chdir(copy.root)
    name, *words = hook["entry"].split()
    assert name == "filiation"
    file = "data/groups/mujao.ttl"
    assert re.search(hook["files"], file) and not re.search(hook["files"], "tests/world/b2mx.ttl")
    path = copy.root / file
    assert run(*words, file, root=copy.root).exit_code == 0
    text = path.read_text("utf-8")
    path.write_text(text.replace("fil:parent ", "fil:parnet ", 1).replace("    a ", "  a ", 1), "utf-8")
    done = run(*words, file, root=copy.root)
    if "format" in words:
        # pre-commit itself stops a commit in which a hook changed a file.
        assert path.read_text("utf-8") == text.replace("fil:parent ", "fil:parnet ", 1)
    else:
        assert (done.exit_code, "did you mean `fil:parent`" in done.output) == (1, True)


KINDS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


@pytest.mark.parametrize("path", FORMS, ids=by_stem)
def test_an_issue_form_is_one(path):
    """The syntax for issue forms: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms"""
    form = read(path)
    assert form.keys() <= {"name", "description", "title", "labels", "body", "assignees", "projects", "type"}
    assert form["name"] and form["description"] and isinstance(form["labels"], list)
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert fields
    assert len({field["id"] for field in fields}) == len({field["attributes"]["label"] for field in fields})
    for field in form["body"]:
        assert field["type"] in KINDS
        assert field.keys() <= {"type", "id", "attributes", "validations"}
        if field["type"] == "markdown":
            assert field.keys() == {"type", "attributes"} and field["attributes"]["value"].strip()
            continue
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", field["id"])
        if field["type"] == "dropdown":
            options = field["attributes"]["options"]
            assert all(isinstance(option, str) for option in options)
            assert len(set(options)) == len(options) > 1
        if field["type"] == "textarea":
            assert field["attributes"].keys() <= {"label", "description", "placeholder", "value", "render"}


PAPERS = [
    ROOT / "CODE_OF_CONDUCT.md",
    *sorted((ROOT / ".github").glob("*.md")),
    *sorted((ROOT / ".github").rglob("*.yml")),
]


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_no_address_is_invented_and_every_file_named_is_there(path):
    text = path.read_text("utf-8")
    assert not re.search(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith("https://"):
            name = target.removeprefix("../blob/HEAD/")
            assert (ROOT / name).exists() or (path.parent / name).exists(), target

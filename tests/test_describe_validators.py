"""The tools that others made for each kind of description find nothing wrong in ours.

Each stands in an environment of its own (see tests/validators/) and is cut off from the network where the
system lets a test do so; what a tool would fetch is given to it from a package.
"""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from filiation import manifest
from filiation.tables.schema import TABLES

pytestmark = pytest.mark.validators


@cache
def _apart() -> tuple[str, ...]:
    """The words that run a command without a network: `unshare` of util-linux, where it is allowed."""
    words = ("unshare", "--user", "--net", "--map-root-user")
    try:
        works = not subprocess.run([*words, "true"], capture_output=True).returncode
    except OSError:
        works = False
    return words if works else ()


def run(*words: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [*_apart(), *map(str, words)]
    # The tools are of other environments: they must not find our packages.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=surroundings)


# The tools themselves


PINS = sorted(Path(__file__).parent.glob("validators/*.txt"))
LOCKS = sorted(Path(__file__).parent.glob("validators/*/package-lock.json"))


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.stem)
def test_each_package_of_a_tool_is_pinned_by_its_hash(file):
    packages = [block for block in file.read_text("utf-8").replace("\\\n", " ").splitlines() if block.strip()]
    assert packages
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.parent.name)
def test_each_package_of_npm_is_pinned_by_its_hash_and_not_to_a_host(file):
    packages = json.loads(file.read_text("utf-8"))["packages"]
    packages.pop("")
    assert packages
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


# REUSE, Citation File Format


def test_every_file_of_the_repository_says_its_terms(validator, place):
    if not (place.root / ".git").exists():
        pytest.skip("without git, files that git ignores count as files of the repository")
    done = run(validator("reuse") / "reuse", "--root", place.root, "lint", "--json")
    found = json.loads(done.stdout)["non_compliant"]
    assert not any(found.values()), found
    assert done.returncode == 0


def test_a_file_without_terms_is_found_out(validator, tmp_path):
    (tmp_path / "a.py").write_text("print()\n")
    done = run(validator("reuse") / "reuse", "--root", tmp_path, "lint", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["non_compliant"]["missing_licensing_info"]


@pytest.mark.parametrize("where", ["repository", "release"])
def test_the_citation_is_valid(validator, place, release, where):
    folder = place.root if where == "repository" else release
    done = run(validator("cffconvert") / "cffconvert", "--validate", "--infile", folder / "CITATION.cff")
    assert done.returncode == 0, done.stderr
    assert "valid according to schema version 1.2.0" in done.stdout


def test_the_citation_becomes_bibtex(validator, release):
    done = run(
        validator("cffconvert") / "cffconvert", "--format", "bibtex", "--infile", release / "CITATION.cff"
    )
    assert "{Filiation contributors}" in done.stdout
    assert f"https://w3id.org/filiation/release/{manifest.read(release).version}" in done.stdout


# RO-Crate


#: Puts a context into the store of answers from which the validator takes what it would fetch.
_REMEMBER = """
import io, sys
import requests, urllib3
from requests_cache import CachedSession
store, url, file = sys.argv[1:]
content = open(file, "rb").read()
answer = requests.Response()
answer.status_code, answer.url, answer._content = 200, url, content
answer.request = requests.Request("GET", url).prepare()
answer.headers["Content-Type"] = "application/ld+json"
answer.raw = urllib3.HTTPResponse(io.BytesIO(content), answer.headers, 200, preload_content=False)
CachedSession(store, expire_after=-1).cache.save_response(answer)
"""


@pytest.fixture(scope="module")
def judge_crate(validator, tmp_path_factory):
    tools, package = validator("roc-validator"), validator("ro-crate")
    room = tmp_path_factory.mktemp("crate")
    context = package / "node_modules" / "ro-crate" / "lib" / "context.json"
    url = "https://w3id.org/ro/crate/1.2/context"
    done = run(tools / "python", "-c", _REMEMBER, room / "answers", url, context)
    assert done.returncode == 0, done.stderr

    def judge(folder: Path) -> list[tuple[str, str]]:
        """What is wrong with a crate, each with how severe it is."""
        report = room / "report.json"
        words = ("--offline", "--cache-path", room / "answers", "--no-paging", "--output-format", "json")
        run(
            *(tools / "rocrate-validator", "validate", folder, *words, "--output-file", report),
            *("--profile-identifier", "ro-crate-1.2", "--requirement-severity", "recommended"),
        )
        found = json.loads(report.read_text("utf-8"))
        assert found["passed"] == (not found["issues"])
        return [(issue["severity"], issue["message"]) for issue in found["issues"]]

    return judge


def test_the_crate_is_valid_and_lacks_little_that_is_recommended(judge_crate, release):
    # The validator cannot look the address up here; the project has no entry in the registry of
    # organizations; and four files are written after the crate, two of which name its hash.
    known = ("504", "ROR", "`contentSize`")
    found = judge_crate(release)
    assert [severity for severity, _ in found if severity == "REQUIRED"] == []
    assert [message for _, message in found if not any(word in message for word in known)] == []


def test_a_crate_without_a_licence_or_a_file_is_found_out(judge_crate, release, tmp_path):
    names = ["README.md", "void.ttl"]
    whole = json.loads((release / "ro-crate-metadata.json").read_text("utf-8"))
    root = next(entity for entity in whole["@graph"] if entity["@id"] == "./")
    del root["license"]
    root["hasPart"] = [part for part in root["hasPart"] if part["@id"] in names]
    whole["@graph"] = [
        entity for entity in whole["@graph"] if entity["@type"] != "File" or entity["@id"] in names
    ]
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(whole), "utf-8")
    shutil.copy(release / "README.md", tmp_path)
    required = {message for severity, message in judge_crate(tmp_path) if severity == "REQUIRED"}
    assert any("license" in message for message in required)
    assert any("void.ttl" in message for message in required)


# Croissant


#: Reads every record set through the description, with the files of the folder for those on the web.
_READ = """
import json, sys
import mlcroissant
(folder,) = sys.argv[1:]
whole = json.load(open(f"{folder}/croissant.json", encoding="utf-8"))
here = {file["@id"]: f"{folder}/{file['name']}" for file in whole["distribution"]}
dataset = mlcroissant.Dataset(whole, mapping=here)
assert not dataset.metadata.issues.errors, dataset.metadata.issues.report()
names = [records.id for records in dataset.metadata.record_sets]
rows = {name: sum(1 for _ in dataset.records(name)) for name in names}
print(json.dumps([rows, sorted(dataset.metadata.issues.warnings)]))
"""


def test_the_croissant_is_valid(validator, release):
    tool = validator("mlcroissant") / "mlcroissant"
    done = run(tool, "validate", "--jsonld", release / "croissant.json")
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower()


def test_the_tables_are_read_through_the_croissant(validator, release):
    done = run(validator("mlcroissant") / "python", "-c", _READ, release)
    assert done.returncode == 0, done.stderr
    rows, warnings = json.loads(done.stdout)
    whole = manifest.read(release)
    assert rows == {name: whole.named(f"filiation-{name}-{whole.version}.csv").rows for name in TABLES}
    assert warnings == []


# The page


def test_the_page_is_well_formed_and_open_to_all(validator, release, tmp_path):
    """Rules of html-validate for the standard, and for people who hear or magnify a page."""
    home = validator("html-validate")
    rules = {"extends": ["html-validate:standard", "html-validate:a11y"], "root": True}
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(rules))
    shutil.copy(release / "index.html", tmp_path)
    tool = home / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    done = run("node", tool, "--formatter", "json", "index.html", folder=tmp_path)
    found = [
        f"{message['line']}: {message['message']} [{message['ruleId']}]"
        for result in json.loads(done.stdout)
        for message in result["messages"]
    ]
    assert found == []

"""What the documents say is so: numbers, answers and versions are held to the code and the data."""

import re
import shutil
import tomllib

from filiation import questions


def text(place, name):
    return (place.root / name).read_text("utf-8")


def test_the_readme_counts_the_questions_rightly(place):
    number = len(questions.load(place))
    assert f"{number} questions, ready made" in text(place, "README.md")


def test_the_answer_in_the_readme_is_the_answer(place, run, release):
    readme = text(place, "README.md")
    query = re.search(r"query -e '([^']+)'", readme)[1]
    shown = re.search(r"The answer of the last one:\n\n```\n(.*?)```", readme, re.DOTALL)[1]
    assert run("query", "-e", query, "--release", release).stdout.strip() == shown.strip()


def test_the_name_in_the_readme_is_found_like_that(place, run):
    shown = re.search(r"run find ([^\n]+)\n```.*?\n```\n(.*?)```", text(place, "README.md"), re.DOTALL)
    result = run("find", *shown[1].split())
    assert (result.exit_code, result.stdout) == (0, shown[2])


def test_the_mistake_in_the_readme_is_told_like_that(place, tmp_path, run):
    shown = re.search(r"^data/groups/mujao\.ttl:.*$", text(place, "README.md"), re.MULTILINE)[0]
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(place.root / folder, tmp_path / folder)
    file = tmp_path / "data" / "groups" / "mujao.ttl"
    file.write_text(file.read_text("utf-8").replace("fil:parent group", "fil:parnet group"), "utf-8")
    assert shown in run("validate", file, root=tmp_path).stdout.splitlines()


def test_every_command_of_the_documents_exists(place):
    from filiation.cli import main

    for name in ("README.md", "CONTRIBUTING.md"):
        for command in re.findall(r"scripts/run ([a-z]+)", text(place, name)):
            assert command in main.commands, (name, command)


def test_one_version_everywhere(place):
    version = tomllib.loads(text(place, "pyproject.toml"))["project"]["version"]
    assert f"\nversion: {version}\n" in text(place, "CITATION.cff")
    assert f"\n## {version}\n" in text(place, "CHANGELOG.md")


def test_the_passage_in_the_picture_is_the_passage(place, repository):
    from filiation.evidence import FIL
    from filiation.layout import PREFIXES

    start, end = re.search(r"passage (\d+)–(\d+)", text(place, "README.md")).groups()
    from rdflib import URIRef

    split = URIRef(PREFIXES["split"] + "mujao-2011")
    passages = [
        (
            str(repository.stated.value(node, FIL.passageStart)),
            str(repository.stated.value(node, FIL.passageEnd)),
        )
        for node in repository.stated.subjects(FIL.attests, split)
    ]
    assert (start, end) in passages

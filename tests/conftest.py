"""What several tests need: the checkout, a copy that may be broken, and the command line."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Graph

from filiation import corpus, infer, layout
from filiation.cli import main

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def place() -> layout.Layout:
    return layout.find(HERE)


@pytest.fixture(scope="session")
def repository(place) -> corpus.Corpus:
    return corpus.load(place)


@pytest.fixture(scope="session")
def inferred(repository) -> Graph:
    """What the build adds to the real data, for all tests."""
    return infer.infer(repository)


@pytest.fixture
def copy(place, tmp_path) -> layout.Layout:
    """A checkout of one's own, to be changed and broken."""
    root = tmp_path / "copy"
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(place.root / folder, root / folder)
    for name in ("pyproject.toml", "LICENSE", "LICENSE-DATA"):
        shutil.copy(place.root / name, root / name)
    return layout.find(root)


@pytest.fixture
def run(place):
    """Run a command: `run("validate", "--format", "json", root=copy.root)`."""

    def call(*words, root=None):
        arguments = ["--root", str(root or place.root), *map(str, words)]
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture(scope="session")
def published(tmp_path_factory, place):
    """One release of the real data for all tests, and what the command said."""
    out = tmp_path_factory.mktemp("publish") / "release"
    arguments = ["--root", str(place.root), "publish", "--out", str(out), "--date", "2026-11-23"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out, result.output


@pytest.fixture(scope="session")
def release(published) -> Path:
    return published[0]


@pytest.fixture(scope="session")
def release_summary(published) -> str:
    return published[1]

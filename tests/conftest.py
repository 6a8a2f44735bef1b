"""What several tests need: the checkout, a copy that may be broken, and the command line."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import DCTERMS, Graph, URIRef
from rdflib.term import Node

from filiation import corpus, infer, layout, turtle
from filiation.cli import main
from filiation.dataset import Edition
from filiation.dates import FIL
from filiation.material import Material

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


@pytest.fixture(scope="session")
def material(repository, inferred) -> Material:
    """The matter of a release of the real data."""
    return Material(repository, inferred, Edition("1.2.3", "2026-11-23"))


@pytest.fixture(scope="session")
def excerpt(place, repository, tmp_path_factory) -> Path:
    """A checkout with what one source says, and the entities of which it speaks: a tenth of the data,
    for tests that change a file and judge or publish everything."""
    root = tmp_path_factory.mktemp("excerpt")
    for folder in ("ontology", "shapes"):
        shutil.copytree(place.root / folder, root / folder)
    for name in ("pyproject.toml", "LICENSE", "LICENSE-DATA", "CHANGELOG.md"):
        shutil.copy(place.root / name, root / name)
    kept = _told_by(repository, URIRef(layout.BASE + "source/nctc-aqim-profile"))
    for path, graph in repository.data.items():
        part = Graph()
        for triple in graph:
            ours = triple[2] in repository.homes and repository.homes[triple[2]] in repository.data
            if triple[0] in kept and (not ours or triple[2] in kept):
                part.add(triple)
        if len(part):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            turtle.bind(part)
            turtle.write(root / path, turtle.house_format(part, layout.entity_iri(path)))
    return root


def _told_by(repository: corpus.Corpus, source: URIRef) -> set[Node]:
    """The attestations of a source, their situations, and every entity that these lead to."""
    stated = repository.stated
    attestations = set(stated.subjects(DCTERMS.source, source)) & set(stated.subjects(FIL.attests))
    kept = {URIRef(layout.DATASET), source, *attestations}
    kept |= {situation for node in attestations for situation in stated.objects(node, FIL.attests)}
    waiting = set(kept)
    while waiting:
        entities = {o for node in waiting for o in stated.objects(node) if _is_entity(o)}
        waiting = entities - kept
        kept |= entities
    return kept


def _is_entity(node: Node) -> bool:
    parts = layout.split_iri(str(node))
    return parts is not None and parts[0] in {"group", "organization", "person", "place"}


@pytest.fixture
def copy(excerpt, tmp_path) -> layout.Layout:
    """A checkout of one's own, to be changed and broken."""
    return layout.find(shutil.copytree(excerpt, tmp_path / "copy"))


@pytest.fixture
def village(place, tmp_path) -> layout.Layout:
    """A checkout of one's own whose data is the small world, quick to read and to infer from."""
    return _built(place, tmp_path / "village")


def _built(place: layout.Layout, root: Path) -> layout.Layout:
    for folder in ("ontology", "shapes"):
        shutil.copytree(place.root / folder, root / folder)
    folders = {prefix: folder for folder, prefix in layout.ENTITY_FOLDERS.items()}
    for file in (HERE / "world").glob("*.ttl"):
        entity = next(e for e in turtle.read(file).subjects() if str(e).endswith(f"/{file.stem}"))
        prefix, _ = layout.split_iri(str(entity))
        home = root / "data" / folders[prefix]
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, home)
    return layout.find(root)


@pytest.fixture(scope="session")
def town(place, tmp_path_factory) -> layout.Layout:
    """The small world as a checkout of which a release can be made, for all tests: not to be changed."""
    town = _built(place, tmp_path_factory.mktemp("town") / "checkout")
    for name in ("pyproject.toml", "LICENSE", "LICENSE-DATA", "CHANGELOG.md"):
        shutil.copy(place.root / name, town.root / name)
    for name in ("dataset.ttl", "organizations/filiation-contributors.ttl"):
        shutil.copy(place.data / name, town.data / name)
    return town


@pytest.fixture(scope="session")
def town_release(town, tmp_path_factory) -> Path:
    """A release of it, 1.0.0."""
    out = tmp_path_factory.mktemp("town-release") / "release"
    words = ["--root", str(town.root), "publish", "--version", "1.0.0", "--date", "2026-11-23"]
    result = CliRunner().invoke(main, [*words, "--out", str(out)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture
def village_material(village) -> Material:
    """The matter of a release of the small world."""
    world = corpus.load(village)
    return Material(world, infer.infer(world), Edition("1.2.3", "2026-11-23"))


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
def validator(place):
    """Where a tool of others stands that judges our files: `validator("reuse") / "reuse"` is its command
    (for a package of npm, the folder that holds `node_modules`). Without it the test is skipped; the
    tools are installed by `scripts/test --all`, each in an environment of its own."""

    def find(tool: str) -> Path:
        home = place.root / "build" / "validators" / tool
        python, node = HERE / "validators" / f"{tool}.txt", HERE / "validators" / tool / "package-lock.json"
        wanted = python if python.is_file() else node
        assert wanted.is_file(), f"no tool is pinned under tests/validators/ by the name {tool}"
        installed = home / "installed"
        if not installed.is_file() or installed.read_bytes() != wanted.read_bytes():
            pytest.skip(f"the validator {tool} is not installed here: scripts/test --all installs it")
        return home / "bin" if wanted == python else home

    return find


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

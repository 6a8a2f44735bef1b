"""The real dataset: clean, in the house format, one test per file, so that a failure names the path."""

from pathlib import Path

import pytest

from filiation import corpus, layout, turtle, validate

PLACE = layout.find(Path(__file__))
FILES = [str(PLACE.relative(file)) for file in PLACE.turtle_files()]


@pytest.fixture(scope="module")
def verdict(repository):
    return validate.validate(repository)


def test_there_are_files():
    assert any(name.startswith("data/groups/") for name in FILES)


@pytest.mark.parametrize("name", FILES)
def test_file(name, verdict):
    assert [str(problem) for problem in verdict.violations if str(problem.file) == name] == []
    text = turtle.text_of(PLACE.root / name)
    graph = turtle.read(PLACE.root / name)
    wanted = turtle.house_format(graph, layout.entity_iri(PLACE.relative(PLACE.root / name)))
    assert text == wanted, f"run: filiation format {name}"


def test_no_file_is_unreadable(repository: corpus.Corpus):
    assert repository.unreadable == []


def test_data_has_no_blank_nodes(repository):
    from rdflib import BNode

    assert not [node for node in repository.stated.all_nodes() if isinstance(node, BNode)]


def test_prefixes_name_what_the_folders_hold():
    assert set(layout.ENTITY_FOLDERS) == {path.name for path in PLACE.data.iterdir() if path.is_dir()}
    assert set(layout.SCHEMES) == {path.stem for path in (PLACE.ontology / "concepts").glob("*.ttl")}


def test_paths_and_iris_lead_to_each_other(repository):
    for path in repository.data:
        iri = layout.entity_iri(path)
        assert iri is not None
        assert layout.graph_iri(path) == f"{layout.GRAPH}{'/'.join(path.with_suffix('').parts[1:])}"
        if path.name != "dataset.ttl":
            prefix, stem = layout.split_iri(iri)
            assert (layout.ENTITY_FOLDERS[path.parts[1]], path.stem) == (prefix, stem)
            assert layout.curie(iri) == f"{prefix}:{stem}"

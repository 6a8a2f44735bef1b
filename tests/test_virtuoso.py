"""The archive for Virtuoso has every graph once, says where it belongs, and is the same when built again."""

import fnmatch
import gzip
import re
import tarfile

import pyoxigraph as ox
import pytest
from rdflib import Graph

from filiation import corpus, layout, virtuoso
from filiation.dataset import Edition
from filiation.material import Material
from filiation.release import Release

EDITION = Edition("1.2.3", "2026-11-23")
NAME = "filiation-virtuoso-1.2.3.tar"


@pytest.fixture
def material(village) -> Material:
    return Material(corpus.load(village), Graph(), EDITION)


@pytest.fixture
def members(material, tmp_path) -> dict[str, bytes]:
    """The files of the archive, by their names without the folder."""
    virtuoso.write(material, Release(tmp_path))
    found = {}
    with tarfile.open(tmp_path / NAME) as archive:
        for entry in archive:
            folder, _, name = entry.name.partition("/")
            assert folder == virtuoso.FOLDER
            found[name] = archive.extractfile(entry).read()
    return found


def test_every_graph_stands_in_a_file_beside_its_name(members, material):
    found = set()
    for name, content in members.items():
        if name.endswith(".nt.gz"):
            graph = ox.NamedNode(members[f"{name.removesuffix('.gz')}.graph"].decode())
            text = gzip.decompress(content)
            found |= {ox.Quad(*q.triple, graph) for q in ox.parse(text, ox.RdfFormat.N_TRIPLES)}
    assert found == set(material.quads)


def test_the_name_of_a_graph_is_all_that_its_file_holds(members):
    names = [content for name, content in members.items() if name.endswith(".graph")]
    assert names and all(re.fullmatch(rb"https://w3id\.org/filiation/graph/\S+", name) for name in names)
    assert (layout.GRAPH + "groups/northern-front").encode() in names


def test_the_load_script_finds_every_graph_and_nothing_else(members, material):
    script = members["load.isql"].decode()
    folder = re.search(r"^SET u\{FOLDER\} (\S+) ;$", script, re.MULTILINE)[1]
    assert folder.endswith(f"/{virtuoso.FOLDER}")
    mask = re.search(r"ld_dir \('\$u\{FOLDER\}', '([^']+)', NULL\)", script)[1]
    taken = fnmatch.filter(members, mask)
    names = {f"{name.removesuffix('.gz')}.graph" for name in taken}
    assert names == {name for name in members if name.endswith(".graph")}
    assert 2 * len(taken) + 1 == len(members)
    assert f"should be {len(set(material.quads))}." in script


def test_the_archive_tells_nothing_of_who_made_it_or_when(material, tmp_path):
    built = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        release = Release(tmp_path / name)
        again = Material(material.corpus, material.inferred, EDITION)
        virtuoso.write(again, release)
        built.append((tmp_path / name / NAME).read_bytes())
        assert [file.name for file in (tmp_path / name).iterdir()] == [NAME]
        assert release.named(NAME).statements == len(set(material.quads))
    assert built[0] == built[1]
    with tarfile.open(tmp_path / "one" / NAME) as archive:
        entries = archive.getmembers()
    assert {(e.mtime, e.uid, e.gid, e.uname, e.gname, e.mode) for e in entries} == {(0, 0, 0, "", "", 0o644)}
    names = [entry.name for entry in entries]
    assert len(names) == len(set(names)) and max(map(len, names)) <= 100

"""A predecessor that cannot be trusted is refused, and so is a release that drops what was released."""

import gzip
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF
from releases import quads_of, released

from filiation import layout, manifest, oxigraph, predecessor, vanished
from filiation.manifest import NotARelease

PREFIXES = layout.PREFIXES


def node(short: str) -> ox.NamedNode:
    prefix, _, stem = short.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + stem)


def described(short: str, graph: str, predicate: str = str(RDF.type), value: object = None) -> ox.Quad:
    return ox.Quad(
        node(short), ox.NamedNode(predicate), value or node("fil:Group"), ox.NamedNode(layout.GRAPH + graph)
    )


def deprecated(short: str, graph: str) -> ox.Quad:
    return described(short, graph, str(OWL.deprecated), ox.Literal(True))


LEAGUE = described("group:hill-league", "groups/hill-league")


def gone(before, after) -> list[str]:
    return [str(missing) for missing in vanished.missing(before, after)]


def test_an_entity_that_is_gone_is_told_with_its_file_and_the_command_to_run():
    assert gone([LEAGUE], []) == [
        "data/groups/hill-league.ttl: group:hill-league is gone: put it back, or run "
        '`filiation retire group:hill-league --gone --because "…"`'
    ]


def test_terms_and_concepts_are_told_by_where_they_stand():
    before = [
        described("fil:Band", "ontology"),
        described("hedge:maybe", "concepts/hedge"),
        described("scheme:hedge", "concepts/hedge"),
    ]
    term, concept, scheme = sorted(gone(before, []), key=lambda line: "concepts" in line)
    assert term.startswith("ontology/filiation.ttl: fil:Band is gone: put the term back with `owl:deprecated")
    assert concept.startswith("ontology/concepts/hedge.ttl: hedge:maybe is gone: put the concept back with")
    assert scheme == "ontology/concepts/hedge.ttl: scheme:hedge is gone: put it back"


@pytest.mark.parametrize(
    "after",
    [
        LEAGUE,
        deprecated("group:hill-league", "groups/hill-league"),
        described("group:hill-league", "groups/another-file"),
        described("group:hill-league", "groups/hill-league", value=node("org:Organization")),
    ],
    ids=["unchanged", "a stub", "moved", "of another class"],
)
def test_what_is_still_described_has_not_vanished(after):
    assert gone([LEAGUE], [after]) == []


def test_a_stub_may_not_vanish_either():
    assert gone([deprecated("group:hill-league", "groups/hill-league")], []) != []


def test_what_is_only_inferred_or_only_named_by_us_or_by_others_promises_nothing():
    before = [
        described("group:hill-league", "inferred"),
        described("group:river-guard", "groups/river-guard", PREFIXES["fil"] + "parent"),
        described("wd:Q1", "groups/hill-league"),
        ox.Quad(ox.NamedNode(oxigraph.SKOLEM + "0a"), ox.NamedNode(str(RDF.type)), node("fil:Group")),
    ]
    assert vanished.promised(before) == {}
    assert gone([LEAGUE], [described("group:hill-league", "inferred")]) != []


def test_many_are_told_in_few_lines():
    before = [described(f"group:g{number:03}", "groups/many") for number in range(100)]
    with pytest.raises(vanished.Vanished) as caught:
        vanished.check(before, [], "1.0.0")
    lines = str(caught.value).splitlines()
    assert lines[0] == "nothing was written: 100 IRIs that were released in 1.0.0 would vanish"
    assert len(lines) == vanished.MOST + 2 and lines[-1] == "… and 80 more"
    assert len(caught.value.missing) == 100
    vanished.check(before, before, "1.0.0")


def test_everything_that_the_small_world_describes_is_promised(village):
    promised = vanished.promised(quads_of(village, "1.0.0"))
    names = {layout.curie(iri) for iri in promised}
    kinds = {name.partition(":")[0] for name in names}
    assert {"group", "person", "split", "attestation", "naming", "fil", "hedge", "scheme"} <= kinds
    for iri, graph in promised.items():
        assert (village.root / layout.graph_path(graph)).is_file(), iri


# The predecessor.


@pytest.fixture
def release(tmp_path) -> Path:
    quads = [LEAGUE, described("fil:Group", "ontology")]
    return released(tmp_path / "1.0.0", quads, "1.0.0", NOTE_txt=b"a note")


def refused(folder: Path) -> str:
    with pytest.raises(NotARelease) as caught:
        predecessor.quads(folder, predecessor.read(folder))
    return str(caught.value)


def edited(folder: Path, **fields: object) -> None:
    path = folder / manifest.NAME
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **fields}), "utf-8")


def test_a_whole_release_is_read(release):
    told = predecessor.read(release)
    assert told.version == "1.0.0"
    assert set(predecessor.quads(release, told)) == {LEAGUE, described("fil:Group", "ontology")}


def test_a_folder_that_is_no_release_is_refused(tmp_path):
    assert "there is no such folder" in refused(tmp_path / "nowhere")
    assert "is not a release" in refused(tmp_path)


@pytest.mark.parametrize("name", ["filiation-1.0.0.nq.gz", "filiation-1.0.0.nq", "NOTE.txt"])
def test_a_file_that_is_missing_cut_short_or_changed_is_named(release, name):
    path = release / name
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    assert refused(release).startswith(f"{path} is cut short: ")
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert refused(release).startswith(f"{path} is not the file that was released")
    path.write_bytes(content + b"\n")
    assert refused(release).startswith(f"{path} is longer than it was")
    path.unlink()
    assert refused(release).startswith(f"{path} cannot be read")


def test_a_manifest_cut_short_or_of_another_dataset_is_refused(release):
    path = release / manifest.NAME
    text = path.read_text("utf-8")
    path.write_text(text[: len(text) // 2], "utf-8")
    assert "cut short" in refused(release)
    path.write_text(text, "utf-8")
    edited(release, dataset="https://example.org/dataset")
    assert "another dataset, https://example.org/dataset" in refused(release)
    path.write_text(text, "utf-8")
    edited(release, version="next")
    assert "no semantic version" in refused(release)


def test_a_dump_with_which_the_manifest_was_changed_too_is_told_by_its_canonical_hash(release):
    """Whoever changes a file and its sums still has to change what the release says of its quads."""
    dump = release / "filiation-1.0.0.nq.gz"
    told = json.loads((release / manifest.NAME).read_text("utf-8"))
    text = gzip.decompress(dump.read_bytes()).replace(b"hill-league>", b"hull-league>", 1)
    content = gzip.compress(text)
    dump.write_bytes(content)
    for entry in told["files"]:
        if entry["name"] == dump.name:
            entry.update(size=len(content), sha256=__import__("hashlib").sha256(content).hexdigest())
    edited(release, files=told["files"])
    assert "canonical hash is not the manifest's" in refused(release)
    content = gzip.compress(text + b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n")
    dump.write_bytes(content)
    for entry in told["files"]:
        if entry["name"] == dump.name:
            entry.update(size=len(content), sha256=__import__("hashlib").sha256(content).hexdigest())
    edited(release, files=told["files"])
    assert "otherwise than its manifest says" in refused(release)


def step(old: str, new: str, date: str = "2026-01-01", over: bool = False) -> str:
    told = manifest.Manifest(old, "2026-01-01", None, 0, 0, "", {}, ())
    try:
        predecessor.check_step(told, new, date, over)
    except predecessor.NotAStep as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.2.3", "1.2.4"),
        ("1.2.3", "1.3.0"),
        ("1.2.3", "2.0.0"),
        ("1.2.3", "1.3.0-rc.1"),
        ("1.3.0-rc.1", "1.3.0-rc.2"),
        ("1.3.0-rc.9", "1.3.0-rc.10"),
        ("1.3.0-rc.10", "1.3.0"),
        ("0.9.9", "0.10.0"),
    ],
)
def test_a_step_is_a_fix_a_new_term_a_changed_meaning_or_a_trial_of_one(old, new):
    assert step(old, new) == ""
    assert "is older than" in step(new, old)


@pytest.mark.parametrize("new", ["1.2.5", "1.3.1", "1.4.0", "2.1.0", "3.0.0", "1.4.0-rc.1"])
def test_a_leap_is_refused_and_the_steps_are_named(new):
    assert step("1.2.3", new) == f"{new} is not one step from 1.2.3: the next one is 1.2.4, 1.3.0 or 2.0.0"
    assert step("1.2.3", new, over=True) == ""


def test_the_same_version_or_an_earlier_day_is_no_step():
    assert step("1.2.3", "1.2.3") == "1.2.3 is released already: the next one is 1.2.4, 1.3.0 or 2.0.0"
    assert step("1.2.3", "1.2.3+again").startswith("1.2.3+again is released already")
    assert "cannot follow 1.2.3 of 2026-01-01" in step("1.2.3", "1.2.4", "2025-12-31")

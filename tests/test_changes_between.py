"""Old release + patch = new release, in Oxigraph, whatever was changed; and what is told of a change."""

import gzip
import hashlib
import json
import shutil
import subprocess
import tarfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph, Literal, URIRef
from releases import quads_of, released

from filiation import difference, folder, layout, manifest, oxigraph, patches, predecessor, turtle, upgrade
from filiation.difference import between

HERE = Path(__file__).parent
GRAPHS = [layout.GRAPH + name for name in ("groups/hill-league", "groups/northern-front", "inferred")]
NODES = st.sampled_from([ox.NamedNode(f"{layout.BASE}group/{name}") for name in "abcd"])
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
    # What a program may take for an escape: a backslash before u, U, n, a quotation mark.
    st.text(st.sampled_from('\\uUn"\n\r\t\u20280041'), max_size=12),
)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(lambda text: ox.Literal(text, language="fr"), TEXTS),
    st.integers().map(ox.Literal),
)
QUADS = st.builds(
    ox.Quad,
    NODES,
    st.sampled_from([ox.NamedNode(f"{layout.ONTOLOGY}{name}") for name in ("parent", "date")]),
    st.one_of(NODES, LITERALS),
    st.sampled_from(list(map(ox.NamedNode, GRAPHS))),
)
RELEASES = [SimpleNamespace(version=version, canonical_hash=version) for version in ("1.0.0", "1.1.0")]


@given(
    st.sets(QUADS, max_size=12), st.sets(QUADS, max_size=12), st.sets(QUADS, max_size=6), st.integers(1, 4)
)
@settings(deadline=None, max_examples=150)
def test_whatever_is_edited_both_patches_give_the_new_quads_and_graphs(kept, old, new, most):
    before, after = kept | old, kept | new
    found = between(before, after)
    by_update, by_patch = oxigraph.Store(before), oxigraph.Store(before)
    by_update.update(patches.update(found, *RELEASES, most))
    patches.apply(by_patch, patches.rdf_patch(found, *RELEASES))
    for store in (by_update, by_patch):
        assert set(store) == after
        assert store.graphs() == {quad.graph_name.value for quad in after}


def quad(subject: str, value: str, graph: str = GRAPHS[0]) -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(f"{layout.BASE}group/{subject}"),
        ox.NamedNode(layout.ONTOLOGY + "note"),
        ox.Literal(value),
        ox.NamedNode(graph),
    )


def test_an_update_has_no_operation_above_its_size():
    quads = [quad("a", f"{number:04}") for number in range(25)]
    text = patches.update(between([], quads), *RELEASES, 10)
    assert [part.count(" .\n") for part in text.split("\n;\n")] == [10, 10, 5, 0]
    assert patches.MOST_QUADS <= 1_000


def test_a_patch_names_the_states_that_it_leads_between():
    header = patches.apply(oxigraph.Store([]), patches.rdf_patch(between([], [quad("a", "x")]), *RELEASES))
    old, new = map(patches.state_id, RELEASES)
    assert header == {"id": f"<{new}>", "prev": f"<{old}>", "from": '"1.0.0"', "to": '"1.1.0"'}
    assert old.startswith("uuid:") and old != new


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("TX .\nA <http://e/s> <http://e/p> 'x' .\nTC .", "line 2: "),
        ("TX .\nA <http://e/s> <http://e/p> <http://e/o> <http://e/g> .", "line 2: cut short"),
        ("A <http://e/s> <http://e/p> <http://e/o> <http://e/g> .", "line 1: A has no place here"),
        ("TX .\nTX .", "line 2: TX has no place here"),
        ("TX .\nTC .\nH id <uuid:1> .", "line 3: H has no place here"),
        ("TX .\nA <http://e/s> <http://e/p>", "line 2: not a row that ends with a full stop"),
    ],
)
def test_what_is_no_patch_is_refused_with_its_line_and_changes_nothing(text, reason):
    store = oxigraph.Store([quad("a", "x")])
    with pytest.raises(patches.NotAPatch, match=reason):
        patches.apply(store, text)
    assert set(store) == {quad("a", "x")}


def test_an_aborted_transaction_changes_nothing_and_prefixes_are_passed_over():
    store = oxigraph.Store([])
    row = "A <http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n"
    patches.apply(store, f'TX .\n{row}TA .\nTX .\nPA "e" "http://e/" .\nTC .\n')
    assert len(store) == 0


def test_a_blank_node_cannot_be_compared():
    blank = ox.Quad(ox.BlankNode("b"), ox.NamedNode("http://e/p"), ox.Literal("x"), ox.NamedNode(GRAPHS[0]))
    with pytest.raises(difference.NotComparable, match=r"publish again"):
        between([], [blank])


@pytest.fixture(scope="module")
def two(tmp_path_factory, place) -> tuple[Path, Path]:
    """Two releases of the small world: a group retired, a split dated otherwise, a group more."""
    root = tmp_path_factory.mktemp("two")
    village = _village(place, root / "village")
    old = released(root / "1.0.0", quads_of(village, "1.0.0"), "1.0.0")
    front = village.data / "groups" / "northern-front.ttl"
    text = front.read_text("utf-8")
    label = 'skos:prefLabel "Northern Front"@en'
    assert text.count(label) == 1
    front.write_text(text.replace(label, f'{label} , "Nordfront"@de'), "utf-8")
    group = "PREFIX group: <{0}group/>\nPREFIX fil: <{0}ontology#>\nPREFIX skos: <{1}>\n\n{2}\n"
    (village.data / "groups" / "lake-band.ttl").write_text(
        group.format(
            layout.BASE,
            layout.PREFIXES["skos"],
            'group:lake-band a fil:Group ; skos:prefLabel "*Lake* Band"@en .',
        ),
        "utf-8",
    )
    (village.data / "places" / "far-country.ttl").write_text(
        "PREFIX place: <https://w3id.org/filiation/place/>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nPREFIX dcterms: <http://purl.org/dc/terms/>\n"
        'place:far-country owl:deprecated true ; skos:changeNote "It is no place."@en ;\n'
        "    dcterms:isReplacedBy place:green-valley .\n",
        "utf-8",
    )
    return old, released(root / "1.1.0", quads_of(village, "1.1.0", "2026-02-01"), "1.1.0", "2026-02-01")


def _village(place, root):
    for name in ("ontology", "shapes"):
        shutil.copytree(place.root / name, root / name)
    folders = {prefix: name for name, prefix in layout.ENTITY_FOLDERS.items()}
    for file in (HERE / "world").glob("*.ttl"):
        entity = next(e for e in turtle.read(file).subjects() if str(e).endswith(f"/{file.stem}"))
        home = root / "data" / folders[layout.split_iri(str(entity))[0]]
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, home)
    return layout.find(root)


STEM = "filiation-1.0.0..1.1.0"


@pytest.fixture(scope="module")
def written(two, tmp_path_factory) -> Path:
    return upgrade.write(*two, tmp_path_factory.mktemp("written") / "out").folder


def read(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()


def test_the_command_writes_everything_beside_the_new_release(two, run, tmp_path):
    new = Path(shutil.copytree(two[1], tmp_path / "new"))
    result = run("changes", two[0], new)
    assert result.exit_code == 0, result.output
    assert "both patches give 1.1.0" in result.stderr
    names = {path.name for path in (tmp_path / STEM).iterdir()}
    endings = ("added.nq.gz", "removed.nq.gz", "ru.gz", "rdfp.gz", "md", "index.json")
    assert names == {"SHA256SUMS", *(f"{STEM}.{ending}" for ending in endings)}
    assert all(name in result.stdout for name in names)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [STEM, "new"]


def test_a_loaded_old_release_becomes_the_new_one_by_each_file(two, written):
    old, new = (set(oxigraph.read_quads(gzip.decompress(_dump(path)))) for path in two)
    added, removed = (
        set(oxigraph.read_quads(read(written / f"{STEM}.{part}.nq.gz").encode()))
        for part in ("added", "removed")
    )
    assert added and removed
    assert (old - removed) | added == new
    by_update, by_patch = oxigraph.Store(old), oxigraph.Store(old)
    by_update.update(read(written / f"{STEM}.ru.gz"))
    patches.apply(by_patch, read(written / f"{STEM}.rdfp.gz"))
    assert set(by_update) == set(by_patch) == new
    assert any(quad.graph_name.value == layout.INFERRED_GRAPH for quad in added)
    assert any(quad.graph_name.value == layout.GRAPH + "ontology" for quad in added)


def _dump(path: Path) -> bytes:
    return (path / manifest.read(path).nquads).read_bytes()


def test_the_index_says_of_each_entity_what_became_of_it(written):
    index = json.loads(read(written / f"{STEM}.index.json"))
    fate = {entry["entity"]: entry for entry in index["entities"]}
    assert fate[layout.BASE + "group/lake-band"]["op"] == "ADD"
    assert fate[layout.BASE + "group/northern-front"]["op"] == "MOD"
    gone = fate[layout.BASE + "place/far-country"]
    assert gone["op"] == "DEL"
    assert gone["replacedBy"] == [layout.BASE + "place/green-valley"]
    assert gone["graphs"] == sorted(gone["graphs"]) and layout.GRAPH + "places/far-country" in gone["graphs"]
    graphs = {entry["graph"]: entry for entry in index["graphs"]}
    assert graphs[layout.GRAPH + "groups/lake-band"] == {
        "op": "ADD",
        "graph": layout.GRAPH + "groups/lake-band",
        "added": 2,
        "removed": 0,
    }
    assert (index["from"]["version"], index["to"]["version"]) == ("1.0.0", "1.1.0")
    assert index["quads"]["added"] == sum(entry["added"] for entry in graphs.values())
    assert index["quads"]["removed"] == sum(entry["removed"] for entry in graphs.values())
    for entry in index["files"]:
        content = (written / entry["name"]).read_bytes()
        assert (entry["size"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_account_tells_under_each_entity_what_changed_of_it(written):
    text = read(written / f"{STEM}.md")
    assert text.startswith("# What changed from Filiation 1.0.0 to 1.1.0\n")
    front = text.partition("### Northern Front (group\\:northern\\-front)\n")[2].partition("\n### ")[0]
    assert "label “Nordfront” \\(de\\)" in front
    assert "### \\*Lake\\* Band (group\\:lake\\-band)\n\n- Added\\: the group \\*Lake\\* Band\\." in text
    assert (
        "- Retired\\: the place Far Country, for the place Green Valley; note\\: “It is no place\\.”" in text
    )
    assert "genid" not in text and "version" not in text.casefold().partition("\n## ")[2]


def test_the_same_two_releases_give_the_same_bytes(two, written, tmp_path):
    again = upgrade.write(*two, tmp_path / "again").folder
    for path in written.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name
    assert upgrade.write(*two, tmp_path / "again").folder == again


def test_two_releases_of_the_same_quads_differ_in_nothing(tmp_path):
    quads = [quad("a", "x")]
    old, new = (released(tmp_path / v, quads, v) for v in ("1.0.0", "1.0.1"))
    done = upgrade.write(old, new, tmp_path / "out")
    assert (done.removed, done.added, done.entities) == (0, 0, ())
    assert "Nothing differs in meaning." in read(tmp_path / "out" / "filiation-1.0.0..1.0.1.md")


def test_disagreements_are_asked_by_the_question_that_the_release_has(place, tmp_path):
    asked = (place.root / "ontology/questions/disagreements.rq").read_text("utf-8")
    example = Graph()
    example.add((URIRef(layout.BASE + "question/disagreements"), SH.select, Literal(asked)))
    village = _village(place, tmp_path / "village")
    text = example.serialize(format="turtle").encode()
    old = released(tmp_path / "1.0.0", quads_of(village, "1.0.0"), "1.0.0")
    front = village.data / "groups" / "northern-front.ttl"
    said = "\nattestation:northern-front-1994-late a fil:Attestation ;\n"
    said += "    dcterms:source source:example-handbook ;\n"
    split = next(turtle.read(front).subjects(RDF.type, URIRef(layout.ONTOLOGY + "Split")))
    said += f'    fil:attests <{split}> ; fil:stance stance:affirms ; fil:date "1899"^^edtf:EDTF .\n'
    front.write_text(front.read_text("utf-8") + said, "utf-8")
    new = released(tmp_path / "1.1.0", quads_of(village, "1.1.0"), "1.1.0", examples_ttl=text)
    account = read(upgrade.write(old, new, tmp_path / "out").folder / f"{STEM}.md")
    assert "the sources disagree on the date of the split of Northern Front" in account.replace(
        "\\", ""
    ).replace("disagree otherwise", "disagree")


# Three real revisions: the first profile, the same looked through, and its neighbourhood as well.
REVISIONS = ("9e8a583", "6b6c142", "2ed7ff1")


def test_three_real_revisions_lead_one_to_the_next(place, tmp_path):
    folders = []
    for number, revision in enumerate(REVISIONS, start=1):
        checkout = tmp_path / revision
        if not (place.root / ".git").exists() or not _unpacked(place.root, revision, checkout):
            pytest.skip(f"this clone has no revision {revision} to compare")
        version = f"0.{number}.0"
        quads = quads_of(layout.find(checkout), version)
        folders.append(released(tmp_path / version, quads, version))
    numbers = []
    for old, new in pairwise(folders):
        # It verifies what it writes; here the verification is not believed either.
        done = upgrade.write(old, new)
        before, after = (set(oxigraph.read_quads(gzip.decompress(_dump(path)))) for path in (old, new))
        store = oxigraph.Store(before)
        store.update(read(done.folder / f"{done.folder.name}.ru.gz"))
        patched = oxigraph.Store(before)
        patches.apply(patched, read(done.folder / f"{done.folder.name}.rdfp.gz"))
        assert set(store) == set(patched) == after != before
        numbers.append(len(after))
    assert numbers[1] > 30_000


def _unpacked(root: Path, revision: str, target: Path) -> bool:
    command = ["git", "archive", "--format=tar", revision, "data", "ontology", "shapes"]
    done = subprocess.run(command, cwd=root, capture_output=True)
    if done.returncode == 0:
        with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
            archive.extractall(target, filter="data")
    return done.returncode == 0


def wrong(call, what) -> str:
    with pytest.raises(what) as caught:
        call()
    return str(caught.value)


def test_what_does_not_follow_is_refused(tmp_path):
    quads = [quad("a", "x")]
    first, third = (released(tmp_path / v, quads, v) for v in ("1.0.0", "1.2.0"))
    out = tmp_path / "out"
    assert "older than 1.2.0" in wrong(lambda: upgrade.write(third, first, out), predecessor.NotAStep)
    assert "released already" in wrong(lambda: upgrade.write(first, first, out), predecessor.NotAStep)
    told = wrong(lambda: upgrade.write(first, third, out), predecessor.NotAStep)
    assert told == "1.2.0 is not one step from 1.0.0: the next one is 1.0.1, 1.1.0 or 2.0.0"
    early = released(tmp_path / "early", quads, "1.1.0", "2025-12-31")
    assert "mend the date" in wrong(lambda: upgrade.write(first, early, out), predecessor.NotAStep)
    assert not out.exists()
    assert upgrade.write(first, third, out, over=True).folder == out


def test_a_folder_that_holds_something_else_is_left_alone(two, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    assert "holds something else" in wrong(lambda: upgrade.write(*two, out), folder.CannotWrite)
    assert "is not a folder" in wrong(lambda: upgrade.write(*two, out / "thesis.txt"), folder.CannotWrite)
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "thesis.txt"]


@pytest.mark.parametrize("broken", ["ru", "rdfp"])
def test_a_patch_that_does_not_give_the_new_release_is_never_written(two, tmp_path, monkeypatch, broken):
    name = {"ru": "update", "rdfp": "rdf_patch"}[broken]
    right = getattr(patches, name)

    def wrongly(found, *rest):
        return right(difference.Difference(found.removed, found.added[1:], found.emptied), *rest)

    monkeypatch.setattr(patches, name, wrongly)
    told = wrong(lambda: upgrade.write(*two, tmp_path / "out"), upgrade.NotVerified)
    assert told.endswith("does not give 1.1.0: nothing was written")
    assert list(tmp_path.iterdir()) == []


def test_a_graph_left_empty_is_noticed(two, tmp_path, monkeypatch):
    old, new = (
        released(tmp_path / v, quads, v)
        for v, quads in (("1.0.0", [quad("a", "x"), quad("b", "x", GRAPHS[1])]), ("1.0.1", [quad("a", "x")]))
    )
    right = patches.update
    monkeypatch.setattr(
        patches,
        "update",
        lambda found, *rest: right(difference.Difference(found.removed, found.added, ()), *rest),
    )
    assert "SPARQL Update" in wrong(lambda: upgrade.write(old, new, tmp_path / "out"), upgrade.NotVerified)


def test_what_stops_the_writing_leaves_nothing_behind(two, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(upgrade, "_add_index", full)
    told = wrong(lambda: upgrade.write(*two, tmp_path / "out"), folder.CannotWrite)
    assert "No space left on device" in told
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_call_is_told_in_a_line(two, run, tmp_path):
    for words in ((tmp_path / "nowhere", two[1]), (two[1], two[0]), (two[0], tmp_path)):
        result = run("changes", *words, "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert result.stderr.startswith("filiation: ") and result.stderr.count("\n") == 1

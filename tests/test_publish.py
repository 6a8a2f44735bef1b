"""A release appears whole or not at all, is the same when built again, and says what is in it."""

import gzip
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import VOID, Graph, URIRef

from filiation import layout, oxigraph, publish

DAY = ("--date", "2026-11-23")


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_every_file_is_there_and_its_checksum_is_right(release):
    sums = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text().splitlines())
    found = digests(release)
    del found["SHA256SUMS"]
    assert sums == found
    assert {f"filiation.{extension}" for extension in oxigraph.FORMATS} <= found.keys()
    assert {"ontology.ttl", "shapes.ttl", "void.ttl", "LICENSE", "LICENSE-DATA", "README.md"} <= found.keys()


def test_every_syntax_holds_the_same_statements(release):
    unions = {}
    for extension in oxigraph.FORMATS:
        content = (release / f"filiation.{extension}").read_bytes()
        assert gzip.decompress((release / f"filiation.{extension}.gz").read_bytes()) == content
        store = oxigraph.Store.of_dump(content, extension)
        unions[extension] = {str(quad.triple) for quad in store if "_:" not in str(quad.triple)}
        unions[f"{extension} in all"] = len(store)
    assert len({len(found) for name, found in unions.items() if name in oxigraph.FORMATS}) == 1
    assert len({frozenset(unions[extension]) for extension in oxigraph.FORMATS}) == 1
    assert len({unions[f"{extension} in all"] for extension in oxigraph.FORMATS}) == 1


def test_blank_nodes_are_only_where_the_ontology_needs_them(release):
    store = oxigraph.Store.of_dump((release / "filiation.nq").read_bytes())
    graphs = {quad.graph_name.value for quad in store if "_:" in str(quad.triple)}
    assert graphs == {layout.GRAPH + "ontology"}


def test_each_file_is_a_graph_and_so_is_what_was_inferred(release, repository):
    store = oxigraph.Store.of_dump((release / "filiation.nq").read_bytes())
    names = {quad.graph_name.value for quad in store}
    files = {layout.graph_iri(path) for path in repository.graphs if path.parts[0] != "shapes"}
    assert names == files | {layout.INFERRED_GRAPH}


def test_void_counts_what_is_there(release):
    void = Graph().parse(release / "void.ttl")
    union = Graph().parse(release / "filiation.nt")
    dataset = URIRef(layout.DATASET)
    assert int(void.value(dataset, VOID.triples)) == len(union)
    assert int(void.value(dataset, VOID.distinctSubjects)) == len(set(union.subjects()))
    assert int(void.value(dataset, VOID.distinctObjects)) == len(set(union.objects()))
    assert int(void.value(dataset, VOID.properties)) == len(set(union.predicates()))
    parts = list(void.objects(dataset, VOID.propertyPartition))
    assert sum(int(void.value(part, VOID.triples)) for part in parts) == len(union)
    for part in void.objects(dataset, VOID.classPartition):
        kind = void.value(part, VOID["class"])
        assert int(void.value(part, VOID.entities)) == len(set(union.subjects(URIRef(str(RDF_TYPE)), kind)))


RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def test_the_ontology_knows_its_version(release):
    text = (release / "ontology.ttl").read_text("utf-8")
    assert "owl:versionIRI <https://w3id.org/filiation/ontology/" in text
    assert 'dcterms:modified "2026-11-23"^^xsd:date' in text
    assert text.count("rdfs:isDefinedBy") > 100


def test_the_summary_tells_what_a_person_wants_to_know(release_summary):
    for word in ("groups", "changes", "attestations", "inferred triples", "filiation.nq.gz", "seconds: read"):
        assert word in release_summary


def test_both_licences_are_named(release):
    readme = (release / "README.md").read_text("utf-8")
    assert "CC BY 4.0" in readme and "Apache-2.0" in readme


@pytest.mark.clone
def test_two_clones_elsewhere_give_the_same_bytes(place, tmp_path):
    """Other paths, hash seeds, time zones and umasks."""
    found = []
    for name, seed, zone, mask in (
        ("one", "1", "Asia/Tokyo", 0o022),
        ("some/where else", "2", "America/Lima", 0o077),
    ):
        clone = tmp_path / name
        clone.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            place.root, clone, ignore=shutil.ignore_patterns(".venv", "build", ".git", "__pycache__")
        )
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(clone / "scripts")}
        command = [
            sys.executable,
            "-c",
            "from filiation.cli import main; main()",
            "--root",
            str(clone),
            "publish",
            *DAY,
        ]
        old = os.umask(mask)
        try:
            subprocess.run(command, env=environment, check=True, capture_output=True, cwd=clone)
        finally:
            os.umask(old)
        found.append(digests(clone / "build" / "release"))
    assert found[0] == found[1]


@pytest.mark.raptor
@pytest.mark.skipif(
    shutil.which("rapper") is None, reason="rapper is not installed: scripts/test --all installs it"
)
def test_rapper_reads_the_n_quads_without_a_warning(release):
    dump = release / "filiation.nq"
    result = subprocess.run(
        ["rapper", "-c", "-i", "nquads", str(dump)], capture_output=True, text=True, check=True
    )
    number = len(dump.read_bytes().splitlines())
    assert f"Parsing returned {number} triples" in result.stderr
    assert "rror" not in result.stderr and "arning" not in result.stderr


def test_a_problem_is_printed_and_nothing_is_written(copy, run):
    file = copy.data / "groups" / "mujao.ttl"
    file.write_text(file.read_text("utf-8").replace("fil:parent", "fil:parnet"), "utf-8")
    result = run("publish", *DAY, root=copy.root)
    assert (result.exit_code, "did you mean `fil:parent`?" in result.stdout) == (1, True)
    assert not (copy.root / "build").exists() or not list((copy.root / "build").iterdir())


@pytest.fixture
def standing(copy, release) -> Path:
    """A release that stands where the next one would go."""
    shutil.copytree(release, copy.release)
    return copy.release


def test_a_new_release_takes_the_place_of_the_old(copy, run, standing):
    assert run("publish", *DAY, "--version", "9.9.9", root=copy.root).exit_code == 0
    assert "# Filiation 9.9.9" in (standing / "README.md").read_text()
    assert [path.name for path in standing.parent.iterdir()] == ["release"]


@pytest.mark.parametrize("name", ["contents", "check", "_swap"])
@pytest.mark.parametrize(
    "fault", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=["ctrl-c", "full"]
)
def test_a_fault_leaves_the_old_release_whole(copy, run, standing, monkeypatch, name, fault):
    def fail(*_):
        raise fault

    before = digests(standing)
    monkeypatch.setattr(publish, name, fail)
    result = run("publish", *DAY, root=copy.root)
    assert result.exit_code == (130 if isinstance(fault, KeyboardInterrupt) else 2)
    assert digests(standing) == before
    assert [path.name for path in standing.parent.iterdir()] == ["release"]


def test_a_break_between_the_two_renames_is_put_right(copy, standing, monkeypatch):
    before = digests(standing)
    rename, calls = Path.rename, []

    def once(self, target):
        calls.append(self)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(KeyboardInterrupt):
        publish.replace(standing, {"a": b"b"})
    assert digests(standing) == before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda out: out.write_text("mine"), "is not a folder"),
        (lambda out: (out.mkdir(), (out / "thesis.doc").write_text("mine")), "not a release"),
        (lambda out: out.symlink_to("/nowhere"), "is not a folder"),
    ],
)
def test_a_target_that_is_not_ours_is_refused(run, tmp_path, make, message):
    out = tmp_path / "out"
    make(out)
    result = run("publish", "--out", out, *DAY)
    assert (result.exit_code, message in result.output) == (2, True)


def test_a_target_that_cannot_be_written_is_refused(run, tmp_path):
    (tmp_path / "file").write_text("")
    result = run("publish", "--out", tmp_path / "file" / "out", *DAY)
    assert (result.exit_code, "cannot be written" in result.output) == (2, True)


@pytest.mark.parametrize(
    "words", [("--date", "23.11.2026"), ("--date", "2026-02-30"), ("--version", "one"), ("--version", "1.0")]
)
def test_a_wrong_edition_is_a_wrong_call(run, words, tmp_path):
    extra = () if words[0] == "--date" else DAY
    result = run("publish", "--out", tmp_path / "out", *words, *extra)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_without_a_commit_the_date_must_be_given(copy, run):
    result = run("publish", root=copy.root)
    assert (result.exit_code, "--date YYYY-MM-DD" in result.output) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("wait", [1.5, 2.5, 3.5])
def test_ctrl_c_in_the_middle_leaves_the_old_release_whole(copy, standing, wait):
    before = digests(standing)
    code = "from filiation.cli import run; run()"
    command = [sys.executable, "-c", code, "--root", str(copy.root), "publish", "--version", "9.9.9", *DAY]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has its children ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        process.wait(timeout=wait)
        pytest.skip(f"this machine publishes within {wait} s")
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert "Traceback" not in told
    assert process.returncode == 130, told
    assert digests(standing) == before
    assert [path.name for path in standing.parent.iterdir()] == ["release"]

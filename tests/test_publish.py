"""A release appears whole or not at all, is the same when built again, and says what is in it."""

import gzip
import hashlib
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from rdflib import VOID, Graph, URIRef

from filiation import folder, layout, manifest, oxigraph, publish

DAY = ("--date", "2026-11-23")


PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
VERSION = PROJECT["version"]
DUMP = f"filiation-{VERSION}"


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_every_file_is_there_and_its_checksum_is_right(release):
    sums = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text().splitlines())
    found = digests(release)
    del found["SHA256SUMS"]
    assert sums == found
    assert {f"{DUMP}.{extension}" for extension in oxigraph.FORMATS} <= found.keys()
    assert {"ontology.ttl", "shapes.ttl", "void.ttl", "LICENSE", "LICENSE-DATA", "README.md"} <= found.keys()


def test_every_syntax_holds_the_same_statements(release):
    unions = {}
    for extension in oxigraph.FORMATS:
        content = (release / f"{DUMP}.{extension}").read_bytes()
        assert gzip.decompress((release / f"{DUMP}.{extension}.gz").read_bytes()) == content
        store = oxigraph.Store.of_dump(content, extension)
        unions[extension] = {str(quad.triple) for quad in store if "_:" not in str(quad.triple)}
        unions[f"{extension} in all"] = len(store)
    assert len({len(found) for name, found in unions.items() if name in oxigraph.FORMATS}) == 1
    assert len({frozenset(unions[extension]) for extension in oxigraph.FORMATS}) == 1
    assert len({unions[f"{extension} in all"] for extension in oxigraph.FORMATS}) == 1


def test_no_blank_node_is_in_a_dump(release):
    store = oxigraph.Store.of_dump((release / f"{DUMP}.nq").read_bytes())
    assert not [quad for quad in store if any(isinstance(term, oxigraph.BlankNode) for term in quad)]


def test_the_manifest_counts_and_names_what_is_there(release):
    told = manifest.read(release)
    manifest.verify(release, told)
    quads = set(oxigraph.read_quads((release / f"{DUMP}.nq").read_bytes()))
    assert (told.version, told.date, told.previous) == (VERSION, "2026-11-23", None)
    assert (told.quads, told.triples) == (len(quads), len({quad.triple for quad in quads}))
    assert told.graphs == Counter(quad.graph_name.value for quad in quads)
    assert {part.name for part in told.files} == digests(release).keys() - {"manifest.json", "SHA256SUMS"}
    assert len({part.title for part in told.files if part.compression is None}) > 10


def test_each_file_is_a_graph_and_so_is_what_was_inferred(release, repository):
    store = oxigraph.Store.of_dump((release / f"{DUMP}.nq").read_bytes())
    names = {quad.graph_name.value for quad in store}
    files = {layout.graph_iri(path) for path in repository.graphs if path.parts[0] != "shapes"}
    assert names == files | {layout.INFERRED_GRAPH}


def test_void_counts_what_is_there(release):
    void = Graph().parse(release / "void.ttl")
    union = Graph().parse(release / f"{DUMP}.nt")
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
    for word in ("groups", "changes", "attestations", "inferred triples", f"{DUMP}.nq.gz", "seconds: read"):
        assert word in release_summary


def test_both_licences_are_named(release):
    readme = (release / "README.md").read_text("utf-8")
    assert "CC BY 4.0" in readme and "Apache-2.0" in readme


MACHINES = {
    "one": {
        "path": "one",
        "umask": 0o022,
        "processors": 1,
        "environment": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C"},
    },
    "another": {
        "path": "some/where else",
        "umask": 0o077,
        "processors": None,
        "environment": {
            "PYTHONHASHSEED": "2",
            "TZ": "America/Lima",
            "LC_ALL": "tr_TR.UTF-8",
            "LANG": "tr_TR.UTF-8",
            "USER": "another",
            "LOGNAME": "another",
            "PYTHONUTF8": "0",
            "SOURCE_DATE_EPOCH": "0",
        },
    },
}


@pytest.mark.clone
def test_two_machines_give_the_same_bytes(place, tmp_path):
    """Other paths, homes, users, hash seeds, time zones, locales, umasks, numbers of processors."""
    found = []
    for name, machine in MACHINES.items():
        clone, home = tmp_path / machine["path"], tmp_path / f"home of {name}"
        home.mkdir()
        clone.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            place.root,
            clone,
            ignore=shutil.ignore_patterns(".venv", "build", ".git", ".*_cache", "__pycache__"),
        )
        environment = {
            **os.environ,
            **machine["environment"],
            "PYTHONPATH": str(clone / "scripts"),
            "HOME": str(home),
        }
        code = "from filiation.cli import main; main()"
        command = [sys.executable, "-c", code, "--root", str(clone), "publish", "--zstd", *DAY]

        def prepare(machine=machine):
            os.umask(machine["umask"])
            if machine["processors"] == 1 and hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

        subprocess.run(
            command, env=environment, check=True, capture_output=True, cwd=clone, preexec_fn=prepare
        )
        folder = clone / "build" / "release"
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (folder, *folder.iterdir())}
        found.append((digests(folder), modes))
    assert found[0] == found[1]
    assert f"{DUMP}.nq.zst" in found[0][0]


@pytest.mark.raptor
@pytest.mark.skipif(
    shutil.which("rapper") is None, reason="rapper is not installed: scripts/test --all installs it"
)
def test_rapper_reads_the_n_quads_without_a_warning(release):
    dump = release / f"{DUMP}.nq"
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
def own(town, tmp_path) -> layout.Layout:
    """A small checkout of one's own."""
    return layout.find(shutil.copytree(town.root, tmp_path / "own"))


@pytest.fixture
def standing(own, town_release) -> Path:
    """A release that stands where the next one would go."""
    return shutil.copytree(town_release, own.release)


def names(standing: Path) -> list[str]:
    return [path.name for path in standing.parent.iterdir()]


def test_a_new_release_takes_the_place_of_the_old(own, run, standing):
    assert run("publish", *DAY, "--version", "9.9.9", root=own.root).exit_code == 0
    assert manifest.read(standing).version == "9.9.9"
    assert names(standing) == ["release"]


@pytest.mark.parametrize(
    "fault", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=["ctrl-c", "full"]
)
@pytest.mark.parametrize("name", ["first writer", "last writer", "_account", "settle"])
def test_a_fault_leaves_the_old_release_whole(own, run, standing, monkeypatch, name, fault):
    def fail(*_):
        raise fault

    before = digests(standing)
    writers = list(publish.WRITERS)
    for writer in writers:
        monkeypatch.setitem(publish.WRITERS, writer, lambda *_: None)
    match name:
        case "_account":
            monkeypatch.setattr(publish, name, fail)
        case "settle":
            monkeypatch.setattr(folder.Fresh, name, fail)
        case _:
            monkeypatch.setitem(publish.WRITERS, writers[0 if name == "first writer" else -1], fail)
    result = run("publish", *DAY, root=own.root)
    assert result.exit_code == (130 if isinstance(fault, KeyboardInterrupt) else 2)
    assert "stands" in result.stderr
    assert digests(standing) == before
    assert names(standing) == ["release"]


def started(root: Path, *words: str, limit: int | None = None) -> subprocess.Popen:
    """The command `publish` as a process of its own, with the signals and limits that a shell gives."""

    def prepare():
        # A shell that runs the tests in the background has its children ignore the signal.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if limit:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code = "from filiation.cli import run; run()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "--root", str(root), "publish", *DAY, *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=prepare,
    )


def ready(process: subprocess.Popen, fresh: Path, number: int) -> None:
    """Wait until so many files are being written."""
    while process.poll() is None:
        try:
            if len(list(fresh.iterdir())) >= number:
                return
        except FileNotFoundError:
            pass
        time.sleep(0.002)


posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits are those of POSIX")


@posix
def test_a_full_disk_is_told_and_the_old_release_stands(own, standing):
    """The limit of a process on the size of a file stands for the disk."""
    before = digests(standing)
    process = started(own.root, "--version", "9.9.9", limit=200_000)
    _, told = process.communicate(timeout=120)
    assert (process.returncode, "Traceback" in told) == (2, False), told
    assert "cannot be written: File too large" in told and "what stood there stands" in told
    assert digests(standing) == before
    assert names(standing) == ["release"]


@posix
def test_the_second_of_two_runs_at_once_is_told_so(own, standing, run):
    before = digests(standing)
    with folder.beside(standing):
        result = run("publish", *DAY, "--version", "9.9.9", root=own.root)
        assert (result.exit_code, "another run is writing" in result.stderr) == (2, True), result.stderr
    assert digests(standing) == before
    assert names(standing) == ["release"]


@posix
@pytest.mark.parametrize("moment", [0, 7, 23])
def test_ctrl_c_in_the_middle_leaves_the_old_release_whole(own, standing, moment):
    before = digests(standing)
    process = started(own.root, "--version", "9.9.9")
    ready(process, standing.with_name(".release.new"), moment)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert "Traceback" not in told
    assert process.returncode == 130, told
    assert digests(standing) == before
    assert names(standing) == ["release"]


#: `scripts/test --all` kills at twenty moments.
KILLS = range(20 if os.environ.get("FILIATION_TEST_ALL") else 4)


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a folder may be missing for a moment")
@pytest.mark.parametrize("kill", KILLS)
def test_a_kill_at_any_moment_leaves_a_whole_release(own, standing, town_release, kill):
    """Each kill at a moment of its own: after so many files, and then any part of a file later."""
    chance = random.Random(f"kill {kill}")
    number = len(digests(standing))
    before = digests(standing)
    process = started(own.root, "--version", "9.9.9")
    ready(process, standing.with_name(".release.new"), chance.randrange(0, number + 1))
    time.sleep(chance.choice([0, 0, 0.002, 0.05]))
    process.kill()
    process.communicate(timeout=60)
    found = digests(standing)
    if manifest.read(standing).version == "1.0.0":
        assert found == before
    sums = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    subprocess.run(sums, cwd=standing, check=True, capture_output=True)
    manifest.verify(standing, manifest.read(standing))
    assert {part.name for part in manifest.read(standing).files} == found.keys() - {
        "manifest.json",
        "SHA256SUMS",
    }
    with folder.beside(standing):
        assert digests(standing) == found
    assert names(standing) == ["release"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda out: out.write_text("mine"), "is not a folder"),
        (lambda out: (out.mkdir(), (out / "thesis.doc").write_text("mine")), "not a release"),
        (lambda out: out.symlink_to("/nowhere"), "is not a folder"),
        (lambda out: (out.mkdir(), (out / "manifest.json").write_text("{}")), "not a release"),
    ],
)
def test_a_target_that_is_not_ours_is_refused(run, tmp_path, make, message):
    out = tmp_path / "out"
    make(out)
    result = run("publish", "--out", out, *DAY)
    assert (result.exit_code, message in result.output) == (2, True)


def test_a_file_of_ones_own_in_the_release_is_not_lost(run, tmp_path, release):
    shutil.copytree(release, tmp_path / "out")
    (tmp_path / "out" / "thesis.doc").write_text("mine")
    result = run("publish", "--out", tmp_path / "out", *DAY)
    assert (result.exit_code, "thesis.doc, which is no file of the release" in result.output) == (2, True)
    assert (tmp_path / "out" / "thesis.doc").read_text() == "mine"


def test_a_target_that_cannot_be_written_is_refused(run, tmp_path):
    (tmp_path / "file").write_text("")
    result = run("publish", "--out", tmp_path / "file" / "out", *DAY)
    assert (result.exit_code, "cannot be written" in result.output) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("--date", "23.11.2026"),
        ("--date", "2026-02-30"),
        ("--version", "one"),
        ("--version", "1.0"),
        ("--revision", "main"),
    ],
)
def test_a_wrong_edition_is_a_wrong_call(run, words, tmp_path):
    extra = () if words[0] == "--date" else DAY
    result = run("publish", "--out", tmp_path / "out", *words, *extra)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_without_a_commit_the_date_must_be_given(copy, run):
    result = run("publish", root=copy.root)
    assert (result.exit_code, "--date YYYY-MM-DD" in result.output) == (2, True)


def test_the_release_before_and_the_commit_are_named_and_the_former_may_be_replaced(own, standing, run):
    """With the same folder for both: what was there is read before it is replaced."""
    words = ("--version", "1.1.0", "--previous", standing, "--revision", "a1" * 20, *DAY)
    assert run("publish", *words, root=own.root).exit_code == 0
    told = manifest.read(standing)
    assert (told.previous, told.revision) == ("1.0.0", "a1" * 20)
    missing = run("publish", "--check", standing, root=own.root)
    assert (missing.exit_code, "follows 1.0.0" in missing.stderr) == (2, True)


def test_what_was_released_may_not_vanish(own, standing, run):
    before = digests(standing)
    (own.data / "groups" / "sand-company.ttl").unlink()
    result = run("publish", "--version", "1.1.0", "--previous", standing, *DAY, root=own.root)
    assert (result.exit_code, "group:sand-company is gone" in result.stderr) == (1, True), result.stderr
    assert digests(standing) == before


@pytest.mark.parametrize(
    ("version", "previous", "message"),
    [
        ("1.0.0", "release", "1.0.0 is released already"),
        ("0.9.0", "release", "is older than 1.0.0"),
        ("3.0.0", "release", "is not one step from 1.0.0"),
        ("1.1.0", "nowhere", "there is no such folder"),
        ("1.1.0", "tampered", "is not the file that was released"),
        ("1.1.0", "short", "is cut short"),
    ],
)
def test_a_release_that_none_can_follow_is_refused_at_once(own, standing, run, version, previous, message):
    shutil.copytree(standing, own.root / "tampered")
    shutil.copytree(standing, own.root / "short")
    dump = own.root / "tampered" / "LICENSE"
    dump.write_bytes(dump.read_bytes().swapcase())
    dump = own.root / "short" / "LICENSE"
    dump.write_bytes(dump.read_bytes()[:-1])
    place = standing if previous == "release" else own.root / previous
    result = run("publish", "--version", version, "--previous", place, *DAY, root=own.root)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
    assert manifest.read(standing).version == "1.0.0"

"""Proving a release in real stores: what is at hand passes, what is wrong is found, what lacks is said."""

import shutil
from dataclasses import replace

import pytest
import servers
from faulty import Answer, proxy
from rdflib import DCTERMS, RDF, Graph, Literal, Namespace, URIRef

from filiation import answers, manifest, questions
from filiation.examples import QUESTION
from filiation.prove import earl, part, proof, stores
from filiation.prove.stores import KINDS, Found

EARL = Namespace("http://www.w3.org/ns/earl#")
DOAP = Namespace("http://usefulinc.com/ns/doap#")


class Silent:
    def stage(self, name, total):
        pass

    def advance(self, number=1):
        pass


@pytest.fixture(scope="module")
def proved(town_release, tmp_path_factory):
    """The proof of the small release in a server and in a library: the command's result, and its files."""
    from click.testing import CliRunner

    from filiation.cli import main

    out = tmp_path_factory.mktemp("proof")
    words = ["prove", str(town_release), "--store", "oxigraph", "--store", "rdflib", "--out", str(out)]
    return CliRunner().invoke(main, words, catch_exceptions=False), out


def test_a_release_passes_in_a_server_and_in_a_library(proved, town_release):
    result, out = proved
    assert result.exit_code == 0, result.output
    told, number = manifest.read(town_release), len(answers.read(town_release))
    graphs, triples = len(told.graphs), f"{told.quads:,}"
    for title in ("Oxigraph", "rdflib"):
        (row,) = (line for line in result.stdout.splitlines() if line.startswith(f"| {title} |"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[2:] == [f"{graphs} of {graphs}", triples, f"{number} of {number}", "passed"]
    assert (out / "proof.md").read_text("utf-8") == result.stdout


def test_the_record_asserts_every_question_of_every_store(proved, town_release):
    """EARL 1.0 Schema, sections 2.1 to 2.6: what each assertion and each result must have."""
    graph = Graph().parse(proved[1] / "earl.ttl")
    expected = answers.read(town_release)
    assertions = set(graph.subjects(RDF.type, EARL.Assertion))
    assert len(assertions) == 2 * (len(expected) + 1)
    for assertion in assertions:
        for needed in (EARL.assertedBy, EARL.subject, EARL.test, EARL.result):
            assert len(list(graph.objects(assertion, needed))) == 1
        result = graph.value(assertion, EARL.result)
        assert (result, RDF.type, EARL.TestResult) in graph
        assert graph.value(result, EARL.outcome) == EARL.passed
        assert graph.value(result, DCTERMS.date).toPython().isoformat() == manifest.read(town_release).date
        assert (graph.value(assertion, EARL.test), RDF.type, EARL.TestCase) in graph
        assert (graph.value(assertion, EARL.subject), RDF.type, DOAP.Project) in graph
    tests = set(graph.objects(None, EARL.test))
    assert {URIRef(QUESTION + question.stem) for question in expected} < tests
    versions = {str(version) for version in graph.objects(None, DOAP.revision)}
    assert versions == {KINDS[name].find(servers.TOOLS).version for name in ("oxigraph", "rdflib")}


def test_the_record_is_the_same_to_the_byte_when_made_again(proved, town_release, run, tmp_path):
    again = run("prove", town_release, "--store", "oxigraph", "--store", "rdflib", "--out", tmp_path)
    assert again.exit_code == 0
    for name in ("earl.ttl", "proof.md"):
        assert (tmp_path / name).read_bytes() == (proved[1] / name).read_bytes()


@pytest.fixture
def expected(town_release):
    return answers.read(town_release)


def prove_one(release, expected, kind):
    return next(proof.prove(release, manifest.read(release), expected, [kind], servers.TOOLS, Silent()))


def test_a_store_that_gives_a_wrong_answer_is_found_out(town_release, expected, tmp_path):
    """A proxy before a real server that takes the rows out of one answer."""
    asked = []

    def fault(request):
        if request.path.startswith("/query") and request.method == "POST":
            asked.append(request)
            if len(asked) == 8:
                body = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'
                return Answer(200, {"Content-Type": "application/sparql-results+json"}, body)
        return None

    told = manifest.read(town_release)
    with servers.oxigraph(tmp_path / "store") as store, proxy(store, fault) as (url, _):
        seen = proof.at(url, town_release, told, expected, KINDS["oxigraph"], Silent())
    found = proof.Proof(KINDS["oxigraph"], "1.2.3", seen)
    (stem,) = seen.unequal
    assert found.outcome == "failed"
    graph = earl.graph(told, expected, [found])
    (failed,) = graph.subjects(EARL.outcome, EARL.failed)
    assert failed.endswith(f"#oxigraph-{stem}-result")
    assert "columns x, where" in str(graph.value(failed, EARL.info))
    number = len(expected)
    assert f"| {number - 1} of {number} | differs |" in earl.table(told, expected, [found])


def test_a_store_that_lacks_a_triple_is_found_out(town_release, expected, tmp_path):
    told = manifest.read(town_release)
    graph, number = next(iter(told.graphs.items()))
    more = replace(told, graphs={**told.graphs, graph: number + 1})
    with servers.oxigraph(tmp_path / "store") as url:
        proof.at(url, town_release, told, [], KINDS["oxigraph"], Silent())
        seen = proof.verification.Verification()
        endpoint = proof.opened(url, "oxigraph", KINDS["oxigraph"].credentials)
        proof.verification.counts(endpoint, more, seen)
        endpoint.connection.close()
    outcome, reason = proof.Proof(KINDS["oxigraph"], "1", seen).counts()
    assert outcome == "failed"
    assert f"<{graph}>: {number} triples, not {number + 1}" in reason


def test_a_store_that_does_not_start_is_told_with_what_it_said(town_release, expected):
    words = ["sh", "-c", "echo out of luck; exit 3"]
    kind = replace(KINDS["oxigraph"], find=lambda tools: Found("9", lambda port, folder: words))
    found = prove_one(town_release, expected, kind)
    assert found.outcome == "cantTell"
    assert "ended with 3; it said: out of luck" in found.reason
    graph = earl.graph(manifest.read(town_release), expected, [found])
    assert set(graph.objects(None, EARL.outcome)) == {EARL.cantTell}


def test_a_store_whose_program_is_gone(town_release, expected):
    find = lambda tools: Found("9", lambda port, folder: ["/no/such/program"])  # noqa: E731
    found = prove_one(town_release, expected, replace(KINDS["oxigraph"], find=find))
    assert "cannot be run" in found.reason


def test_what_is_not_at_hand_is_said_and_spoils_nothing(run, town_release, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("oxigraph", "rdflib"):
        monkeypatch.setitem(stores.KINDS, name, replace(KINDS[name], find=lambda tools: None))
    result = run("prove", town_release, "--tools", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 0
    for kind in KINDS.values():
        assert f"{kind.title}: not at hand: {kind.install}" in result.stdout
    graph = Graph().parse(tmp_path / "out" / "earl.ttl")
    assert set(graph.objects(None, EARL.outcome)) == {EARL.untested}
    assert not list(graph.objects(None, DOAP.revision))


def test_what_was_asked_for_and_is_not_at_hand_is_a_wrong_call(run, town_release, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("prove", town_release, "--store", "fuseki", "--tools", tmp_path)
    assert result.exit_code == 2
    assert "`scripts/test --all` installs it" in result.stderr
    unknown = run("prove", town_release, "--store", "stardog")
    assert unknown.exit_code == 2
    assert "oxigraph, fuseki, virtuoso, rdf4j, rdflib" in unknown.stderr


def test_a_release_that_was_changed_is_not_proved(run, town_release, tmp_path):
    broken = shutil.copytree(town_release, tmp_path / "broken")
    (broken / "answers.json").write_bytes((broken / "answers.json").read_bytes()[:-9])
    result = run("prove", broken, "--store", "rdflib")
    assert result.exit_code == 2
    assert "cut short" in result.stderr


def test_a_release_may_hold_its_proof_and_is_still_the_same_when_built_again(
    run, town, tmp_path, monkeypatch
):
    """The proof is described like any other file; where other stores are at hand it is taken as it is."""
    kinds = {name: KINDS[name] for name in ("oxigraph", "rdflib")}
    monkeypatch.setattr(stores, "KINDS", kinds)
    out = tmp_path / "release"
    words = ["--version", "1.0.0", "--date", "2026-11-23", "--out", out]
    result = run("publish", *words, "--prove", root=town.root)
    assert result.exit_code == 0, result.output
    assert "| Oxigraph | " in result.output
    told = manifest.read(out)
    assert told.named("earl.ttl").statements == len(Graph().parse(out / "earl.ttl"))
    assert "earl.ttl" in (out / "SHA256SUMS").read_text("utf-8")
    for description in ("README.md", "index.html", "ro-crate-metadata.json", "linkset.json"):
        assert "earl.ttl" in (out / description).read_text("utf-8")
    monkeypatch.setattr(stores, "KINDS", {})
    checked = run("publish", "--check", out, root=town.root)
    assert checked.exit_code == 0, checked.output
    assert "earl.ttl was taken as it is" in checked.output


def test_a_release_that_fails_in_a_store_is_not_released(run, town, tmp_path, monkeypatch):
    broken = replace(
        KINDS["oxigraph"], find=lambda tools: Found("9", lambda port, folder: ["sh", "-c", "exit 1"])
    )
    monkeypatch.setattr(stores, "KINDS", {"oxigraph": broken})
    out = tmp_path / "release"
    words = ["--version", "1.0.0", "--date", "2026-11-23", "--out", out]
    result = run("publish", *words, "--prove", root=town.root)
    assert result.exit_code == 1
    assert "not released, for it fails in Oxigraph" in result.stderr
    assert not out.exists()


def test_a_proof_that_was_changed_is_not_carried_over(town_release, tmp_path):
    folder = shutil.copytree(town_release, tmp_path / "release")
    with pytest.raises(manifest.NotARelease):
        part.carried(folder)


@pytest.mark.stores
@pytest.mark.parametrize("name", ["fuseki", "virtuoso", "rdf4j"])
def test_the_real_release_passes_in_every_store(name, run, release):
    servers.found(name)
    result = run("prove", release, "--store", name)
    assert result.exit_code == 0, result.output
    assert "| passed |" in result.stdout


def test_the_table_in_the_readme_has_every_store_and_every_question(place):
    readme = (place.root / "README.md").read_text("utf-8")
    number = len(questions.load(place))
    for kind in KINDS.values():
        row = next(line for line in readme.splitlines() if line.startswith(f"| {kind.title} |"))
        assert row.endswith(f"| {number} of {number} | passed |")


def test_no_literal_of_the_record_names_a_port(town_release, expected):
    """Ports differ from run to run."""
    seen = proof.Verification(unanswered={expected[0].stem: "http://127.0.0.1:40111/query failed"})
    found = proof.Proof(KINDS["oxigraph"], "1", seen)
    graph = earl.graph(manifest.read(town_release), expected, [found])
    assert Literal("http://localhost/query failed", lang="en") in set(graph.objects(None, EARL.info))

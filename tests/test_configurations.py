"""The configurations of the stores are well-formed, name files that are there, and let the questions see
the statements of all graphs."""

import configparser
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, Namespace

from filiation import configurations, corpus, dumps, oxigraph
from filiation.dataset import Edition
from filiation.material import Material
from filiation.release import Release

BIN = Path(sys.executable).parent
FUSEKI = Namespace("http://jena.apache.org/fuseki#")
TDB2 = Namespace("http://jena.apache.org/2016/tdb#")
REP = Namespace("http://www.openrdf.org/config/repository#")
SR = Namespace("http://www.openrdf.org/config/repository/sail#")
SAIL = Namespace("http://www.openrdf.org/config/sail#")
GRAPHDB = Namespace("http://www.ontotext.com/config/graphdb#")
QUADS = "filiation-1.2.3.nq.gz"


@pytest.fixture(scope="module")
def material(repository, inferred) -> Material:
    return Material(repository, inferred, Edition("1.2.3", "2026-11-23"))


@pytest.fixture(scope="module")
def folder(material, tmp_path_factory) -> Path:
    """A release with its dumps and configurations."""
    release = Release(tmp_path_factory.mktemp("configurations"))
    dumps._graphs(material, release)
    configurations.write(material, release)
    assert {part.name for part in release.of("configuration")} == configurations.FILES.keys()
    return release.folder


def graph_of(file: Path) -> Graph:
    return oxigraph.to_rdflib(oxigraph.parse_turtle(file.read_bytes(), base="file:///config"))


@pytest.mark.parametrize("name", configurations.FILES)
def test_each_loads_the_dump_with_all_graphs(name, folder):
    assert QUADS in (folder / name).read_text("utf-8")
    assert (folder / QUADS).is_file()


def test_fuseki_serves_the_union_of_all_graphs_for_reading_only(folder):
    graph = graph_of(folder / "fuseki-config.ttl")
    server = graph.value(predicate=RDF.type, object=FUSEKI.Server)
    services = list(graph.items(graph.value(server, FUSEKI.services)))
    assert len(services) == 1 and (services[0], RDF.type, FUSEKI.Service) in graph
    dataset = graph.value(services[0], FUSEKI.dataset)
    assert (dataset, RDF.type, TDB2.DatasetTDB2) in graph
    assert (dataset, TDB2.unionDefaultGraph, Literal(True)) in graph
    text = (folder / "fuseki-config.ttl").read_text("utf-8")
    assert f"--loc {graph.value(dataset, TDB2.location)} {QUADS}" in text
    offered = {graph.value(end, FUSEKI.operation) for end in graph.objects(services[0], FUSEKI.endpoint)}
    assert offered == {FUSEKI.query, FUSEKI["gsp-r"]}


def test_graphdb_infers_nothing_of_its_own(folder):
    graph = graph_of(folder / "graphdb-config.ttl")
    repository = graph.value(predicate=RDF.type, object=REP.Repository)
    assert graph.value(repository, REP.repositoryID) == Literal("filiation")
    implementation = graph.value(repository, REP.repositoryImpl)
    assert graph.value(implementation, REP.repositoryType) == Literal("graphdb:SailRepository")
    sail = graph.value(implementation, SR.sailImpl)
    assert graph.value(sail, SAIL.sailType) == Literal("graphdb:Sail")
    assert graph.value(sail, GRAPHDB.ruleset) == Literal("empty")
    assert graph.value(sail, GRAPHDB["disable-sameAs"]) == Literal("true")
    # Every value is a string there, also numbers.
    assert all(isinstance(value, Literal) and not value.datatype for value in graph.objects(sail))


def test_the_command_of_the_qleverfile_gives_every_quad(folder, material):
    config = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation())
    config.optionxform = str
    config.read(folder / "Qleverfile", "utf-8")
    assert {"data", "index", "server", "runtime"} <= set(config.sections())
    assert config["data"]["NAME"] == "filiation"
    index = config["index"]
    assert index["INPUT_FILES"] == QUADS
    command = index["CAT_INPUT_FILES"]
    found = subprocess.run(command, shell=True, cwd=folder, capture_output=True, check=True).stdout
    assert oxigraph.count(found, config["data"]["FORMAT"]) == len(set(material.quads))


@pytest.fixture(scope="module")
def endpoint(folder, tmp_path_factory):
    """The server that `oxigraph.sh` starts, at a port that is free."""
    if not (BIN / "oxigraph").exists():
        pytest.skip("the server of Oxigraph is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tmp_path_factory.mktemp("oxigraph")
    (place / QUADS).symlink_to(folder / QUADS)
    script = (folder / "oxigraph.sh").read_text("utf-8")
    assert "localhost:7878" in script
    (place / "oxigraph.sh").write_text(script.replace("localhost:7878", f"127.0.0.1:{port}"))
    paths = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    with (place / "log").open("wb") as log:
        server = subprocess.Popen(["sh", "oxigraph.sh"], cwd=place, env=paths, stdout=log, stderr=log)
        try:
            _wait(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait(server: subprocess.Popen, port: int) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_oxigraph_answers_over_the_union_of_all_graphs(endpoint, material):
    query = urllib.parse.urlencode({"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"})
    request = urllib.request.Request(
        f"{endpoint}/query?{query}", headers={"Accept": "application/sparql-results+json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        rows = json.load(answer)["results"]["bindings"]
    assert int(rows[0]["n"]["value"]) == len({quad.triple for quad in material.quads})


def test_oxigraph_takes_no_updates(endpoint):
    body = urllib.parse.urlencode({"update": "INSERT DATA { <x:a> <x:b> <x:c> }"}).encode()
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{endpoint}/update", body, timeout=60)
    assert 400 <= refusal.value.code < 500


def test_the_files_do_not_depend_on_the_data(village, tmp_path, folder):
    release = Release(tmp_path)
    configurations.write(Material(corpus.load(village), Graph(), Edition("1.2.3", "2026-11-23")), release)
    for name in configurations.FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    assert release.named("oxigraph.sh").media_type == "application/x-sh"
    assert release.named("Qleverfile").media_type == "text/plain"

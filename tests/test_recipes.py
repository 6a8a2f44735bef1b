"""The recipes of the README, typed as they stand there, end with the right counts."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import nullcontext, suppress
from pathlib import Path

import httpx
import pytest
import servers

from filiation import manifest
from filiation.prove.processes import running

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
SECTION = re.search(r"^### Recipes\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)[1]
#: Name, its language, and what to type.
RECIPES = {
    re.split(r"[ ,:(]+", title)[0]: (language, block)
    for title, language, block in re.findall(
        r"^([A-Z][^\n]*|rdflib):\n\n```(sh|python)\n(.*?)```", SECTION, re.DOTALL | re.MULTILINE
    )
}


@pytest.fixture
def folder(release, tmp_path):
    """A release of one's own, for the recipes make folders in it."""
    return shutil.copytree(release, tmp_path / "release")


def test_there_is_a_recipe_for_every_store():
    assert set(RECIPES) == {"Oxigraph", "Apache", "Virtuoso", "RDF4J", "rdflib", "DuckDB"}


def typed(name, folder, **variables):
    """What a recipe prints; whatever it left running is stopped, by the number of its group."""
    language, text = RECIPES[name]
    binaries = Path(sys.executable).parent
    words = ["sh", "-eu", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    log = folder / "typed.log"
    with log.open("wb") as output:
        shell = subprocess.Popen(
            words,
            cwd=folder,
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        code = shell.wait(500)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)
    said = log.read_text("utf-8", "replace")
    assert code == 0, said
    return said


@pytest.mark.stores
@pytest.mark.parametrize("name", ["Oxigraph", "Apache", "Virtuoso", "RDF4J"])
def test_a_recipe_for_a_store_ends_with_the_right_counts(name, folder, tmp_path):
    if not shutil.which("curl"):
        pytest.skip("curl is not here")
    store = {"Oxigraph": "oxigraph", "Apache": "fuseki", "Virtuoso": "virtuoso", "RDF4J": "rdf4j"}[name]
    here = servers.found(store)
    variables = {}
    if name == "Apache":
        command = here.command(0, tmp_path)
        variables["FUSEKI"] = str(Path(command[command.index("-jar") + 1]).resolve())
    runs = servers.store(store, tmp_path / "store") if name in ("Virtuoso", "RDF4J") else nullcontext()
    with runs as url:
        port = re.search(r":(\d+)", url)[1] if url else servers.free_port()
        said = typed(name, folder, PORT=str(port), **variables)
    told = manifest.read(folder)
    assert f"{len(told.graphs):,} graphs with {told.quads:,} triples: as in the release" in said
    assert re.search(r"(\d+) of \1 questions answered as in the release", said)


def test_the_recipe_for_rdflib_ends_with_the_number_of_statements(folder):
    told = manifest.read(folder)
    number = told.named(f"filiation-{told.version}.nq").statements
    assert typed("rdflib", folder).split()[-1] == str(number)


def test_the_recipe_for_duckdb_ends_with_the_number_of_rows(folder):
    told = manifest.read(folder)
    number = told.named(f"filiation-attestations-{told.version}.parquet").rows
    assert number
    assert typed("DuckDB", folder).split()[-1] == str(number)


def told_in_the_release(folder, program):
    """The commands that the README of a release gives for a program, and the count that it promises."""
    readme = (folder / "README.md").read_text("utf-8")
    commands = re.search(rf"^{program}[^\n]*:\n\n```sh\n(.*?)```", readme, re.DOTALL | re.MULTILINE)[1]
    return commands, re.search(r"A store with named graphs answers (\d+)", readme)[1]


def command(path, name, text):
    """A program of that name, for the shell to find."""
    path.mkdir(exist_ok=True)
    (path / name).write_text(f"#!/bin/sh\nexec {text}\n", "utf-8")
    (path / name).chmod(0o755)


COUNT = "SELECT (COUNT(*) AS ?statements) WHERE { GRAPH ?graph { ?s ?p ?o } }"


@pytest.mark.stores
def test_what_the_release_says_of_fuseki(folder, tmp_path):
    """Its programs stand in the one jar; `fuseki-server` takes the port that it is given here."""
    words = servers.found("fuseki").command(0, tmp_path)
    jar, port = words[words.index("-jar") + 1], servers.free_port()
    command(tmp_path / "bin", "tdb2.tdbloader", f'java -cp "{jar}" tdb2.tdbloader "$@"')
    text, number = told_in_the_release(folder, "Jena Fuseki")
    load, serve = text.splitlines()
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["sh", "-eu", "-c", load], cwd=folder, env=environment, check=True, capture_output=True)
    program, *options = serve.split()
    assert program == "fuseki-server"
    url = f"http://127.0.0.1:{port}/filiation/sparql"
    server = ["java", "-jar", jar, "--localhost", "--port", str(port), *options]
    with running(server, url, folder, {"FUSEKI_BASE": str(tmp_path / "run")}):
        answer = httpx.get(url, params={"query": COUNT}, headers={"Accept": "text/csv"}, timeout=60)
        assert answer.text.split()[-1] == number
        every = COUNT.replace("GRAPH ?graph { ?s ?p ?o }", "?s ?p ?o")
        union = httpx.get(url, params={"query": every}, headers={"Accept": "text/csv"}, timeout=60)
        assert int(union.text.split()[-1]) == manifest.read(folder).triples
        update = {"update": "CLEAR ALL"}
        assert httpx.post(url.replace("/sparql", ""), data=update, timeout=60).status_code >= 400


@pytest.mark.stores
def test_what_the_release_says_of_virtuoso(folder, tmp_path):
    """The port, the password and the folder are put in where it says so."""
    room = tmp_path / "virtuoso"
    with servers.store("virtuoso", room):
        other = re.search(r"^ServerPort = (127\S+)$", (room / "virtuoso.ini").read_text(), re.MULTILINE)[1]
        command(tmp_path / "bin", "isql", 'isql-vt "$@"')
        text, number = told_in_the_release(folder, "Virtuoso")
        for dump in folder.glob("filiation-virtuoso-*.tar"):
            shutil.move(dump, room)
        unpack, load = text.splitlines()
        environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run(["sh", "-eu", "-c", unpack], cwd=room, check=True)
        place = room / "filiation-virtuoso"
        script = (place / "load.isql").read_text("utf-8")
        (place / "load.isql").write_text(re.sub(r"(SET u{FOLDER}) \S+", rf"\1 {place}", script), "utf-8")
        load = load.replace("1111", other).replace("PASSWORD", "dba")
        done = subprocess.run(
            ["sh", "-eu", "-c", load], cwd=place, env=environment, check=True, capture_output=True, text=True
        )
    rows = [line.strip() for line in done.stdout.splitlines()]
    assert number in rows, done.stdout + done.stderr

"""Loading a release into a store that is running: Oxigraph's own server, on loopback."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import httpx
import pytest
import servers

from filiation import layout, manifest

THEIRS = "<https://example.org/s> <https://example.org/p> <https://example.org/o> ."
RUN = "from filiation.cli import run; run()"
QUADS = {"Content-Type": "application/n-quads"}


@pytest.fixture
def store(tmp_path):
    with servers.oxigraph(tmp_path) as url:
        yield url


def quads(store):
    """Every statement in the store."""
    answer = httpx.get(f"{store}/store", headers={"Accept": "application/n-quads"}, timeout=60)
    return set(answer.text.splitlines())


def released(folder):
    return set((folder / f"filiation-{manifest.read(folder).version}.nq").read_text("utf-8").splitlines())


def update(store, text):
    headers = {"Content-Type": "application/sparql-update"}
    httpx.post(f"{store}/update", content=text, headers=headers, timeout=60).raise_for_status()


def test_an_empty_store_gets_the_release_and_answers_its_questions(run, town_release, store):
    result = run("load", town_release, "--to", store)
    assert result.exit_code == 0, result.output
    assert quads(store) == released(town_release)
    number = len(json.loads((town_release / "answers.json").read_text("utf-8")))
    assert f"{number} of {number} questions answered as in the release" in result.stdout
    assert "Oxigraph" in result.stdout
    assert "not in one transaction" in result.stdout


def test_a_second_load_changes_nothing(run, town_release, store):
    run("load", town_release, "--to", store, "--no-questions")
    result = run("load", town_release, "--to", store, "--no-questions")
    assert result.exit_code == 0
    assert "has release 1.0.0 already" in result.stdout
    assert quads(store) == released(town_release)


def test_what_others_hold_beside_ours_survives(run, town_release, store):
    foreign = {
        THEIRS,
        THEIRS.replace(" .", " <https://example.org/graph> ."),
        THEIRS.replace(" .", " <https://w3id.org/filiation-not/graph/x> ."),
    }
    httpx.post(f"{store}/store", content="\n".join(foreign), headers=QUADS).raise_for_status()
    result = run("load", town_release, "--to", store)
    assert result.exit_code == 0, result.output
    assert quads(store) == released(town_release) | foreign


def test_statements_of_others_do_not_change_the_answers(run, town_release, store):
    """Somebody else may speak of groups too, in a graph of theirs."""
    theirs = f"<{layout.BASE}group/x> a <{layout.ONTOLOGY}Group>"
    copy = f"INSERT DATA {{ GRAPH <https://example.org/g> {{ {theirs} }} }}"
    update(store, copy)
    result = run("load", town_release, "--to", store)
    assert result.exit_code == 0, result.output


def test_a_half_loaded_old_release_is_brought_to_the_new_one(run, town_release, store):
    lines = sorted(released(town_release))
    httpx.post(f"{store}/store", content="\n".join(lines[: len(lines) // 2]), headers=QUADS)
    gone = f'<{layout.BASE}group/gone> <{layout.BASE}p> "x" <{layout.GRAPH}groups/gone> .'
    wrong = lines[0].rpartition(" <")[2]
    more = f'<{layout.BASE}group/more> <{layout.BASE}p> "x" <{wrong}'
    httpx.post(f"{store}/store", content=f"{gone}\n{more}\n", headers=QUADS).raise_for_status()
    result = run("load", town_release, "--to", store)
    assert result.exit_code == 0, result.output
    assert quads(store) == released(town_release)
    assert "1 dropped" in result.stdout
    assert "not in one transaction" not in result.stdout


def test_a_dry_run_says_what_would_be_done_and_does_nothing(run, town_release, store):
    run("load", town_release, "--to", store, "--no-questions")
    graph = f"{layout.GRAPH}groups/gone"
    update(store, f'INSERT DATA {{ GRAPH <{graph}> {{ <{layout.BASE}group/gone> <{layout.BASE}p> "x" }} }}')
    before = quads(store)
    result = run("load", town_release, "--to", store, "--dry-run")
    assert result.exit_code == 0
    assert "0 triples added, 1 removed" in result.stdout
    assert "1 dropped" in result.stdout
    assert quads(store) == before


def test_a_wrong_answer_is_told_and_is_a_problem(run, town_release, store, tmp_path):
    """A release whose expected answers say something else than its statements."""
    altered = shutil.copytree(town_release, tmp_path / "altered")
    answers = json.loads((altered / "answers.json").read_text("utf-8"))
    chosen = next(entry for entry in answers if entry["rows"])
    chosen["rows"].pop()
    _replace(altered, "answers.json", json.dumps(answers).encode())
    result = run("load", altered, "--to", store)
    assert result.exit_code == 1
    assert f"{chosen['question']}: " in result.stdout
    assert "1 too many" in result.stdout


def _replace(folder, name, content):
    """Put another file in a release, with a manifest that fits."""
    import hashlib
    from dataclasses import replace

    told = manifest.read(folder)
    (folder / name).write_bytes(content)
    files = tuple(
        replace(part, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        if part.name == name
        else part
        for part in told.files
    )
    (folder / manifest.NAME).write_bytes(manifest.text(replace(told, files=files)))


@pytest.mark.parametrize("name", ["filiation-1.0.0.nq.gz", "answers.json", "manifest.json"])
def test_a_release_that_is_cut_short_is_refused_before_the_store_is_touched(
    name, run, town_release, store, tmp_path
):
    broken = shutil.copytree(town_release, tmp_path / "broken")
    content = (broken / name).read_bytes()
    (broken / name).write_bytes(content[: len(content) // 2])
    result = run("load", broken, "--to", store)
    assert result.exit_code == 2
    assert "cut short" in result.stderr
    assert quads(store) == set()


def test_a_file_that_was_changed_is_refused(run, town_release, store, tmp_path):
    broken = shutil.copytree(town_release, tmp_path / "broken")
    content = bytearray((broken / "filiation-1.0.0.nq.gz").read_bytes())
    content[-9] ^= 1
    (broken / "filiation-1.0.0.nq.gz").write_bytes(content)
    result = run("load", broken, "--to", store)
    assert result.exit_code == 2
    assert "SHA-256 differs" in result.stderr
    assert quads(store) == set()


def test_killed_at_any_moment_a_load_is_carried_on_by_the_same_command(place, town_release, store, tmp_path):
    """Ten moments spread over the whole time that a load takes; between two, half of what is there is
    taken away, so that there is something to do."""
    command = [sys.executable, "-c", RUN, "load", str(town_release), "--to", store, "--no-questions"]
    environment = {**os.environ, "PYTHONPATH": str(place.root / "scripts")}
    start = time.monotonic()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    whole = time.monotonic() - start
    expected = released(town_release)
    for moment in range(10):
        chosen = sorted(expected)[moment % 2 :: 2]
        httpx.delete(f"{store}/store", timeout=60).raise_for_status()
        if moment % 3:
            httpx.post(f"{store}/store", content="\n".join(chosen), headers=QUADS, timeout=60)
        killed = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * (moment + 0.5) / 10)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        again = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert again.returncode == 0, again.stderr
        assert quads(store) == expected

"""Several files are written together or not at all, whatever stops the work and wherever."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path, PurePosixPath

import pytest

from filiation import journal, layout, turtle

TEXTS = {
    PurePosixPath("data/groups/hill-league.ttl"): "the league, anew\n",
    PurePosixPath("data/groups/river-band.ttl"): "the band\n",
    PurePosixPath("data/people/k7qd.ttl"): "a person\n",
}


@pytest.fixture
def hut(tmp_path) -> layout.Layout:
    """A checkout with one file, whose line ends and bytes are nobody's business."""
    place = layout.Layout(tmp_path / "hut")
    place.ontology.mkdir(parents=True)
    (place.ontology / "filiation.ttl").touch()
    (place.data / "groups").mkdir(parents=True)
    (place.data / "groups" / "hill-league.ttl").write_bytes(b"the league\r\n\xff")
    return place


def state(place):
    return {
        file.relative_to(place.root): file.read_bytes() for file in place.data.rglob("*") if file.is_file()
    }


def after(place):
    return {**state(place), **{Path(path): text.encode() for path, text in TEXTS.items()}}


def test_all_files_are_written(hut):
    wanted = after(hut)
    journal.write(hut, TEXTS)
    assert state(hut) == wanted
    assert not hut.journal.exists()


#: Stops the process as a power cut would at its n-th step of a kind: nothing is tidied up.
KILLED = """
    import os, signal, sys
    from pathlib import Path, PurePosixPath
    from filiation import journal, layout
    step, number, root, texts = sys.argv[1], int(sys.argv[2]), sys.argv[3], eval(sys.argv[4])
    done = getattr(Path, step)
    def counted(self, *words, **options):
        global number
        if not number:
            os.kill(os.getpid(), signal.SIGKILL)
        number -= 1
        return done(self, *words, **options)
    setattr(Path, step, counted)
    journal.write(layout.Layout(Path(root)), {PurePosixPath(path): text for path, text in texts.items()})
"""


def kill(place, step, number):
    texts = repr({str(path): text for path, text in TEXTS.items()})
    program = [sys.executable, "-c", textwrap.dedent(KILLED), step, str(number), str(place.root), texts]
    source = str(Path(journal.__file__).parent.parent)
    return subprocess.run(program, env={**os.environ, "PYTHONPATH": source}, check=False).returncode


#: Renaming: the journal, then each file. Writing: each file. Removing: the journal, at the end.
@pytest.mark.parametrize(
    ("step", "number"),
    [*(("replace", n) for n in range(4)), *(("write_bytes", n) for n in range(3)), ("unlink", 1)],
)
def test_a_process_that_is_killed_has_written_nothing(step, number, hut, run):
    before = state(hut)
    assert kill(hut, step, number) == -signal.SIGKILL
    began = hut.journal.exists()
    assert began == ((step, number) != ("replace", 0))
    told = run("format", hut.data / "groups", root=hut.root).stderr
    assert state(hut) == before
    assert ("an import was interrupted" in told) == began
    assert not hut.journal.exists()


def test_the_next_writing_begins_with_what_was_before(hut):
    wanted = after(hut)
    kill(hut, "replace", 2)
    journal.write(hut, TEXTS)
    assert state(hut) == wanted


@pytest.mark.parametrize("step", ["replace", "write_bytes"])
@pytest.mark.parametrize("number", range(3))
def test_a_full_disk_leaves_everything_as_it_was(step, number, hut, monkeypatch):
    before, folders = state(hut), sorted(hut.data.iterdir())
    done, left = getattr(Path, step), number

    def fails(self, *words, **options):
        nonlocal left
        if hut.data in self.parents:
            left -= 1
            if left == -1:
                raise OSError(28, "No space left on device")
        return done(self, *words, **options)

    monkeypatch.setattr(Path, step, fails)
    with pytest.raises(turtle.Unreadable, match=r"\.ttl:1: cannot be written: No space left on device"):
        journal.write(hut, TEXTS)
    assert state(hut) == before
    assert sorted(hut.data.iterdir()) == folders
    assert not hut.journal.exists()


def test_a_file_that_was_changed_since_is_left_alone(hut, run):
    kill(hut, "replace", 3)
    mine = hut.data / "groups" / "hill-league.ttl"
    mine.write_text("what somebody typed\n")
    said = run("validate", root=hut.root)
    assert said.exit_code == 2
    assert "data/groups/hill-league.ttl was changed since" in said.stderr
    assert mine.read_text() == "what somebody typed\n"


@pytest.mark.parametrize("path", ["../outside.ttl", "data/../../outside.ttl", "/etc/passwd", "shapes/x.ttl"])
def test_a_journal_of_somebody_else_changes_nothing(path, hut, run):
    hut.journal.parent.mkdir()
    hut.journal.write_text(json.dumps([[path, "bad", "0"]]))
    said = run("validate", root=hut.root)
    assert said.exit_code == 2
    assert "is no file of data/: take it away" in said.stderr
    assert not (hut.root.parent / "outside.ttl").exists()


@pytest.mark.parametrize("text", ["", "{}}", "[1]", '[["a"]]', "null", "[" * 100_000])
def test_what_is_no_journal_is_told(text, hut, run):
    hut.journal.parent.mkdir()
    hut.journal.write_text(text)
    said = run("validate", root=hut.root)
    assert (said.exit_code, "no journal of ours" in said.stderr) == (2, True)


def test_a_link_in_place_of_a_folder_is_not_followed(hut, tmp_path, run):
    outside = tmp_path / "outside"
    outside.mkdir()
    (hut.data / "people").symlink_to(outside)
    hut.journal.parent.mkdir()
    hut.journal.write_text(json.dumps([["data/people/k7qd.ttl", "bad", "0"]]))
    assert run("validate", root=hut.root).exit_code == 2
    assert not list(outside.iterdir())

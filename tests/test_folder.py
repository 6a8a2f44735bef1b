"""A folder takes its name whole or not at all, whatever breaks off the work."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from filiation import folder

posix = pytest.mark.skipif(os.name != "posix", reason="locks and signals are those of POSIX")


def contents(place: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in place.iterdir()}


def fill(target: Path, text: str) -> None:
    with folder.beside(target) as fresh:
        for name in "abc":
            (fresh.path / name).write_text(text)
        fresh.settle()


@pytest.fixture
def target(tmp_path) -> Path:
    """A folder that stands, among nothing else."""
    target = tmp_path / "shelf" / "release"
    fill(target, "old")
    assert alone(target)
    return target


def alone(target: Path) -> bool:
    return [path.name for path in target.parent.iterdir()] == [target.name]


OLD, NEW = dict.fromkeys("abc", "old"), dict.fromkeys("abc", "new")


@pytest.fixture(params=["one step", "two renames"])
def system(request, monkeypatch):
    """Both kinds of system: one that lets two folders change places in one step, and one that does not."""
    if request.param == "two renames":
        monkeypatch.setattr(folder, "_exchange", lambda *_: False)
    return request.param


def test_the_new_folder_takes_the_place_of_the_old(target, system):
    fill(target, "new")
    assert contents(target) == NEW and alone(target)


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is of Linux")
def test_linux_lets_two_folders_change_places_in_one_step(target):
    other = target.with_name("other")
    fill(other, "new")
    inodes = target.stat().st_ino, other.stat().st_ino
    assert folder._exchange(other, target)
    assert (other.stat().st_ino, target.stat().st_ino) == inodes
    assert (contents(target), contents(other)) == (NEW, OLD)


def test_what_is_not_settled_leaves_no_trace(target):
    with folder.beside(target) as fresh:
        (fresh.path / "a").write_text("half")
    assert contents(target) == OLD and alone(target)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ValueError])
def test_a_fault_while_it_is_filled_leaves_the_old_one(target, kind):
    with pytest.raises(kind), folder.beside(target) as fresh:
        (fresh.path / "a").write_text("half")
        raise kind
    assert contents(target) == OLD and alone(target)


@pytest.mark.parametrize("call", range(1, 3))
def test_a_break_at_either_of_the_two_renames_is_put_right(target, monkeypatch, call):
    rename, calls = Path.rename, []

    def once(self, other):
        calls.append(self)
        if len(calls) == call:
            raise KeyboardInterrupt
        return rename(self, other)

    monkeypatch.setattr(folder, "_exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(KeyboardInterrupt):
        fill(target, "new")
    assert contents(target) == OLD and alone(target)


def test_the_next_run_puts_back_what_a_killed_one_had_set_aside(target):
    target.rename(target.with_name(".release.old"))
    half = target.with_name(".release.new")
    half.mkdir()
    (half / "a").write_text("half")
    with pytest.raises(ValueError), folder.beside(target):
        assert contents(target) == OLD
        raise ValueError
    assert contents(target) == OLD and alone(target)


def test_the_next_run_clears_what_a_killed_one_had_replaced(target):
    shutil.copytree(target, target.with_name(".release.old"))
    fill(target, "new")
    assert contents(target) == NEW and alone(target)


@pytest.mark.parametrize("mask", [0o077, 0o000, 0o022])
def test_everybody_may_read_it_whatever_the_umask(tmp_path, mask):
    old = os.umask(mask)
    try:
        fill(tmp_path / "release", "new")
    finally:
        os.umask(old)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "release").iterdir()]
    assert stat.S_IMODE((tmp_path / "release").stat().st_mode) == 0o755
    assert modes == [0o644] * 3


@posix
def test_every_file_is_on_the_disk_before_the_folder_has_its_name(target, monkeypatch):
    forced, exchange = [], folder._exchange
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (forced.append(os.fstat(handle).st_ino), fsync(handle)))

    def swap(one, other):
        inodes = {path.stat().st_ino for path in (one, *one.iterdir())}
        assert inodes == set(forced)
        return exchange(one, other)

    monkeypatch.setattr(folder, "_exchange", swap)
    fill(target, "new")
    assert forced[-1] == target.parent.stat().st_ino


@posix
def test_a_second_run_into_the_same_folder_is_told_at_once(target):
    with folder.beside(target) as first:
        with pytest.raises(folder.CannotWrite, match="another run is writing"), folder.beside(target):
            pass
        assert first.path.is_dir()
        fill(target.with_name("other"), "new")
        first.settle()
    fill(target, "new")
    assert contents(target) == NEW


CHILD = """
import sys
from pathlib import Path
from filiation import folder
with folder.beside(Path(sys.argv[1])) as fresh:
    (fresh.path / "a").write_text("half")
    print("inside", flush=True)
    sys.stdin.read()
"""


@posix
def test_a_lock_dies_with_its_process(target):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", CHILD, str(target)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout.readline() == "inside\n"
        with pytest.raises(folder.CannotWrite, match="another run"), folder.beside(target):
            pass
        child.send_signal(signal.SIGKILL)
    assert not alone(target)
    fill(target, "new")
    assert contents(target) == NEW and alone(target)


RACE = """
import sys
from pathlib import Path
from filiation import folder
for turn in range(int(sys.argv[3])):
    try:
        with folder.beside(Path(sys.argv[1])) as fresh:
            for name in "abc":
                (fresh.path / name).write_text(sys.argv[2] + str(turn))
            fresh.settle()
    except folder.CannotWrite as problem:
        assert "another run" in str(problem), problem
"""


@posix
def test_two_that_write_again_and_again_never_mix(target):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    children = [
        subprocess.Popen([sys.executable, "-c", RACE, str(target), name, "150"], env=environment)
        for name in ("one", "two", "three")
    ]
    looks = 0
    while any(child.poll() is None for child in children):
        handle = os.open(target, os.O_RDONLY)
        try:
            found = sorted(entry.name for entry in os.scandir(handle))
            if os.path.samestat(os.fstat(handle), target.stat()):  # it was not replaced while we looked
                looks += 1
                assert found == ["a", "b", "c"]
        finally:
            os.close(handle)
    assert [child.returncode for child in children] == [0, 0, 0]
    assert len(set(contents(target).values())) == 1 and alone(target)
    assert looks


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from filiation import folder

def death(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

exchange = folder._exchange
match sys.argv[2]:
    case "before the swap":
        folder._exchange = death
    case "after the swap":
        folder._exchange = lambda *both: (exchange(*both), death())
    case "while the old one is taken away":
        rmtree = shutil.rmtree
        shutil.rmtree = lambda path, **_: ((path / "b").unlink(missing_ok=True), death())
    case "between two renames":
        folder._exchange = lambda *both: False
        rename, calls = Path.rename, []
        Path.rename = lambda *both: (calls.append(1), death() if len(calls) == 2 else rename(*both))
    case "while files are forced to the disk":
        folder._force = death
with folder.beside(Path(sys.argv[1])) as fresh:
    for name in "abc":
        (fresh.path / name).write_text("new")
    fresh.settle()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is of Linux")
@pytest.mark.parametrize(
    ("moment", "held"),
    [
        ("while files are forced to the disk", OLD),
        ("before the swap", OLD),
        ("between two renames", None),
        ("after the swap", NEW),
        ("while the old one is taken away", NEW),
    ],
)
def test_a_kill_at_the_worst_moments_leaves_no_half_folder(target, moment, held):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", KILLED, str(target), moment]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    if held is None:
        assert not target.exists(), "only where the system has no one step is there such a moment"
    else:
        assert contents(target) == held
    with folder.beside(target):
        assert contents(target) == (held or OLD)
    assert contents(target) == (held or OLD) and alone(target)


@posix
def test_a_full_disk_is_told_and_the_old_folder_stands(target):
    """The limit of a process on the size of a file stands for the disk."""
    code = textwrap.dedent("""
        import resource, signal, sys
        from pathlib import Path
        from filiation import folder
        from filiation.release import Release
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        with folder.beside(Path(sys.argv[1])) as fresh:
            Release(fresh.path).add("a.nt", b"x" * 200_000, title="a", role="dump", compressed=True)
            fresh.settle()
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(
        [sys.executable, "-c", code, str(target)], env=environment, capture_output=True, text=True
    )
    assert f"CannotWrite: {target} cannot be written: {os.strerror(errno.EFBIG)}" in result.stderr
    assert "what stood there stands" in result.stderr
    assert contents(target) == OLD and alone(target)

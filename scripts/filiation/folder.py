"""A folder that appears whole or not at all, in place of an older one.

What is new is filled beside the target, forced to the disk, and then changes places with the old folder
in one step of the file system (renameat2 of Linux, renamex_np of macOS). Where the system has no such
step the old one is renamed first: whoever looks between the two renames finds nothing under the name,
and the next run puts the old one back if this one was killed there.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filiation import layout
from filiation.faults import Fault

#: What is released is meant for everybody, whatever the umask of who builds it.
FOLDER_MODE, FILE_MODE = 0o755, 0o644

# <linux/fs.h>, <fcntl.h>; <sys/stdio.h> of macOS.
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2


class CannotWrite(Fault):
    """The output folder is not ours or cannot be written; the message says what to do."""


@dataclass(frozen=True)
class Fresh:
    """An empty folder beside the target, to be filled and then `settle`d."""

    path: Path
    target: Path

    def settle(self) -> None:
        """Let the folder, with all that is in it, take the name of the target. Raises OSError; the
        target is then what it was."""
        for file in self.path.iterdir():
            file.chmod(FILE_MODE)
            _force(file)
        self.path.chmod(FOLDER_MODE)
        _force(self.path)
        if not self.target.exists():
            self.path.rename(self.target)
        elif not _exchange(self.path, self.target):
            _rename_twice(self.path, self.target, _old(self.target))
        _force(self.target.parent)


@contextmanager
def beside(target: Path) -> Iterator[Fresh]:
    """A fresh folder beside the target, which nobody else gets until this one is done; what a killed
    run left is put right first, and whatever is left of the fresh one at the end is taken away.
    Raises CannotWrite, also for what cannot be written while the folder is filled."""
    whole = layout.stands_at(target)
    fresh = whole.with_name(f".{whole.name}.new")
    try:
        whole.parent.mkdir(parents=True, exist_ok=True)
        with _alone(whole):
            try:
                _recover(whole)
                fresh.mkdir()
                yield Fresh(fresh, whole)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    except OSError as problem:
        where = f" ({problem.filename})" if problem.filename else ""
        stands = "; what stood there stands" if whole.exists() else ""
        raise CannotWrite(f"{target} cannot be written: {problem.strerror}{where}{stands}") from problem


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _recover(target: Path) -> None:
    """Undo, or finish, what a run that was killed had begun."""
    old = _old(target)
    if old.exists() and not target.exists():
        old.rename(target)
    for left in (old, target.with_name(f".{target.name}.new")):
        if left.exists():
            shutil.rmtree(left)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the lock beside the target: the system takes it back when the process dies, however it
    dies. Raises CannotWrite where another holds it."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    path = target.with_name(f".{target.name}.lock")
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            os.close(file)
            raise CannotWrite(
                f"another run is writing {target}: wait for it, or name another folder"
            ) from problem
        except OSError:
            os.close(file)
            raise
        # Who held it before may have taken the file away between our two steps.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), path.stat()):
                break
        os.close(file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(file)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where system or file system cannot do it."""
    library: Any = ctypes.CDLL(None) if os.name == "posix" else None
    names = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    elif hasattr(library, "renamex_np"):
        failed = library.renamex_np(*names, _RENAME_SWAP)
    else:
        return False
    return not failed


def _rename_twice(fresh: Path, target: Path, old: Path) -> None:
    try:
        target.rename(old)
        fresh.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _force(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk, so that a name never outlives what it names."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

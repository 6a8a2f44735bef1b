"""Several files put in their places together, or none of them, whatever stops the work.

What the files said before is put down first, in build/unfinished.json. Then all new texts are written
beside their places and only then moved there, one after the other; last, the journal is taken away. Who
finds a journal whose writer is gone knows that the move was not completed, and puts back what it says.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from filiation import layout, turtle
from filiation.faults import Fault


class Unfinished(Fault):
    """Files of an interrupted writing that cannot be put back; the message says what to do."""


class _Entry(NamedTuple):
    """One file of a writing: its place, what it said before (None for nothing), and the digest of what
    it is to say."""

    path: PurePosixPath
    before: str | None
    digest: str


def write(place: layout.Layout, texts: Mapping[PurePosixPath, str]) -> None:
    """Put texts in the files at these paths below the root: all, or none if one cannot be written.
    Raises turtle.Unreadable with the file that could not be, and Unfinished."""
    place.journal.parent.mkdir(parents=True, exist_ok=True)
    with _alone(place):
        _put_back(place)
        fresh = {place.root / path: text.encode() for path, text in texts.items()}
        made: list[Path] = []
        file = place.journal
        try:
            _put_down(place, [_entry(place, path, fresh[place.root / path]) for path in texts])
            for file, content in fresh.items():
                made += _folders(file.parent)
                _beside(file).write_bytes(content)
            os.sync()
            for file in fresh:
                _beside(file).replace(file)
        except BaseException as problem:
            _put_back(place)
            for folder in reversed(made):
                with suppress(OSError):
                    folder.rmdir()
            if isinstance(problem, OSError):
                raise turtle.Unreadable(file, 1, f"cannot be written: {problem.strerror}") from problem
            raise
        os.sync()
        place.journal.unlink()


def recover(place: layout.Layout) -> list[PurePosixPath]:
    """Put back what a writing that was interrupted has changed; the files that were. A writing that goes
    on is waited for. Raises Unfinished where somebody has changed such a file since."""
    if not place.journal.exists():
        return []
    with _alone(place):
        return _put_back(place)


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.new")


def _folders(folder: Path) -> list[Path]:
    """Make a folder with those around it; those that were not there, from the outermost."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _entry(place: layout.Layout, path: PurePosixPath, content: bytes) -> _Entry:
    file = place.root / path
    before = turtle.content_of(file).decode("utf-8", "surrogateescape") if file.exists() else None
    return _Entry(path, before, hashlib.sha256(content).hexdigest())


def _put_down(place: layout.Layout, entries: list[_Entry]) -> None:
    """Write the journal, whole and for good, or not at all."""
    journal, fresh = place.journal, _beside(place.journal)
    try:
        with fresh.open("w", encoding="ascii") as stream:
            json.dump([(str(path), before, digest) for path, before, digest in entries], stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(journal)
        folder = os.open(journal.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        fresh.unlink(missing_ok=True)


def _put_back(place: layout.Layout) -> list[PurePosixPath]:
    """What the journal says, if there is one, and then no journal any more."""
    journal = place.journal
    if not journal.exists():
        return []
    entries = [_checked(place, entry) for entry in _read(journal)]
    changed = []
    for path, before, digest in entries:
        file = place.root / path
        content = file.read_bytes() if file.is_file() else None
        if content is not None and hashlib.sha256(content).hexdigest() == digest:
            changed.append((path, before))
        elif content != _content(before):
            raise Unfinished(
                f"{journal}: an import was interrupted, and {path} was changed since: undo that "
                f"(`git checkout -- {path}`, or remove it if it is new) and call again, or take the journal "
                "away to keep all files as they are"
            )
    for path, before in changed:
        file = place.root / path
        content = _content(before)
        if content is None:
            file.unlink()
        else:
            _beside(file).write_bytes(content)
            _beside(file).replace(file)
    for path, _, _ in entries:
        _beside(place.root / path).unlink(missing_ok=True)
    os.sync()
    journal.unlink()
    return [path for path, _ in changed]


def _content(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogateescape")


def _read(journal: Path) -> list[_Entry]:
    """The entries of a journal. Raises Unfinished for what no writing of ours has put down."""
    try:
        said = json.loads(journal.read_text(encoding="ascii"))
        return [_Entry(PurePosixPath(path), before, str(digest)) for path, before, digest in said]
    except (ValueError, TypeError, RecursionError) as problem:
        raise Unfinished(f"{journal}: no journal of ours: take it away") from problem


def _checked(place: layout.Layout, entry: _Entry) -> _Entry:
    """An entry of a place in data/: a journal may have come with somebody's contribution."""
    file = place.root / entry.path
    inside = ".." not in entry.path.parts and entry.path.parts[:1] == ("data",)
    linked = any(each.is_symlink() for each in (file, *file.parents) if each.is_relative_to(place.data))
    if not inside or linked or layout.entity_iri(entry.path) is None:
        message = f"speaks of {entry.path}, which is no file of data/: take it away"
        raise Unfinished(f"{place.journal}: {message}")
    return entry


@contextmanager
def _alone(place: layout.Layout) -> Iterator[None]:
    """Be the only one who writes. The system gives the place up for a process that ends, however it does."""
    import fcntl  # not everywhere where questions are asked

    with place.journal.with_name(".writing").open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield

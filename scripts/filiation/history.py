"""The only module that meets git: which files a revision holds, and which differ from it now.

Files are compared by their content, as git names it, and not through git's index: what is not added
yet, ignored or marked as unchanged is judged like everything else, so it must count here too. Only
objects that are at hand are read; a partial clone never fetches one.
"""

import hashlib
import os
import subprocess
from pathlib import Path, PurePosixPath

from filiation.faults import Fault

#: The folders whose Turtle files are judged and compared.
FOLDERS = ("data", "ontology", "shapes")
WORK = "HEAD"
_REGULAR = ("100644", "100755")


class NotVersioned(Fault):
    """There is no git, or the checkout is no work tree of it."""


class NoSuchRevision(Fault):
    """A revision that the repository does not know."""


def resolve(root: Path, rev: str = WORK) -> str:
    """The commit that a revision names, as its whole id. Raises NoSuchRevision, NotVersioned."""
    _check_work_tree(root)
    done = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    commit = done.stdout.decode().strip()
    if done.returncode or not commit:
        if rev == WORK:
            raise NoSuchRevision(
                "there is no commit yet to compare with: commit first, or validate everything"
            )
        raise NoSuchRevision(
            f"{rev}: there is no such revision; name a branch, a tag or a commit that `git log` lists"
        )
    return commit


def base_of(root: Path, rev: str = WORK) -> str:
    """The commit where what we have now parted from a revision: their merge base, or the revision
    itself where they have none in common. Raises NoSuchRevision, NotVersioned."""
    commit = resolve(root, rev)
    if rev == WORK:
        return commit
    done = _git(root, "merge-base", commit, resolve(root))
    return done.stdout.decode().split("\n")[0] or commit


def files_at(root: Path, rev: str, only: set[PurePosixPath] | None = None) -> dict[PurePosixPath, bytes]:
    """The Turtle files of the data, the ontology and the shapes at a revision, by path below the root,
    in order of path; of these only, if any are named. Raises NoSuchRevision, NotVersioned."""
    blobs = _blobs(root, resolve(root, rev))
    wanted = [path for path in sorted(blobs) if only is None or path in only]
    if not wanted:
        return {}
    names = "".join(f"{blobs[path]}\n" for path in wanted)
    told = _git(root, "cat-file", "--batch", given=names.encode()).stdout
    files, place = {}, 0
    for path in wanted:
        head = told[place : told.index(b"\n", place)]
        kind = head.split()
        if len(kind) != 3:
            raise NoSuchRevision(
                f"{rev}: {path} is not at hand in this clone: run `git fetch --refetch` first"
            )
        start = place + len(head) + 1
        place = start + int(kind[2]) + 1
        files[path] = told[start : place - 1]
    return files


def changed_files(root: Path, rev: str) -> set[PurePosixPath]:
    """The Turtle files that were added, changed, moved (both paths) or deleted between a revision and
    the work tree as it is now, committed or not. Raises NoSuchRevision, NotVersioned."""
    then = _blobs(root, resolve(root, rev))
    now = {
        PurePosixPath(file.relative_to(root).as_posix()): file
        for folder in FOLDERS
        for file in (root / folder).rglob("*.ttl")
    }
    gone = then.keys() - now.keys()
    return gone | {path for path, file in now.items() if path not in then or _differs(file, then[path])}


def _differs(file: Path, blob: str) -> bool:
    """Whether the content of a file is another than that of a blob; what cannot be read differs."""
    if file.is_symlink():
        return True
    try:
        content = file.read_bytes()
    except OSError:
        return True
    digest = hashlib.sha256 if len(blob) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() != blob


def _blobs(root: Path, commit: str) -> dict[PurePosixPath, str]:
    """The id of the content of each Turtle file of a commit."""
    told = _git(root, "ls-tree", "-r", "-z", commit, "--", *(f"{folder}/" for folder in FOLDERS)).stdout
    found = {}
    for entry in told.decode("utf-8", "surrogateescape").split("\0"):
        about, _, name = entry.partition("\t")
        if name.endswith(".ttl") and about.split()[0] in _REGULAR:
            found[PurePosixPath(name)] = about.split()[2]
    return found


def _check_work_tree(root: Path) -> None:
    done = _git(root, "rev-parse", "--is-inside-work-tree")
    if done.stdout.strip() != b"true":
        raise NotVersioned(f"{root} is not under git, so there is nothing to compare with: validate it whole")


def _git(root: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """What a git command says. What the environment says of another repository does not count."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", "-c", "core.fsmonitor=false", "--no-replace-objects", *words],
            cwd=root,
            env=environment,
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as problem:
        raise NotVersioned("git is not installed: install it, or validate everything") from problem

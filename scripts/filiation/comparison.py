"""A release held against one that was built again, byte by byte: which files are not the same, and why.

Another zlib packs the same content into other bytes, and then every hash and size of a packed file in the
descriptions is another too. Whoever compares wants to know that nothing else differs.
"""

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from filiation import manifest
from filiation.manifest import SUMS
from filiation.release import COMPRESSIONS, unpacked

_BLOCK = 1 << 20


@dataclass(frozen=True, order=True)
class Difference:
    """A file that is not the same in both, and how it differs."""

    name: str
    how: str
    #: Whether it differs only because something was packed by another library.
    packing: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.how}"


def compare(
    folder: Path, again: Path, progress: Callable[[str], None] = lambda name: None
) -> list[Difference]:
    """Every difference between a release and what was built again from the same, by name. Raises
    NotARelease where the folder has no manifest that can be read."""
    old, new = _names(folder), _names(again)
    changed = _changed_later(folder, old)
    found = [Difference(name, "is no file of this release: nothing builds it") for name in old - new]
    found += [Difference(name, "is missing") for name in new - old]
    others = set()
    for name in sorted(old & new):
        progress(name)
        if name in changed:
            found.append(
                Difference(name, f"was changed after the release: {manifest.NAME} or {SUMS} says otherwise")
            )
        elif not (folder / name).is_file() or (folder / name).is_symlink():
            found.append(Difference(name, "is not a plain file"))
        elif not _same((folder / name).open("rb"), (again / name).open("rb")):
            others.add(name)
    packed = {name for name in others if _same_unpacked(folder / name, again / name)}
    telling = _telling_of(packed, others, folder, again)
    for name in others:
        if name in packed:
            found.append(Difference(name, "only its compression differs: another library packed it", True))
        elif name in telling:
            told = "differs only in hashes and sizes of files whose compression differs"
            found.append(Difference(name, told, True))
        else:
            found.append(Difference(name, "differs from what this checkout gives"))
    return sorted(found)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _changed_later(folder: Path, names: set[str]) -> set[str]:
    """The files that are not what the manifest, or the sums, say of them."""
    found = set()
    for part in manifest.read(folder).files:
        try:
            if part.name in names:
                manifest.verify_part(folder, part)
        except manifest.NotARelease:
            found.add(part.name)
    if SUMS in names and (folder / SUMS).is_file():
        for line in (folder / SUMS).read_text("utf-8", "replace").splitlines():
            digest, _, name = line.partition("  ")
            if name in names and (folder / name).is_file() and digest != _digest(folder / name):
                found.add(name)
    return found


def _same(one: BinaryIO, other: BinaryIO) -> bool:
    with one, other:
        while True:
            here, there = one.read(_BLOCK), other.read(_BLOCK)
            if here != there:
                return False
            if not here:
                return True


def _same_unpacked(one: Path, other: Path) -> bool:
    """Whether two packed files hold the same; not where one cannot be unpacked."""
    if one.suffix[1:] not in COMPRESSIONS:
        return False
    try:
        return _same(unpacked(one), unpacked(other))
    except (EOFError, OSError, zlib.error):
        return False


def _telling_of(packed: set[str], others: set[str], folder: Path, again: Path) -> set[str]:
    """The files whose texts are the same once the hash and the size of each file whose difference is
    explained are those of the other; these then explain the differences of who tells of them."""
    explained, fresh = set(packed), set(packed)
    texts = {name: (folder / name).read_bytes() for name in others - packed}
    while fresh:
        known: dict[bytes, bytes] = {}
        for name in fresh:
            known |= dict(zip(_marks(folder / name), _marks(again / name), strict=True))
        pattern = re.compile(rb"(?<!\w)(?<!\d[,.])(?:%b)(?!\w|[,.]\d)" % b"|".join(map(re.escape, known)))
        for name, text in texts.items():
            # mypy cannot tell the type of a lambda with a default.
            texts[name] = pattern.sub(lambda mark, known=known: known[mark[0]], text)  # type: ignore[misc]
        fresh = {name for name in texts.keys() - explained if texts[name] == (again / name).read_bytes()}
        explained |= fresh
    return explained - packed


def _marks(file: Path) -> list[bytes]:
    """What is told of a file: its hash, and its size in two ways of writing."""
    size = file.stat().st_size
    return [_digest(file).encode(), b"%d" % size, f"{size:,}".encode()]


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

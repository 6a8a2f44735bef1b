"""`manifest.json`: every file of a release with its size and hash, and what the release holds.

It is what `load`, `changes` and `publish --check` read of a release, and it is written last but one:
only SHA256SUMS, which sha256sum(1) reads, knows more.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filiation import layout
from filiation.faults import Fault
from filiation.release import Part

NAME = "manifest.json"
SUMS = "SHA256SUMS"


class NotARelease(Fault):
    """A folder that is no whole release of this dataset; the message says what is wrong with it."""


@dataclass(frozen=True)
class Manifest:
    """What a release says it is."""

    version: str
    #: The day of the release, YYYY-MM-DD.
    date: str
    #: The version that this one follows.
    previous: str | None
    #: Of all named graphs: quads; of their union: triples.
    quads: int
    triples: int
    #: SHA-256, in hex, of the dataset's canonical form (RDFC-1.0).
    canonical_hash: str
    #: Named graph -> how many triples it has.
    graphs: dict[str, int]
    files: tuple[Part, ...]
    #: The commit from which it was built, where the caller told it.
    revision: str | None = None

    def named(self, name: str) -> Part:
        """Raises NotARelease where the release lists no such file."""
        for part in self.files:
            if part.name == name:
                return part
        raise NotARelease(f"the release lists no file {name}")

    @property
    def nquads(self) -> str:
        """The name of the dump that holds every graph."""
        return f"filiation-{self.version}.nq.gz"


def text(manifest: Manifest) -> bytes:
    """The file itself: JSON in UTF-8, keys in a fixed order, one file a line's block."""
    whole: dict[str, Any] = {
        "name": "filiation",
        "dataset": layout.DATASET,
        "version": manifest.version,
        "date": manifest.date,
        "previousVersion": manifest.previous,
        **({"revision": manifest.revision} if manifest.revision else {}),
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "quads": manifest.quads,
        "triples": manifest.triples,
        "canonicalHash": {"algorithm": "RDFC-1.0, SHA-256", "value": manifest.canonical_hash},
        "graphs": [{"graph": name, "triples": n} for name, n in sorted(manifest.graphs.items())],
        "files": [_told(part) for part in sorted(manifest.files, key=lambda part: part.name)],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _told(part: Part) -> dict[str, Any]:
    return {key: value for key, value in asdict(part).items() if value is not None}


def read(folder: Path) -> Manifest:
    """What the release in a folder says of itself; the files are not looked at (see `verify`).
    Raises NotARelease."""
    if not folder.is_dir():
        raise NotARelease(f"{folder}: there is no such folder")
    path = folder / NAME
    try:
        whole = json.loads(path.read_text("utf-8"))
        if whole["dataset"] != layout.DATASET:
            raise NotARelease(f"{path}: a release of another dataset, {whole['dataset']}")
        files = tuple(
            Part(**{"compression": None, "statements": None, "rows": None, **entry})
            for entry in whole["files"]
        )
        if any("/" in part.name or part.name.startswith(".") for part in files):
            raise NotARelease(f"{path}: a file outside the folder is listed")
        return Manifest(
            version=whole["version"],
            date=whole["date"],
            previous=whole["previousVersion"],
            quads=whole["quads"],
            triples=whole["triples"],
            canonical_hash=whole["canonicalHash"]["value"],
            graphs={entry["graph"]: entry["triples"] for entry in whole["graphs"]},
            files=files,
            revision=whole.get("revision"),
        )
    except FileNotFoundError as problem:
        raise NotARelease(f"{folder} is not a release: it has no {NAME}") from problem
    except OSError as problem:
        raise NotARelease(f"{path} cannot be read: {problem.strerror}") from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise NotARelease(f"{path} is cut short or not a manifest of ours: {problem!r}") from problem


def verify(folder: Path, manifest: Manifest, progress: Callable[[str], None] = lambda name: None) -> None:
    """Hold every listed file against its size and hash. Raises NotARelease, naming the first that
    is missing, cut short or changed."""
    for part in manifest.files:
        progress(part.name)
        verify_part(folder, part)


def verify_part(folder: Path, part: Part) -> None:
    """The same for one file."""
    path = folder / part.name
    try:
        size = path.stat().st_size
        if size != part.size:
            word = "cut short" if size < part.size else "longer than it was"
            raise NotARelease(f"{path} is {word}: {size} bytes, where the manifest says {part.size}")
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as problem:
        raise NotARelease(f"{path} cannot be read: {problem.strerror}") from problem
    if digest.hexdigest() != part.sha256:
        raise NotARelease(
            f"{path} is not the file that was released: its SHA-256 differs from the manifest's"
        )

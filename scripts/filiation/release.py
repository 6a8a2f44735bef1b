"""A release while it is written: files put into one folder, each hashed and counted on its way.

Who writes a file says what it is; what a release says about itself is read from these parts alone, so
that no description can disagree with a file.
"""

import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

import zstandard

from filiation.faults import FaultInData

#: What a file of a release is for.
Role = Literal["dump", "table", "graph", "schema", "configuration", "difference", "description", "legal"]

#: File name extension -> media type registered with IANA (or in wide use), before compression.
MEDIA_TYPES = {
    "nq": "application/n-quads",
    "trig": "application/trig",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "parquet": "application/vnd.apache.parquet",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "geojson": "application/geo+json",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "ru": "application/sparql-update",
    "rdfp": "application/rdf-patch",
    "rq": "application/sparql-query",
    "html": "text/html",
    "md": "text/markdown",
    "cff": "application/yaml",
    "txt": "text/plain",
    "tar": "application/x-tar",
}

#: Extension of a compressed file -> its media type (RFC 6713, RFC 8878).
COMPRESSIONS = {"gz": "application/gzip", "zst": "application/zstd"}

#: Compression levels: what gzip and zstd use when nobody asks, for the sizes and speeds people expect.
GZIP_LEVEL, ZSTD_LEVEL = 6, 10
_BLOCK = 1 << 20


class NotReleasable(FaultInData):
    """What loaders would choke on stands in the matter of a release; the message says what, and where."""


@dataclass(frozen=True)
class Part:
    """One file of a release, as it lies in the folder."""

    name: str
    title: str
    role: Role
    media_type: str
    compression: str | None
    size: int
    sha256: str
    #: Triples or quads, where the file is RDF.
    statements: int | None = None
    #: Rows without the header, where it is a table; features, nodes or entities elsewhere.
    rows: int | None = None


@dataclass
class Release:
    """The folder that is being filled, and its parts in the order of their writing."""

    folder: Path
    zstd: bool = False
    parts: list[Part] = field(default_factory=list)
    _beside: ThreadPoolExecutor | None = field(default=None, repr=False)
    _waiting: list[Future[Part]] = field(default_factory=list, repr=False)

    @contextmanager
    def compressing(self) -> Iterator[None]:
        """What is added in here is compressed beside the writing of the next file (zlib and zstd work
        without Python's lock); at the end the compressed parts stand in `parts`, in their order.
        Raises OSError."""
        with ThreadPoolExecutor(1) as self._beside:
            try:
                yield
                self.parts.extend(future.result() for future in self._waiting)
            finally:
                for future in self._waiting:
                    future.cancel()
                self._beside, self._waiting = None, []

    def path(self, name: str) -> Path:
        """Where a file is prepared that is to be checked before it is added: `add` takes it from there."""
        return self.folder / f".{name}"

    def add(
        self,
        name: str,
        content: bytes | Iterable[bytes] | Path,
        *,
        title: str,
        role: Role,
        media_type: str | None = None,
        statements: int | None = None,
        rows: int | None = None,
        compressed: bool = False,
    ) -> Part:
        """Write a file (or move it in from its `path`), and beside it, where `compressed`, the same as
        `name`.gz (and `name`.zst for a release that asks for it). The part of the plain file comes back.
        The media type is that of the name's extension unless another is given. Raises OSError;
        ValueError for a name taken or one that is not a plain file name."""
        if "/" in name or name.startswith(".") or any(part.name == name for part in self.parts):
            raise ValueError(f"{name!r} is no name for a file of this release, or it is taken")
        extension = name.rpartition(".")[2]
        known = media_type or MEDIA_TYPES.get(extension, "text/plain")
        whole = COMPRESSIONS.get(extension)
        if whole and media_type is None:
            known = MEDIA_TYPES.get(name.split(".")[-2], "application/octet-stream")
        path = self.folder / name
        if isinstance(content, Path):
            content.replace(path)
            size, digest = _hashed(path)
        else:
            size, digest = _written(path, _blocks(content) if isinstance(content, bytes) else content)
        plain = Part(name, title, role, known, whole, size, digest, statements, rows)
        self.parts.append(plain)
        for ending in (["gz"] + ["zst"] * self.zstd) * compressed:
            if self._beside:
                self._waiting.append(self._beside.submit(_compressed, path, plain, ending))
            else:
                self.parts.append(_compressed(path, plain, ending))
        return plain

    def named(self, name: str) -> Part:
        """The part of that file name. Raises KeyError."""
        return next((part for part in self.parts if part.name == name), None) or _missing(name)

    def of(self, *roles: Role) -> list[Part]:
        """The parts of these roles, by name."""
        return sorted((part for part in self.parts if part.role in roles), key=lambda part: part.name)


def compressed(content: bytes) -> bytes:
    """Gzip with a header that holds no time, no name and no system (RFC 1952)."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=stream, mtime=0) as file:
        file.write(content)
    return stream.getvalue()


def unpacked(path: Path) -> BinaryIO:
    """What a compressed file holds, as a stream. Raises OSError; EOFError, OSError or zlib.error from
    the stream where the file is broken."""
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(path.open("rb"))
    return gzip.open(path, "rb")  # type: ignore[return-value]  # a reader, as good as any, of another base


def _missing(name: str) -> Part:
    raise KeyError(name)


def _blocks(content: bytes) -> Iterator[bytes]:
    view = memoryview(content)
    for start in range(0, len(view), _BLOCK):
        yield bytes(view[start : start + _BLOCK])


def _written(path: Path, blocks: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for block in blocks:
            file.write(block)
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def _hashed(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _compressed(path: Path, plain: Part, ending: str) -> Part:
    """The compressed form of a part, written beside it."""
    beside = path.with_name(f"{plain.name}.{ending}")
    with (
        path.open("rb") as source,
        beside.open("wb") as target,
        closing(_compressor(target, ending, plain.size)) as stream,
    ):
        while block := source.read(_BLOCK):
            stream.write(block)
    size, digest = _hashed(beside)
    return replace(plain, name=beside.name, compression=COMPRESSIONS[ending], size=size, sha256=digest)


def _compressor(target: BinaryIO, ending: str, size: int) -> BinaryIO:
    if ending == "zst":
        engine = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True)
        return engine.stream_writer(target, size=size, closefd=False)
    # Its class is not that of a file, but it writes and closes as one does.
    return gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=target, mtime=0)  # type: ignore[return-value]

"""A release while it is written: files put into one folder, each hashed and counted on its way.

Who writes a file says what it is; what a release says about itself is read from these parts alone, so
that no description can disagree with a file.
"""

import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

import zstandard

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

    def add(
        self,
        name: str,
        content: bytes | Iterable[bytes],
        *,
        title: str,
        role: Role,
        media_type: str | None = None,
        statements: int | None = None,
        rows: int | None = None,
        compressed: bool = False,
    ) -> Part:
        """Write a file, and beside it, where `compressed`, the same as `name`.gz (and `name`.zst for
        a release that asks for it). The part of the plain file comes back. The media type is that of
        the name's extension unless another is given. Raises OSError; ValueError for a name taken or
        one that is not a plain file name."""
        if "/" in name or name.startswith(".") or any(part.name == name for part in self.parts):
            raise ValueError(f"{name!r} is no name for a file of this release, or it is taken")
        extension = name.rpartition(".")[2]
        known = media_type or MEDIA_TYPES.get(extension, "text/plain")
        whole = COMPRESSIONS.get(extension)
        if whole and media_type is None:
            known = MEDIA_TYPES.get(name.split(".")[-2], "application/octet-stream")
        path = self.folder / name
        blocks = _blocks(content) if isinstance(content, bytes) else content
        size, digest = _written(path, blocks)
        plain = Part(name, title, role, known, whole, size, digest, statements, rows)
        self.parts.append(plain)
        for ending in (["gz"] + ["zst"] * self.zstd) * compressed:
            beside = self.folder / f"{name}.{ending}"
            size, digest = _compressed(path, beside, ending)
            form = COMPRESSIONS[ending]
            self.parts.append(Part(beside.name, title, role, known, form, size, digest, statements, rows))
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


def _compressed(path: Path, beside: Path, ending: str) -> tuple[int, str]:
    with (
        path.open("rb") as source,
        beside.open("wb") as target,
        closing(_compressor(target, ending, path.stat().st_size)) as stream,
    ):
        while block := source.read(_BLOCK):
            stream.write(block)
    digest = hashlib.sha256()
    with beside.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return beside.stat().st_size, digest.hexdigest()


def _compressor(target: BinaryIO, ending: str, size: int) -> BinaryIO:
    if ending == "zst":
        engine = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True)
        return engine.stream_writer(target, size=size, closefd=False)
    return gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=target, mtime=0)  # type: ignore[return-value]

"""Write a release: a folder that appears whole or not at all, the same to the byte when built again.

Everything is judged first and written beside the target; only a finished folder takes its name.
Nothing in a release comes from the clock, the machine or the order of a hash.
"""

import gzip
import hashlib
import io
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import RDF, Graph, URIRef

from filiation import dataset, describe, infer, layout, mappings, oxigraph, turtle
from filiation.corpus import Corpus
from filiation.dataset import Edition
from filiation.findings import Verdict
from filiation.validate import validate

SUMS = "SHA256SUMS"


class CannotWrite(Exception):
    """The output folder is not ours or cannot be written; the message says what to do."""


class NotValid(Exception):
    """The dataset has problems, so nothing was written."""

    def __init__(self, verdict: Verdict):
        super().__init__(f"{len(verdict.violations)} problems")
        self.verdict = verdict


@dataclass
class Summary:
    """What a release holds, for people: counts, file sizes in bytes, seconds by step."""

    folder: Path
    edition: Edition
    verdict: Verdict
    counts: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


Progress = Callable[[str], None]


def publish(
    read: Callable[[], Corpus], out: Path, edition: Edition, progress: Progress = lambda step: None
) -> Summary:
    """Judge what `read` gives, and write the release to `out`, in place of an older one there.
    Raises NotValid, CannotWrite, infer.Inconsistent, validate.NoShapes; whatever stood at `out`
    then still stands."""
    check_target(out)
    seconds: dict[str, float] = {}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        progress(name)
        start = time.perf_counter()
        yield
        seconds[name] = time.perf_counter() - start

    with step("read"):
        corpus = read()
    with step("judge"):
        verdict = validate(corpus)
        if verdict.violations:
            raise NotValid(verdict)
    with step("infer"):
        inferred = infer.infer(corpus)
    with step("write"):
        files = contents(corpus, inferred, edition)
    with step("check"):
        check(files)
    with step("store"):
        replace(out, files)
    summary = Summary(out, edition, verdict, counts(corpus, inferred))
    summary.sizes = {name: len(content) for name, content in files.items()}
    summary.seconds = seconds
    return summary


def contents(corpus: Corpus, inferred: Graph, edition: Edition) -> dict[str, bytes]:
    """Every file of the release by name, the checksums last."""
    quads = dataset.quads(corpus, inferred, edition)
    files: dict[str, bytes] = {}
    for extension in oxigraph.FORMATS:
        dump = oxigraph.serialize(quads, extension, layout.PREFIXES)
        files[f"filiation.{extension}"] = dump
        files[f"filiation.{extension}.gz"] = compressed(dump)
    dumps = list(files)
    ontology = dataset.dated(corpus.ontology, edition)
    files["ontology.ttl"] = turtle.house_format(ontology, layout.BASE + "ontology").encode()
    files["shapes.ttl"] = turtle.house_format(corpus.shapes, None).encode()
    about = next(g for p, g in corpus.data.items() if p.name == "dataset.ttl")
    void = describe.void(about, quads, edition, dumps)
    files[mappings.FILE] = mappings.table(corpus.stated, edition).encode()
    files["void.ttl"] = turtle.house_format(void, layout.DATASET).encode()
    for name in ("LICENSE", "LICENSE-DATA"):
        files[name] = (corpus.layout.root / name).read_bytes()
    files["README.md"] = _readme(files, edition, len(set(quads))).encode()
    sums = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files[SUMS] = "".join(sums).encode()
    return files


def compressed(content: bytes) -> bytes:
    """Gzip with a header that holds no time and no name (RFC 1952)."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as file:
        file.write(content)
    return stream.getvalue()


def check(files: dict[str, bytes]) -> None:
    """Parse every dump strictly, and hold their numbers of statements against each other.
    Raises CannotWrite, for a dump that loaders would refuse is a defect of ours."""
    found = {}
    for name, content in files.items():
        extension = name.rpartition(".")[2]
        if extension in oxigraph.FORMATS:
            try:
                found[name] = oxigraph.count(content, extension)
            except oxigraph.NotWellFormed as problem:
                raise CannotWrite(f"the dump {name} is not well-formed: {problem}") from problem
    numbers = {number for name, number in found.items() if name.startswith("filiation.")}
    if len(numbers) != 1:
        raise CannotWrite(f"the dumps hold different numbers of statements: {found}")


def _readme(files: dict[str, bytes], edition: Edition, number: int) -> str:
    rows = "\n".join(f"| `{name}` | {len(files[name])} |" for name in sorted(files))
    return f"""# Filiation {edition.version}

Armed groups, their mergers, splits, renamings, affiliations and leaders, with who says so. {edition.date}.

Every dump holds the same {number} statements; the N-Quads and TriG keep one named graph for each
file, and what was inferred in `<{layout.INFERRED_GRAPH}>`: leave that one out for stated facts only.
`sha256sum -c {SUMS}` checks the files; `void.ttl` counts what is in them. `{mappings.FILE}` is the
table of matches with the lists of the UN, OFAC, the US Department of State and the EU, and with UCDP,
GTD and Wikidata (SSSOM/TSV).

Data, ontology and shapes: CC BY 4.0 (`LICENSE-DATA`). The tools that made them: Apache-2.0 (`LICENSE`).

| file | bytes |
|---|---|
{rows}
"""


def counts(corpus: Corpus, inferred: Graph) -> dict[str, int]:
    """How many of what, in words that a person likes to read."""
    facts = corpus.stated
    types = Counter(kind for _, kind in facts.subject_objects(RDF.type))
    fil = infer.FIL

    def of(*names: str) -> int:
        return sum(types[fil[name]] for name in names)

    situations = set(facts.subjects(fil.status))
    return {
        "groups": of("Group"),
        "people": of("Person"),
        "places": of("Place"),
        "sources": of("Source"),
        "situations": len(situations),
        "changes": of("Formation", "Renaming", "Split", "Merger", "Joining", "Dissolution"),
        "affiliations": of("Pledge", "Subordination", "Alliance", "Cooperation", "Rivalry"),
        "attestations": of("Attestation"),
        "passages with a digest": len(set(facts.subjects(fil.passageDigest))),
        "stated triples": len(facts),
        "inferred triples": len(inferred),
    }


def check_target(out: Path) -> None:
    """Raises CannotWrite unless `out` is free or holds a release of ours."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise CannotWrite(f"{out} is not a folder: name another with --out")
    if out.is_dir() and any(out.iterdir()) and not is_release(out):
        raise CannotWrite(f"{out} holds something that is not a release: name an empty or a new folder")


def is_release(folder: Path) -> bool:
    """Whether the folder holds a release of this dataset."""
    void = folder / "void.ttl"
    if not (folder / SUMS).is_file() or not void.is_file():
        return False
    try:
        return (URIRef(layout.DATASET), None, None) in turtle.read(void)
    except turtle.Unreadable:
        return False


def replace(out: Path, files: dict[str, bytes]) -> None:
    """Write the files beside `out`, then let the finished folder take its name. Raises CannotWrite."""
    fresh = out.with_name(f".{out.name}.new")
    old = out.with_name(f".{out.name}.old")
    try:
        _put_back(out, old)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        _swap(fresh, out, old)
    except OSError as problem:
        raise CannotWrite(f"{problem.filename or out} cannot be written: {problem.strerror}") from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, out: Path, old: Path) -> None:
    try:
        if out.exists():
            out.rename(old)
        fresh.rename(out)
    finally:
        _put_back(out, old)
    shutil.rmtree(old, ignore_errors=True)


def _put_back(out: Path, old: Path) -> None:
    """Undo a swap that was broken off between its two renames."""
    if old.exists() and not out.exists():
        old.rename(out)

"""Write a release: judge everything, let each writer add its files, and only then give it its name.

Nothing in a release comes from the clock, the machine or the order of a hash.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import RDF, Graph, URIRef

from filiation import (
    answers,
    configurations,
    describe,
    dumps,
    folder,
    geojson,
    infer,
    layout,
    manifest,
    mappings,
    networks,
    oxigraph,
    predecessor,
    redirects,
    sanctions,
    tables,
    turtle,
    vanished,
    virtuoso,
)
from filiation.corpus import Corpus
from filiation.dataset import Edition
from filiation.findings import Verdict
from filiation.folder import CannotWrite
from filiation.manifest import SUMS, Manifest
from filiation.material import Material
from filiation.release import Release
from filiation.validate import validate


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
Writer = Callable[[Material, Release], None]


def _mappings(material: Material, release: Release) -> None:
    """The crosswalk (SSSOM)."""
    table = mappings.table(material.corpus.stated, material.edition)
    rows = sum(not line.startswith("#") for line in table.splitlines()) - 1
    title = "Matches with other lists and datasets (SSSOM)"
    release.add(mappings.FILE, table.encode(), title=title, role="table", rows=rows)


def _legal(material: Material, release: Release) -> None:
    """The terms, and what changed, as they stand in the checkout. Raises turtle.Unreadable."""
    for name, title in (
        ("LICENSE", "Terms of the tools: Apache-2.0"),
        ("LICENSE-DATA", "Terms of the data: CC BY 4.0"),
        ("CHANGELOG.md", "What changed from version to version"),
    ):
        content = turtle.content_of(material.corpus.layout.root / name)
        release.add(name, content, title=title, role="legal")


#: What writes the files, in this order: who describes them comes after who makes them.
WRITERS: dict[str, Writer] = {
    "dumps": dumps.write,
    "virtuoso": virtuoso.write,
    "tables": tables.write,
    "networks": networks.write,
    "geojson": geojson.write,
    "sanctions": sanctions.write,
    "answers": answers.write,
    "mappings": _mappings,
    "configurations": configurations.write,
    "legal": _legal,
    "redirects": redirects.write,
    "describe": describe.write,
}
#: Where a proof from real stores comes in, if one is wanted: before the files that describe all others.
PROOF, _BEFORE = "proof", "describe"
STEPS = ["read", "judge", "infer", "promises", *WRITERS, "manifest", "store"]
STEPS.insert(STEPS.index(_BEFORE), PROOF)


def publish(
    read: Callable[[], Corpus],
    out: Path,
    edition: Edition,
    progress: Progress = lambda step: None,
    *,
    previous: Path | None = None,
    zstd: bool = False,
    proof: Writer | None = None,
) -> Summary:
    """Judge what `read` gives, and write the release to `out`, in place of an older one there.
    `previous` is the folder of the release before, none of whose IRIs may vanish; `proof` adds what real
    stores made of the files, or raises where one of them fails. Raises NotValid,
    CannotWrite, infer.Inconsistent, validate.NoShapes, vanished.Vanished, and for `previous`
    manifest.NotARelease and predecessor.NotAStep; whatever stood at `out` then still stands."""
    check_target(out)
    before = predecessor.read(previous) if previous else None
    if before:
        predecessor.check_step(before, edition.version, edition.date)
    seconds: dict[str, float] = {}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        progress(name)
        start = time.perf_counter()
        yield
        seconds[name] = time.perf_counter() - start

    with folder.beside(out) as fresh:
        with step("read"):
            corpus = read()
        with step("judge"):
            verdict = validate(corpus)
            if verdict.violations:
                raise NotValid(verdict)
        with step("infer"):
            material = Material(corpus, infer.infer(corpus), edition, previous)
        if previous and before:
            with step("promises"):
                vanished.check(predecessor.quads(previous, before), material.quads, before.version)
        release = Release(fresh.path, zstd)
        for name, write in WRITERS.items():
            if proof and name == _BEFORE:
                with step(PROOF):
                    proof(material, release)
            with step(name):
                write(material, release)
        with step("manifest"):
            _account(material, release, before)
        with step("store"):
            fresh.settle()
    summary = Summary(out, edition, verdict, counts(corpus, material.inferred))
    summary.sizes = {part.name: part.size for part in release.parts}
    summary.seconds = seconds
    return summary


def _account(material: Material, release: Release, before: Manifest | None) -> None:
    """The two files that list the others: the manifest, and the sums of all and of the manifest."""
    told = manifest_of(material, release, before)
    title = "Every file with its size and hash, and what the release holds"
    release.add(manifest.NAME, manifest.text(told), title=title, role="description")
    sums = "".join(f"{part.sha256}  {part.name}\n" for part in sorted(release.parts, key=lambda p: p.name))
    release.add(SUMS, sums.encode(), title="The sums of all files, for sha256sum -c", role="description")


def manifest_of(material: Material, release: Release, before: Manifest | None = None) -> Manifest:
    """What is to be told of the files that the release has so far."""
    return Manifest(
        version=material.edition.version,
        date=material.edition.date,
        previous=before.version if before else None,
        quads=sum(map(len, material.lines.values())),
        triples=len(set[str]().union(*material.lines.values())),
        canonical_hash=oxigraph.hash_of_lines(material.lines),
        graphs={name: len(lines) for name, lines in material.lines.items()},
        files=tuple(release.parts),
        revision=material.edition.revision,
    )


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
    """Raises CannotWrite unless `out` is free or holds a release of ours and nothing else."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise CannotWrite(f"{out} is not a folder: name another with --out")
    found = {path.name for path in out.iterdir()} if out.is_dir() else set()
    if found and not is_release(out):
        raise CannotWrite(f"{out} holds something that is not a release: name an empty or a new folder")
    if strangers := sorted(found - _listed(out)):
        raise CannotWrite(
            f"{out} holds {', '.join(strangers)}, which is no file of the release there: "
            "move it away, or name another folder"
        )


def is_release(folder: Path) -> bool:
    """Whether the folder holds a release of this dataset, of today's kind or without a manifest."""
    void = folder / "void.ttl"
    if not (folder / SUMS).is_file():
        return False
    try:
        if (folder / manifest.NAME).exists():
            manifest.read(folder)
            return True
        return void.is_file() and (URIRef(layout.DATASET), None, None) in turtle.read(void)
    except (manifest.NotARelease, turtle.Unreadable):
        return False


def _listed(folder: Path) -> set[str]:
    """The names in the sums of a release, and that of the sums."""
    if not (folder / SUMS).is_file():
        return set()
    lines = (folder / SUMS).read_text("utf-8", "replace").splitlines()
    return {SUMS, *(line.partition("  ")[2] for line in lines)}

"""Small releases for tests: folders with a dump and a manifest, made of quads or of a checkout."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from filiation import corpus, dataset, infer, layout, manifest, oxigraph
from filiation.dataset import Edition
from filiation.manifest import Manifest
from filiation.release import Release


def quads_of(place: layout.Layout, version: str, date: str = "2026-01-01") -> list[oxigraph.Quad]:
    """What a release of a checkout holds: what is stated, the ontology, and what is inferred."""
    whole = corpus.load(place)
    return dataset.quads(whole, infer.infer(whole), Edition(version, date))


def released(
    folder: Path, quads: Iterable[oxigraph.Quad], version: str, date: str = "2026-01-01", **also: bytes
) -> Path:
    """A folder with a release of these quads, and further files."""
    every = sorted(set(quads), key=str)
    folder.mkdir(parents=True)
    release = Release(folder)
    release.add(
        f"filiation-{version}.nq",
        oxigraph.serialize(every, "nq", {}),
        title="All graphs",
        role="dump",
        statements=len(every),
        compressed=True,
    )
    for name, content in also.items():
        release.add(name.replace("_", "."), content, title=name, role="description")
    told = Manifest(
        version=version,
        date=date,
        previous=None,
        quads=len(every),
        triples=len({quad.triple for quad in every}),
        canonical_hash=oxigraph.canonical_hash(every),
        graphs=dict(Counter(oxigraph.iri(quad.graph_name) for quad in every)),
        files=tuple(release.parts),
    )
    (folder / manifest.NAME).write_bytes(manifest.text(told))
    return folder

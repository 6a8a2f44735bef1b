"""From one release to the next: patches for a loaded store, an account for readers, an index for programs.

Nothing is believed: both releases are held against their manifests, and both patches are carried out in
Oxigraph on the old one. Only if each gives the new one, to the canonical hash, do the files get their names.
"""

import gzip
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import SH, Graph

from filiation import account, difference, folder, layout, oxigraph, patches, predecessor
from filiation.difference import Difference, Fate
from filiation.faults import FaultInData
from filiation.folder import CannotWrite
from filiation.manifest import SUMS, Manifest, NotARelease
from filiation.release import Part, Release, compressed

#: What the two releases are in JSON, so that a folder of ours is known again.
KIND = "https://w3id.org/filiation/changes"


class NotVerified(FaultInData):
    """A patch that does not give the new release: a defect of ours, so that nothing was written."""


@dataclass(frozen=True)
class Upgrade:
    """What was written: where, between which versions, quads that go and come, and the fate of entities."""

    folder: Path
    old: Manifest
    new: Manifest
    removed: int
    added: int
    entities: tuple[Fate, ...]
    parts: tuple[Part, ...]

    def number(self, op: difference.Op) -> int:
        """How many entities met this fate."""
        return sum(fate.op == op for fate in self.entities)


@dataclass(frozen=True)
class _Side:
    """A release, read."""

    folder: Path
    told: Manifest
    quads: list[oxigraph.Quad]


STEPS = ["read", "compare", "patch", "tell", "verify", "store"]


def write(
    old: Path,
    new: Path,
    out: Path | None = None,
    over: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Upgrade:
    """Write what leads from the release in one folder to the one in another, by default beside the new
    one. Raises manifest.NotARelease, predecessor.NotAStep (unless `over`, also for a leap over versions),
    difference.NotComparable, CannotWrite and NotVerified; nothing is written then."""
    progress("read")
    before, after = (_read(path) for path in (old, new))
    predecessor.check_step(before.told, after.told.version, after.told.date, over)
    stem = f"filiation-{before.told.version}..{after.told.version}"
    target = out or layout.stands_at(new).parent / stem
    _check_target(target)
    with folder.beside(target) as fresh:
        progress("compare")
        found = difference.between(before.quads, after.quads)
        fates = difference.entities(before.quads, after.quads, found)
        release = Release(fresh.path)
        progress("patch")
        _add_patches(release, stem, found, before.told, after.told)
        progress("tell")
        _add_account(release, stem, before, after, found)
        progress("verify")
        verify(fresh.path, stem, before.quads, after.told)
        _add_index(release, stem, before, after, found, fates)
        progress("store")
        fresh.settle()
    number = len(found.removed), len(found.added)
    return Upgrade(target, before.told, after.told, *number, tuple(fates), tuple(release.parts))


def _read(path: Path) -> _Side:
    told = predecessor.read(path)
    return _Side(path, told, predecessor.quads(path, told))


def _check_target(target: Path) -> None:
    """Raises CannotWrite unless the folder is free, or holds changes of ours."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise CannotWrite(f"{target} is not a folder: name another with --out")
    if target.is_dir() and any(target.iterdir()) and not any(map(_is_ours, target.glob("*.index.json"))):
        raise CannotWrite(f"{target} holds something else than changes: name an empty or a new folder")


def _is_ours(index: Path) -> bool:
    try:
        return bool(json.loads(index.read_text("utf-8"))["type"] == KIND)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _add_patches(release: Release, stem: str, found: Difference, old: Manifest, new: Manifest) -> None:
    for name, quads, title in (
        ("added", found.added, f"Quads of {new.version} that {old.version} has not"),
        ("removed", found.removed, f"Quads of {old.version} that {new.version} has not"),
    ):
        content = oxigraph.serialize(quads, "nq", {})
        release.add(
            f"{stem}.{name}.nq.gz",
            compressed(content),
            title=title,
            role="difference",
            statements=len(quads),
        )
    steps = f"takes a store from {old.version} to {new.version} in place"
    for ending, text, title in (
        ("ru.gz", patches.update(found, old, new), f"SPARQL Update that {steps}"),
        ("rdfp.gz", patches.rdf_patch(found, old, new), f"RDF Patch that {steps}"),
    ):
        release.add(f"{stem}.{ending}", compressed(text.encode()), title=title, role="difference")


def _add_account(release: Release, stem: str, before: _Side, after: _Side, found: Difference) -> None:
    was, now = (account.state(side.told.version, side.quads) for side in (before, after))
    releases = before.told, after.told
    text = account.markdown(was, now, releases, found, lambda: _question(after))
    release.add(f"{stem}.md", text.encode(), title="What changed, in sentences", role="difference")


def _question(side: _Side) -> str | None:
    """The question for disagreements as the release itself has it; None where it has none."""
    for part in side.told.files:
        if part.name == "examples.ttl":
            try:
                examples = Graph().parse(side.folder / part.name, format="turtle")
            except Exception as problem:  # rdflib has no class of its own for all that can be wrong
                raise NotARelease(f"{side.folder / part.name} cannot be read: {problem}") from problem
            for example, text in examples.subject_objects(SH.select):
                if str(example).endswith(("/disagreements", "#disagreements")):
                    return str(text)
    return None


def verify(fresh: Path, stem: str, before: Iterable[oxigraph.Quad], new: Manifest) -> None:
    """Carry out the patches that stand in a folder, each on a store of its own with the old quads. Raises
    NotVerified unless both give the quads of the new release, in graphs that it has."""
    old = list(before)
    for ending, name in (("ru.gz", "SPARQL Update"), ("rdfp.gz", "RDF Patch")):
        text = gzip.decompress((fresh / f"{stem}.{ending}").read_bytes()).decode()
        store = oxigraph.Store(old)
        try:
            if ending == "ru.gz":
                store.update(text)
            else:
                patches.apply(store, text)
        except (oxigraph.QueryFailed, patches.NotAPatch) as problem:
            raise NotVerified(f"the {name} cannot be carried out: {problem}") from problem
        if oxigraph.canonical_hash(store) != new.canonical_hash or store.graphs() != new.graphs.keys():
            raise NotVerified(f"the {name} does not give {new.version}: nothing was written")


def _add_index(
    release: Release, stem: str, before: _Side, after: _Side, found: Difference, fates: list[Fate]
) -> None:
    """The index, which lists the other files too, and the sums of all."""
    head = {
        "type": KIND,
        "dataset": layout.DATASET,
        "from": _edition(before.told),
        "to": _edition(after.told),
        "quads": {"added": len(found.added), "removed": len(found.removed)},
    }
    lists = {
        "files": [
            {
                "name": part.name,
                "title": part.title,
                "mediaType": part.media_type,
                "compression": part.compression,
            }
            | {"size": part.size, "sha256": part.sha256}
            for part in release.parts
        ],
        "graphs": [_told(fate, "graph") for fate in difference.graphs(before.quads, after.quads, found)],
        "entities": [_told(fate, "entity") | {"graphs": fate.graphs} for fate in fates],
    }
    title = "What became of each graph and entity: ADD, MOD or DEL"
    release.add(f"{stem}.index.json", _json(head, lists), title=title, role="difference")
    sums = "".join(f"{part.sha256}  {part.name}\n" for part in sorted(release.parts, key=lambda p: p.name))
    release.add(SUMS, sums.encode(), title="The sums of all files, for sha256sum -c", role="description")


def _edition(told: Manifest) -> dict[str, str]:
    return {"version": told.version, "date": told.date, "canonicalHash": told.canonical_hash}


def _told(fate: Fate, noun: str) -> dict[str, Any]:
    told: dict[str, Any] = {"op": fate.op, noun: fate.iri, "added": fate.added, "removed": fate.removed}
    return told | ({"replacedBy": fate.replaced_by} if fate.replaced_by else {})


def _json(head: dict[str, Any], lists: dict[str, list[dict[str, Any]]]) -> bytes:
    """JSON with an entry a line, so that it can be read as a stream."""
    fields = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    for key, entries in lists.items():
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
        fields.append(f"{json.dumps(key)}: [\n{lines}\n]" if entries else f"{json.dumps(key)}: []")
    return ("{\n" + ",\n".join(fields) + "\n}\n").encode()

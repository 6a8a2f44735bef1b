"""The proof as a file of a release: made while the release is written, carried over when it is checked.

It stands among the files before anything describes them, so that every description tells of it too.
"""

from collections.abc import Callable
from pathlib import Path

from filiation import answers, manifest, oxigraph, publish
from filiation.answers import Expected
from filiation.faults import FaultInData
from filiation.manifest import Manifest
from filiation.material import Material
from filiation.prove import earl
from filiation.prove.proof import Proof, prove
from filiation.prove.stores import Kind
from filiation.release import Release

Told = Callable[[Manifest, list[Expected], list[Proof]], None]


class NotProved(FaultInData):
    """A store at hand does not hold what the release says, so it must not be released."""


class _Quiet:
    """Progress that nobody sees: the release has a bar of its own."""

    def stage(self, name: str, total: int) -> None:
        """Nothing."""

    def advance(self, number: int = 1) -> None:
        """Nothing."""


def proving(kinds: list[Kind], tools: Path, told: Told) -> publish.Writer:
    """What loads the files that a release has so far into the stores at hand, tells how it went, and
    adds `earl.ttl`; it raises NotProved where a store fails."""

    def write(material: Material, release: Release) -> None:
        so_far = publish.manifest_of(material, release)
        expected = answers.read(release.folder)
        proofs = list(prove(release.folder, so_far, expected, kinds, tools, _Quiet()))
        told(so_far, expected, proofs)
        if failed := [proof for proof in proofs if proof.outcome in ("failed", "cantTell")]:
            names = ", ".join(proof.kind.title for proof in failed)
            raise NotProved(f"not released, for it fails in {names}; `filiation prove` tells how")
        content, statements = earl.text(so_far, expected, proofs)
        release.add(earl.NAME, content, title=earl.TITLE, role="description", statements=statements)

    return write


def carried(folder: Path) -> publish.Writer:
    """What takes the proof of a release as it is, for who builds that release again: other stores may be
    at hand here, and other versions of them. Raises manifest.NotARelease where it was changed."""
    manifest.verify_part(folder, manifest.read(folder).named(earl.NAME))
    content = (folder / earl.NAME).read_bytes()

    def write(material: Material, release: Release) -> None:
        statements = oxigraph.count(content, "ttl")
        release.add(earl.NAME, content, title=earl.TITLE, role="description", statements=statements)

    return write

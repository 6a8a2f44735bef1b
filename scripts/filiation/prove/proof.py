"""What came of loading a release into real stores, and of asking them everything.

A store that is not at hand proves nothing and spoils nothing. One that does not start, refuses the
release, or answers otherwise than expected does.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filiation.answers import Expected
from filiation.load import loading, verification
from filiation.load.endpoint import Endpoint, opened
from filiation.load.loading import Progress
from filiation.load.trouble import StoreTrouble
from filiation.load.verification import Verification
from filiation.manifest import Manifest
from filiation.prove import library
from filiation.prove.processes import DoesNotStart
from filiation.prove.stores import Found, Kind, started

#: Seconds that a store may take for a question: right or wrong counts here, not fast or slow.
PATIENCE = 1800.0

#: As in EARL 1.0: what a store did with a release, or with one question.
Outcome = Literal["passed", "failed", "untested", "cantTell"]


@dataclass(frozen=True)
class Proof:
    """One store. Without a verification, `reason` says why there is none."""

    kind: Kind
    version: str | None
    verification: Verification | None = None
    reason: str = ""

    @property
    def outcome(self) -> Outcome:
        """Of the whole."""
        if self.version is None:
            return "untested"
        if self.verification is None:
            return "cantTell"
        return "passed" if self.verification.passed else "failed"

    def counts(self) -> tuple[Outcome, str]:
        """Whether every graph has as many triples as in the release, and how many have."""
        found = self.verification
        if found is None:
            return self.outcome, self.reason
        if not found.wrong:
            return "passed", f"{found.graphs} graphs, {found.triples} triples"
        graph, (wanted, there) = min(found.wrong.items())
        return (
            "failed",
            f"{len(found.wrong)} graphs differ, such as <{graph}>: {there} triples, not {wanted}",
        )

    def answer(self, stem: str) -> tuple[Outcome, str]:
        """Whether a question was answered as in the release, and if not, how it was."""
        found = self.verification
        if found is None:
            return self.outcome, self.reason
        if found.wrong:
            return "untested", "the graphs differ already"
        reason = found.unequal.get(stem) or found.unanswered.get(stem)
        return ("failed", reason) if reason else ("passed", "")


def prove(
    folder: Path,
    manifest: Manifest,
    expected: list[Expected],
    kinds: list[Kind],
    tools: Path,
    progress: Progress,
) -> Iterator[Proof]:
    """The proof of each store, one after the other, each with a fresh folder that is gone afterwards.
    Raises NotARelease."""
    for kind in kinds:
        found = kind.find(tools)
        if found is None:
            yield Proof(kind, None, reason=f"not at hand: {kind.install}")
            continue
        with tempfile.TemporaryDirectory(
            prefix=f"filiation-{kind.name}-", ignore_cleanup_errors=True
        ) as room:
            try:
                seen = _proved(folder, manifest, expected, kind, found, Path(room), progress)
                yield Proof(kind, found.version, seen)
            except DoesNotStart as problem:
                yield Proof(kind, found.version, reason=f"does not start: {problem}")
            except (StoreTrouble, loading.Partial) as problem:
                yield Proof(kind, found.version, reason=f"does not take the release: {problem}")


def _proved(
    folder: Path,
    manifest: Manifest,
    expected: list[Expected],
    kind: Kind,
    found: Found,
    room: Path,
    progress: Progress,
) -> Verification:
    if kind.profile is None:
        with library.holding(folder, manifest) as known:
            return _asked(known, manifest, expected, kind, progress)
    with started(kind, found, room) as url:
        return at(url, folder, manifest, expected, kind, progress)


def at(
    url: str, folder: Path, manifest: Manifest, expected: list[Expected], kind: Kind, progress: Progress
) -> Verification:
    """Load the release into a store that runs at an address, and compare. Raises StoreTrouble, Partial,
    NotARelease."""
    endpoint: Endpoint = opened(url, kind.profile, kind.credentials, answer=PATIENCE)
    try:
        loading.load(endpoint, folder, manifest, progress)
        return _asked(endpoint, manifest, expected, kind, progress)
    finally:
        endpoint.connection.close()


def _asked(
    store: verification.Store,
    manifest: Manifest,
    expected: list[Expected],
    kind: Kind,
    progress: Progress,
) -> Verification:
    result = Verification()
    verification.counts(store, manifest, result)
    if not result.wrong:
        progress.stage(f"{kind.name}: questions", len(expected))
        verification.answers(store, manifest, expected, result, lambda stem: progress.advance())
    return result

"""The command that loads a release into real stores, and puts on record what they answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from filiation import layout
from filiation.cli.entry import PROBLEMS, main
from filiation.cli.stages import stages

if TYPE_CHECKING:
    from filiation.prove.proof import Proof


_SHOWN = 10


@main.command(epilog="Example: filiation prove build/release --store oxigraph --store fuseki")
@click.argument("release", type=click.Path(path_type=Path))
@click.option("--store", "names", multiple=True, help="Only this store; may be given again  [default: all].")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write earl.ttl and proof.md here."
)
@click.option(
    "--tools", type=click.Path(path_type=Path, file_okay=False),
    help="Where the stores of Java are  [default: build/stores of the checkout].",
)  # fmt: skip
@click.pass_context
def prove(
    context: click.Context, release: Path, names: tuple[str, ...], out: Path | None, tools: Path | None
) -> None:
    """Load a RELEASE into every real store at hand, and compare counts and answers.

    Each store is started on this machine, with a fresh folder and a free port, and stopped again. What
    is not at hand is said, and is no problem unless it was asked for with --store.
    """
    from filiation import answers, manifest, turtle
    from filiation.load.stores import NoSuchStore
    from filiation.prove import earl, proof, stores

    kinds = [stores.named(name) for name in dict.fromkeys(names)] or list(stores.KINDS.values())
    told = manifest.read(release)
    for name in (told.nquads, answers.NAME):
        manifest.verify_part(release, told.named(name))
    expected = answers.read(release)
    place = tools or at(context.obj)
    missing = [kind for kind in kinds if names and kind.find(place) is None]
    if missing:
        raise NoSuchStore("; ".join(f"{kind.title} is not at hand: {kind.install}" for kind in missing))
    proofs: list[Proof] = []
    with stages() as bar:
        for found in proof.prove(release, told, expected, kinds, place, bar):
            proofs.append(found)
    table = earl.table(told, expected, proofs)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        turtle.write(out / earl.NAME, earl.text(told, expected, proofs)[0].decode())
        turtle.write(out / earl.TABLE, table)
    click.echo(table, nl=False)
    for found in proofs:
        for line in _reasons(found):
            click.echo(line)
    if any(found.outcome in ("failed", "cantTell") for found in proofs):
        context.exit(PROBLEMS)


def at(root: Path | None) -> Path:
    """The folder of the tools: of the checkout that was named, or of the one here, if there is one."""
    from filiation.prove import stores

    try:
        return stores.default_tools(layout.find(root or Path.cwd()).root)
    except layout.NotARepository:
        return stores.default_tools(None)


def _reasons(found: Proof) -> list[str]:
    """What there is to say of a store besides its row."""
    if found.verification is None:
        return [f"{found.kind.title}: {found.reason}"]
    outcome, reason = found.counts()
    if outcome != "passed":
        return [f"{found.kind.title}: {reason}"]
    wrong = {**found.verification.unequal, **found.verification.unanswered}
    lines = [f"{found.kind.title}: {stem}: {why}" for stem, why in list(wrong.items())[:_SHOWN]]
    return lines + [f"{found.kind.title}: and {len(wrong) - _SHOWN} more"] * (len(wrong) > _SHOWN)

"""The command for who keeps a loaded store up to date: what leads from one release to the next."""

from __future__ import annotations

from pathlib import Path

import click

from filiation.cli.checkout import progress_bar
from filiation.cli.entry import main


@main.command(epilog="Example: filiation changes releases/1.3.0 releases/1.4.0")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder to write [default: filiation-OLD..NEW beside the new release].",
)
@click.option("--over", is_flag=True, help="Also over versions that lie between the two.")
def changes(old: Path, new: Path, out: Path | None, over: bool) -> None:
    """Write what leads from one released folder to the next, and prove it.

    Added and removed quads, a SPARQL Update and an RDF Patch that turn a store with the old release into
    the new one in place, an account of what changed in plain sentences, and an index of what was added,
    modified and deleted. Both patches are carried out on the old release before anything gets its name.
    """
    from filiation import upgrade

    with progress_bar(upgrade.STEPS) as progress:
        done = upgrade.write(old, new, out, over, progress)
    for part in sorted(done.parts, key=lambda part: part.name):
        click.echo(f"{part.size:>12,}  {done.folder / part.name}")
    click.echo(
        f"{done.old.version} to {done.new.version}: {done.removed:,} quads go, {done.added:,} come; "
        f"entities: {done.number('ADD'):,} added, {done.number('MOD'):,} modified, "
        f"{done.number('DEL'):,} deleted; both patches give {done.new.version}",
        err=True,
    )

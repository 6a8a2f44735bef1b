"""What every command needs: the checkout it works on, the files that are meant, a store to ask."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from filiation import layout

if TYPE_CHECKING:
    from filiation.corpus import Corpus
    from filiation.oxigraph import Store

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


def checkout(context: click.Context) -> layout.Layout:
    """The checkout named with --root, or the one around the working folder, or this file's; what an
    interrupted import has left there is put back as it was."""
    place = _found(context)
    if place.journal.exists():
        from filiation import journal

        changed = journal.recover(place)
        click.echo(f"an import was interrupted: {len(changed)} files are as they were before it", err=True)
    return place


def _found(context: click.Context) -> layout.Layout:
    if context.obj is not None:
        return layout.find(context.obj)
    try:
        return layout.find(Path.cwd())
    except layout.NotARepository:
        return layout.find(Path(__file__).parent)


def chosen(place: layout.Layout, paths: tuple[Path, ...]) -> list[Path]:
    """The Turtle files that are meant: those named, those in the folders named, or all."""
    if not paths:
        return list(place.turtle_files())
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.ttl"))
            if not inside:
                raise click.UsageError(f"{path} holds no .ttl file")
            files.extend(inside)
        elif not path.exists():
            raise click.UsageError(f"{path}: there is no such file")
        else:
            files.append(path)
    return files


def readable(whole: Corpus) -> Corpus:
    """The corpus, if every file of it could be read."""
    if whole.unreadable:
        raise whole.unreadable[0]
    return whole


def store_of(place: layout.Layout, release: Path | None, tree: bool) -> Store:
    """The release that is named or built, or else the working tree with its inferences."""
    import gzip

    from filiation import corpus, dataset, manifest
    from filiation import infer as reasoning
    from filiation.oxigraph import Store

    folder = release or place.release
    if release or (not tree and (folder / manifest.NAME).is_file()):
        told = manifest.read(folder)
        dump = told.named(told.nquads)
        manifest.verify_part(folder, dump)
        newest = max(path.stat().st_mtime for path in place.turtle_files())
        if not release and newest > (folder / manifest.NAME).stat().st_mtime:
            click.echo(
                f"{place.relative(folder)} is older than the files: publish again, or use --tree", err=True
            )
        return Store.of_dump(gzip.decompress((folder / dump.name).read_bytes()))
    whole = readable(corpus.load(place))
    return Store(dataset.quads(whole, reasoning.infer(whole)))


@contextmanager
def progress_bar(steps: list[str]) -> Iterator[Callable[[str], None]]:
    """A bar over the steps on a terminal; nothing in a pipe."""
    with counter("start") as move:
        yield lambda step: move(steps.index(step), len(steps), step)


@contextmanager
def counter(name: str) -> Iterator[Callable[..., None]]:
    """A bar that is told how much is done, of how much, and what; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda done, total, step=name: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total, step=name: bar.update(
            task, description=step, completed=done, total=total, refresh=True
        )

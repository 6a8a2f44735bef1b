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
    """The checkout named with --root, or the one around the working folder, or this file's."""
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
    from filiation import corpus, dataset, turtle
    from filiation import infer as reasoning
    from filiation.oxigraph import Store

    folder = release or place.release
    dump = folder / "filiation.nq"
    if release and not dump.is_file():
        raise click.UsageError(f"{release} is not a release: it has no filiation.nq")
    if dump.is_file() and not tree:
        newest = max(path.stat().st_mtime for path in place.turtle_files())
        if not release and newest > dump.stat().st_mtime:
            click.echo(
                f"{place.relative(folder)} is older than the files: publish again, or use --tree", err=True
            )
        return Store.of_dump(turtle.content_of(dump))
    whole = readable(corpus.load(place))
    return Store(dataset.quads(whole, reasoning.infer(whole)))


@contextmanager
def progress_bar(steps: list[str]) -> Iterator[Callable[[str], None]]:
    """A bar over the steps on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("start", total=len(steps))
        yield lambda step: bar.update(task, description=step, completed=steps.index(step))

"""Commands for who contributes: lay a file out, judge it, verify its passages."""

from __future__ import annotations

import time
from pathlib import Path

import click

from filiation import layout
from filiation.cli.checkout import PATHS, checkout, chosen
from filiation.cli.entry import PROBLEMS, main


@main.command("format", epilog="Example: filiation format data/groups/aqim.ttl")
@PATHS
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file is not in the house format.")
@click.pass_context
def format_(context: click.Context, paths: tuple[Path, ...], check: bool) -> None:
    """Lay out Turtle files the house way (all files, unless PATHS are named)."""
    from filiation import turtle

    place = checkout(context)
    bad = 0
    for file in chosen(place, paths):
        try:
            text, graph = turtle.text_of(file), turtle.read(file)
        except turtle.Unreadable as problem:
            click.echo(str(problem))
            bad += 1
            continue
        relative = place.relative(file)
        if layout.is_data(relative) and turtle.has_blank_nodes(graph):
            click.echo(
                f"{relative}:1: has blank nodes: give them IRIs first (`filiation validate` names them)"
            )
            bad += 1
            continue
        wanted = turtle.house_format(graph, layout.entity_iri(relative))
        if text == wanted:
            continue
        if check:
            click.echo(f"{relative}:1: not in the house format: run `filiation format {relative}`")
            bad += 1
        else:
            turtle.write(file, wanted)
            click.echo(f"formatted {relative}")
    context.exit(PROBLEMS if bad else 0)


@main.command(epilog="Example: filiation validate data/groups/aqim.ttl --format json")
@PATHS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--all", "every", is_flag=True, help="List every warning, also where a rule has many.")
@click.pass_context
def validate(context: click.Context, paths: tuple[Path, ...], form: str, every: bool) -> None:
    """Find everything wrong with the dataset (or with PATHS), and say how to mend it."""
    from filiation import corpus, report
    from filiation.validate import validate as judge

    start = time.perf_counter()
    place = checkout(context)
    files = chosen(place, paths)
    whole = corpus.load(place, files)
    verdict = judge(whole, {place.relative(file) for file in files} if paths else None)
    if form == "json":
        click.echo(report.as_json(verdict))
    else:
        lines = list(report.told(verdict, in_full=every or bool(paths)))
        for line in lines:
            click.echo(line)
        seconds = time.perf_counter() - start
        shapes = len(verdict.coverage)
        number = report.number
        click.echo(
            f"judged {number(verdict.files, 'file')}, {number(verdict.statements, 'statement')} by "
            f"{number(shapes, 'shape')} in {seconds:.1f} s: {number(len(verdict.violations), 'problem')}, "
            f"{number(len(verdict.warnings), 'warning')}",
            err=True,
        )
        if len(lines) < len(verdict.problems):
            click.echo(
                "`filiation validate --all` lists every warning, and with a path those of that", err=True
            )
        if verdict.unmet and not paths:
            click.echo(f"shapes that met nothing: {' '.join(verdict.unmet)}", err=True)
    context.exit(PROBLEMS if verdict.violations else 0)


@main.command(epilog="Example: filiation evidence profile.txt")
@click.argument("texts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def evidence(context: click.Context, texts: tuple[Path, ...]) -> None:
    """Verify every locator whose text is among TEXTS (files, or folders of .txt files)."""
    from filiation import corpus, report
    from filiation import evidence as held

    whole = corpus.load(checkout(context))
    missing = 0
    files = held.texts_in(list(texts))
    if not files:
        raise click.UsageError("no .txt file in the folders named")
    for file in files:
        found = held.verify(file, whole)
        for line in report.passages(found):
            click.echo(line)
        missing += found.count(held.NOT_FOUND)
    context.exit(PROBLEMS if missing else 0)

"""Commands for who contributes: lay a file out, judge it, verify its passages."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from filiation import layout
from filiation.cli.checkout import PATHS, checkout, chosen
from filiation.cli.entry import PROBLEMS, main

if TYPE_CHECKING:
    from rdflib import Graph

    from filiation.findings import Verdict


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
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif", "junit", "shacl"]),
    default="text",
    show_default=True,
    help="For people, or for programs: GitHub's annotations, SARIF 2.1.0, JUnit, SHACL's own report.",
)
@click.option("--all", "every", is_flag=True, help="List every warning, also where a rule has many.")
@click.option(
    "--changed",
    "rev",
    metavar="[REV]",
    is_flag=False,
    flag_value="HEAD",
    help="Judge what differs from the last commit (or from where REV parted), and what depends on it.",
)
@click.option("--watch", "waits", is_flag=True, help="Judge what changed after each save, until Ctrl-C.")
@click.pass_context
def validate(
    context: click.Context, paths: tuple[Path, ...], form: str, every: bool, rev: str | None, waits: bool
) -> None:
    """Find everything wrong with the dataset (or with PATHS), and say how to mend it."""
    if paths and rev:
        raise click.UsageError("name PATHS or a revision (--changed REV), not both")
    place = checkout(context)

    def judged() -> Verdict:
        start = time.perf_counter()
        verdict, shapes = _judged(place, paths, rev or ("HEAD" if waits and not paths else None))
        _tell(verdict, shapes, form, in_full=every)
        if form == "text":
            _sum_up(verdict, time.perf_counter() - start, in_part=bool(paths or rev or waits))
        return verdict

    if not waits:
        context.exit(PROBLEMS if judged().violations else 0)
    from filiation import shacl, watch
    from filiation.validate import NoShapes

    judged()
    click.echo("waiting for a save; Ctrl-C ends", err=True)
    for saved in watch.saves(place.root):
        click.echo(f"\nsaved: {' '.join(str(place.relative(file)) for file in sorted(saved))}", err=True)
        try:
            judged()
        except (shacl.BrokenShapes, NoShapes, OSError) as problem:
            click.echo(f"filiation: {problem}", err=True)


def _judged(place: layout.Layout, paths: tuple[Path, ...], rev: str | None) -> tuple[Verdict, Graph]:
    """The verdict on everything, on the files in question, or on what changed; and the shapes."""
    from filiation import corpus
    from filiation.validate import validate as judge

    if rev:
        from filiation import changed

        whole = corpus.load(place)
        return changed.judge(whole, changed.since(whole, rev)), whole.shapes
    files = chosen(place, paths)
    whole = corpus.load(place, files)
    return judge(whole, {place.relative(file) for file in files} if paths else None), whole.shapes


def _tell(verdict: Verdict, shapes: Graph, form: str, in_full: bool) -> None:
    from filiation import report

    if form != "text":
        _for_programs(form, verdict, shapes, in_full)
        return
    pieces = list(report.told(verdict, in_full=in_full))
    for piece in pieces:
        click.echo(piece)
    if len(pieces) < len(verdict.problems):
        click.echo("`--all` lists every warning", err=True)


def _sum_up(verdict: Verdict, seconds: float, in_part: bool) -> None:
    from filiation.report import number

    click.echo(
        f"judged {number(verdict.files, 'file')}, {number(verdict.statements, 'statement')} by "
        f"{number(len(verdict.coverage), 'shape')} in {seconds:.1f} s: "
        f"{number(len(verdict.violations), 'problem')}, {number(len(verdict.warnings), 'warning')}",
        err=True,
    )
    if verdict.unmet and not in_part:
        click.echo(f"shapes that met nothing: {' '.join(verdict.unmet)}", err=True)


def _for_programs(form: str, verdict: Verdict, shapes: Graph, in_full: bool) -> None:
    """Print a verdict in one of the forms for programs."""
    from filiation import report, rules, verdicts

    if form == "github":
        # GitHub shows ten annotations of a step: they are for what has to be mended.
        verdict = replace(verdict, problems=list(report.folded(verdict, in_full)))
    text = verdicts.FORMS[form](verdict, rules.every(shapes))
    if text:
        click.echo(text)
    others = sum(not problem.rule.startswith("shape:") for problem in verdict.problems)
    if form == "shacl" and others:
        found = report.number(others, "finding")
        click.echo(f"{found} of rules that are no shapes: `filiation validate` lists them", err=True)


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

"""Commands for who publishes: what is inferred, and the release."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import click

from filiation import layout
from filiation.cli.checkout import checkout, progress_bar, readable
from filiation.cli.entry import PROBLEMS, main


@main.command(epilog="Example: filiation infer --explain | grep descendsFrom -A 4")
@click.option("--explain", is_flag=True, help="Say under each triple by which axioms it follows.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file [default: stdout]."
)
@click.pass_context
def infer(context: click.Context, explain: bool, out: Path | None) -> None:
    """Write what the ontology adds to the stated facts, as N-Triples (with --explain, for reading)."""
    from filiation import corpus, oxigraph, report, turtle
    from filiation import infer as reasoning

    whole = readable(corpus.load(checkout(context)))
    added = reasoning.infer(whole)
    if explain:
        text = "\n".join(report.explained(added, whole)) + "\n"
    else:
        quads = oxigraph.from_rdflib(added, layout.INFERRED_GRAPH)
        text = oxigraph.serialize(quads, "nt", {}).decode()
    if out:
        turtle.write(out, text)
    else:
        click.echo(text, nl=False)


@main.command(epilog="Example: filiation publish --out build/release --date 2026-11-23")
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write [default: build/release].")
@click.option("--version", "version", help="The version [default: that of pyproject.toml].")
@click.option("--date", "date", help="The day, as YYYY-MM-DD [default: that of the last commit].")
@click.pass_context
def publish(context: click.Context, out: Path | None, version: str | None, date: str | None) -> None:
    """Judge the dataset, and write a release of it; on a problem print it and write nothing."""
    from filiation import corpus, report
    from filiation import publish as releases
    from filiation.dataset import Edition

    place = checkout(context)
    edition = Edition(_version(place, version), _date(place, date))
    target = out or place.release
    try:
        with progress_bar(["read", "judge", "infer", "write", "check", "store"]) as progress:
            summary = releases.publish(lambda: corpus.load(place), target, edition, progress)
    except releases.NotValid as problem:
        for line in report.told(problem.verdict, in_full=False):
            click.echo(line)
        click.echo(
            f"{report.number(len(problem.verdict.violations), 'problem')}: nothing was written", err=True
        )
        context.exit(PROBLEMS)
    click.echo(report.summary(summary, place))


def _version(place: layout.Layout, given: str | None) -> str:
    import re

    version = given or tomllib.loads((place.root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", version):
        raise click.UsageError(f"--version {version}: write a semantic version, such as 1.4.0")
    return str(version)


def _date(place: layout.Layout, given: str | None) -> str:
    """The day given, or that of the last commit: never that of the clock."""
    import datetime

    if given is None:
        command = ["git", "-C", str(place.root), "log", "-1", "--format=%cs"]
        try:
            given = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError) as problem:
            raise click.UsageError(
                "no commit tells the date here: give it with --date YYYY-MM-DD"
            ) from problem
    try:
        return datetime.date.fromisoformat(given).isoformat()
    except ValueError as problem:
        raise click.UsageError(f"--date {given}: write a day as YYYY-MM-DD, such as 2026-11-23") from problem

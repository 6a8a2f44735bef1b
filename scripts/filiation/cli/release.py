"""Commands for who publishes: what is inferred, and the release."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from filiation import layout
from filiation.cli.checkout import checkout, progress_bar, readable
from filiation.cli.entry import PROBLEMS, main

if TYPE_CHECKING:
    from collections.abc import Callable

    from filiation.material import Material
    from filiation.publish import NotValid
    from filiation.release import Release


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
@click.option("--revision", help="The commit, to be named in the descriptions [default: none is].")
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    help="The folder of the release before this one: nothing that was released in it may vanish.",
)
@click.option("--zstd", is_flag=True, help="Write each dump packed by zstd too.")
@click.option("--prove", is_flag=True, help="Load it into every real store at hand; add the proof, earl.ttl.")
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    help="Build the release in this folder again, and say which files are not the same; write nothing.",
)
@click.pass_context
def publish(
    context: click.Context,
    out: Path | None,
    version: str | None,
    date: str | None,
    revision: str | None,
    previous: Path | None,
    zstd: bool,
    prove: bool,
    checked: Path | None,
) -> None:
    """Judge the dataset, and write a release of it; on a problem print it and write nothing."""
    from filiation import corpus, report
    from filiation import publish as releases
    from filiation.dataset import Edition

    place = checkout(context)
    if checked:
        if out or version or date or zstd or prove:
            raise click.UsageError(
                "--check takes version, date and forms from the release: leave the rest out"
            )
        return _check(context, place, checked, previous)
    edition = Edition(_version(place, version), _date(place, date), _revision(revision))
    target = out or place.release
    proof = _proof(place) if prove else None
    try:
        with progress_bar(releases.STEPS) as progress:
            summary = releases.publish(
                lambda: corpus.load(place),
                target,
                edition,
                progress,
                previous=previous,
                zstd=zstd,
                proof=proof,
            )
    except releases.NotValid as problem:
        _tell(context, problem)
    click.echo(report.summary(summary, place))


def _proof(place: layout.Layout) -> Callable[[Material, Release], None]:
    """What proves a release while it is written, with the table on stderr."""
    from filiation.prove import earl, part, stores

    return part.proving(
        list(stores.KINDS.values()),
        stores.default_tools(place.root),
        lambda *proved: click.echo(earl.table(*proved), nl=False, err=True),
    )


def _tell(context: click.Context, problem: NotValid) -> NoReturn:
    from filiation import report

    for violation in problem.verdict.violations:
        click.echo(report.shown(violation))
    click.echo(f"{report.number(len(problem.verdict.violations), 'problem')}: nothing was written", err=True)
    context.exit(PROBLEMS)


def _check(context: click.Context, place: layout.Layout, folder: Path, previous: Path | None) -> None:
    """Build a release again from this checkout, and hold the two against each other."""
    import tempfile

    from filiation import comparison, corpus, manifest, report
    from filiation import publish as releases
    from filiation.dataset import Edition
    from filiation.prove import earl, part

    told = manifest.read(folder)
    if told.previous and not previous:
        raise click.UsageError(
            f"{folder} follows {told.previous}: name the folder of that release with --previous"
        )
    edition = Edition(told.version, told.date, told.revision)
    proof = part.carried(folder) if any(file.name == earl.NAME for file in told.files) else None
    zstd = any(part.name.endswith(".zst") for part in told.files)
    with tempfile.TemporaryDirectory() as room, progress_bar([*releases.STEPS, "compare"]) as progress:
        again = Path(room) / "release"
        try:
            releases.publish(
                lambda: corpus.load(place),
                again,
                edition,
                progress,
                previous=previous,
                zstd=zstd,
                proof=proof,
            )
        except releases.NotValid as problem:
            _tell(context, problem)
        progress("compare")
        differences = comparison.compare(folder, again)
    for difference in differences:
        click.echo(difference)
    if not differences:
        click.echo(
            f"{folder} is what this checkout gives: {len(told.files) + 2} files, byte by byte", err=True
        )
        if proof:
            click.echo(f"{earl.NAME} was taken as it is: `filiation prove {folder}` proves it anew", err=True)
        return
    only = all(difference.packing for difference in differences)
    remark = ": only the compression, by another version of zlib or zstd" if only else ""
    click.echo(f"{report.number(len(differences), 'file')} not the same{remark}", err=True)
    context.exit(PROBLEMS)


def _version(place: layout.Layout, given: str | None) -> str:
    import re

    version = given or tomllib.loads((place.root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", version):
        raise click.UsageError(f"--version {version}: write a semantic version, such as 1.4.0")
    return str(version)


def _revision(given: str | None) -> str | None:
    import re

    if given and not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", given):
        raise click.UsageError(f"--revision {given}: write the whole hash of the commit (git rev-parse HEAD)")
    return given


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

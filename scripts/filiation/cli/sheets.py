"""Commands for who works with a spreadsheet: an empty table, its rows as data, and back again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from filiation import characters, layout
from filiation.cli.checkout import checkout, counter, readable
from filiation.cli.entry import PROBLEMS, main

if TYPE_CHECKING:
    from filiation.contribution import Contribution
    from filiation.corpus import Corpus
    from filiation.reading import Intake

_OUT = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
_BOM = click.option("--excel", is_flag=True, help="Begin with a byte order mark, by which Excel knows UTF-8.")


@main.command(epilog="Example: filiation template leadership --out leadership.csv")
@click.argument("kinds", metavar="KIND", nargs=-1, required=True)
@click.option("--every", is_flag=True, help="With all columns, not only the usual ones.")
@click.option(
    "--metadata", is_flag=True, help="Print the description (CSV on the Web) in place of the table."
)
@_OUT
@_BOM
@click.pass_context
def template(
    context: click.Context, kinds: tuple[str, ...], every: bool, metadata: bool, out: Path | None, excel: bool
) -> None:
    """Print an empty table for KIND: leadership, merger, split, group, person, source, …

    With several kinds, the column `class` says of which each row is. With --out the description for
    programs is put beside the table, as FILE-metadata.json.
    """
    from filiation import columns, corpus, csvw, sheets, turtle

    whole = readable(corpus.load(checkout(context)))
    plans = [columns.plan(whole, kind) for kind in dict.fromkeys(kinds)]
    header = csvw.header(plans, every)
    about = csvw.description(plans, header, out.name if out else f"{'-'.join(kinds)}.csv")
    table = ("\ufeff" if excel else "") + sheets.write(header, [])
    if out is None:
        click.echo(about if metadata else table, nl=False)
        return
    beside = out.with_name(f"{out.name}-metadata.json")
    for file in (out, beside):
        if file.exists():
            raise click.UsageError(f"{file} is there already: name another, or take it away first")
    turtle.write(out, table)
    turtle.write(beside, about)
    click.echo(f"wrote {out} and {beside}", err=True)


@main.command("import", epilog="Example: filiation import leadership.csv merger.csv --create")
@click.argument("files", metavar="FILE", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--kind", help="Of what kind the rows are [default: by the column `class`, the sheet or the file]."
)
@click.option("--create", is_flag=True, help="Begin whoever is only named (groups, people, places, …).")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.pass_context
def import_(
    context: click.Context, files: tuple[Path, ...], kind: str | None, create: bool, dry_run: bool
) -> None:
    """Make data of FILE, or say everything that is wrong with it: a table (CSV, XLSX, ODS) or RDF
    (.ttl, .nt, .nq, .trig, .jsonld, .rdf).

    One row is one situation with what one source says of it, or one entity. Of RDF, each node goes
    into the file in which it belongs. If anything is wrong, nothing is written.
    """
    from filiation import corpus, dialects, report, scaffold

    place = checkout(context)
    rdf = [file for file in files if file.suffix.lower() in dialects.SYNTAXES]
    if rdf and len(rdf) < len(files):
        raise click.UsageError("tables and RDF in one call: import one kind after the other")
    if rdf and (kind or create):
        raise click.UsageError("--kind and --create are for tables: RDF says what each node is")
    twice = next((file for number, file in enumerate(files) if file in files[:number]), None)
    if twice:
        raise click.UsageError(f"{twice} is named twice: name it once")
    whole = readable(corpus.load(place))
    found = _contributed(place, whole, files) if rdf else _tabled(whole, files, kind, create)
    if found.problems:
        for problem in found.problems:
            click.echo(characters.visible(str(problem)))
        more = " and perhaps more" if found.given_up else ""
        click.echo(f"{report.number(len(found.problems), 'problem')}{more}: nothing was written", err=True)
        context.exit(PROBLEMS)
    if not dry_run:
        scaffold.write(place, found.graphs)
    for node, name in getattr(found, "begun", {}).items():
        click.echo(f"{'would begin' if dry_run else 'begun'} {layout.curie(node)}: {name}")
    for path in sorted(found.graphs):
        click.echo(f"{'would write' if dry_run else 'wrote'} {path}")
    counts = ", ".join(report.number(count, name) for name, count in sorted(found.added.items()))
    what = report.number(found.unchanged, "node" if rdf else "row")
    click.echo(f"{counts or 'nothing new'}; {what} said what is there already", err=True)


def _tabled(whole: Corpus, files: tuple[Path, ...], kind: str | None, create: bool) -> Intake:
    """What the rows of tables come to; who is only named is asked about on a terminal."""
    from filiation import columns, intake, sheets

    if kind is not None:
        columns.plan(whole, kind)
    known = {name for each in columns.KINDS for name in columns.plan(whole, each).columns}
    tables = [table for file in files for table in sheets.read(file, {*known, columns.CLASS, columns.STEM})]
    with counter("judging") as progress:
        found = intake.read(whole, tables, kind, create, progress)
    if found.begun and not create and sys.stdin.isatty() and sys.stderr.isatty():
        for node, name in found.begun.items():
            kind_of_it = layout.curie(str(node)).partition(":")[0]
            click.echo(f"nobody here is called `{name}` ({kind_of_it})", err=True)
        if click.confirm("Begin them all?", err=True):
            with counter("judging") as progress:
                found = intake.read(whole, tables, kind, True, progress)
    return found


def _contributed(place: layout.Layout, whole: Corpus, files: tuple[Path, ...]) -> Contribution:
    """What files of RDF come to."""
    from filiation import contribution, dialects

    for file in files:
        if place.relative(file) in whole.files:
            raise click.UsageError(f"{file} is a file of the dataset already: validate it")
    readings = [dialects.read(file) for file in files]
    with counter("judging") as progress:
        return contribution.read(whole, readings, progress)


@main.command(epilog="Example: filiation export leadership --out leadership.csv")
@click.argument("kind")
@_OUT
@_BOM
@click.pass_context
def export(context: click.Context, kind: str, out: Path | None, excel: bool) -> None:
    """Print all rows of KIND, as `import` reads them.

    A cell that a spreadsheet would run as a formula begins with an apostrophe, which `import` takes
    away again.
    """
    from filiation import columns, corpus, csvw, extract, report, sheets, turtle

    whole = readable(corpus.load(checkout(context)))
    found = extract.rows(whole, kind)
    for remark in found.remarks:
        click.echo(remark, err=True)
    table = ("\ufeff" if excel else "") + sheets.write(found.header, found.rows)
    if out is None:
        click.echo(table, nl=False)
        return
    about = csvw.description([columns.plan(whole, kind)], found.header, out.name)
    turtle.write(out, table)
    turtle.write(out.with_name(f"{out.name}-metadata.json"), about)
    click.echo(f"wrote {report.number(len(found.rows), 'row')} to {out}", err=True)

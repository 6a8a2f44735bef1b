"""Commands for who asks: queries, ready-made questions, names."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from filiation import layout
from filiation.cli.checkout import checkout, readable, store_of
from filiation.cli.entry import PROBLEMS, main

if TYPE_CHECKING:
    from filiation.oxigraph import Store


@main.command(epilog="Example: filiation query --question who-descends-from-whom --format csv")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-e", "--expression", metavar="SPARQL", help="The query itself.")
@click.option("--question", metavar="STEM", help="A competency question (see `filiation questions`).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "ttl"]),
    help="[default: table; for CONSTRUCT and DESCRIBE ttl]",
)
@click.option("--release", type=click.Path(path_type=Path), help="Ask this release.")
@click.option("--tree", is_flag=True, help="Ask the working tree, even if there is a release.")
@click.option("--asserted-only", is_flag=True, help="Leave out what was inferred, date bounds too.")
@click.pass_context
def query(
    context: click.Context,
    file: Path | None,
    expression: str | None,
    question: str | None,
    form: str | None,
    release: Path | None,
    tree: bool,
    asserted_only: bool,
) -> None:
    """Answer a SPARQL query, from FILE, -e or --question, on the release or else the working tree.

    Our prefixes need not be declared.
    """
    from filiation import questions, turtle

    if sum(given is not None for given in (file, expression, question)) != 1:
        raise click.UsageError("name one query: a FILE.rq, -e 'SELECT …', or --question STEM")
    if release and tree:
        raise click.UsageError("--release and --tree exclude each other")
    place = checkout(context)
    if question is not None:
        text = questions.named(place, question).text
    else:
        text = turtle.text_of(file) if file is not None else str(expression)
    store = store_of(place, release, tree)
    if asserted_only:
        store = store.without(layout.INFERRED_GRAPH)
    _show(store, text, form)


def _show(store: Store, text: str, form: str | None) -> None:
    # The engine does not look for Ctrl-C while it answers: let the system stop it. Nothing is written.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from filiation import report

    answer = store.query(text, layout.PREFIXES)
    form = form or ("ttl" if answer.is_graph else "table")
    if form == "table":
        click.echo(report.table(*answer.rows()))
    else:
        sys.stdout.buffer.write(answer.serialize(form, layout.PREFIXES))
        sys.stdout.buffer.flush()


@main.command(epilog="Example: filiation questions --run")
@click.option("--run", is_flag=True, help="Answer them all.")
@click.option("--release", type=click.Path(path_type=Path), help="Ask this release.")
@click.option("--tree", is_flag=True, help="Ask the working tree, even if there is a release.")
@click.pass_context
def questions(context: click.Context, run: bool, release: Path | None, tree: bool) -> None:
    """List the competency questions, or answer them all."""
    from filiation import questions as library

    place = checkout(context)
    found = library.load(place)
    width = max((len(question.stem) for question in found), default=0)
    store = store_of(place, release, tree) if run else None
    for question in found:
        if store is None:
            click.echo(f"{question.stem:<{width}}  {question.title}")
            continue
        click.echo(f"{question.title}\n({question.stem})")
        _show(store, question.text, None)
        click.echo()


@main.command(epilog="Example: filiation find 'al qaida'")
@click.argument("words", metavar="NAME", nargs=-1, required=True)
@click.pass_context
def find(context: click.Context, words: tuple[str, ...]) -> None:
    """Find who bears NAME in the working tree, however it is written, and which sources use it.

    Case, accents, apostrophes and hyphens do not count; a number of a list (QDe.014) does as well.
    """
    from filiation import corpus, names, report

    sought = " ".join(words)
    if not names.folded(sought):
        raise click.UsageError("name somebody: there is no letter and no figure in that")
    known = names.names(readable(corpus.load(checkout(context))).stated)
    found = names.find(sought, known)
    for line in report.bearers(found):
        click.echo(line)
    if not found:
        near = ", ".join(f"`{form}`" for form in names.suggestions(sought, known))
        click.echo(
            f"nobody here bears the name `{sought}`{f': did you mean {near}?' if near else ''}", err=True
        )
        context.exit(PROBLEMS)

"""The command for who reviews: what a change means."""

from __future__ import annotations

import click

from filiation.cli.checkout import checkout
from filiation.cli.entry import main


@main.command(epilog="Example: filiation diff main --format markdown")
@click.argument("before", metavar="REV")
@click.argument("after", metavar="[REV]", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)
@click.option(
    "--limit",
    type=click.IntRange(min=1_000),
    metavar="CHARACTERS",
    help="Longest comment with --format markdown [default: what GitHub takes].",
)
@click.pass_context
def diff(context: click.Context, before: str, after: str | None, form: str, limit: int | None) -> None:
    """Tell what changed in meaning between two revisions, or from one to the work tree.

    Facts, what sources say, names, entities, disagreements, and what is newly inferred or no longer.
    """
    from filiation import comment
    from filiation.review import review

    found = review(checkout(context), before, after)
    if form == "json":
        click.echo(comment.as_json(found))
    elif form == "markdown":
        click.echo(comment.markdown(found, limit or comment.COMMENT), nl=False)
    else:
        for line in comment.text(found):
            click.echo(line)
        for remark in found.remarks:
            click.echo(comment.visible(remark), err=True)

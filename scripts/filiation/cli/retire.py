"""The command for what was published and is given up: it leaves a stub, so that no IRI vanishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from filiation.cli.checkout import checkout, readable
from filiation.cli.entry import PROBLEMS, main

if TYPE_CHECKING:
    from rdflib import URIRef


@main.command(
    epilog="Example: filiation retire group:hil-league --replaced-by group:hill-league "
    '--because "It is the Hill League under another spelling."'
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--because", required=True, metavar="TEXT", help="Why, in English: a sentence for readers.")
@click.option(
    "--replaced-by", "successors", multiple=True, metavar="NAME", help="What is meant now, if anything is."
)
@click.option("--whole-file", is_flag=True, help="Also all else that the file of the entity describes.")
@click.option("--gone", is_flag=True, help="Also a name that was released and that no file describes now.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.pass_context
def retire(
    context: click.Context,
    names: tuple[str, ...],
    because: str,
    successors: tuple[str, ...],
    whole_file: bool,
    gone: bool,
    dry_run: bool,
) -> None:
    """Give up an entity, a situation, a name or an attestation, and leave a stub of it.

    The stub keeps the IRI, says that it is deprecated, why, and what stands in its place; it is of no
    class any more, so that no question finds it. Attestations of nothing else are retired along. Nothing
    is written while other statements still speak of it: they are told with their lines.
    """
    from rdflib import Literal

    from filiation import corpus, layout, report, retirement, scaffold, trial

    whole = readable(corpus.load(checkout(context)))
    nodes, others = ([_node(name) for name in given] for given in (names, successors))
    if not because.strip():
        raise click.UsageError("say why with --because, in a sentence for readers")
    why = Literal(" ".join(because.split()), lang="en")
    plan = retirement.plan(whole, nodes, why, others, whole_file, gone)
    for reference in plan.references:
        click.echo(str(reference))
    if plan.references:
        number = report.number(len(plan.references), "statement")
        verb = "speaks" if len(plan.references) == 1 else "speak"
        click.echo(f"{number} still {verb} of what is to be retired: nothing was written", err=True)
        context.exit(PROBLEMS)
    faults, _ = trial.judge(whole, plan.graphs)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"{report.number(len(faults), 'problem')}: nothing was written", err=True)
        context.exit(PROBLEMS)
    if not dry_run:
        scaffold.write(whole.layout, plan.graphs)
    for node in plan.nodes:
        click.echo(layout.curie(str(node)))
    done = "would be" if dry_run else "are" if len(plan.nodes) > 1 else "is"
    files = report.number(len(plan.graphs), "file")
    click.echo(f"{report.number(len(plan.nodes), 'name')} {done} retired, in {files}", err=True)


def _node(name: str) -> URIRef:
    from filiation import values

    try:
        node = values.expanded(name)
    except values.NotAValue as problem:
        raise click.UsageError(str(problem)) from problem
    if node is None:
        raise click.UsageError(f"`{name}`: write it with its prefix, such as group:{name}")
    return node

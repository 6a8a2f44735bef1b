"""A command for who wonders about a rule: what it asks, why, and what breaks it and what does not."""

from __future__ import annotations

import click

from filiation.cli.checkout import checkout
from filiation.cli.entry import main


@main.command(epilog="Example: filiation explain Split-parent")
@click.argument("rule", required=False)
@click.pass_context
def explain(context: click.Context, rule: str | None) -> None:
    """Say what RULE asks, why it exists, and show what breaks it and what does not.

    RULE is the name at the end of a line of `filiation validate`, such as shape:Split-parent,
    Split-parent or unknown-term. Without it, all rules are listed.
    """
    from filiation import report, rules

    whole = rules.shapes_of(checkout(context))
    if rule is None:
        for known in rules.every(whole.shapes):
            click.echo(f"{known.name}  {known.asks}")
        return
    for line in report.rule_in_words(rules.find(rule, whole)):
        click.echo(line)

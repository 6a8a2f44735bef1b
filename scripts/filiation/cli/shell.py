"""Completion for the shell."""

import click

from filiation.cli.entry import main


@main.command(epilog='Example: eval "$(filiation completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "filiation", "_FILIATION_COMPLETE").source())

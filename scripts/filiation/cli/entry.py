"""The command `filiation` itself: its options, and what becomes of an exception."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from filiation.faults import Fault

PROBLEMS, WRONG_CALL, INTERRUPTED = 1, 2, 130


class Command(click.Group):
    """A group that turns what goes wrong into one line and an exit code."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("stopped; what stood before still stands", err=True)
            context.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader (`head`, `less`) has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            context.exit(0)
        except Exception as problem:
            code = _exit_code(problem)
            if code is None:
                raise
            click.echo(f"filiation: {problem or 'this takes more memory than there is'}", err=True)
            context.exit(code)


def _exit_code(problem: Exception) -> int | None:
    """The exit code of what people can mend; None for a defect of ours."""
    if isinstance(problem, Fault):
        return problem.exit_code
    ours = (MemoryError, RecursionError, UnicodeError, OSError)
    return WRONG_CALL if isinstance(problem, ours) else None


@click.group(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: filiation validate data/groups/aqim.ttl",
)
@click.option(
    "--root", type=click.Path(path_type=Path), help="The checkout to work on [default: the one here]."
)
@click.version_option(package_name="filiation")
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Filiation: armed groups, their mergers, splits and affiliations, and who says so.

    Validate contributions, ask questions, and publish releases.
    """
    # rdflib makes many small objects that live to the end: looking for cycles among them costs a
    # quarter of a short run and finds none.
    gc.set_threshold(200_000, 50, 50)
    context.obj = root


def run() -> None:
    """The entry point: `main`, then out at once. Giving back the objects of the graphs one by one
    would take a fifth of a second that nobody gets anything for."""
    code = 0
    try:
        main()
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else int(bool(done.code))
    for stream in (sys.stdout, sys.stderr):
        # A reader that has gone (`filiation questions | true`) is no fault.
        with suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)

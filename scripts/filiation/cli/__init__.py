"""The command line: each subcommand calls one module and prints what it gives back.

Results go to stdout, progress and remarks to stderr. Exit 0 is clean, 1 means problems in the
data, 2 a wrong call. Heavy modules are imported where they are used, so that `--help` is quick.
"""

from filiation.cli import (
    ask,
    changes,
    check,
    cite,
    diff,
    explain,
    load,
    new,
    prove,
    release,
    retire,
    sheets,
    shell,
)
from filiation.cli.entry import main, run

__all__ = [
    "ask",
    "changes",
    "check",
    "cite",
    "diff",
    "explain",
    "load",
    "main",
    "new",
    "prove",
    "release",
    "retire",
    "run",
    "sheets",
    "shell",
]

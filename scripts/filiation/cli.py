"""The command line: each subcommand calls one module and prints what it gives back.

Results go to stdout, progress and remarks to stderr. Exit 0 is clean, 1 means problems in the
data, 2 a wrong call. Heavy modules are imported where they are used, so that `--help` is quick.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from filiation import layout

if TYPE_CHECKING:
    from filiation.corpus import Corpus
    from filiation.oxigraph import Store

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
            click.echo(f"filiation: {problem}", err=True)
            context.exit(code)


def _exit_code(problem: Exception) -> int | None:
    """The exit code of what a module of ours raises; None for a defect of ours."""
    from filiation import infer, mappings, oxigraph, publish, questions, shacl, turtle, validate

    if isinstance(problem, (infer.Inconsistent, mappings.NoSuchList, oxigraph.NotWellFormed)):
        return PROBLEMS
    ours = (
        layout.NotARepository,
        oxigraph.QueryFailed,
        publish.CannotWrite,
        questions.NoSuchQuestion,
        shacl.BrokenShapes,
        turtle.Unreadable,
        validate.NoShapes,
        UnicodeError,
        OSError,
    )
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


def _layout(context: click.Context) -> layout.Layout:
    """The checkout named with --root, or the one around the working folder, or this file's."""
    if context.obj is not None:
        return layout.find(context.obj)
    try:
        return layout.find(Path.cwd())
    except layout.NotARepository:
        return layout.find(Path(__file__).parent)


def _chosen(place: layout.Layout, paths: tuple[Path, ...]) -> list[Path]:
    """The Turtle files that are meant: those named, those in the folders named, or all."""
    if not paths:
        return list(place.turtle_files())
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.ttl"))
            if not inside:
                raise click.UsageError(f"{path} holds no .ttl file")
            files.extend(inside)
        elif not path.exists():
            raise click.UsageError(f"{path}: there is no such file")
        else:
            files.append(path)
    return files


PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


@main.command("format", epilog="Example: filiation format data/groups/aqim.ttl")
@PATHS
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file is not in the house format.")
@click.pass_context
def format_(context: click.Context, paths: tuple[Path, ...], check: bool) -> None:
    """Lay out Turtle files the house way (all files, unless PATHS are named)."""
    from filiation import turtle

    place = _layout(context)
    bad = 0
    for file in _chosen(place, paths):
        try:
            text, graph = turtle.text_of(file), turtle.read(file)
        except turtle.Unreadable as problem:
            click.echo(str(problem))
            bad += 1
            continue
        relative = place.relative(file)
        if layout.is_data(relative) and turtle.has_blank_nodes(graph):
            click.echo(
                f"{relative}:1: has blank nodes: give them IRIs first (`filiation validate` names them)"
            )
            bad += 1
            continue
        wanted = turtle.house_format(graph, layout.entity_iri(relative))
        if text == wanted:
            continue
        if check:
            click.echo(f"{relative}:1: not in the house format: run `filiation format {relative}`")
            bad += 1
        else:
            turtle.write(file, wanted)
            click.echo(f"formatted {relative}")
    context.exit(PROBLEMS if bad else 0)


@main.command(epilog="Example: filiation validate data/groups/aqim.ttl --format json")
@PATHS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--all", "every", is_flag=True, help="List every warning, also where a rule has many.")
@click.pass_context
def validate(context: click.Context, paths: tuple[Path, ...], form: str, every: bool) -> None:
    """Find everything wrong with the dataset (or with PATHS), and say how to mend it."""
    from filiation import corpus, report
    from filiation.validate import validate as judge

    start = time.perf_counter()
    place = _layout(context)
    files = _chosen(place, paths)
    whole = corpus.load(place, files)
    verdict = judge(whole, {place.relative(file) for file in files} if paths else None)
    if form == "json":
        click.echo(report.as_json(verdict))
    else:
        lines = list(report.told(verdict, in_full=every or bool(paths)))
        for line in lines:
            click.echo(line)
        seconds = time.perf_counter() - start
        shapes = len(verdict.coverage)
        number = report.number
        click.echo(
            f"judged {number(verdict.files, 'file')}, {number(verdict.statements, 'statement')} by "
            f"{number(shapes, 'shape')} in {seconds:.1f} s: {number(len(verdict.violations), 'problem')}, "
            f"{number(len(verdict.warnings), 'warning')}",
            err=True,
        )
        if len(lines) < len(verdict.problems):
            click.echo(
                "`filiation validate --all` lists every warning, and with a path those of that", err=True
            )
        if verdict.unmet and not paths:
            click.echo(f"shapes that met nothing: {' '.join(verdict.unmet)}", err=True)
    context.exit(PROBLEMS if verdict.violations else 0)


@main.command(epilog="Example: filiation evidence profile.txt")
@click.argument("texts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def evidence(context: click.Context, texts: tuple[Path, ...]) -> None:
    """Verify every locator whose text is among TEXTS (files, or folders of .txt files)."""
    from filiation import corpus, report
    from filiation import evidence as held

    whole = corpus.load(_layout(context))
    missing = 0
    files = held.texts_in(list(texts))
    if not files:
        raise click.UsageError("no .txt file in the folders named")
    for file in files:
        found = held.verify(file, whole)
        for line in report.passages(found):
            click.echo(line)
        missing += found.count(held.NOT_FOUND)
    context.exit(PROBLEMS if missing else 0)


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

    whole = _readable(corpus.load(_layout(context)))
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


def _readable(whole: Corpus) -> Corpus:
    """The corpus, if every file of it could be read."""
    if whole.unreadable:
        raise whole.unreadable[0]
    return whole


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

    place = _layout(context)
    edition = Edition(_version(place, version), _date(place, date))
    target = out or place.release
    try:
        with _progress(["read", "judge", "infer", "write", "check", "store"]) as progress:
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


@contextmanager
def _progress(steps: list[str]) -> Iterator[Callable[[str], None]]:
    """A bar over the steps on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("start", total=len(steps))
        yield lambda step: bar.update(task, description=step, completed=steps.index(step))


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
    place = _layout(context)
    if question is not None:
        text = questions.named(place, question).text
    else:
        text = turtle.text_of(file) if file is not None else str(expression)
    store = _store(place, release, tree)
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


def _store(place: layout.Layout, release: Path | None, tree: bool) -> Store:
    """The release that is named or built, or else the working tree with its inferences."""
    from filiation import corpus, dataset, turtle
    from filiation import infer as reasoning
    from filiation.oxigraph import Store

    folder = release or place.release
    dump = folder / "filiation.nq"
    if release and not dump.is_file():
        raise click.UsageError(f"{release} is not a release: it has no filiation.nq")
    if dump.is_file() and not tree:
        newest = max(path.stat().st_mtime for path in place.turtle_files())
        if not release and newest > dump.stat().st_mtime:
            click.echo(
                f"{place.relative(folder)} is older than the files: publish again, or use --tree", err=True
            )
        return Store.of_dump(turtle.content_of(dump))
    whole = _readable(corpus.load(place))
    return Store(dataset.quads(whole, reasoning.infer(whole)))


@main.command(epilog="Example: filiation questions --run")
@click.option("--run", is_flag=True, help="Answer them all.")
@click.option("--release", type=click.Path(path_type=Path), help="Ask this release.")
@click.option("--tree", is_flag=True, help="Ask the working tree, even if there is a release.")
@click.pass_context
def questions(context: click.Context, run: bool, release: Path | None, tree: bool) -> None:
    """List the competency questions, or answer them all."""
    from filiation import questions as library

    place = _layout(context)
    found = library.load(place)
    width = max((len(question.stem) for question in found), default=0)
    store = _store(place, release, tree) if run else None
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
    known = names.names(_readable(corpus.load(_layout(context))).stated)
    found = names.find(sought, known)
    for line in report.bearers(found):
        click.echo(line)
    if not found:
        near = ", ".join(f"`{form}`" for form in names.suggestions(sought, known))
        click.echo(
            f"nobody here bears the name `{sought}`{f': did you mean {near}?' if near else ''}", err=True
        )
        context.exit(PROBLEMS)


@main.command(epilog='Example: eval "$(filiation completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "filiation", "_FILIATION_COMPLETE").source())


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

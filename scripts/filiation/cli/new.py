"""Begin something new: each kind is a command, and its options are the properties that it may have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from filiation.cli.checkout import checkout, readable
from filiation.cli.entry import INTERRUPTED, WRONG_CALL, main

if TYPE_CHECKING:
    from filiation.corpus import Corpus
    from filiation.forms import Field, Form

_CORPUS = "filiation.corpus"


class Kinds(click.Group):
    """A command for each kind; what it asks for is read off the shapes when it is used."""

    def list_commands(self, context: click.Context) -> list[str]:
        from filiation import forms

        return list(forms.KINDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        from filiation import forms, turtle

        if name not in forms.KINDS:
            near = turtle.did_you_mean(name, forms.KINDS)
            raise click.UsageError(f"`{name}` is no kind{near or ': ' + ', '.join(forms.KINDS)}", context)
        return _command(_corpus(context), name)


@main.group(
    cls=Kinds,
    subcommand_metavar="KIND STEM [OPTIONS]",
    epilog="Example: filiation new split northern-front-1994 --parent group:valley-army "
    "--offshoot group:northern-front --date 1994 --source source:example-report --section History",
)
def new() -> None:
    """Begin an entity, a situation or an attestation, in the right file and in the house format.

    `filiation new KIND --help` lists what a kind must and may have; with -i you are asked for it. A
    prefix may be left out where only one thing has the name, and an option be given several times.
    What is there stays as it is, and nothing is written unless all of it is right.
    """


def _corpus(context: click.Context) -> Corpus:
    """The files of the checkout, read once for all commands of a call."""
    from filiation import corpus

    if _CORPUS not in context.meta:
        # Where the shell completes a line, nothing has been called yet that would pass --root on.
        context.obj = context.obj or context.find_root().params.get("root")
        context.meta[_CORPUS] = readable(corpus.load(checkout(context)))
    whole: Corpus = context.meta[_CORPUS]
    return whole


def _command(whole: Corpus, kind: str) -> click.Command:
    """The command of a kind, with an option for each of its properties."""
    from rdflib import SKOS

    from filiation import forms, scaffold

    form = forms.form(whole.shapes, whole.vocabulary, kind)
    needed = {name for need in form.needs if not need.when for name in need.names}
    needed |= {field.name for field in form.fields.values() if field.least and not field.usual}
    mine = sorted(form.fields.values(), key=lambda field: (field.name not in needed, field.name))
    theirs = list(scaffold.beside(whole, form).values())
    options = [_option(field, "needed: " if field.name in needed else "", whole) for field in mine]
    options += [_option(field, "attestation: ", whole) for field in theirs]

    def begin(stem: str | None, ask: bool, dry_run: bool, **flags: Any) -> None:
        given, told = (
            {f.name: texts for f in fields if (texts := _texts(flags[_variable(f)]))}
            for fields in (mine, theirs)
        )
        _begin(whole, form, stem, (given, told), ask, dry_run)

    about = str(whole.vocabulary.value(form.type, SKOS.definition) or "An entity of its own file.")
    return click.Command(
        kind,
        callback=begin,
        params=[
            click.Argument(["stem"], required=False),
            click.Option(["-i", "--interactive", "ask"], is_flag=True, help="Be asked for each value."),
            click.Option(["--dry-run"], is_flag=True, help="Show what would be written, and write nothing."),
            *options,
        ],
        help=f"Begin this: {about}\n\n{_stems(kind)}",
        short_help=about,
    )


def _stems(kind: str) -> str:
    """What the stem of a kind may be."""
    if kind == "person":
        return "STEM is `-` or the readable name; the code that stands for the person is drawn at random."
    if kind in ("attestation", "incident") or kind in _entities():
        return "STEM is readable ASCII in kebab-case, or `-` for one that is made of the values."
    return "STEM begins with the stem of the entity that it is about; `-` makes one of the values."


def _entities() -> set[str]:
    from filiation import layout

    return set(layout.ENTITY_FOLDERS.values())


def _option(field: Field, mark: str, whole: Corpus) -> click.Option:
    from filiation import forms, layout, values

    few = ", ".join(layout.curie(str(choice)) for choice in field.choices[:3])
    usual = f" [default: {layout.curie(str(field.usual))}]" if field.usual else ""
    help_text = f"{mark}{field.about or field.message}{usual or (f' [{few}, …]' if few else '')}"
    if field.sort == forms.YES:
        return click.Option([f"--{field.name}", _variable(field)], is_flag=True, help=help_text)

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
        known = values.in_use(field, whole) if field.sort in (forms.NODE, forms.CONCEPT) else []
        return [name for name in known if begun in name]

    return click.Option(
        [f"--{field.name}", _variable(field)],
        multiple=True,
        metavar=_METAVARS.get(field.sort, "TEXT"),
        help=help_text,
        shell_complete=complete,
    )


_METAVARS = {"date": "EDTF", "number": "N", "tagged text": "TEXT@LANG", "address": "URL", "node": "NAME"}
_METAVARS |= {"concept": "CONCEPT"}


def _variable(field: Field) -> str:
    return "value_" + field.name.replace("-", "_")


def _texts(value: bool | Sequence[str]) -> list[str]:
    return (["true"] if value else []) if isinstance(value, bool) else list(value)


def _begin(
    whole: Corpus,
    form: Form,
    stem: str | None,
    said: tuple[dict[str, list[str]], dict[str, list[str]]],
    ask: bool,
    dry_run: bool,
) -> None:
    """Write the node, or tell what is wrong; then tell what is left to do."""
    from filiation import scaffold, trial
    from filiation.cli import asking

    context = click.get_current_context()
    given, told = said
    if ask:
        try:
            stem, given, told = asking.ask(whole, form, stem, given, told)
        except click.Abort:
            click.echo("\nstopped: nothing was written", err=True)
            context.exit(INTERRUPTED)
    if stem is None:
        raise click.UsageError("give a stem, or `-` for one that is made of the values; -i asks for all")
    try:
        graphs = scaffold.situation(whole, form.kind, stem, given, told or None)
    except scaffold.Faulty as problem:
        _refuse([f"{_flags(fault.name)}{fault.message}" for fault in problem.faults])
        return
    faults, steps = trial.judge(whole, graphs)
    if faults:
        _refuse([f"{fault.message} [{fault.rule}]" for fault in faults])
    if dry_run:
        _show(whole, graphs)
        return
    scaffold.write(whole.layout, graphs)
    _tell(whole, graphs, {**given, **told})
    for step in steps:
        click.echo(f"next: {step.file}:{step.line}: {step.message} [{step.rule}]")
    for path, graph in graphs.items():
        if scaffold.beside(whole, form) and not told:
            new = next(iter(scaffold.begun(whole, graph, path)))
            click.echo(f"next: filiation new attestation - --attests {new} --source source:…")
        click.echo(f"next: filiation validate {path}")


def _flags(name: str) -> str:
    """The options that a fault is about, before what it says of them."""
    from filiation import scaffold

    if name in ("", scaffold.STEM):
        return name and "STEM: "
    return " or ".join(f"--{one}" for one in name.split(" or ")) + ": "


def _refuse(lines: list[str]) -> None:
    for line in lines:
        click.echo(line, err=True)
    number = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
    click.echo(f"{number}: nothing was written", err=True)
    click.get_current_context().exit(WRONG_CALL)


def _show(whole: Corpus, graphs: Any) -> None:
    """What would be written, as Turtle."""
    from filiation import layout, scaffold, turtle

    for path in graphs:
        click.echo(f"would be written to {path}:", err=True)
    entity = next(map(layout.entity_iri, graphs), None)
    click.echo(turtle.house_format(scaffold.added(whole, graphs), entity), nl=False)


def _tell(whole: Corpus, graphs: Any, given: dict[str, list[str]]) -> None:
    """Where the new nodes stand, and what was taken for granted."""
    from rdflib import SKOS, Literal

    from filiation import forms, scaffold, values

    for path, graph in graphs.items():
        for name, line in scaffold.begun(whole, graph, path).items():
            node = values.expanded(name)
            labels = [label for label in graph.objects(node, SKOS.prefLabel) if isinstance(label, Literal)]
            stands_for = f" stands for {values.written(labels[0])}" if name.startswith("person:") else ""
            click.echo(f"{path}:{line}: {name}{stands_for}")
            form = forms.form(whole.shapes, whole.vocabulary, name.partition(":")[0])
            for field in form.fields.values():
                if field.usual and field.name not in given:
                    usual = f"--{field.name} {values.written(field.usual).partition(':')[2]}"
                    click.echo(f"taken for granted: {usual}")

"""Ask for what something new must have, one value after the other, on a terminal.

A value that cannot be one is asked for again, with what to type instead. What people are asked goes to
stderr: stdout is for what was written.
"""

from __future__ import annotations

from collections.abc import Iterator

import click
from rdflib import URIRef

from filiation import forms, homes, scaffold, values
from filiation.corpus import Corpus
from filiation.forms import Field, Form

Texts = dict[str, list[str]]

#: As many names are shown; `?` shows all.
_SHOWN = 6
_DATES = ("date", "from", "until")


def ask(corpus: Corpus, form: Form, stem: str | None, given: Texts, told: Texts) -> tuple[str, Texts, Texts]:
    """The stem, the values, and those of the attestation: what is given already, and the answers."""
    click.echo("Enter leaves out what need not be said; `?` lists what can be.", err=True)
    given, told = dict(given), dict(told)
    if form.kind == "person" and stem is None:
        stem = scaffold.ANY
    _fill(corpus, form, given)
    if not any(name in given for name in _DATES) and "status" in form.fields:
        for name in _DATES:
            if name in form.fields and not (name != "date" and "date" in given):
                _take(corpus, form.fields[name], given, least=0, several=False)
    fields = scaffold.beside(corpus, form)
    if fields and "source" not in told:
        _take(corpus, fields["source"], told, least=0, several=False)
    if "source" in told:
        _fill(corpus, forms.form(corpus.shapes, corpus.vocabulary, "attestation"), told, but="attests")
        if "hedge" not in told:
            _take(corpus, fields["hedge"], told, least=0, several=False)
    if stem is None:
        stem = click.prompt("stem (`-` makes one of the values)", default=scaffold.ANY, err=True)
    return stem, given, told


def _fill(corpus: Corpus, form: Form, given: Texts, but: str = "") -> None:
    """Ask for every value that is needed and not given."""
    several_ways = {name for need in form.needs for name in need.names}
    for field in _in_order(form):
        if field.least and field.name not in given and field.name != but:
            _take(corpus, field, given, field.least, several=field.most != 1)
    while need := next(_missing(corpus, form, given), None):
        click.echo(need.message, err=True)
        for name in need.names:
            if need in _missing(corpus, form, given) and name in several_ways:
                field = form.fields[name]
                _take(corpus, field, given, least=int(len(need.names) == 1), several=field.most != 1)


def _in_order(form: Form) -> Iterator[Field]:
    """Names and parties first, in the order of what decides the file; what is mostly the same last."""
    order = {name: number for number, name in enumerate(("pref-label", "title", *homes.PARTIES))}
    yield from sorted(
        form.fields.values(), key=lambda f: (f.usual is not None, order.get(f.name, len(order)), f.name)
    )


def _missing(corpus: Corpus, form: Form, given: Texts) -> Iterator[forms.Need]:
    said = {
        name: [values.term(text, form.fields[name], corpus) for text in texts]
        for name, texts in given.items()
        if name in form.fields and _all_right(corpus, form.fields[name], texts)
    }
    return scaffold.missing(corpus, form, said)


def _all_right(corpus: Corpus, field: Field, texts: list[str]) -> bool:
    try:
        return all(values.term(text, field, corpus) is not None for text in texts)
    except values.NotAValue:
        return False


def _take(corpus: Corpus, field: Field, given: Texts, least: int, several: bool) -> None:
    """Ask for one field until what is needed is there and, of several, no more comes."""
    usual = values.written(field.usual).partition(":")[2] if field.usual else ""
    known = values.in_use(field, corpus) if field.sort in (forms.NODE, forms.CONCEPT) else []
    click.echo(f"\n{field.about or field.message}", err=True)
    if known and not usual:
        more = f", … ({len(known)}: `?`)" if len(known) > _SHOWN else ""
        click.echo(f"  {', '.join(_shown(corpus, known[:_SHOWN]))}{more}", err=True)
    taken = given.get(field.name, [])
    while several or len(taken) < max(least, 1):
        another = " (another, or Enter)" if len(taken) >= max(least, 1) else ""
        text = click.prompt(
            f"{field.name}{another}", default=usual, show_default=bool(usual), err=True
        ).strip()
        if text == "?":
            click.echo("  " + "\n  ".join(_shown(corpus, known) or [field.message]), err=True)
        elif not text:
            if len(taken) >= least:
                break
            click.echo(f"  is needed: {field.message}", err=True)
        elif problem := _wrong(corpus, field, text):
            click.echo(f"  {problem}", err=True)
        else:
            taken.append(text)
            given[field.name] = taken
            several = several and not usual


def _shown(corpus: Corpus, names: list[str]) -> list[str]:
    """Names as they are offered: the code of a person with the label, for nobody knows it by heart."""
    labels = {name: values.label(URIRef(values.expanded(name) or ""), corpus) for name in names}
    return [f"{name} ({labels[name]})" if name.startswith("person:") else name for name in names]


def _wrong(corpus: Corpus, field: Field, text: str) -> str | None:
    """Why a text is no value."""
    try:
        values.term(text, field, corpus)
    except values.NotAValue as problem:
        return str(problem)
    return None

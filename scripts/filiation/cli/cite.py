"""The command for who reads a source: find a passage, and get its locator or the ready attestation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from filiation import layout
from filiation.cli.checkout import checkout, readable
from filiation.cli.entry import PROBLEMS, main

if TYPE_CHECKING:
    from filiation.cite import Passage, Text
    from filiation.corpus import Corpus


@main.command(epilog='Example: filiation cite report.txt "broke away" --attests split:northern-front-1994')
@click.argument("text", type=click.Path(path_type=Path))
@click.argument("words", nargs=-1, required=True)
@click.option("--to", metavar="WORDS", help="The last words of the passage, if it is longer.")
@click.option("--whole-sentence", is_flag=True, help="The whole sentence, or sentences.")
@click.option("--nth", type=click.IntRange(min=1), metavar="N", help="Which of several passages.")
@click.option("--attests", metavar="SITUATION", help="Write the attestation of split:…, naming:….")
@click.option("--stance", metavar="STANCE", help="affirms, denies or doubts [default: affirms].")
@click.option("--hedge", multiple=True, metavar="HEDGE", help="How the source limits it; repeatable.")
@click.pass_context
def cite(
    context: click.Context,
    text: Path,
    words: tuple[str, ...],
    to: str | None,
    whole_sentence: bool,
    nth: int | None,
    attests: str | None,
    stance: str | None,
    hedge: tuple[str, ...],
) -> None:
    """Find WORDS in TEXT, a source as a text file, and print the locator of the passage.

    Case, white space and the style of quotation marks and dashes do not count.
    """
    from filiation import corpus, evidence
    from filiation.cite import Text

    if (stance or hedge) and not attests:
        raise click.UsageError("--stance and --hedge belong to an attestation: add --attests SITUATION")
    sought = " ".join(words)
    if not any(sign.isalnum() for sign in sought):
        raise click.UsageError("give a few words of the passage: there is no letter and no figure in that")
    held = Text(evidence.read_text(text))
    found = held.find(sought, to, whole_sentence)
    if not found:
        _tell_nearest(text, held, sought, to)
        context.exit(PROBLEMS)
    if nth is not None and nth > len(found):
        raise click.UsageError(f"--nth {nth}: the words stand there {len(found)} times")
    if nth is None and len(found) > 1:
        _list(text, held, found)
        if attests:
            raise click.UsageError(f"{len(found)} passages have these words: choose one with --nth")
        return
    whole = readable(corpus.load(checkout(context)))
    passage = found[(nth or 1) - 1]
    source = evidence.source_of(held.text, whole.stated)
    click.echo(_shown(f"{text}:{passage.start}-{passage.end}: {held.around(passage)}"), err=True)
    if source is None:
        click.echo(_nobodys(text, held, whole), err=True)
        if attests:
            context.exit(PROBLEMS)
    if not attests or source is None:
        if source is not None:
            click.echo(f"dcterms:source {layout.curie(source)} ;")
        click.echo(f'fil:passageDigest "{passage.digest}" ;')
        click.echo(f"fil:passageEnd {passage.end} ;")
        click.echo(f"fil:passageStart {passage.start} ;")
        return
    _attestation(whole, passage, attests, source, {"stance": [stance or "affirms"], "hedge": list(hedge)})


def _attestation(
    whole: Corpus, passage: Passage, attests: str, source: str, said: dict[str, list[str]]
) -> None:
    from filiation import evidence, scaffold, turtle

    given = {
        "attests": [attests],
        "source": [layout.curie(source)],
        "passage-start": [str(passage.start)],
        "passage-end": [str(passage.end)],
        "passage-digest": [passage.digest],
        **{name: values for name, values in said.items() if values},
    }
    try:
        graphs = scaffold.situation(whole, "attestation", scaffold.ANY, given)
    except scaffold.Faulty as problem:
        raise click.UsageError(str(problem)) from problem
    fresh = scaffold.added(whole, graphs)
    header, _, block = turtle.house_format(fresh, None).partition("\n\n")
    click.echo(block.strip("\n"))
    for path in graphs:
        click.echo(f"write it in {path}, then run `filiation validate {path}`", err=True)
        content = turtle.text_of(whole.files[path]) if path in whole.files else ""
        for line in header.splitlines():
            if not re.search(rf"(?i)prefix\s+{line.split()[1]}", content):
                click.echo(f"and at the top of it: {line}", err=True)
    situations = set(fresh.objects(None, evidence.FIL.attests))
    for locator in evidence.locators(whole.stated):
        of = whole.stated.value(locator.attestation, evidence.FIL.attests)
        same = (locator.source, locator.digest) == (source, passage.digest)
        if same and of in situations:
            said_by = layout.curie(str(locator.attestation))
            click.echo(f"{said_by} has the same passage of the same source already", err=True)


def _list(file: Path, held: Text, found: list[Passage]) -> None:
    for number, passage in enumerate(found, 1):
        place = f"{number}: {passage.start}-{passage.end}"
        click.echo(_shown(f"{place}: {held.around(passage)}\n     {passage.digest}"))
    click.echo(f"{file}: {len(found)} passages: `--nth 1` chooses the first", err=True)


def _tell_nearest(file: Path, held: Text, sought: str, to: str | None) -> None:
    missing = sought
    if to is not None and held.find(sought):
        missing = to
        click.echo(_shown(f"{file}: `{to}` does not follow `{sought}`"), err=True)
    else:
        click.echo(_shown(f"{file}: `{sought}` does not stand there"), err=True)
    near = held.nearest(missing)
    if near is not None:
        click.echo(_shown(f"nearest, at {near.start}-{near.end}: {held.around(near)}"))


def _nobodys(file: Path, held: Text, whole: Corpus) -> str:
    """What to do about a text of which no source is known."""
    from rdflib import URIRef

    from filiation import evidence

    mark = f'fil:kind source-kind:text and fil:textDigest "{evidence.digest(held.text)}"'
    namesake = URIRef(layout.PREFIXES["source"] + file.stem)
    if namesake in whole.homes:
        name = layout.curie(namesake)
        return f"no source is known to be this text; if {name} is, write {mark} in {whole.homes[namesake]}"
    return f"no source in the dataset is this text: describe it in data/sources/ first, with {mark}"


def _shown(text: str) -> str:
    from filiation import characters

    return "\n".join(characters.visible(line) for line in text.split("\n"))

"""What people read on the screen: tables, summaries, explanations, problems, and passages.

Everything here gives back text; only the command line prints it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from rdflib import Graph, URIRef

from filiation import characters, evidence, infer, layout
from filiation.corpus import Corpus
from filiation.findings import WORDS, Problem, Verdict
from filiation.names import Name
from filiation.rules import CASES, Rule

if TYPE_CHECKING:
    from filiation.publish import Summary

#: Of a rule with more warnings than this, a run over everything tells the first and the number.
FEW = 10
#: As much of a line is shown.
WIDTH = 110


def number(count: int, noun: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def told(verdict: Verdict, in_full: bool) -> Iterator[str]:
    """The problems, one a piece: where and what, the line that is meant, a mark under the place, and
    under it what to type there, where that is known. Unless in full, a rule with many warnings has
    one piece, at the end."""
    yield from map(shown, folded(verdict, in_full))


def folded(verdict: Verdict, in_full: bool) -> Iterator[Problem]:
    """The problems; unless in full, one problem stands for the many warnings of one rule."""
    many: dict[str, list[Problem]] = defaultdict(list)
    for warning in verdict.warnings:
        many[warning.rule].append(warning)
    if in_full:
        many.clear()
    many = {rule: warnings for rule, warnings in many.items() if len(warnings) > FEW}
    others = {warning for warnings in many.values() for warning in warnings}
    yield from (problem for problem in verdict.problems if problem not in others)
    for first, *rest in many.values():
        files = number(len({other.file for other in rest}), "file")
        more = f"{first.message} (and {len(rest):,} more of this rule, in {files})"
        yield replace(first, message=more)


def shown(problem: Problem) -> str:
    """A problem with its line, as compilers show it."""
    from rich.cells import cell_len

    head = visible(str(problem))
    if not problem.excerpt.strip():
        return head
    start = problem.column - 1
    end = problem.end_column - 1 if problem.end_line == problem.line else len(problem.excerpt)
    cut = max(0, start - WIDTH // 2)
    before, marked = problem.excerpt[cut:start], problem.excerpt[start : min(end, cut + WIDTH)]
    line = visible(problem.excerpt[cut : cut + WIDTH])
    indent = "".join("\t" if c == "\t" else " " * cell_len(visible(c)) for c in before)
    gutter = " " * len(f"{problem.line:>5}")
    shown = [
        head,
        f"{problem.line:>5} | {line}",
        f"{gutter} | {indent}{'^' * max(1, cell_len(visible(marked)))}",
    ]
    if problem.instead:
        shown.append(f"{gutter} | {indent}{visible(problem.instead)}")
    return "\n".join(shown)


def visible(text: str) -> str:
    """A text of a stranger for a terminal: what would move the cursor or turn the direction of
    reading is written as an escape."""
    return "".join(f"\\u{ord(c):04x}" if characters.hidden(c) is not None else c for c in text)


def rule_in_words(rule: Rule) -> Iterator[str]:
    """What a rule asks, why, of what, and what breaks it and what does not."""
    yield f"{rule.name} ({WORDS.get(rule.severity, rule.severity)})"
    yield ""
    yield rule.asks
    if rule.why and rule.why != rule.asks:
        yield ""
        yield f"Why: {rule.why}"
    if rule.judges:
        yield f"Judges: {', '.join(rule.judges)}"
    if rule.parts:
        yield f"Its rules: {', '.join(rule.parts)}"
    for title, text in (("Written", rule.written), ("Fails", rule.fails), ("Passes", rule.passes)):
        if text:
            yield ""
            yield f"{title}:"
            yield from (f"    {line}".rstrip() for line in text.strip().splitlines())
    if not (rule.fails or rule.passes):
        yield ""
        if rule.parts:
            yield "Examples stand with its rules."
        else:
            yield f"No example here: this checkout lacks {CASES}/, where the repository has them."


def passages(held: evidence.Report) -> Iterator[str]:
    """What became of the passages of a text, what of it nobody used, and their numbers."""
    file = held.text
    if held.source is None:
        yield from _without_passages(held)
        return
    for finding in held.findings:
        if finding.state != evidence.VERIFIED:
            where = "" if finding.start is None else f" at {finding.start}-{finding.end}"
            said = f"said to be at {finding.locator.start}-{finding.locator.end}"
            yield f"{file}: {finding.state}{where}: {layout.curie(finding.locator.attestation)} ({said})"
    for first, last, passage in held.uncovered:
        yield f"{file}: not covered {first}-{last}: {passage}"
    states = (evidence.VERIFIED, evidence.SHIFTED, evidence.NOT_FOUND)
    yield f"{file}: {layout.curie(held.source)}: {', '.join(f'{held.count(s)} {s}' for s in states)}"


def _without_passages(held: evidence.Report) -> Iterator[str]:
    """What to do about a text in which no attestation has a passage."""
    file = held.text
    if held.namesake is None:
        yield f"{file}: no source in the dataset cites this text"
        return
    name = layout.curie(held.namesake)
    if not held.located:
        yield f"{file}: named like {name}, but fewer than half of the passages of that source stand in it"
        return
    for attestation in held.located:
        yield f"{file}: located only: {layout.curie(attestation)}: give it the passage that says so"
    yield (
        f"{file}: {name}, by its name: {number(len(held.located), 'attestation')} located only. If it is "
        f'that text, write fil:kind source-kind:text and fil:textDigest "{held.digest}" in the file of {name}'
    )


def explained(added: Graph, whole: Corpus) -> Iterator[str]:
    """Each inferred triple, and under it the axioms by which it follows."""
    explainer = infer.Explainer(infer.held_only(whole.stated), whole.ontology)
    for triple in sorted(added):
        yield _sentence(triple)
        steps = explainer.explain(triple)
        if not steps:
            yield "    read off the dates of the node"
        for step in steps:
            yield f"    by {_sentence(step.axiom)}"
            yield from (f"        from {_sentence(premise)}" for premise in step.premises)


def _sentence(triple: infer.Triple) -> str:
    return " ".join(layout.curie(str(t)) if isinstance(t, URIRef) else str(t) for t in triple)


def bearers(found: Iterable[Name]) -> Iterator[str]:
    """Each entity, and under it the forms that were found, of which kind and when, and who uses them."""
    for (entity, label), names in groupby(found, key=lambda name: (name.entity, name.label)):
        yield f"{entity}  {label}"
        for name in names:
            period = " ".join(
                f"{word} {day}" for word, day in (("from", name.since), ("until", name.until)) if day
            )
            status = "" if name.status in ("", "held") else name.status
            about = ", ".join(filter(None, (name.language, name.kind, period, status)))
            sources = f": {', '.join(name.sources)}" if name.sources else ""
            yield f"    {name.form} ({about}){sources}"


def summary(release: Summary, place: layout.Layout) -> str:
    """What a release holds, how large its files are, and how long each step took."""
    warnings = number(len(release.verdict.warnings), "warning")
    edition = release.edition
    lines = [f"Filiation {edition.version}, {edition.date}: {place.relative(release.folder)}", ""]
    lines += [f"{count:>10,}  {name}" for name, count in release.counts.items()]
    lines += ["", f"no problem, {warnings} (`filiation validate --all` lists them)", ""]
    lines += [f"{size:>10,}  {name}" for name, size in release.sizes.items()]
    lines += ["", "seconds: " + ", ".join(f"{name} {took:.1f}" for name, took in release.seconds.items())]
    return "\n".join(lines)


def table(names: list[str], rows: list[list[str]]) -> str:
    """Rows under their names, IRIs of ours shortened, as wide as they need to be in a pipe."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    grid = Table(*names, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        grid.add_row(*(_short(value) for value in row))
    console = Console(width=None if sys.stdout.isatty() else 10_000, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(grid)
    text = "\n".join(line.rstrip() for line in capture.get().strip("\n").splitlines())
    return f"{text}\n{number(len(rows), 'row')}"


def _short(value: str) -> str:
    name = layout.curie(value)
    return value if name.startswith("<") else name

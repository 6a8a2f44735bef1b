"""What people read on the screen: tables, summaries, explanations, and problems as JSON.

Everything here gives back text; only the command line prints it.
"""

import json
import sys
from collections.abc import Iterator

from rdflib import Graph, URIRef

from filiation import infer, layout
from filiation.corpus import Corpus
from filiation.publish import Summary
from filiation.validate import Verdict


def number(count: int, noun: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def as_json(verdict: Verdict) -> str:
    """The problems (file, line, severity, message, rule) and the focus nodes of each shape."""
    problems = [
        {"file": str(p.file), "line": p.line, "severity": p.severity, "message": p.message, "rule": p.rule}
        for p in verdict.problems
    ]
    return json.dumps({"problems": problems, "coverage": verdict.coverage}, indent=2, ensure_ascii=False)


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


def summary(release: Summary, place: layout.Layout) -> str:
    """What a release holds, how large its files are, and how long each step took."""
    warnings = number(len(release.verdict.warnings), "warning")
    edition = release.edition
    lines = [f"Filiation {edition.version}, {edition.date}: {place.relative(release.folder)}", ""]
    lines += [f"{count:>10,}  {name}" for name, count in release.counts.items()]
    lines += ["", f"no problem, {warnings} (`filiation validate` lists them)", ""]
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

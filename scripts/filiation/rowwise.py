"""What `validate` would say of new nodes, before they are written, as findings about statements.

A line of a file that is not there yet helps nobody who typed a row; a statement leads back to its cell.
Only the new nodes and their neighbours are judged, and what was wrong before is not told.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

from rdflib import Graph
from rdflib.term import Node

from filiation import layout, shacl, trial, truth, turtle, validate
from filiation.corpus import Corpus
from filiation.findings import VIOLATION, Finding, Scope

#: So many nodes are judged by the shapes at a time: few enough to tell soon what is wrong.
_AT_ONCE = 5_000


def findings(
    corpus: Corpus,
    graphs: Mapping[PurePosixPath, Graph],
    new: set[Node],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Finding]:
    """What forbids to put these files in place of those of the corpus, or beside them. `progress` is
    told how many nodes are judged, and of how many."""
    if not graphs:
        return
    for path in graphs.keys() & corpus.graphs.keys():
        # To write a file anew loses its comments; who laid it out by the house rules has none.
        text = turtle.text_of(corpus.files[path])
        if text != turtle.house_format(corpus.graphs[path], layout.entity_iri(path)):
            advice = f"{path} is not in the house format: run `filiation format {path}` first"
            yield Finding(path, advice, "format")
    whole = trial.taken_in(corpus, graphs)
    near = {term for node in new for term in whole.graphs[whole.homes[node]].objects(node)}
    near = {term for term in near if term in whole.homes}
    known: set[tuple[str, str]] | None = None
    for finding in _found(whole, set(graphs), new | near, progress or (lambda done, total: None)):
        if finding.subject not in new and finding.value not in new:
            if known is None:
                files = set(graphs) & corpus.graphs.keys()
                before = _found(corpus, files, near - new, lambda done, total: None)
                known = {(old.rule, old.message) for old in before}
            if (finding.rule, finding.message) in known:
                continue
        yield finding


def _found(
    corpus: Corpus, files: set[PurePosixPath], nodes: set[Node], progress: Callable[[int, int], None]
) -> Iterator[Finding]:
    judged = validate.judged(corpus)
    met = shacl.focus_nodes(judged, corpus.shapes)
    scope = Scope(corpus, files, judged, met, nodes)
    for rule in validate.RULES:
        if rule not in (*truth.RULES, validate.unformatted, validate.misshapen):
            yield from (finding for finding in rule(scope) if finding.severity == VIOLATION)
    ordered = sorted(nodes, key=str)
    for done in range(0, len(ordered), _AT_ONCE):
        progress(done, len(ordered))
        part = Scope(corpus, files, judged, met, set(ordered[done : done + _AT_ONCE]))
        yield from (each for each in validate.misshapen(part) if each.severity == VIOLATION)

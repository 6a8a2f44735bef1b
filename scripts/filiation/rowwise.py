"""What `validate` would say of new nodes, before they are written, as findings about statements.

A line of a file that is not there yet helps nobody who typed a row; a statement leads back to its cell.
Only the new nodes and their neighbours are judged, and what was wrong before is not told.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from rdflib import Graph
from rdflib.term import Node

from filiation import layout, shacl, trial, truth, turtle, validate
from filiation.corpus import Corpus
from filiation.findings import VIOLATION, Finding, Scope


def findings(corpus: Corpus, graphs: Mapping[PurePosixPath, Graph], new: set[Node]) -> Iterator[Finding]:
    """What forbids to put these files in place of those of the corpus, or beside them."""
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
    for finding in _found(whole, set(graphs), new | near):
        if finding.subject not in new and finding.value not in new:
            if known is None:
                files = set(graphs) & corpus.graphs.keys()
                known = {(old.rule, old.message) for old in _found(corpus, files, near - new)}
            if (finding.rule, finding.message) in known:
                continue
        yield finding


def _found(corpus: Corpus, files: set[PurePosixPath], nodes: set[Node]) -> Iterator[Finding]:
    judged = validate.judged(corpus)
    scope = Scope(corpus, files, judged, shacl.focus_nodes(judged, corpus.shapes), nodes)
    for rule in validate.RULES:
        if rule in truth.RULES or rule is validate.unformatted:
            continue
        yield from (finding for finding in rule(scope) if finding.severity == VIOLATION)

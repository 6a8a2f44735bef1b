"""What `validate` would say of files before they are written.

They are judged where nobody looks, by every rule, together with all that is described already; so
what is begun, imported or proposed is right before it is there.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from rdflib import Graph

from filiation import layout, positions, turtle
from filiation.corpus import Corpus
from filiation.findings import VIOLATION, Problem
from filiation.validate import validate

#: Without an attestation nothing is accepted, but it may be begun.
_TO_ATTEST = "shape:Situation-attestation"


def taken_in(corpus: Corpus, graphs: Mapping[PurePosixPath, Graph]) -> Corpus:
    """A corpus with these files in place of its own; the one given stays as it is."""
    fresh = Corpus(corpus.layout, {**corpus.graphs, **graphs}, dict(corpus.files), list(corpus.unreadable))
    subjects = {subject: path for path, graph in graphs.items() for subject in graph.subjects()}
    # What a file of data/ cannot change need not be found anew.
    fresh.__dict__.update(vocabulary=corpus.vocabulary, ontology=corpus.ontology, shapes=corpus.shapes)
    fresh.__dict__["homes"] = {**subjects, **corpus.homes}
    return fresh


def judge(corpus: Corpus, graphs: Mapping[PurePosixPath, Graph]) -> tuple[list[Problem], list[Problem]]:
    """What forbids to write these files, and what is left to do: all that `validate` says of the new
    nodes, at their lines in the files as they will be. What was wrong before is not told."""
    faults = [problem for path in graphs for problem in _unformatted(corpus, path)]
    steps: list[Problem] = []
    fresh = taken_in(corpus, graphs)
    with tempfile.TemporaryDirectory() as folder:
        for path, graph in graphs.items():
            fresh.files[path] = Path(folder, path)
            fresh.files[path].parent.mkdir(parents=True, exist_ok=True)
            turtle.write(fresh.files[path], turtle.house_format(graph, layout.entity_iri(path)))
            try:
                # Only what is read back counts: a file that deceives or is no Turtle is refused here.
                fresh.graphs[path] = turtle.read(fresh.files[path])
            except turtle.Unreadable as bad:
                faults.append(Problem(path, bad.line, VIOLATION, bad.message, "unreadable"))
        if faults:
            return faults, steps
        found = validate(fresh, set(graphs)).problems
        lines = {path: _new_lines(corpus, graphs[path], path, fresh.files[path]) for path in graphs}
    before: set[tuple[str, str]] | None = None
    for problem in found:
        ours = problem.line in lines.get(problem.file, ())
        if problem.severity != VIOLATION or problem.rule == _TO_ATTEST:
            steps += [problem] if ours else []
            continue
        if not ours and before is None:
            known = set(graphs) & corpus.graphs.keys()
            before = {(old.rule, old.message) for old in validate(corpus, known).violations}
        if ours or (problem.rule, problem.message) not in (before or ()):
            faults.append(problem)
    return faults, steps


def _unformatted(corpus: Corpus, path: PurePosixPath) -> Iterator[Problem]:
    """Why a file cannot be added to: writing it anew would lose what is not a statement."""
    if path not in corpus.graphs:
        return
    house = turtle.house_format(corpus.graphs[path], layout.entity_iri(path))
    if turtle.text_of(corpus.files[path]) != house:
        message = f"{path} is not in the house format, and comments would be lost: `filiation format {path}`"
        yield Problem(path, 1, VIOLATION, message, "format")


def _new_lines(corpus: Corpus, graph: Graph, path: PurePosixPath, file: Path) -> set[int]:
    """The lines of the nodes that a file has not described so far, in its new text."""
    text = turtle.text_of(file)
    place, rows = positions.locate(text, layout.BASE), text.split("\n")
    lines: set[int] = set()
    for subject in set(graph.subjects()) - set(corpus.graphs.get(path, Graph()).subjects()):
        first = place.line(str(subject))
        lines.update(range(first, rows.index("", first) + 1))
    return lines

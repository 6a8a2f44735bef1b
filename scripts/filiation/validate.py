"""Find everything wrong with the dataset, and say how to mend it.

A rule is a function from the corpus to findings, listed in RULES; the shapes are one rule among
them. Rules never print, never stop at the first problem, and never see inferred facts: inference
would give a wrong value the very class that a shape asks for. What they do see beside the stated
facts is the date bounds, which are read off the literals and not inferred.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import PurePosixPath

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import dates, layout, positions, shacl, truth, turtle
from filiation.corpus import Corpus, union
from filiation.findings import VIOLATION, WARNING, Finding, Problem, Scope, Verdict


def unformatted(scope: Scope) -> Iterator[Finding]:
    """Files that are not in the house format."""
    for path in sorted(scope.files & scope.corpus.graphs.keys()):
        if layout.is_data(path) and turtle.has_blank_nodes(scope.corpus.graphs[path]):
            continue
        text = turtle.text_of(scope.corpus.files[path])
        if text != turtle.house_format(scope.corpus.graphs[path], layout.entity_iri(path)):
            message = f"not in the house format: run `filiation format {path}`"
            yield Finding(path, message, "format", severity=WARNING)


def misplaced(scope: Scope) -> Iterator[Finding]:
    """Files that do not describe the entity their path promises, and nodes in another's file."""
    for path, graph in scope.data.items():
        entity = layout.entity_iri(path)
        if entity is None:
            yield Finding(path, _right_place(graph), "misplaced")
            continue
        if (URIRef(entity), None, None) not in graph:
            message = f"describe {layout.curie(entity)} here, or rename the file after what it describes"
            yield Finding(path, message, "misplaced")
        for subject in sorted(set(graph.subjects()) - {URIRef(entity)}, key=str):
            yield from _stranger(scope.corpus, path, subject)


def _right_place(graph: Graph) -> str:
    for subject in sorted(set(graph.subjects()), key=str):
        parts = layout.split_iri(str(subject))
        for folder, prefix in layout.ENTITY_FOLDERS.items():
            if parts and parts[0] == prefix:
                return f"a file in the wrong place: move it to data/{folder}/{parts[1]}.ttl"
    folders = ", ".join(sorted(layout.ENTITY_FOLDERS))
    return f"a file in the wrong place: data files belong in one of the folders {folders} of data/"


def _stranger(corpus: Corpus, path: PurePosixPath, subject: Node) -> Iterator[Finding]:
    if isinstance(subject, BNode):
        message = "a blank node: give it an IRI, so that others can name it"
        yield Finding(path, message, "blank-node", subject)
        return
    parts = layout.split_iri(str(subject))
    if parts is None:
        message = f"{layout.curie(str(subject))} is not ours to describe: use one of our prefixes"
        yield Finding(path, message, "foreign", subject)
        return
    prefix, stem = parts
    if prefix in layout.SCHEMES:
        message = f"{layout.curie(str(subject))} is a concept: describe it in ontology/concepts/{prefix}.ttl"
        yield Finding(path, message, "misplaced", subject)
    elif prefix in layout.ENTITY_FOLDERS.values():
        folder = next(f for f, p in layout.ENTITY_FOLDERS.items() if p == prefix)
        message = f"move {prefix}:{stem} to data/{folder}/{stem}.ttl"
        yield Finding(path, message, "misplaced", subject)
    elif path.name != "dataset.ttl" and not _begins_with(stem, path.stem):
        message = (
            f"the stem of {prefix}:{stem} does not begin with {path.stem}: "
            f"call it {prefix}:{path.stem}-…, or move it to the file of what it is about"
        )
        yield Finding(path, message, "misplaced", subject)


def _begins_with(stem: str, entity: str) -> bool:
    return stem == entity or stem.startswith(entity + "-")


def unknown(scope: Scope) -> Iterator[Finding]:
    """Terms and concepts of ours that the ontology does not define."""
    terms = set(scope.corpus.vocabulary.subjects())
    names = {layout.curie(str(term)): term for term in terms if isinstance(term, URIRef)}
    concepts = tuple(layout.PREFIXES[scheme] for scheme in layout.SCHEMES)
    for path, graph in scope.data.items():
        for subject, predicate, value in sorted(graph):
            for term in (predicate, value):
                if not isinstance(term, URIRef) or term in terms:
                    continue
                if term.startswith(layout.ONTOLOGY) and term != URIRef(layout.ONTOLOGY):
                    word = "a term of the ontology"
                elif str(term).startswith(concepts):
                    word = "a concept of ours"
                else:
                    continue
                name = layout.curie(str(term))
                message = f"`{name}` is not {word}{turtle.did_you_mean(name, names)}"
                yield Finding(path, message, "unknown-term", subject, predicate, value)


def undescribed(scope: Scope) -> Iterator[Finding]:
    """IRIs of ours that are used and nowhere described."""
    homes = scope.corpus.homes
    names = {layout.curie(str(node)) for node in homes if isinstance(node, URIRef)}
    schemes = tuple(layout.PREFIXES[scheme] for scheme in layout.SCHEMES)
    for path, graph in scope.data.items():
        for subject, predicate, value in sorted(graph):
            if not isinstance(value, URIRef) or value in homes or str(value).startswith(schemes):
                continue
            if layout.split_iri(str(value)) is None:
                continue
            name = layout.curie(str(value))
            near = turtle.did_you_mean(name, names) or ": describe it, or mend the name"
            yield Finding(
                path, f"`{name}` is nowhere described{near}", "undescribed", subject, predicate, value
            )


def repeated(scope: Scope) -> Iterator[Finding]:
    """Nodes that are described in two files."""
    homes = scope.corpus.homes
    for path, graph in scope.data.items():
        for subject in sorted(set(graph.subjects()), key=str):
            if homes[subject] != path and not isinstance(subject, BNode):
                name = layout.curie(str(subject))
                message = f"{name} is described in {homes[subject]} already: say it there"
                yield Finding(path, message, "repeated", subject)


def unjudged(scope: Scope) -> Iterator[Finding]:
    """Nodes that no shape looks at, so that nothing is known of them to be right."""
    looked_at = set().union(*scope.met.values())
    for path, graph in scope.data.items():
        for subject in sorted(set(graph.subjects()) - looked_at, key=str):
            if path.name != "dataset.ttl" and layout.split_iri(str(subject)):
                name = layout.curie(str(subject))
                message = f"no rule knows what {name} is: say `a fil:Group`, `a fil:Split` or another class"
                yield Finding(path, message, "unjudged", subject)


def misshapen(scope: Scope) -> Iterator[Finding]:
    """What the shapes find, and dates that fit their pattern but not the calendar."""
    corpus = scope.corpus
    everything = scope.files >= corpus.graphs.keys()
    results = shacl.validate(scope.judged, corpus.shapes, None if everything else _focus(scope))
    told = set()
    for result in results:
        told.add((result.focus, result.value))
        finding = _located(corpus, result)
        if finding.file in scope.files:
            yield finding
    for path, graph in scope.data.items():
        for predicate in dates.DATE_PROPERTIES:
            for subject, value in sorted(graph.subject_objects(predicate)):
                advice = _date_advice(value)
                if advice and (subject, value) not in told:
                    yield Finding(path, advice, "date", subject, predicate, value)


def judged(corpus: Corpus) -> Graph:
    """The graph that the shapes see: what is stated, our vocabulary, and the date bounds."""
    whole = union([*corpus.data.values(), corpus.vocabulary])
    for triple in list(dates.bounds_of_graph(whole)):
        whole.add(triple)
    return whole


def _focus(scope: Scope) -> set[URIRef]:
    """The nodes that these files describe, and those of ours that they speak of."""
    graphs = [graph for path, graph in scope.corpus.graphs.items() if path in scope.files]
    nodes = {node for graph in graphs for s, _, o in graph for node in (s, o)}
    return {node for node in nodes if isinstance(node, URIRef) and node in scope.corpus.homes}


def _located(corpus: Corpus, result: shacl.Result) -> Finding:
    """A result as a finding in the file of the offending node, or else of the focus node."""
    home = corpus.homes.get(result.focus) or PurePosixPath("data")
    subject, predicate, value = result.focus, result.path, result.value
    stated = corpus.graphs.get(home, Graph())
    if value is not None and not isinstance(predicate, URIRef):
        # The path of the shape is no single property: which one leads to the value?
        predicate = next(iter(sorted(stated.predicates(subject, value), key=str)), None)
        if predicate is None and value != subject and value in corpus.homes:
            home, subject, value = corpus.homes[value], value, None
    message = _date_advice(value) if predicate in dates.DATE_PROPERTIES else None
    return Finding(
        home,
        message or result.message,
        layout.curie(str(result.shape)),
        subject,
        predicate if isinstance(predicate, URIRef) else None,
        value,
        WARNING if result.severity in ("warning", "info") else VIOLATION,
    )


def _date_advice(value: Node | None) -> str | None:
    if not isinstance(value, Literal):
        return None
    try:
        dates.parse(str(value))
    except dates.NotADate as problem:
        return str(problem)
    return None


RULES: list[Callable[[Scope], Iterator[Finding]]] = [
    misplaced,
    unknown,
    undescribed,
    repeated,
    unjudged,
    misshapen,
    unformatted,
    *truth.RULES,
]


class NoShapes(Exception):
    """There are no shapes to judge by, so that nothing can be called valid."""


def validate(corpus: Corpus, files: set[PurePosixPath] | None = None) -> Verdict:
    """Every problem that every rule finds, file by file; of these files only, if any are named.
    Raises NoShapes."""
    if not shacl.rules(corpus.shapes):
        raise NoShapes("shapes/ holds no shape: nothing can be judged without rules")
    whole = judged(corpus)
    met = shacl.focus_nodes(whole, corpus.shapes)
    scope = Scope(corpus, set(corpus.files) if files is None else files, whole, met)
    problems = [_unreadable(corpus, problem) for problem in corpus.unreadable]
    problems = [problem for problem in problems if problem.file in scope.files]
    line = _line_finder(corpus)
    for rule in RULES:
        for finding in rule(scope):
            problems.append(
                Problem(finding.file, line(finding), finding.severity, finding.message, finding.rule)
            )
    graphs = [graph for path, graph in corpus.graphs.items() if path in scope.files]
    return Verdict(
        sorted(set(problems)),
        len(scope.files),
        sum(map(len, graphs)),
        {layout.curie(str(shape)): len(nodes) for shape, nodes in met.items()},
    )


def _unreadable(corpus: Corpus, problem: turtle.Unreadable) -> Problem:
    path = corpus.layout.relative(problem.file)
    return Problem(path, problem.line, VIOLATION, problem.message, "unreadable")


def _line_finder(corpus: Corpus) -> Callable[[Finding], int]:
    """Lines of findings; a file is walked only when something is found in it."""

    @cache
    def located(path: PurePosixPath) -> positions.Positions:
        return positions.locate(turtle.text_of(corpus.files[path]), layout.BASE)

    def line(finding: Finding) -> int:
        if finding.subject is None or finding.file not in corpus.graphs:
            return 1
        predicate = None if finding.predicate is None else str(finding.predicate)
        value = None if finding.value is None else str(finding.value)
        return located(finding.file).line(str(finding.subject), predicate, value)

    return line

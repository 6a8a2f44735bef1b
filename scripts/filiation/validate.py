"""Find everything wrong with the dataset, and say how to mend it.

A rule is a function from the corpus to findings, listed in RULES; the shapes are one rule among
them. Rules never print, never stop at the first problem, and never see inferred facts: inference
would give a wrong value the very class that a shape asks for. What they do see beside the stated
facts is the date bounds, which are read off the literals and not inferred.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from rdflib import RDF, SKOS, BNode, Graph, URIRef
from rdflib.term import Node

from filiation import (
    dates,
    deception,
    layout,
    parties,
    reserved,
    retired,
    shacl,
    suggest,
    truth,
    turtle,
    view,
    whereabouts,
)
from filiation.corpus import Corpus, union
from filiation.faults import Fault
from filiation.findings import WARNING, Finding, Scope, Verdict

FIL = dates.FIL
LITERAL_FORM = URIRef(layout.PREFIXES["skosxl"] + "literalForm")


def unformatted(scope: Scope) -> Iterator[Finding]:
    """Files that are not in the house format."""
    for path in sorted(scope.files & scope.corpus.graphs.keys()):
        if layout.is_data(path) and turtle.has_blank_nodes(scope.corpus.graphs[path]):
            continue
        text = turtle.text_of(scope.corpus.files[path])
        wanted = turtle.house_format(scope.corpus.graphs[path], layout.entity_iri(path))
        if text != wanted:
            message = f"not in the house format: run `filiation format {path}`"
            place = whereabouts.first_difference(text, wanted)
            yield Finding(path, message, "format", severity=WARNING, place=place)


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
    """Terms and concepts that the ontology, or the vocabulary of another that it rests on, does not
    define."""
    vocabulary = scope.corpus.vocabulary
    terms = set(vocabulary.subjects())
    named = {layout.curie(str(term)): term for term in terms if isinstance(term, URIRef)}
    verbs = {name for name in named if name.startswith("fil:") and name[4:5].islower()}
    labels = [(str(o), layout.curie(str(s))) for s, o in vocabulary.subject_objects(SKOS.prefLabel)]
    properties, others = suggest.Known(verbs), suggest.Known(named.keys() - verbs, labels)
    concepts = tuple(layout.PREFIXES[scheme] for scheme in layout.SCHEMES)
    for path, graph in scope.data.items():
        for subject, predicate, value in sorted(graph):
            for term in (predicate, value):
                if not isinstance(term, URIRef) or term in terms:
                    continue
                known = properties if term == predicate else others
                if term.startswith(layout.ONTOLOGY) and term != URIRef(layout.ONTOLOGY):
                    word = "a term of the ontology"
                elif str(term).startswith(concepts):
                    word = "a concept of ours"
                elif term == predicate and suggest.missing_elsewhere(term):
                    word, known = "a term of that vocabulary", suggest.vocabulary_of(term)
                else:
                    continue
                yield _unknown(path, known, word, (subject, predicate, value), term)


def _unknown(
    path: PurePosixPath, known: suggest.Known, word: str, triple: tuple[Node, Node, Node], term: URIRef
) -> Finding:
    name = layout.curie(str(term))
    near = known.nearest(name)
    message = f"`{name}` is not {word}" + (f": did you mean `{near}`?" if near else "")
    subject, predicate, value = triple
    told = None if term == predicate else value
    return Finding(path, message, "unknown-term", subject, predicate, told, instead=_node(near))


def _node(name: str | None) -> URIRef | None:
    """The node that people call by this name."""
    if name is None:
        return None
    prefix, _, local = name.partition(":")
    return URIRef(layout.PREFIXES[prefix] + local)


def undescribed(scope: Scope) -> Iterator[Finding]:
    """IRIs of ours that are used and nowhere described."""
    homes = scope.corpus.homes
    schemes = tuple(layout.PREFIXES[scheme] for scheme in layout.SCHEMES)
    known: suggest.Known | None = None
    for path, graph in scope.data.items():
        for subject, predicate, value in sorted(graph):
            if not isinstance(value, URIRef) or value in homes or str(value).startswith(schemes):
                continue
            if layout.split_iri(str(value)) is None:
                continue
            known = known or _in_use(scope.corpus)
            name = layout.curie(str(value))
            near = known.nearest(name)
            advice = f"did you mean `{near}`?" if near else "describe it, or mend the name"
            message = f"`{name}` is nowhere described: {advice}"
            instead = _node(near)
            yield Finding(path, message, "undescribed", subject, predicate, value, instead=instead)


def _in_use(corpus: Corpus) -> suggest.Known:
    """Everything that is described, and the names that it bears."""
    labels = [(label, entity) for entity, label in corpus.stated.subject_objects(SKOS.prefLabel)]
    for naming, entity in corpus.stated.subject_objects(FIL.names):
        labels += [(form, entity) for form in corpus.stated.objects(naming, LITERAL_FORM)]
    described = (layout.curie(str(node)) for node in corpus.homes if isinstance(node, URIRef))
    return suggest.Known(described, ((str(label), layout.curie(str(entity))) for label, entity in labels))


def repeated(scope: Scope) -> Iterator[Finding]:
    """Nodes that are described in two files."""
    homes = scope.corpus.homes
    for path, graph in scope.data.items():
        for subject in sorted(set(graph.subjects()), key=str):
            if homes[subject] != path and not isinstance(subject, BNode):
                name = layout.curie(str(subject))
                message = f"{name} is described in {homes[subject]} already: say it there"
                yield Finding(path, message, "repeated", subject)


def named_twice(scope: Scope) -> Iterator[Finding]:
    """Namings that say again, of the same bearer, what an earlier one in the file says."""
    alike = (RDF.type, FIL.names, FIL.kind, LITERAL_FORM, *dates.DATE_PROPERTIES)
    for path, graph in scope.data.items():
        first: dict[object, Node] = {}
        for naming in sorted(graph.subjects(RDF.type, FIL.Naming), key=str):
            said = tuple(frozenset(graph.objects(naming, predicate)) for predicate in alike)
            other = first.setdefault(said, naming)
            if other != naming:
                name, held = layout.curie(str(naming)), layout.curie(str(other))
                advice = f"remove it, and let its attestations say fil:attests {held}"
                message = f"{name} gives the same name as {held}: {advice}"
                yield Finding(path, message, "named-twice", naming, LITERAL_FORM)


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
    # Whether a shape can be applied at all is seen when it is applied to all.
    whole = everything or any(path.parts[0] == "shapes" for path in scope.files)
    focus = scope.nodes if scope.nodes is not None else None if whole else _focus(scope)
    report = shacl.report(scope.judged, corpus.shapes, focus, scope.met)
    found = {result: whereabouts.located(corpus, result) for result in shacl.results(report)}
    told = {(result.focus, result.value) for result in found}
    if not everything and scope.nodes is None:
        found = {result: finding for result, finding in found.items() if finding.file in scope.files}
        report = shacl.only(report, found.__contains__)
    scope.report = report
    yield from found.values()
    for path, graph in scope.data.items():
        for predicate in dates.DATE_PROPERTIES:
            for subject, value in sorted(graph.subject_objects(predicate)):
                if scope.nodes is not None and subject not in scope.nodes:
                    continue
                advice = whereabouts.date_advice(value)
                if advice and (subject, value) not in told:
                    meant = whereabouts.date_meant(value)
                    yield Finding(path, advice, "date", subject, predicate, value, instead=meant)


def judged(corpus: Corpus, copied: bool = True) -> Graph:
    """The graph that the shapes see: what is stated, our vocabulary, and the date bounds. Not copied, it
    is only read, and so is `corpus.stated` from then on: there is less to do for a few nodes."""
    if not copied:
        corpus.stated = view.view(corpus.data.values())
        follow = dates.bounds_of_graph, dates.DATE_PROPERTIES
        if any(type(node) is BNode for node in view.nodes(corpus.stated)):
            return view.view([*corpus.named, corpus.vocabulary], *follow)
        return view.view([corpus.vocabulary], *follow, beside=corpus.stated)
    whole = union([*corpus.named, corpus.vocabulary])
    for triple in list(dates.bounds_of_graph(whole)):
        whole.add(triple)
    return whole


def _focus(scope: Scope) -> set[Node]:
    """The nodes that these files describe, and those that they speak of: what nobody describes, such as an
    address elsewhere, is told where it is spoken of."""
    graphs = [graph for path, graph in scope.corpus.graphs.items() if path in scope.files]
    return {node for graph in graphs for s, _, o in graph for node in (s, o)}


Rule = Callable[[Scope], Iterator[Finding]]

RULES: list[Rule] = [
    misplaced,
    unknown,
    undescribed,
    repeated,
    named_twice,
    unjudged,
    misshapen,
    unformatted,
    *parties.RULES,
    *truth.RULES,
    *deception.RULES,
    *reserved.RULES,
    *retired.RULES,
]


class NoShapes(Fault):
    """There are no shapes to judge by, so that nothing can be called valid."""


@dataclass(frozen=True)
class Part:
    """What is judged after a change: these nodes, in this graph with the focus nodes of each shape, and
    what of each rule counts."""

    judged: Graph
    met: dict[URIRef, set[Node]]
    nodes: set[Node]
    found: Callable[[Rule, Scope], Iterator[Finding]]


def validate(corpus: Corpus, files: set[PurePosixPath] | None = None, part: Part | None = None) -> Verdict:
    """Every problem that every rule finds, file by file; of these files only, if any are named, and of
    a part of them, if one is given. Raises NoShapes."""
    if not shacl.rules(corpus.shapes):
        raise NoShapes("shapes/ holds no shape: nothing can be judged without rules")
    whole = part.judged if part else judged(corpus, copied=files is None)
    met = part.met if part else shacl.focus_nodes(whole, corpus.shapes)
    asked = set(corpus.files) if files is None else files
    scope = Scope(corpus, asked, whole, met, part.nodes if part else None)
    places = whereabouts.Places(corpus)
    problems = [places.unreadable(problem) for problem in corpus.unreadable]
    problems = [problem for problem in problems if problem.file in scope.files]
    for rule in RULES:
        problems += map(places.problem, part.found(rule, scope) if part else rule(scope))
    graphs = [graph for path, graph in corpus.graphs.items() if path in scope.files]
    return Verdict(
        sorted(set(problems)),
        len(scope.files),
        sum(map(len, graphs)),
        {layout.curie(str(shape)): len(nodes) for shape, nodes in met.items()},
        scope.report,
    )

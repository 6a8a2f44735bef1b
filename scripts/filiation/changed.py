"""Judge again what a change touches, and what depends on it.

What a file says now is compared with what it said at a revision. From the statements that came or
went, the paths of the shapes (`reach`) and those of the rules that weigh several files lead back to
the nodes whose verdict may differ. These and all nodes of the changed files are judged by every shape
and every rule, on the whole graph. Where the ontology, the shapes or the classes changed, all are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.term import Node

from filiation import (
    dates,
    deception,
    history,
    layout,
    parties,
    reach,
    reserved,
    retired,
    shacl,
    truth,
    turtle,
    validate,
)
from filiation.automaton import HOME, Automaton, Statement
from filiation.corpus import Corpus
from filiation.findings import Finding, Scope, Verdict
from filiation.truth import ADMS, FIL

#: Rules that look at a file by itself, beside the ontology: only those that changed need them.
BY_FILE = (
    *(validate.misplaced, validate.unknown, validate.named_twice, validate.unformatted),
    *(*parties.RULES, deception.disguised, reserved.ruled_out, reserved.overpowered),
)
#: Rules whose findings are each about a node, and depend on what `affected` leads back from.
BY_NODE = (
    *(validate.undescribed, validate.repeated, validate.unjudged, validate.misshapen),
    *(*truth.RULES, *retired.RULES, deception.lookalike),
)
#: Rules that look at what no Turtle file says.
ALWAYS = (reserved.stray,)
#: A new class below another makes every value of it fit, or not.
CLASSES = (RDFS.subClassOf,)
#: What makes a stub of a node, and names what stands in its place.
RETIRING = (OWL.deprecated, DCTERMS.isReplacedBy)
#: The bounds that are read off the dates of a node.
BOUNDS = tuple(
    dates.SEM[f"has{which}{end}TimeStamp"] for which in ("Earliest", "Latest") for end in ("Begin", "End")
)
#: By which two groups or persons may come to have a number or a match in common, or be told apart.
SHARING = {
    *(ADMS.identifier, DCTERMS.creator, SKOS.notation, SKOS.exactMatch, SKOS.closeMatch),
    *(FIL.identified, FIL.identifiedWith, FIL.names, OWL.deprecated),
}


@dataclass(frozen=True)
class Change:
    """The files that differ, the statements in which they do, the nodes that they describe or did,
    and those of them that are described now and were not, or were and are not."""

    files: frozenset[PurePosixPath]
    statements: frozenset[Statement]
    nodes: frozenset[Node]
    come_or_gone: frozenset[Node]

    @property
    def is_of_rules(self) -> bool:
        """Whether it bears on what everything is judged by."""
        return (
            any(path.suffix == ".ttl" and not layout.is_data(path) for path in self.files)
            or any(predicate in CLASSES for _, predicate, _ in self.statements)
            or any(node.startswith(layout.ONTOLOGY) for node in self.nodes if isinstance(node, URIRef))
        )


def since(corpus: Corpus, rev: str) -> Change:
    """What changed between where the work tree parted from a revision and what is read now. Raises
    history.NoSuchRevision, history.NotVersioned."""
    root = corpus.layout.root
    base = history.base_of(root, rev)
    files = history.changed_files(root, base)
    return between(corpus, history.files_at(root, base, files), files)


def between(corpus: Corpus, before: Mapping[PurePosixPath, bytes], files: Iterable[PurePosixPath]) -> Change:
    """What changed in these files, given what they held before; those not among them are new."""
    statements: set[Statement] = set()
    described_before, described, spoken_of = set[Node](), set[Node](), set[Node]()
    for path in files:
        then, now = _graph_of(corpus, path, before.get(path)), corpus.graphs.get(path, Graph())
        statements |= set(then) ^ set(now)
        described_before.update(then.subjects())
        described.update(now.subjects())
        spoken_of |= {*then.objects(), *now.objects()}
    dated = {subject for subject, predicate, _ in statements if predicate in dates.DATE_PROPERTIES}
    statements |= {(subject, bound, None) for subject in dated for bound in BOUNDS}
    # What is nowhere described is told where it is spoken of.
    nodes = described | described_before | (spoken_of - corpus.homes.keys())
    come_or_gone = described ^ described_before
    return Change(frozenset(files), frozenset(statements), frozenset(nodes), frozenset(come_or_gone))


def _graph_of(corpus: Corpus, path: PurePosixPath, content: bytes | None) -> Graph:
    """What a file said; nothing where it was not there or could not be read."""
    if content is None:
        return Graph()
    file = corpus.layout.root / path
    try:
        return turtle.parse(turtle.decoded(content, file), file)
    except turtle.Unreadable:
        return Graph()


def judge(corpus: Corpus, change: Change) -> Verdict:
    """The problems of the nodes that a change touches and of those that depend on it: of these, all
    that a run over everything finds. Raises validate.NoShapes."""
    if change.is_of_rules or not set(validate.RULES) <= {*BY_FILE, *BY_NODE, *ALWAYS}:
        return validate.validate(corpus)
    whole = validate.judged(corpus, copied=False)
    met = shacl.focus_nodes(whole, corpus.shapes)
    nodes = affected(corpus, whole, change, met)
    files = set(change.files) & corpus.files.keys()
    files |= {path for node in nodes for path in corpus.describing.get(node, ()) if path in corpus.data}

    def found(rule: validate.Rule, scope: Scope) -> Iterator[Finding]:
        if rule in BY_FILE:
            return rule(replace(scope, files=scope.files & change.files))
        if rule in ALWAYS:
            return rule(replace(scope, files=set(corpus.files)))
        if rule is validate.misshapen:
            return rule(scope)
        return (finding for finding in rule(scope) if finding.subject in nodes)

    return validate.validate(corpus, files, validate.Part(whole, met, nodes, found))


def affected(corpus: Corpus, whole: Graph, change: Change, met: Mapping[URIRef, set[Node]]) -> set[Node]:
    """The nodes to judge again; `whole` is what the shapes see, and `met` their focus nodes in it."""
    described = {(node, HOME, node) for node in change.nodes}
    nodes = reach.depending(whole, corpus.shapes, change.statements | described, met)
    nodes |= _weighed().starts(corpus.stated, change.statements)
    nodes |= {node for one in change.come_or_gone for node in corpus.stated.subjects(None, one)}
    if change.come_or_gone:
        everything = Scope(corpus, set(corpus.files), whole, {})
        nodes |= {finding.subject for finding in deception.lookalike(everything) if finding.subject}
    nodes |= _spoken_of(corpus, change) | _sharing(corpus.stated, change) | _loose(corpus)
    nodes |= _leading_to_retired(corpus.stated, change)
    return nodes | change.nodes | _described_twice(corpus)


def _weighed() -> Automaton:
    """What `truth.unaffirmed` looks at from a situation: its values, those of its attestations, and
    what a place lies in."""
    automaton = Automaton()
    attestation = automaton.go(0, FIL.attests, against=True)
    for value in (automaton.go(0, None), automaton.go(attestation, None)):
        automaton.repeat(value, DCTERMS.isPartOf)
    return automaton


def _spoken_of(corpus: Corpus, change: Change) -> set[Node]:
    """The nodes that came to be, or ceased to be, spoken of: sources (`truth.unused`), and what is a
    target of a shape by that (`validate.unjudged`)."""
    by_that = set(corpus.shapes.objects(None, SH.targetObjectsOf))
    sources = set(corpus.stated.subjects(RDF.type, FIL.Source))
    return {
        value
        for _, predicate, value in change.statements
        if value is not None and (predicate in by_that or value in sources)
    }


def _leading_to_retired(stated: Graph, change: Change) -> set[Node]:
    """Who speaks of what was retired, or is no longer, or has another successor (`retired.referred_to`)."""
    whose = {node for node, predicate, _ in change.statements if predicate in RETIRING}
    # A successor that is retired itself is no advice.
    whose |= {old for node in whose for old in stated.subjects(DCTERMS.isReplacedBy, node)}
    return {subject for node in whose for subject in stated.subjects(None, node)}


def _sharing(stated: Graph, change: Change) -> set[Node]:
    """All that have a number or a match in common with another (`truth.shared`), if that may have
    changed for any."""
    if not any(predicate in SHARING for _, predicate, _ in change.statements):
        return set()
    return {
        entity
        for bearers in truth.numbers(stated).values()
        if len({bearer for bearer, *_ in bearers}) > 1
        for entity, *_ in bearers
    }


def _loose(corpus: Corpus) -> set[Node]:
    """Who speaks of what is nowhere described: which name comes near to it depends on every other."""
    values = {value for graph in corpus.data.values() for _, _, value in graph}
    ours = (value for value in values - corpus.homes.keys() if isinstance(value, URIRef))
    return {
        node
        for value in ours
        if value.startswith(layout.BASE)
        for node in corpus.stated.subjects(None, value)
    }


def _described_twice(corpus: Corpus) -> set[Node]:
    """Nodes that two files describe: what is told of them may be told of either."""
    return {
        node
        for node, paths in corpus.describing.items()
        if len(paths) > 1 and any(path in corpus.data for path in paths[1:])
    }

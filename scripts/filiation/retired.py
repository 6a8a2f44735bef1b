"""What is retired: it keeps its IRI as a stub, has no class any more, and nothing may refer to it.

Others have written our IRIs down, so that none is taken away. A stub says that it is deprecated
(owl:deprecated), why (skos:changeNote), what stands in its place (dcterms:isReplacedBy) and what it was
called. It is of no class: whoever asks for the groups does not count what is none any more.
"""

from collections.abc import Iterable, Iterator

from rdflib import DCTERMS, OWL, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import layout
from filiation.findings import Finding, Scope

#: What a stub keeps of what was said. Of a person not even the name: see .github/CORRECTIONS.md.
_KEPT = (SKOS.prefLabel,)
_NAMELESS = layout.PREFIXES["person"]

TRUE = Literal(True)


def stub(graph: Graph, node: URIRef, why: Literal, successors: Iterable[URIRef] = ()) -> Graph:
    """The statements of a graph with a stub in place of what it says of a node."""
    fresh = Graph(bind_namespaces="none")
    for triple in graph:
        if triple[0] != node or (triple[1] in _KEPT and not node.startswith(_NAMELESS)):
            fresh.add(triple)
    fresh.add((node, OWL.deprecated, TRUE))
    fresh.add((node, SKOS.changeNote, why))
    for successor in successors:
        fresh.add((node, DCTERMS.isReplacedBy, successor))
    return fresh


def is_retired(graph: Graph, node: Node) -> bool:
    """Whether a graph says so of a node."""
    return (node, OWL.deprecated, TRUE) in graph


def referred_to(scope: Scope) -> Iterator[Finding]:
    """References to what is retired, with what stands in its place."""
    stated, vocabulary = scope.corpus.stated, scope.corpus.vocabulary
    gone = {node for graph in (stated, vocabulary) for node in graph.subjects(OWL.deprecated, TRUE)}
    if not gone:
        return
    for path, graph in scope.data.items():
        for subject, predicate, value in sorted(graph):
            told = {predicate, value} & gone
            # That one stub leads to another is told by the shape of stubs.
            if not told or predicate == DCTERMS.isReplacedBy:
                continue
            for term in sorted(told, key=str):
                home = stated if (term, OWL.deprecated, TRUE) in stated else vocabulary
                instead = [
                    s for s in sorted(home.objects(term, DCTERMS.isReplacedBy), key=str) if s not in gone
                ]
                names = " or ".join(f"`{layout.curie(str(other))}`" for other in instead)
                advice = f"write {names} instead" if names else "take the statement away, or retire it, too"
                message = f"`{layout.curie(str(term))}` is retired: {advice}"
                mend = instead[0] if len(instead) == 1 else None
                said = None if term == predicate else value
                yield Finding(path, message, "retired", subject, predicate, said, instead=mend)


RULES = [referred_to]

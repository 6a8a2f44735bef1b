"""The direct relations between entities that the build infers, without the rest of the closure.

Most of the closure repeats classes, roles and other vocabularies. Who compares two states wants the
dozen relations of our own (`fil:splitFrom`, `fil:ledBy`), so only the axioms that lead to them are
given to the engine, and only the facts that these axioms speak of.
"""

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from filiation import infer
from filiation.layout import ENTITY_FOLDERS, ONTOLOGY, split_iri

#: Incidents and sources are told as situations and by their attestations.
_ENTITIES = frozenset(ENTITY_FOLDERS.values()) - {"incident", "source"}


def relations(facts: Graph, ontology: Graph) -> set[tuple[URIRef, URIRef, URIRef]]:
    """What follows from the held situations between groups, people, organizations and places, in
    properties of ours; each pair of a symmetric relation once. Raises infer.Inconsistent."""
    axioms = _leading_to_relations(ontology)
    spoken_of = set(axioms.subjects())
    held = infer.held_only(
        Graph().__iadd__(t for t in facts if t[1] in spoken_of or t[1] == infer.FIL.status)
    )
    found = set()
    for subject, predicate, value in infer.closure(held, axioms):
        if str(predicate).startswith(ONTOLOGY) and _is_entity(subject) and _is_entity(value):
            symmetric = (predicate, RDF.type, OWL.SymmetricProperty) in axioms
            one, other = sorted((str(subject), str(value))) if symmetric else (str(subject), str(value))
            found.add((URIRef(one), URIRef(str(predicate)), URIRef(other)))
    return found


def _leading_to_relations(ontology: Graph) -> Graph:
    """The axioms about the relations that are chains, and about the properties that they rest on."""
    axioms = infer.axioms_of(ontology)
    waiting: list[Node] = [p for p in axioms.subjects(OWL.propertyChainAxiom) if str(p).startswith(ONTOLOGY)]
    kept = Graph()
    seen: set[Node] = set()
    while waiting:
        link = waiting.pop()
        if link in seen:
            continue
        seen.add(link)
        for predicate, value in axioms.predicate_objects(link):
            if predicate in (RDFS.domain, RDFS.range):
                continue
            kept.add((link, predicate, value))
            if predicate == OWL.propertyChainAxiom:
                kept += axioms.cbd(value)
                waiting.extend(Collection(axioms, value))
            elif predicate == OWL.inverseOf:
                waiting.append(value)
        waiting.extend(axioms.subjects(RDFS.subPropertyOf, link))
        waiting.extend(axioms.subjects(OWL.inverseOf, link))
    return kept


def _is_entity(node: Node) -> bool:
    parts = split_iri(str(node))
    return parts is not None and parts[0] in _ENTITIES

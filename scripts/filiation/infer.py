"""What the build adds to the stated facts: the OWL 2 RL closure, and why each triple is in it.

Only held situations take part, so that nothing disputed becomes a direct relation. owlrl is the
reference engine and is met here alone. It is given only what its rules can use: annotations and
literals that no axiom speaks of would cost seconds and add nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from filiation import claims, dates
from filiation.corpus import Corpus, union
from filiation.faults import FaultInData
from filiation.layout import BASE, ONTOLOGY

FIL = Namespace(ONTOLOGY)
HELD = URIRef(BASE + "status/held")
AXIOM_PREDICATES = (
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    RDFS.domain,
    RDFS.range,
    OWL.inverseOf,
    OWL.propertyChainAxiom,
    OWL.disjointWith,
)
AXIOM_TYPES = (OWL.TransitiveProperty, OWL.SymmetricProperty)
_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")

Triple = tuple[Node, Node, Node]


class Inconsistent(FaultInData):
    """The stated facts contradict the ontology; the message says how."""


@dataclass(frozen=True)
class Reason:
    """One axiom, as a triple of the ontology, and the triples it was applied to."""

    axiom: Triple
    premises: tuple[Triple, ...]


def infer(corpus: Corpus) -> Graph:
    """What the axioms add about our own IRIs, what each source says in full, and the bounds of every
    dated node, without what is stated already. Raises Inconsistent."""
    known = corpus.stated
    added = closure(held_only(known), corpus.ontology)
    return (added + in_full(known)) - known - corpus.ontology


def in_full(facts: Graph) -> Graph:
    """The facts with what each source says in full, and with the bounds of every dated node."""
    whole = union([facts, Graph().__iadd__(claims.claims(facts))])
    for triple in dates.bounds_of_graph(whole):
        whole.add(triple)
    return whole


def held_only(facts: Graph) -> Graph:
    """The same facts without the situations that are disputed or rejected."""
    status = FIL.status
    left_out = {s for s, o in facts.subject_objects(status) if o != HELD}
    return Graph().__iadd__(t for t in facts if t[0] not in left_out)


def closure(facts: Graph, ontology: Graph) -> Graph:
    """What follows from the facts by the axioms (OWL 2 RL/RDF rules), about IRIs of ours and
    without the facts themselves. Raises Inconsistent."""
    from owlrl import DeductiveClosure, OWLRL_Semantics

    class Rules(OWLRL_Semantics):  # type: ignore[misc]  # owlrl is untyped
        """Without the rule that everything is the same as itself (eq-ref), which nobody asks for:
        half of its work is to say that of every node, property and class, over and over."""

        def _equality(self, triple: Triple, cycle_num: int) -> None:
            if triple[1] == OWL.sameAs:
                super()._equality(triple, cycle_num)

    axioms = axioms_of(ontology)
    # The plainest store of rdflib: owlrl goes through all triples again and again.
    whole = Graph(store="SimpleMemory", bind_namespaces="none")
    whole += axioms
    whole += _logical(facts, axioms, _types((facts, ontology), axioms))
    DeductiveClosure(Rules).expand(whole)
    for error in sorted(whole.objects(None, _ERROR), key=str):
        raise Inconsistent(str(error))
    terms = set(axioms.subjects())
    return Graph().__iadd__(
        triple for triple in whole if triple not in facts and _worth_telling(triple, terms)
    )


def axioms_of(ontology: Graph) -> Graph:
    """The triples of an ontology that a rule can use."""
    axioms = Graph()
    for triple in ontology:
        _, predicate, value = triple
        if (
            predicate in AXIOM_PREDICATES
            or predicate in (RDF.first, RDF.rest)
            or (predicate == RDF.type and str(value).startswith(str(OWL)))
        ):
            axioms.add(triple)
    return axioms


def _logical(facts: Graph, axioms: Graph, typed: set[tuple[Node, Node]]) -> Graph:
    """The facts that some axiom speaks of, without those of which the axioms say no more than which
    class their two nodes have, and they have it: those are most of all facts, and add nothing."""
    spoken_of = set(axioms.subjects()) | {RDF.type}
    silent = {p for p in spoken_of if _says_only_the_classes(p, axioms)}
    return Graph().__iadd__(
        (s, p, o)
        for s, p, o in facts
        if p in spoken_of
        and not (
            p in silent
            and all((s, kind) in typed for kind in axioms.objects(p, RDFS.domain))
            and (isinstance(o, Literal) or all((o, kind) in typed for kind in axioms.objects(p, RDFS.range)))
        )
    )


def _says_only_the_classes(link: Node, axioms: Graph) -> bool:
    """Whether a property has axioms about its domain and range alone."""
    return (
        link != RDF.type
        and set(axioms.predicates(link)) <= {RDF.type, RDFS.domain, RDFS.range}
        and set(axioms.objects(link, RDF.type)) <= {OWL.DatatypeProperty, OWL.ObjectProperty}
        and (None, OWL.inverseOf, link) not in axioms
        and (None, RDF.first, link) not in axioms
    )


def _types(graphs: Iterable[Graph], axioms: Graph) -> set[tuple[Node, Node]]:
    """Every stated class of every node, and the wider ones."""
    return {
        (node, wider)
        for graph in graphs
        for node, kind in graph.subject_objects(RDF.type)
        for wider in axioms.transitive_objects(kind, RDFS.subClassOf)
        if wider is not None
    }


def _worth_telling(triple: Triple, terms: set[Node]) -> bool:
    subject, predicate, value = triple
    if not isinstance(subject, URIRef) or not subject.startswith(BASE) or subject in terms:
        return False
    if predicate == RDF.type:
        return value in terms and not str(value).startswith(str(OWL))
    # A chain through a symmetric role (ally, then ally) leads back to where it began.
    return predicate in terms and subject != value


class Explainer:
    """Why triples follow from some facts; the closure is drawn once, for many questions."""

    def __init__(self, facts: Graph, ontology: Graph):
        self._facts = facts
        self._axioms = axioms_of(ontology)
        self._known = union([facts, closure(facts, ontology)])

    def explain(self, triple: Triple) -> list[Reason]:
        """How a triple follows, one step for each axiom used, the last step first; empty where it
        is a fact or does not follow."""
        steps: list[Reason] = []
        waiting, seen = [triple], {triple}
        while waiting:
            goal = waiting.pop()
            if goal in self._facts:
                continue
            reason = min(
                (r for r in _reasons(goal, self._known, self._axioms) if not seen & set(r.premises)),
                key=lambda r: (sum(p not in self._facts for p in r.premises), str(r)),
                default=None,
            )
            if reason is None:
                continue
            steps.append(reason)
            waiting.extend(reason.premises)
            seen.update(reason.premises)
        return steps

    def axioms_for(self, triple: Triple) -> set[Triple]:
        """Every axiom by which a triple follows in one step, not only the one of the explanation."""
        return {reason.axiom for reason in _reasons(triple, self._known, self._axioms)}


def _reasons(goal: Triple, known: Graph, axioms: Graph) -> Iterator[Reason]:
    """Every single step of the RL rules (cax-sco, prp-spo1, prp-dom, prp-rng, prp-inv, prp-spo2,
    prp-trp, prp-symp) that leads to the goal."""
    subject, predicate, value = goal
    if predicate == RDF.type:
        for narrower in axioms.subjects(RDFS.subClassOf, value):
            if (subject, RDF.type, narrower) in known:
                yield Reason((narrower, RDFS.subClassOf, value), ((subject, RDF.type, narrower),))
        for axiom in (RDFS.domain, RDFS.range):
            for link in axioms.subjects(axiom, value):
                pattern = (subject, link, None) if axiom == RDFS.domain else (None, link, subject)
                for premise in sorted(known.triples(pattern))[:1]:
                    yield Reason((link, axiom, value), (premise,))
        return
    for narrower in axioms.subjects(RDFS.subPropertyOf, predicate):
        if (subject, narrower, value) in known:
            yield Reason((narrower, RDFS.subPropertyOf, predicate), ((subject, narrower, value),))
    for other in axioms.objects(predicate, OWL.inverseOf):
        if (value, other, subject) in known:
            yield Reason((predicate, OWL.inverseOf, other), ((value, other, subject),))
    for other in axioms.subjects(OWL.inverseOf, predicate):
        if (value, other, subject) in known:
            yield Reason((other, OWL.inverseOf, predicate), ((value, other, subject),))
    for chain in axioms.objects(predicate, OWL.propertyChainAxiom):
        first, second = Collection(axioms, chain)
        for middle in sorted(known.objects(subject, first), key=str):
            if (middle, second, value) in known:
                premises = ((subject, first, middle), (middle, second, value))
                yield Reason((predicate, OWL.propertyChainAxiom, first), premises)
    if (predicate, RDF.type, OWL.SymmetricProperty) in axioms and (value, predicate, subject) in known:
        yield Reason((predicate, RDF.type, OWL.SymmetricProperty), ((value, predicate, subject),))
    if (predicate, RDF.type, OWL.TransitiveProperty) in axioms:
        for middle in sorted(known.objects(subject, predicate), key=str):
            if middle not in (subject, value) and (middle, predicate, value) in known:
                premises = ((subject, predicate, middle), (middle, predicate, value))
                yield Reason((predicate, RDF.type, OWL.TransitiveProperty), premises)

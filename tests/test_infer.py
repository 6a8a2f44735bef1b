"""Every axiom infers what it should, and none infers what it should not.

A case is a TriG file with three graphs: <facts:>, <follows:> and <does-not-follow:>.
"""

from pathlib import Path

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef

from filiation import corpus, infer, layout, turtle
from filiation.oxigraph import Store, to_rdflib

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("inference/*.trig"))
EXAMPLE = Namespace(layout.BASE + "group/")
FIL = infer.FIL


@pytest.fixture(scope="module")
def repository():
    return corpus.load(layout.find(HERE))


def graphs(case: Path) -> tuple[Graph, Graph, Graph]:
    parts = [Graph(), Graph(), Graph()]
    names = ["facts:", "follows:", "does-not-follow:"]
    for quad in Store.of_dump(case.read_bytes(), "trig"):
        parts[names.index(quad.graph_name.value)] += to_rdflib([quad.triple])
    return tuple(parts)


def test_there_are_cases():
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case: Path, repository):
    facts, follows, does_not_follow = graphs(case)
    assert follows and does_not_follow
    closure = infer.closure(infer.held_only(facts), repository.ontology)
    known = closure + facts
    assert not sorted(follows - known)
    assert not sorted(does_not_follow & known)


def test_every_axiom_of_ours_is_used_by_a_case(repository):
    used = set()
    for case in CASES:
        facts, follows, _ = graphs(case)
        explainer = infer.Explainer(infer.held_only(facts), repository.ontology)
        used |= {axiom for triple in follows for axiom in explainer.axioms_for(triple)}
    used_pairs = {(s, p) if p == OWL.propertyChainAxiom else (s, p, o) for s, p, o in used}
    axioms = infer.axioms_of(repository.vocabulary)
    inferring = {
        (s, p) if p == OWL.propertyChainAxiom else (s, p, o)
        for s, p, o in axioms
        if str(s).startswith(layout.ONTOLOGY)
        and ((p in infer.AXIOM_PREDICATES and p != OWL.disjointWith) or o in infer.AXIOM_TYPES)
        and not (p == RDFS.range and str(o).startswith(str(layout.PREFIXES["xsd"])))
    }
    assert inferring
    assert sorted(map(str, inferring - used_pairs)) == []


def test_a_situation_that_is_an_attestation_too_is_inconsistent(repository):
    facts = Graph()
    facts.add((EXAMPLE.both, RDF.type, FIL.Split))
    facts.add((EXAMPLE.both, RDF.type, FIL.Attestation))
    with pytest.raises(infer.Inconsistent):
        infer.closure(facts, repository.ontology)


def test_the_ontology_is_consistent_and_uses_only_axioms_of_owl_2_rl(repository):
    infer.closure(Graph(), repository.ontology)
    axioms = {p for _, p, _ in repository.ontology if str(p).startswith((str(OWL), str(RDFS)))}
    assert axioms <= {
        *infer.AXIOM_PREDICATES,
        RDFS.label,
        RDFS.seeAlso,
        OWL.versionIRI,
    }
    named = [
        o
        for p in infer.AXIOM_PREDICATES
        if p != OWL.propertyChainAxiom
        for o in repository.ontology.objects(None, p)
    ]
    assert all(isinstance(node, URIRef) for node in named)


def test_an_explanation_leads_back_to_facts(repository):
    facts, *_ = graphs(HERE / "inference" / "split.trig")
    explainer = infer.Explainer(facts, repository.ontology)
    steps = explainer.explain((EXAMPLE.u, FIL.descendsFrom, EXAMPLE.p))
    assert (FIL.descendsFrom, RDF.type, OWL.TransitiveProperty) in [step.axiom for step in steps]
    grounded = {premise for step in steps for premise in step.premises} & set(facts)
    assert (EXAMPLE.s, FIL.parent, EXAMPLE.p) in grounded


def test_a_fact_needs_no_explanation(repository):
    facts, *_ = graphs(HERE / "inference" / "split.trig")
    explainer = infer.Explainer(facts, repository.ontology)
    assert explainer.explain((EXAMPLE.s, FIL.parent, EXAMPLE.p)) == []


def test_facts_and_rules_that_are_left_out_would_have_added_nothing(repository):
    world = Graph()
    for file in sorted(HERE.glob("world/*.ttl")):
        world += turtle.read(file)
    lean = infer.closure(world, repository.ontology)
    whole = corpus.union([infer.axioms_of(repository.ontology), world])
    DeductiveClosure(OWLRL_Semantics).expand(whole)
    terms = set(infer.axioms_of(repository.ontology).subjects())
    full = {triple for triple in whole - world if infer._worth_telling(triple, terms)}
    assert len(lean) > 100
    assert full - set(repository.ontology) == set(lean) - set(repository.ontology)

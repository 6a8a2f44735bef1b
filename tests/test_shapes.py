"""Every rule in shapes/ is broken by its invalid cases, and by nothing else that is wrong with them.

A case lies over the small fictional world in tests/world/ and over the ontology: a subject that it
describes replaces the same subject there. Its first line names the rule that it breaks, or whose
passing neighbour it is: `# breaks: shape:Merger-union`, `# passes: shape:Merger-union`.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery

from filiation import layout, shacl
from filiation.claims import TOGETHER
from filiation.dates import FIL, bounds_of_graph

HERE = Path(__file__).parent
ROOT = HERE.parent
CASES = sorted(HERE.glob("shapes/*/*.ttl"))
FIRST_LINE = re.compile(r"# (breaks|passes): (shape:[A-Za-z]+-[A-Za-z]+)\n")


def read(*files: Path) -> Graph:
    graph = Graph()
    for file in sorted(files):
        graph.parse(file)
    return graph


@cache
def shapes() -> Graph:
    return read(*(ROOT / "shapes").glob("*.ttl"))


@cache
def base() -> Graph:
    """The world, and the terms that it uses."""
    return read(
        ROOT / "ontology" / "filiation.ttl",
        *(ROOT / "ontology" / "concepts").glob("*.ttl"),
        *(HERE / "world").glob("*.ttl"),
    )


def overlaid(base: Graph, case: Graph) -> Graph:
    """The base with what the case says of its subjects in place of what the base says of them."""
    described = set(case.subjects())
    whole = Graph()
    for triple in (*case, *(triple for triple in base if triple[0] not in described)):
        whole.add(triple)
    return whole


def affected(case: Graph, graph: Graph) -> set[URIRef] | None:
    """Every node of which a shape may judge otherwise than in the plain world; None for any node.

    The path of a shape leads over one node at most: from an attestation to the kind of its source,
    from a situation to the stance of its attestation, from a definition to whoever shares it.
    A query may lead anywhere, and a new superclass may make anything a target.
    """
    if (None, RDFS.subClassOf, None) in case:
        return None
    changed = set(case.subjects())
    near = set(changed)
    for version in (graph, base()):
        for node in changed:
            near |= set(version.subjects(None, node)) | set(version.objects(node))
            for definition in version.objects(node, SKOS.definition):
                near |= set(version.subjects(SKOS.definition, definition))
    for query in shapes().subjects(SH.sparql):
        for target in shapes().objects(query, SH.targetClass):
            near |= set(graph.subjects(RDF.type, target))
    return {node for node in near if isinstance(node, URIRef)}


def broken(case: Graph, everywhere: bool = False) -> dict[str, set[tuple[str, str]]]:
    """Severity -> what is broken, as pairs of focus node and rule."""
    graph = overlaid(base(), case)
    for triple in list(bounds_of_graph(graph)):
        graph.add(triple)
    focus = None if everywhere else affected(case, graph)
    found: dict[str, set[tuple[str, str]]] = {"violation": set(), "warning": set()}
    for result in shacl.validate(graph, shapes(), focus):
        found[result.severity].add((str(result.focus), layout.curie(str(result.shape))))
    return found


@cache
def plain() -> dict[str, set[tuple[str, str]]]:
    """What is broken where no case lies over the world."""
    return broken(Graph(), everywhere=True)


def rules() -> Iterator[str]:
    """Every shape that can be reported: a property shape, or a node shape with a target that says
    what to type."""
    for shape in shacl.rules(shapes()):
        if (shape, SH.message, None) in shapes() or (shape, RDF.type, SH.PropertyShape) in shapes():
            yield layout.curie(str(shape))


def promise(case: Path) -> tuple[str, str]:
    """`breaks` or `passes`, and the rule."""
    match = FIRST_LINE.match(case.read_text(encoding="utf-8"))
    assert match, f"{case} must begin with `# breaks: shape:…` or `# passes: shape:…`"
    return match[1], match[2]


@pytest.fixture(scope="module", autouse=True)
def _queries_are_read_once():
    """Reading the text of a query takes longer than a case, and the shapes are the same in all."""
    known = {}

    def remembered(text, **options):
        key = text, str(sorted(options["initNs"].items()))
        if key not in known:
            known[key] = prepareQuery(text, **options)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shacl, "prepareQuery", remembered)
        yield


def test_there_are_rules_and_cases():
    assert len(list(rules())) > 100
    assert len(CASES) > 200


def test_the_plain_world_has_no_violation():
    assert plain()["violation"] == set()


def test_every_rule_has_an_invalid_case():
    assert sorted(set(rules()) - {rule for word, rule in map(promise, CASES) if word == "breaks"}) == []


def test_every_rule_has_a_valid_neighbour():
    assert sorted(set(rules()) - {rule for word, rule in map(promise, CASES) if word == "passes"}) == []


def test_every_rule_says_why_it_exists_and_what_to_type():
    silent = [
        rule
        for rule in rules()
        for said in (SH.message, RDFS.comment)
        if (URIRef(rule.replace("shape:", layout.SHAPES)), said, None) not in shapes()
    ]
    assert silent == []


def test_one_can_be_silent_on_whatever_a_situation_says():
    listed = shapes().value(URIRef(layout.SHAPES + "Attestation-silentOn"), SH["in"])
    families = {FIL.Assertion, *base().transitive_subjects(RDFS.subClassOf, FIL.Situation)}
    said = {term for term, domain in base().subject_objects(RDFS.domain) if domain in families}
    assert said - {FIL.status, FIL.involves} <= set(Collection(shapes(), listed))


def test_nobody_is_silent_on_what_they_state_by_whatever_property():
    pairs = [pair for line in TOGETHER for pair in line.items()]
    graph = Graph()
    for number, (silent, stated) in enumerate(pairs):
        node = URIRef(f"{layout.BASE}attestation/{number}")
        graph += [(node, FIL.silentOn, silent), (node, stated, URIRef("x:said"))]
    rule = layout.SHAPES + "Attestation-silentValue"
    told = {(r.focus, r.value) for r in shacl.validate(graph, shapes()) if str(r.shape) == rule}
    assert told == {
        (URIRef(f"{layout.BASE}attestation/{number}"), silent) for number, (silent, _) in enumerate(pairs)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_case(case: Path):
    word, rule = promise(case)
    assert rule in (ROOT / "shapes" / f"{case.parent.name}.ttl").read_text(encoding="utf-8")
    found = broken(Graph().parse(case))
    fresh = found["violation"] | (found["warning"] - plain()["warning"])
    assert {shape for _, shape in fresh} == ({rule} if word == "breaks" else set()), sorted(fresh)

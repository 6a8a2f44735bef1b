"""`prov.ttl`: from what the release was built, by what, and on whose behalf (PROV-O).

It tells no hour: the day is that of the edition and the plan is the commit, where the caller named one,
so that the same build always tells the same.
"""

import hashlib

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, XSD, Graph, Literal, URIRef

from filiation import layout, turtle
from filiation.describe import forms
from filiation.describe.about import About
from filiation.describe.dcat import checksum
from filiation.material import Material
from filiation.release import Release

NAME = "prov.ttl"


def text(about: About, material: Material, release: Release) -> tuple[bytes, int]:
    """The file, and how many statements it holds."""
    graph = description(about, material, release)
    return forms.turtle(graph, about.url(NAME)), len(graph)


def description(about: About, material: Material, release: Release) -> Graph:
    """One activity that used the files of the checkout and generated those of the release."""
    graph = Graph()
    own = about.url(NAME) + "#"
    build, plan, tool, association = (
        URIRef(own + name) for name in ("build", "plan", "filiation", "association")
    )
    whole, maker = URIRef(about.iri), URIRef(about.creator)
    for triple in (
        (build, RDF.type, PROV.Activity),
        (build, RDFS.label, Literal(f"Building of Filiation {about.version}", lang="en")),
        (build, PROV.wasAssociatedWith, tool),
        (build, PROV.qualifiedAssociation, association),
        (association, RDF.type, PROV.Association),
        (association, PROV.agent, tool),
        (association, PROV.hadPlan, plan),
        (plan, RDF.type, PROV.Plan),
        (plan, RDF.type, PROV.Entity),
        (plan, RDFS.label, Literal("Judge the data, infer what follows, and write every file", lang="en")),
        (tool, RDF.type, PROV.SoftwareAgent),
        (tool, FOAF.name, Literal("filiation")),
        (tool, DCTERMS.hasVersion, Literal(about.version)),
        (tool, PROV.actedOnBehalfOf, maker),
        (maker, RDF.type, PROV.Organization),
        (maker, FOAF.name, Literal(about.creator_name)),
        (whole, RDF.type, PROV.Entity),
        (whole, PROV.wasGeneratedBy, build),
        (whole, PROV.wasAttributedTo, maker),
        (whole, PROV.specializationOf, URIRef(layout.DATASET)),
        (whole, DCTERMS.issued, Literal(about.date, datatype=XSD.date)),
    ):
        graph.add(triple)
    if about.revision:
        graph.add((plan, DCTERMS.identifier, Literal(about.revision)))
    if about.previous:
        before = URIRef(f"{layout.BASE}release/{about.previous}")
        graph.add((whole, PROV.wasRevisionOf, before))
    _used(graph, build, own, material)
    for part in release.parts:
        file = URIRef(about.url(part.name))
        graph.add((file, RDF.type, PROV.Entity))
        graph.add((file, PROV.wasGeneratedBy, build))
        checksum(graph, file, URIRef(f"{own}checksum-{part.name}"), part.sha256)
    return graph


def _used(graph: Graph, build: URIRef, own: str, material: Material) -> None:
    """Every file that was read: one that is a named graph of the release under the name of that graph."""
    root = material.corpus.layout.root
    questions = (
        material.corpus.layout.relative(file) for file in material.corpus.layout.questions.glob("*.rq")
    )
    for path in sorted({*material.corpus.graphs, *questions}, key=str):
        named = path in material.corpus.graphs and path.parts[0] in ("data", "ontology")
        file = URIRef(layout.graph_iri(path) if named else f"{own}{path.as_posix()}")
        graph.add((build, PROV.used, file))
        graph.add((file, RDF.type, PROV.Entity))
        graph.add((file, DCTERMS.title, Literal(path.as_posix())))
        content = turtle.content_of(material.corpus.files.get(path, root / path))
        digest = hashlib.sha256(content).hexdigest()
        checksum(graph, file, URIRef(f"{own}checksum-{path.as_posix()}"), digest)

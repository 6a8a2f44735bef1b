"""`void.ttl`: what is in the dataset, counted (VoID), down to which class leads by which property where.

Editors of queries read the class partitions with their property partitions, and in these the classes and
datatypes of the objects (void-ext), to know what can be asked. Every number is one of `counts`.
"""

import hashlib
import re

from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, VOID, XSD, Graph, Literal, Namespace, URIRef

from filiation import layout
from filiation.describe import forms
from filiation.describe.about import About
from filiation.describe.counts import Counts
from filiation.release import Release

NAME = "void.ttl"
EXT = Namespace(forms.PREFIXES["voidext"])

#: Ending of a dump -> its IRI among the formats of the W3C, for void:feature.
FEATURES = {
    "nq": "http://www.w3.org/ns/formats/N-Quads",
    "trig": "http://www.w3.org/ns/formats/TriG",
    "ttl": "http://www.w3.org/ns/formats/Turtle",
    "nt": "http://www.w3.org/ns/formats/N-Triples",
    "jsonld": "http://www.w3.org/ns/formats/JSON-LD",
    "rdf": "http://www.w3.org/ns/formats/RDF_XML",
}
#: The classes of which one instance is named as an example.
SHOWN = tuple(layout.ONTOLOGY + name for name in ("Group", "Merger", "Split", "Attestation", "Source"))


def text(about: About, counts: Counts, release: Release, dataset: Graph) -> tuple[bytes, int]:
    """The file, and how many statements it holds."""
    home = about.url(NAME)
    graph = description(about, counts, release, dataset)
    return forms.turtle(graph, home), len(graph)


def description(about: About, counts: Counts, release: Release, dataset: Graph) -> Graph:
    """What `data/dataset.ttl` says of the dataset, its counts, its parts, and where its dumps lie."""
    graph = Graph() + dataset
    node, home = URIRef(layout.DATASET), about.url(NAME)
    graph.add((URIRef(home), RDF.type, VOID.DatasetDescription))
    graph.add((URIRef(home), FOAF.primaryTopic, node))
    graph.add((node, OWL.versionInfo, Literal(about.version)))
    graph.add((node, DCTERMS.modified, Literal(about.date, datatype=XSD.date)))
    graph.add((node, VOID.uriSpace, Literal(layout.BASE)))
    for kind in SHOWN:
        if kind in counts.examples:
            graph.add((node, VOID.exampleResource, URIRef(counts.examples[kind])))
    _dumps(graph, node, about, release)
    for predicate, number in (
        (VOID.triples, counts.triples),
        (VOID.entities, counts.entities),
        (VOID.classes, len(counts.classes)),
        (VOID.properties, len(counts.properties)),
        (VOID.distinctSubjects, counts.subjects),
        (VOID.distinctObjects, counts.objects),
    ):
        graph.add((node, predicate, Literal(number)))
    _partitions(graph, node, home + "#", counts)
    _linksets(graph, node, home + "#", counts)
    return graph


def _dumps(graph: Graph, node: URIRef, about: About, release: Release) -> None:
    """The dumps of the whole dataset; those of a part of it belong to a subset of that name."""
    stem = f"filiation-{about.version}."
    for part in release.of("dump"):
        syntax = _syntax(part.name)
        if syntax not in FEATURES:
            continue
        whole = part.name.startswith(stem)
        subject = node
        if not whole:
            kind = part.name.removeprefix("filiation-").partition(f"-{about.version}")[0]
            subject = URIRef(f"{about.url(NAME)}#subset-{kind}")
            graph.add((node, VOID.subset, subject))
            graph.add((subject, RDF.type, VOID.Dataset))
            graph.add((subject, DCTERMS.title, Literal(part.title, lang="en")))
            if part.statements is not None:
                graph.add((subject, VOID.triples, Literal(part.statements)))
        graph.add((subject, VOID.dataDump, URIRef(about.url(part.name))))
        graph.add((subject, VOID.feature, URIRef(FEATURES[syntax])))


def _syntax(name: str) -> str:
    return re.sub(r"\.(gz|zst)$", "", name).rpartition(".")[2]


def _partitions(graph: Graph, node: URIRef, own: str, counts: Counts) -> None:
    for kind, number in counts.classes.items():
        part = _class(own, kind)
        graph.add((node, VOID.classPartition, part))
        graph.add((part, VOID["class"], URIRef(kind)))
        graph.add((part, VOID.entities, Literal(number)))
    for name, number in counts.properties.items():
        _part(graph, node, URIRef(f"{own}property-{_short(name)}"), VOID.propertyPartition, name, number)
    for (kind, name), number in counts.within.items():
        _part(graph, _class(own, kind), _within(own, kind, name), VOID.propertyPartition, name, number)
    for (kind, name, other), number in counts.leading.items():
        whole = _within(own, kind, name)
        _part(graph, whole, URIRef(f"{whole}..{_short(other)}"), VOID.classPartition, other, number)
    for (kind, name, other), number in counts.typed.items():
        whole = _within(own, kind, name)
        _part(graph, whole, URIRef(f"{whole}..{_short(other)}"), EXT.datatypePartition, other, number)


#: The link to a part -> the property that says what it is a part for.
_TELLS = {
    VOID.classPartition: VOID["class"],
    VOID.propertyPartition: VOID.property,
    EXT.datatypePartition: EXT.datatype,
}


def _part(graph: Graph, whole: URIRef, part: URIRef, link: URIRef, name: str, triples: int) -> None:
    graph.add((whole, link, part))
    graph.add((part, _TELLS[link], URIRef(name)))
    graph.add((part, VOID.triples, Literal(triples)))


def _class(own: str, kind: str) -> URIRef:
    return URIRef(f"{own}class-{_short(kind)}")


def _within(own: str, kind: str, name: str) -> URIRef:
    return URIRef(f"{own}class-{_short(kind)}..{_short(name)}")


def _short(iri: str) -> str:
    """A name for an IRI that no other has: its prefix and local name, or else a digest of it."""
    curie = layout.curie(iri)
    if re.fullmatch(r"[\w-]+:[\w-]+", curie, re.ASCII):
        return curie.replace(":", ".", 1)
    last = re.sub(r"[^A-Za-z0-9]+", "-", iri.rstrip("/#")).rpartition("-")[2]
    return f"{last}-{hashlib.sha256(iri.encode()).hexdigest()[:8]}"


def _linksets(graph: Graph, node: URIRef, own: str, counts: Counts) -> None:
    """One for each authority elsewhere and kind of match (VoID, section 5)."""
    for (authority, name), number in counts.links.items():
        outside = _target(graph, own, authority)
        part = URIRef(f"{own}links-{outside.rpartition('#target-')[2]}..{_short(name)}")
        graph.add((node, VOID.subset, part))
        graph.add((part, RDF.type, VOID.Linkset))
        graph.add((part, VOID.subjectsTarget, node))
        graph.add((part, VOID.objectsTarget, outside))
        graph.add((part, VOID.linkPredicate, URIRef(name)))
        graph.add((part, VOID.triples, Literal(number)))


def _target(graph: Graph, own: str, authority: str) -> URIRef:
    """The dataset or list to which links lead, by the one who keeps it."""
    ours = authority.startswith(layout.BASE)
    name = authority.rpartition("/")[2] if ours else authority
    target = URIRef(f"{own}target-{name}")
    graph.add((target, RDF.type, VOID.Dataset))
    if ours:
        graph.add((target, DCTERMS.publisher, URIRef(authority)))
    else:
        graph.add((target, FOAF.homepage, URIRef(f"https://{authority}/")))
    graph.add((target, RDFS.label, Literal(f"What {name} publishes", lang="en")))
    return target

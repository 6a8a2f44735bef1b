"""`dcat.ttl`: the release in a catalogue (DCAT 3, DCAT-AP 3): version, previous version, every file.

The dataset of all releases has this release as its current version; the files are distributions of the
release. There is no dcat:DataService, for a folder answers no queries.
"""

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from filiation import layout
from filiation.describe import forms
from filiation.describe.about import DATA, About, release_iri
from filiation.describe.counts import Counts
from filiation.release import Part, Release

NAME = "dcat.ttl"
DCAT, SPDX = Namespace(layout.PREFIXES["dcat"]), Namespace(forms.PREFIXES["spdx"])
VCARD = Namespace(forms.PREFIXES["vcard"])
MEDIA = "https://www.iana.org/assignments/media-types/"
#: Media types in wide use that IANA does not list.
UNLISTED = (
    "application/x-ndjson",
    "application/graphml+xml",
    "application/gexf+xml",
    "application/rdf-patch",
    "application/x-tar",
)
TAR = "application/x-tar"
_EU = "http://publications.europa.eu/resource/authority/"
THEMES = {
    f"{_EU}data-theme/JUST": "Justice, legal system and public safety",
    f"{_EU}data-theme/INTR": "International issues",
}
PUBLIC = f"{_EU}access-right/PUBLIC"
STABLE = f"{_EU}planned-availability/STABLE"
#: The IRIs of languages that DCAT asks for, by ISO 639-1.
LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"


def text(about: About, counts: Counts, release: Release) -> tuple[bytes, int]:
    """The file, and how many statements it holds."""
    graph = description(about, counts, release)
    return forms.turtle(graph, about.url(NAME)), len(graph)


def description(about: About, counts: Counts, release: Release) -> Graph:
    """The catalogue, the dataset, this release of it, and the distributions."""
    graph = Graph()
    own = about.url(NAME) + "#"
    catalogue, every, this = URIRef(own + "catalogue"), URIRef(layout.DATASET), URIRef(about.iri)
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    graph.add((catalogue, DCTERMS.title, Literal("Releases of Filiation", lang="en")))
    graph.add((catalogue, FOAF.homepage, URIRef(layout.BASE)))
    graph.add((URIRef(layout.BASE), RDF.type, FOAF.Document))
    for theme in THEMES:
        graph.add((catalogue, DCAT.themeTaxonomy, URIRef(theme.rpartition("/")[0])))
    graph.add((catalogue, DCTERMS.description, Literal(f"Every release of {about.title}.", lang="en")))
    for dataset in (every, this):
        graph.add((catalogue, DCAT.dataset, dataset))
        graph.add((dataset, RDF.type, DCAT.Dataset))
        graph.add((dataset, DCTERMS.description, Literal(about.description, lang="en")))
        for theme in THEMES:
            graph.add((dataset, DCAT.theme, URIRef(theme)))
        for keyword in about.keywords:
            graph.add((dataset, DCAT.keyword, Literal(keyword, lang="en")))
    for node in (catalogue, every, this):
        _terms(graph, node, about, own)
    _contact(graph, (every, this), about, own)
    for place, name in about.places:
        graph.add((URIRef(place), RDF.type, DCTERMS.Location))
        graph.add((URIRef(place), SKOS.prefLabel, Literal(name, lang="en")))
        for dataset in (every, this):
            graph.add((dataset, DCTERMS.spatial, URIRef(place)))
    graph.add((every, DCTERMS.title, Literal(about.title, lang="en")))
    graph.add((this, DCTERMS.title, Literal(f"{about.title} {about.version}", lang="en")))
    _versions(graph, every, this, about)
    if all(counts.period):
        for dataset in (every, this):
            _period(graph, dataset, URIRef(own + "period"), counts.period)
    for part in release.parts:
        if part.role in DATA:
            _distribution(graph, this, part, about)
    _words(graph)
    return graph


def checksum(graph: Graph, file: URIRef, node: URIRef, sha256: str) -> None:
    """Say the SHA-256 of a file (SPDX)."""
    graph.add((file, SPDX.checksum, node))
    graph.add((node, RDF.type, SPDX.Checksum))
    graph.add((node, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((SPDX.checksumAlgorithm_sha256, RDF.type, SPDX.ChecksumAlgorithm))
    graph.add((node, SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary)))


def _terms(graph: Graph, node: URIRef, about: About, own: str) -> None:
    """Who made it, on what terms, in which language."""
    maker, licence, rights = URIRef(about.creator), URIRef(about.licence), URIRef(own + "rights")
    language = URIRef(LANGUAGES + about.language)
    for triple in (
        (node, DCTERMS.publisher, maker),
        (node, DCTERMS.creator, maker),
        (maker, RDF.type, FOAF.Agent),
        (maker, FOAF.name, Literal(about.creator_name, lang="en")),
        (node, DCTERMS.license, licence),
        (licence, RDF.type, DCTERMS.LicenseDocument),
        (licence, DCTERMS.identifier, Literal(about.spdx)),
        (node, DCTERMS.rights, rights),
        (rights, RDF.type, DCTERMS.RightsStatement),
        (rights, RDFS.label, Literal(about.rights, lang="en")),
        (node, DCTERMS.language, language),
        (language, RDF.type, DCTERMS.LinguisticSystem),
        (node, DCTERMS.modified, Literal(about.date, datatype=XSD.date)),
    ):
        graph.add(triple)


def _contact(graph: Graph, datasets: tuple[URIRef, ...], about: About, own: str) -> None:
    """Where to turn: the address under which the project is found."""
    contact = URIRef(own + "contact")
    graph.add((contact, RDF.type, VCARD.Kind))
    graph.add((contact, RDF.type, VCARD.Organization))
    graph.add((contact, VCARD.fn, Literal(about.creator_name)))
    graph.add((contact, VCARD.hasURL, URIRef(layout.BASE)))
    for dataset in datasets:
        graph.add((dataset, DCAT.contactPoint, contact))


def _versions(graph: Graph, every: URIRef, this: URIRef, about: About) -> None:
    page = URIRef(about.page)
    for triple in (
        (every, DCTERMS.accessRights, URIRef(PUBLIC)),
        (this, DCTERMS.accessRights, URIRef(PUBLIC)),
        (every, DCAT.hasVersion, this),
        (every, DCAT.hasCurrentVersion, this),
        (this, DCAT.isVersionOf, every),
        (this, DCAT.version, Literal(about.version)),
        (this, DCTERMS.issued, Literal(about.date, datatype=XSD.date)),
        (this, DCTERMS.identifier, Literal(about.iri)),
        (this, DCTERMS.bibliographicCitation, Literal(about.citation)),
        (this, DCAT.landingPage, page),
        (page, RDF.type, FOAF.Document),
        (this, DCTERMS.conformsTo, URIRef(layout.BASE + "ontology")),
        (URIRef(layout.BASE + "ontology"), RDF.type, DCTERMS.Standard),
    ):
        graph.add(triple)
    if about.previous:
        before = URIRef(release_iri(about.previous))
        graph.add((this, DCAT.previousVersion, before))
        graph.add((every, DCAT.hasVersion, before))
        graph.add((before, RDF.type, DCAT.Dataset))
        graph.add((before, DCTERMS.title, Literal(f"{about.title} {about.previous}", lang="en")))
        graph.add((before, DCTERMS.description, Literal(about.description, lang="en")))
        graph.add((before, DCAT.version, Literal(about.previous)))


def _period(graph: Graph, dataset: URIRef, node: URIRef, period: tuple[str, str]) -> None:
    graph.add((dataset, DCTERMS.temporal, node))
    graph.add((node, RDF.type, DCTERMS.PeriodOfTime))
    for predicate, day in zip((DCAT.startDate, DCAT.endDate), period, strict=True):
        graph.add((node, predicate, Literal(day, datatype=XSD.date)))


def _distribution(graph: Graph, this: URIRef, part: Part, about: About) -> None:
    own = about.url(NAME) + "#"
    node, file, licence = URIRef(own + part.name), URIRef(about.url(part.name)), URIRef(about.licence)
    media = _media(graph, own, part.media_type)
    for triple in (
        (this, DCAT.distribution, node),
        (node, RDF.type, DCAT.Distribution),
        (node, DCTERMS.title, Literal(part.name)),
        (node, DCTERMS.description, Literal(part.title, lang="en")),
        (node, DCAT.accessURL, URIRef(about.page)),
        (URIRef(about.page), RDF.type, RDFS.Resource),
        (node, DCAT.downloadURL, file),
        (file, RDF.type, RDFS.Resource),
        (node, DCAT.byteSize, Literal(part.size, datatype=XSD.nonNegativeInteger)),
        (node, DCTERMS.license, licence),
        (node, DCTERMS.issued, Literal(about.date, datatype=XSD.date)),
        (node, DCAT.mediaType, media),
        (node, DCTERMS["format"], media),
        (node, URIRef("http://data.europa.eu/r5r/availability"), URIRef(STABLE)),
    ):
        graph.add(triple)
    if part.media_type == TAR:
        graph.add((node, DCAT.packageFormat, media))
    if part.compression:
        graph.add((node, DCAT.compressFormat, _media(graph, own, part.compression)))
    checksum(graph, node, URIRef(f"{own}checksum-{part.name}"), part.sha256)


def _media(graph: Graph, own: str, name: str) -> URIRef:
    """The IRI of a media type: that of IANA, or one of ours where IANA lists none."""
    listed = name not in UNLISTED
    node = URIRef(MEDIA + name) if listed else URIRef(f"{own}media-{name.rpartition('/')[2]}")
    graph.add((node, RDF.type, DCTERMS.MediaType))
    graph.add((node, RDF.type, DCTERMS.MediaTypeOrExtent))
    graph.add((node, RDFS.label, Literal(name)))
    return node


def _words(graph: Graph) -> None:
    """The words of the European lists that are used, so that the file can be read alone."""
    words = {**THEMES, STABLE: "stable", PUBLIC: "public"}
    for iri, label in words.items():
        scheme = URIRef(iri.rpartition("/")[0])
        graph.add((URIRef(iri), RDF.type, SKOS.Concept))
        graph.add((URIRef(iri), SKOS.prefLabel, Literal(label, lang="en")))
        graph.add((URIRef(iri), SKOS.inScheme, scheme))
        graph.add((scheme, RDF.type, SKOS.ConceptScheme))
        title = scheme.rpartition("/")[2].replace("-", " ")
        graph.add((scheme, DCTERMS.title, Literal(title, lang="en")))
    graph.add((URIRef(PUBLIC), RDF.type, DCTERMS.RightsStatement))

"""What every description says of a release: read once, from `data/dataset.ttl` and from the build.

Title, creator, licence and the rest stand in one file of the data; version, day and commit come from the
edition. A description that took them from anywhere else could disagree with the others.
"""

from dataclasses import dataclass

from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef
from rdflib.term import Node

from filiation import layout, manifest
from filiation.faults import FaultInData
from filiation.material import Material
from filiation.names import english_label
from filiation.release import Part, Role

#: Licence -> its name in the SPDX list (https://spdx.org/licenses/).
SPDX = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
}

#: The roles of files that hold data, against those that tell about it.
DATA: tuple[Role, ...] = ("dump", "table", "graph", "schema", "configuration", "difference")


class NotDescribed(FaultInData):
    """`data/dataset.ttl` lacks something that every description needs; the message says what."""


@dataclass(frozen=True)
class Coming:
    """A file that is still to be written: those before it can name it, but not its hash."""

    name: str
    title: str
    media_type: str


@dataclass(frozen=True)
class About:
    """A release as its descriptions know it."""

    title: str
    description: str
    creator: str
    creator_name: str
    licence: str
    rights: str
    language: str
    keywords: tuple[str, ...]
    #: The places that are part of no other place, with their names in English.
    places: tuple[tuple[str, str], ...]
    version: str
    #: YYYY-MM-DD
    date: str
    #: The commit, where the caller told it.
    revision: str | None
    #: The version before this one, where there is one.
    previous: str | None

    @property
    def iri(self) -> str:
        """This release; the dataset of all releases is `layout.DATASET`."""
        return release_iri(self.version)

    @property
    def page(self) -> str:
        """The landing page of this release."""
        return self.iri + "/"

    @property
    def spdx(self) -> str:
        return SPDX[self.licence]

    @property
    def citation(self) -> str:
        """How people cite it, in one line."""
        return f"{self.creator_name} ({self.date[:4]}). {self.title}, version {self.version}. {self.iri}"

    def url(self, name: str) -> str:
        """The IRI of a file of this release."""
        return f"{self.iri}/{name}"


def release_iri(version: str) -> str:
    """The IRI of a release."""
    return f"{layout.BASE}release/{version}"


def of(material: Material) -> About:
    """Raises NotDescribed where the data does not say who made it and on what terms."""
    facts = material.corpus.stated
    node = URIRef(layout.DATASET)

    def one(predicate: URIRef) -> Node:
        value = facts.value(node, predicate)
        if value is None:
            raise NotDescribed(f"data/dataset.ttl: add {layout.curie(str(predicate))} to <{node}>")
        return value

    creator, licence = one(DCTERMS.creator), str(one(DCTERMS.license))
    if licence not in SPDX:
        known = " or ".join(f"<{iri}>" for iri in SPDX)
        raise NotDescribed(
            f"data/dataset.ttl: <{licence}> is no licence that the descriptions know: use {known}"
        )
    previous = manifest.read(material.previous).version if material.previous else None
    return About(
        title=str(one(DCTERMS.title)),
        description=str(one(DCTERMS.description)),
        creator=str(creator),
        creator_name=str(english_label(facts, creator) or creator),
        licence=licence,
        rights=str(one(DCTERMS.rights)),
        language=str(one(DCTERMS.language)),
        keywords=_all(facts, node, DCAT.keyword),
        places=_places(facts),
        version=material.edition.version,
        date=material.edition.date,
        revision=material.edition.revision,
        previous=previous,
    )


def _all(facts: Graph, node: Node, predicate: URIRef) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in facts.objects(node, predicate)))


def _places(facts: Graph) -> tuple[tuple[str, str], ...]:
    places = facts.subjects(RDF.type, URIRef(layout.ONTOLOGY + "Place"))
    outer = {place for place in places if (place, DCTERMS.isPartOf, None) not in facts}
    return tuple(sorted((str(place), english_label(facts, place)) for place in outer))


def size_in_words(part: Part) -> str:
    """How large a file is, for people: `1.2 MB`, by powers of a thousand."""
    size = float(part.size)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def held_in_words(part: Part) -> str:
    """What a file holds: `32,940 statements`, `97 rows`, `64 entries` (of a graph), or nothing."""
    if part.statements is not None:
        return f"{part.statements:,} statements"
    unit = "rows" if part.role == "table" else "entries"
    return f"{part.rows:,} {unit}" if part.rows is not None else ""

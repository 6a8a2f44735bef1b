"""`schema.jsonld`: the release for search engines of datasets (schema.org), also inside its page."""

from typing import Any

from filiation import layout
from filiation.describe import forms
from filiation.describe.about import DATA, About
from filiation.describe.counts import Counts
from filiation.release import Part, Release

NAME = "schema.jsonld"


def text(about: About, counts: Counts, release: Release) -> bytes:
    """The file."""
    return forms.json_text(description(about, counts, release))


def description(about: About, counts: Counts, release: Release) -> dict[str, Any]:
    """A Dataset with one DataDownload for each file of data."""
    told: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": about.iri,
        "identifier": about.iri,
        "name": f"{about.title} {about.version}",
        "alternateName": about.title,
        "description": about.description,
        "url": about.page,
        "version": about.version,
        "datePublished": about.date,
        "license": about.licence,
        "usageInfo": about.rights,
        "isAccessibleForFree": True,
        "inLanguage": about.language,
        "keywords": list(about.keywords),
        "creator": maker(about),
        "publisher": {"@id": about.creator},
        "citation": about.citation,
        "conformsTo": layout.BASE + "ontology",
        "isPartOf": {"@type": "Dataset", "@id": layout.DATASET, "name": about.title},
    }
    if all(counts.period):
        told["temporalCoverage"] = "/".join(counts.period)
    if about.places:
        told["spatialCoverage"] = [{"@type": "Place", "@id": iri, "name": name} for iri, name in about.places]
    parts = release.of(*DATA)
    told["distribution"] = [_download(part, about) for part in parts]
    return told


def maker(about: About) -> dict[str, str]:
    """Who made it."""
    return {"@type": "Organization", "@id": about.creator, "name": about.creator_name}


def encodings(part: Part) -> str | list[str]:
    """The media type of a file, and where it is compressed that of the compression too."""
    return [part.media_type, part.compression] if part.compression else part.media_type


def size(part: Part) -> str:
    """A file's size as schema.org has it: a text with a unit."""
    return f"{part.size} B"


def _download(part: Part, about: About) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "@id": about.url(part.name),
        "name": part.name,
        "description": part.title,
        "contentUrl": about.url(part.name),
        "encodingFormat": encodings(part),
        "contentSize": size(part),
        "sha256": part.sha256,
        "license": about.licence,
    }

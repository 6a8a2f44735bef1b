"""`linkset.json`: where everything about the release is, for machines (FAIR Signposting, RFC 9264).

The same links stand in the head of the page (level 1); this file has those of every file too (level 2).
"""

from typing import Any

from filiation.describe import forms
from filiation.describe.about import DATA, About, Coming
from filiation.release import Part, Release

NAME = "linkset.json"
MEDIA_TYPE = "application/linkset+json"
#: The classes of schema.org for a landing page and for what it is about.
TYPES = ("https://schema.org/AboutPage", "https://schema.org/Dataset")
#: Description -> the profile by which clients choose among files of one media type.
PROFILES = {
    "croissant.json": "http://mlcommons.org/croissant/1.1",
    "ro-crate-metadata.json": "https://w3id.org/ro/crate",
    "datapackage.json": "https://datapackage.org/profiles/1.0/datapackage.json",
}

Link = dict[str, str]


def text(about: About, release: Release, coming: list[Coming]) -> bytes:
    """The file; `coming`: what is written after it."""
    context = {"anchor": about.page, **landing(about, release, coming)}
    items = [_item(part, about) for part in release.of(*DATA)]
    back = [
        {"anchor": about.url(name), "describes": [{"href": about.page, "type": "text/html"}]}
        for name, _ in descriptions(release, coming)
    ]
    return forms.json_text({"linkset": [context, *items, *back]})


def landing(about: About, release: Release, coming: list[Coming]) -> dict[str, list[Link]]:
    """The links of the landing page by relation (registered with IANA)."""
    return {
        "cite-as": [{"href": about.iri}],
        "type": [{"href": kind} for kind in TYPES],
        "author": [{"href": about.creator}],
        "license": [{"href": about.licence}],
        "describedby": [
            {"href": about.url(name), "type": media}
            | ({"profile": PROFILES[name]} if name in PROFILES else {})
            for name, media in descriptions(release, coming)
        ],
        "item": [{"href": about.url(part.name), "type": served_as(part)} for part in release.of(*DATA)],
    }


def descriptions(release: Release, coming: list[Coming]) -> list[tuple[str, str]]:
    """The files that tell of the release to programs, with their media types."""
    known = [(part.name, part.media_type) for part in release.of("description")]
    known += [(file.name, file.media_type) for file in coming]
    return sorted(
        (name, media)
        for name, media in known
        if name != NAME and (media == "text/turtle" or not media.startswith("text/"))
    )


def served_as(part: Part) -> str:
    """The media type of the file itself: of the compression, where it is compressed."""
    return part.compression or part.media_type


def _item(part: Part, about: About) -> dict[str, Any]:
    return {
        "anchor": about.url(part.name),
        "collection": [{"href": about.page, "type": "text/html"}],
        "license": [{"href": about.licence}],
    }

"""`ro-crate-metadata.json`: the release as a research object that archives take in (RO-Crate 1.2).

Every file is an entity of the crate. Those that are written after this one are there without size and
hash, which `manifest.json` and `SHA256SUMS` have.
"""

from typing import Any

from filiation import layout
from filiation.describe import forms
from filiation.describe.about import About, Coming
from filiation.describe.schema_org import encodings, maker
from filiation.release import Part, Release

NAME = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.2"


def text(about: About, release: Release, coming: list[Coming]) -> bytes:
    """The file; `coming`: what is written after it."""
    entities = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": VERSION},
            "about": {"@id": "./"},
        },
        _root(about, [*(part.name for part in release.parts), *(file.name for file in coming)]),
        {**maker(about), "url": layout.BASE, "contactPoint": {"@id": "#contact"}},
        {
            "@id": "#contact",
            "@type": "ContactPoint",
            "name": about.creator_name,
            "contactType": "maintainers",
            "url": layout.BASE,
        },
        {
            "@id": "#identifier",
            "@type": "PropertyValue",
            "name": "permanent address",
            "propertyID": "https://w3id.org/",
            "value": about.iri,
            "url": about.iri,
        },
        _licence(about),
        _action(about),
        {
            "@id": "#filiation",
            "@type": "SoftwareApplication",
            "name": "filiation",
            "version": about.version,
            "url": layout.BASE,
        },
        *(_file(part) for part in release.parts),
        *(
            {
                "@id": file.name,
                "@type": "File",
                "name": file.name,
                "description": file.title,
                "encodingFormat": file.media_type,
            }
            for file in coming
        ),
    ]
    return forms.json_text({"@context": f"{VERSION}/context", "@graph": entities})


def _root(about: About, names: list[str]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "identifier": {"@id": "#identifier"},
        "name": f"{about.title} {about.version}",
        "description": about.description,
        "datePublished": about.date,
        "version": about.version,
        "license": {"@id": about.licence},
        "author": {"@id": about.creator},
        "publisher": {"@id": about.creator},
        "keywords": ", ".join(about.keywords),
        "inLanguage": about.language,
        "url": about.page,
        "creditText": about.citation,
        "hasPart": [{"@id": name} for name in sorted(names)],
        "mentions": {"@id": "#build"},
    }


def _licence(about: About) -> dict[str, Any]:
    return {
        "@id": about.licence,
        "@type": "CreativeWork",
        "name": about.spdx,
        "description": about.rights,
        "identifier": f"https://spdx.org/licenses/{about.spdx}",
    }


def _action(about: About) -> dict[str, Any]:
    """How it was made; `prov.ttl` names every file that was used."""
    action = {
        "@id": "#build",
        "@type": "CreateAction",
        "name": f"Building of Filiation {about.version}",
        "description": f"The files that were used are listed in prov.ttl{_at(about)}.",
        "instrument": {"@id": "#filiation"},
        "agent": {"@id": about.creator},
        "result": {"@id": "./"},
    }
    return action


def _at(about: About) -> str:
    return f"; they are those of the commit {about.revision}" if about.revision else ""


def _file(part: Part) -> dict[str, Any]:
    return {
        "@id": part.name,
        "@type": "File",
        "name": part.name,
        "description": part.title,
        "encodingFormat": encodings(part),
        "contentSize": str(part.size),
        "sha256": part.sha256,
    }

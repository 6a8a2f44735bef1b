"""What a release says about itself, each file from one source: `data/dataset.ttl` and the build.

`about` and `counts` are read once; every other module makes one file of them and of the parts of the
release. Files are described in the order of their writing, so that each description can name the hash of
all that came before it.
"""

from rdflib import Graph

from filiation.describe import (
    about,
    citation,
    counts,
    crate,
    croissant,
    dcat,
    linkset,
    page,
    prov,
    readme,
    schema_org,
    void,
)
from filiation.describe.about import About, Coming, NotDescribed
from filiation.describe.counts import Counts
from filiation.manifest import NAME as MANIFEST
from filiation.manifest import SUMS
from filiation.material import Material
from filiation.release import MEDIA_TYPES, Release

__all__ = ["NotDescribed", "write"]

#: The files that earlier ones name, in the order of their writing. The last two are not made here.
_COMING = (
    Coming(citation.NAME, "How to cite it (Citation File Format)", MEDIA_TYPES["cff"]),
    Coming(linkset.NAME, "Where everything about it is (Signposting, RFC 9264)", linkset.MEDIA_TYPE),
    Coming(crate.NAME, "Every file, for archives (RO-Crate 1.2)", MEDIA_TYPES["jsonld"]),
    Coming(page.NAME, "The page of the release", MEDIA_TYPES["html"]),
    Coming(readme.NAME, "What is in this folder, and how to load it", MEDIA_TYPES["md"]),
    Coming(MANIFEST, "Every file with its size and hash, for programs", MEDIA_TYPES["json"]),
    Coming(SUMS, "The hash of every file, for sha256sum", MEDIA_TYPES["txt"]),
)


def write(material: Material, release: Release) -> None:
    """Add every description to the release. Raises NotDescribed, OSError, and turtle.Unreadable for a
    file that was there when the data were read."""
    told = about.of(material)
    counted = counts.of(material.quads)
    dataset = next((g for p, g in material.corpus.data.items() if p.name == "dataset.ttl"), Graph())
    _graphs(told, counted, material, release, dataset)
    embedded = schema_org.description(told, counted, release)
    content = schema_org.text(told, counted, release)
    release.add(schema_org.NAME, content, title="For search engines (schema.org)", role="description")
    content = croissant.text(told, release)
    title = "The tables for machine learning (Croissant 1.1)"
    release.add(croissant.NAME, content, title=title, role="description")
    _add(release, citation.NAME, citation.text(told))
    _add(release, linkset.NAME, linkset.text(told, release, _after(linkset.NAME)))
    _add(release, crate.NAME, crate.text(told, release, _after(crate.NAME)))
    coming = _after(page.NAME)
    links = linkset.landing(told, release, coming)
    _add(release, page.NAME, page.text(told, counted, release, links, embedded, coming))
    _add(release, readme.NAME, readme.text(told, counted, release))


def _graphs(told: About, counted: Counts, material: Material, release: Release, dataset: Graph) -> None:
    """The descriptions in RDF."""
    for name, title, (content, number) in (
        (
            void.NAME,
            "Counts by class, property and datatype, and links to other lists (VoID)",
            void.text(told, counted, release, dataset),
        ),
        (
            prov.NAME,
            "From which files it was built, by what (PROV-O)",
            prov.text(told, material, release),
        ),
        (
            dcat.NAME,
            "The release and its files, for catalogues (DCAT 3)",
            dcat.text(told, counted, release),
        ),
    ):
        release.add(name, content, title=title, role="description", statements=number)


def _after(name: str) -> list[Coming]:
    """What is written after that file."""
    names = [file.name for file in _COMING]
    return list(_COMING[names.index(name) + 1 :])


def _add(release: Release, name: str, content: bytes) -> None:
    file = next(file for file in _COMING if file.name == name)
    release.add(name, content, title=file.title, role="description", media_type=file.media_type)

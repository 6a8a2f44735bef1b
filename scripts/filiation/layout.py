"""Where everything stands: folders, namespaces, and the way from a path to an IRI and back.

One rule decides the rest: the last step of an IRI is the stem of the file that describes it,
and the folder of the file names the kind of thing. Nothing here reads a file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filiation.faults import Fault

BASE = "https://w3id.org/filiation/"
ONTOLOGY = BASE + "ontology#"
DATASET = BASE + "dataset"
SHAPES = BASE + "shapes#"
GRAPH = BASE + "graph/"
INFERRED_GRAPH = GRAPH + "inferred"

#: Folder of entity files under data/ -> prefix of the entities that its files describe.
ENTITY_FOLDERS = {
    "groups": "group",
    "incidents": "incident",
    "organizations": "organization",
    "people": "person",
    "places": "place",
    "sources": "source",
}

#: Prefixes of the situations and other nodes that live in the file of an entity.
DEPENDENT_PREFIXES = (
    "alliance",
    "attestation",
    "cooperation",
    "dissolution",
    "formation",
    "geometry",
    "identifier",
    "identity",
    "joining",
    "leadership",
    "life-event",
    "listing",
    "merger",
    "naming",
    "pledge",
    "position",
    "practice",
    "presence",
    "renaming",
    "rivalry",
    "split",
    "strength",
    "subordination",
)

#: Concept schemes, one file each under ontology/concepts/.
SCHEMES = (
    "activity",
    "aim",
    "hedge",
    "identity-kind",
    "ideology",
    "incident-kind",
    "life-event-kind",
    "manner",
    "naming-kind",
    "presence-kind",
    "revenue",
    "review",
    "role",
    "source-kind",
    "stance",
    "status",
    "strength-kind",
    "subordination-kind",
    "tactic",
)

#: Every prefix that our files may use, and the only ones that the house format writes.
PREFIXES = {
    **{name: f"{BASE}{name}/" for name in ENTITY_FOLDERS.values()},
    **{name: f"{BASE}{name}/" for name in DEPENDENT_PREFIXES},
    **{name: f"{BASE}{name}/" for name in SCHEMES},
    "fil": ONTOLOGY,
    "shape": SHAPES,
    "scheme": BASE + "scheme/",
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class NotARepository(Fault):
    """No folder from here upwards holds ontology/filiation.ttl."""


@dataclass(frozen=True)
class Layout:
    """The folders of one checkout."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def ontology(self) -> Path:
        return self.root / "ontology"

    @property
    def shapes(self) -> Path:
        return self.root / "shapes"

    @property
    def questions(self) -> Path:
        return self.ontology / "questions"

    @property
    def release(self) -> Path:
        return self.root / "build" / "release"

    @property
    def journal(self) -> Path:
        """What files said before a writing of several that is not completed."""
        return self.root / "build" / "unfinished.json"

    def turtle_files(self) -> Iterator[Path]:
        """Every Turtle file of the data, the ontology and the shapes, in order of path."""
        for folder in (self.data, self.ontology, self.shapes):
            yield from sorted(folder.rglob("*.ttl"), key=PurePosixPath)

    def relative(self, file: Path) -> PurePosixPath:
        """The path below the root with forward slashes, or the whole path where it is outside."""
        whole = stands_at(file)
        inside = whole.is_relative_to(self.root)
        return PurePosixPath((whole.relative_to(self.root) if inside else whole).as_posix())


def stands_at(file: Path) -> Path:
    """The whole path of a file, where a link stands for itself and not for what it leads to."""
    return file.resolve() if file.name in ("", "..") else file.parent.resolve() / file.name


def find(start: Path) -> Layout:
    """The checkout that holds `start`. Raises NotARepository."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "ontology" / "filiation.ttl").is_file():
            return Layout(folder)
    raise NotARepository(f"{start} is not inside a Filiation checkout: change to one, or name it with --root")


def entity_iri(relative: PurePosixPath) -> str | None:
    """The IRI that a file below the root promises to describe; None where its place is no place of ours.

    `data/groups/aqim.ttl` describes `https://w3id.org/filiation/group/aqim`.
    """
    match relative.parts:
        case ("data", "dataset.ttl"):
            return DATASET
        case ("data", folder, _) if folder in ENTITY_FOLDERS and relative.suffix == ".ttl":
            return f"{BASE}{ENTITY_FOLDERS[folder]}/{relative.stem}"
        case ("ontology", "filiation.ttl"):
            return BASE + "ontology"
        case ("ontology", "concepts", _) if relative.suffix == ".ttl":
            return f"{BASE}scheme/{relative.stem}"
        case ("ontology", "alignments", _) if relative.suffix == ".ttl":
            return f"{BASE}alignment/{relative.stem}"
    return None


def is_data(relative: PurePosixPath) -> bool:
    """Whether a file is data, or from elsewhere and meant to become data."""
    return relative.parts[0] not in ("ontology", "shapes")


def graph_iri(relative: PurePosixPath) -> str:
    """The named graph of a file in quad formats: its path without `data/` or `ontology/`.

    `data/groups/aqim.ttl` is `…/graph/groups/aqim`; `ontology/filiation.ttl` is `…/graph/ontology`.
    """
    if relative == PurePosixPath("ontology/filiation.ttl"):
        return GRAPH + "ontology"
    return GRAPH + relative.relative_to(relative.parts[0]).with_suffix("").as_posix()


def graph_path(graph: str) -> PurePosixPath:
    """The file of a named graph: the way back from `graph_iri`.

    >>> str(graph_path(GRAPH + "groups/aqim"))
    'data/groups/aqim.ttl'
    """
    name = graph.removeprefix(GRAPH)
    if name == "ontology":
        return PurePosixPath("ontology/filiation.ttl")
    top = "ontology" if name.startswith(("concepts/", "alignments/")) else "data"
    return PurePosixPath(top, f"{name}.ttl")


def split_iri(iri: str) -> tuple[str, str] | None:
    """Prefix and stem of an IRI of ours (`("group", "aqim")`); None where it is nobody's or a term."""
    if not iri.startswith(BASE):
        return None
    prefix, slash, stem = iri[len(BASE) :].partition("/")
    return (prefix, stem) if slash and prefix in PREFIXES else None


def curie(iri: str) -> str:
    """The IRI as people write it: `fil:Split`, `group:aqim`, or `<…>` where no prefix fits."""
    best = max((n for n in PREFIXES.values() if iri.startswith(n)), key=len, default=None)
    if best is None or best == iri:
        return f"<{iri}>"
    return f"{next(p for p, n in PREFIXES.items() if n == best)}:{iri[len(best) :]}"

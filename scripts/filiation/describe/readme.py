"""`README.md`: what each file of the release is, how to load it, how to check, cite and use it."""

from dataclasses import dataclass

from filiation import layout, simple
from filiation.describe.about import About, held_in_words
from filiation.describe.counts import Counts
from filiation.manifest import NAME as MANIFEST
from filiation.manifest import SUMS
from filiation.release import Part, Release, Role

NAME = "README.md"

#: Role -> the heading under which its files stand, in the order of a reader's interest.
HEADINGS: dict[Role, str] = {
    "dump": "The data as RDF",
    "table": "Tables",
    "graph": "Networks, maps and entities",
    "schema": "Ontology, shapes and example queries",
    "configuration": "Settings for stores and servers",
    "difference": "Changes since the release before",
    "description": "Descriptions for programs",
    "legal": "Terms and history",
}


@dataclass(frozen=True)
class Recipe:
    """How one program takes the release in: with which file, and what to type."""

    program: str
    needs: str
    commands: str
    language: str = "sh"


#: V is the version. The commands for stores are those that `configurations` and `virtuoso` explain.
RECIPES = (
    Recipe("Oxigraph", "oxigraph.sh", "sh oxigraph.sh"),
    Recipe(
        "Jena Fuseki",
        "fuseki-config.ttl",
        "tdb2.tdbloader --loc fuseki-data filiation-V.nq.gz\nfuseki-server --config fuseki-config.ttl",
    ),
    Recipe("QLever", "Qleverfile", "qlever index && qlever start"),
    Recipe("GraphDB", "graphdb-config.ttl", "importrdf preload -c graphdb-config.ttl filiation-V.nq.gz"),
    Recipe(
        "Virtuoso (unpack where the server may read, and set that folder in `load.isql`)",
        "filiation-virtuoso-V.tar",
        "tar -xf filiation-virtuoso-V.tar\nisql 1111 dba PASSWORD load.isql",
    ),
    Recipe(
        "rdflib (Python)",
        "filiation-V.nq",
        "import rdflib\n"
        'data = rdflib.Dataset(default_union=True).parse("filiation-V.nq", format="nquads")\n'
        "print(sum(1 for quad in data.quads()))",
        "python",
    ),
    Recipe(
        "rdflib without graphs",
        "filiation-V.nt",
        'import rdflib\nprint(len(rdflib.Graph().parse("filiation-V.nt", format="nt")))',
        "python",
    ),
)


def text(about: About, counts: Counts, release: Release) -> bytes:
    """The file. Its own size and hash, and those of the two files after it, are in the latter."""
    sections = [_introduction(about, counts), _loading(about, counts, release), _checking(about)]
    if any(part.name.startswith("filiation-simple-") for part in release.parts):
        sections.append(f"## The simple form (`filiation-simple-{about.version}`)\n\n{simple.ACCOUNT}")
    for role, heading in HEADINGS.items():
        parts = release.of(role)
        if parts:
            sections.append(f"## {heading}\n\n{_table(parts)}")
    sections.append(_terms(about))
    return ("\n\n".join(sections) + "\n").encode()


def _introduction(about: About, counts: Counts) -> str:
    before = f" It follows version {about.previous}." if about.previous else ""
    built = f" It was built from the commit `{about.revision}`." if about.revision else ""
    return f"""# {about.title} {about.version}

{about.description}

Released on {about.date} as <{about.iri}>.{before}{built}

It holds {counts.triples:,} statements about {counts.entities:,} things of its own. In the N-Quads and
TriG each file of the data is a named graph, and what was inferred is the graph
`<{layout.INFERRED_GRAPH}>`: leave that one out for stated facts only. `void.ttl` counts
everything by class and property."""


def _loading(about: About, counts: Counts, release: Release) -> str:
    names = {part.name: part for part in release.parts}
    blocks = []
    for recipe in RECIPES:
        needed = names.get(recipe.needs.replace("-V.", f"-{about.version}."))
        if needed is None:
            continue
        commands = recipe.commands.replace("-V.", f"-{about.version}.")
        blocks.append(f"{recipe.program}:\n\n```{recipe.language}\n{commands}\n```")
    quads = names.get(f"filiation-{about.version}.nq")
    expected = quads.statements if quads and quads.statements is not None else counts.triples
    recipes = "\n\n".join(blocks)
    return f"""## Load it

Into a store that is running, with the tools of Filiation, which compare the counts and the answers of the
questions afterwards, and bring an older release to this one in place:

```sh
filiation load . --to http://localhost:3030/ds
```

With the tools of the store:

{recipes}

Then ask how much is there:

```sparql
SELECT (COUNT(*) AS ?statements) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} }}
```

A store with named graphs answers {expected}; the union of the graphs has {counts.triples} triples."""


def _checking(about: About) -> str:
    return f"""## Check it

`sha256sum --check {SUMS}` holds every file against its hash. `{MANIFEST}` has the sizes and counts
too, and a hash of the dataset that does not depend on the order or syntax of a file (RDFC-1.0)."""


def _table(parts: list[Part]) -> str:
    rows = "\n".join(
        f"| `{part.name}` | {part.title} | {held_in_words(part)} | {part.size} | `{part.sha256[:8]}` |"
        for part in parts
    )
    return f"| file | what it is | holds | bytes | SHA-256 begins |\n|---|---|--:|--:|---|\n{rows}"


def _terms(about: About) -> str:
    return f"""## Terms

Everything here may be used under {about.spdx} (`LICENSE-DATA`, <{about.licence}>). {about.rights}

## Cite it

{about.citation}

`CITATION.cff` says the same for programs."""

"""What Virtuoso loads: N-Triples for each named graph, each with a file beside it that names the graph.

Its bulk loader drops the graphs of TriG, and takes N-Quads in whatever graph it is told; with a file
`NAME.nt.graph` beside each `NAME.nt.gz` it puts every graph where it belongs. (`ld_dir` takes `.gz` off
the name before it looks for that file, and leaves out without a word what it finds none for.)
"""

import io
import tarfile
from collections.abc import Iterator

from filiation import layout
from filiation.material import Material
from filiation.release import Release, compressed

#: The mask under which `ld_dir` finds the graphs, and what it runs with.
MASK = "*.nt.gz"
FOLDER = "filiation-virtuoso"

LOAD = """\
-- Loads every graph of this folder into Virtuoso, each under its own name.
-- Unpack the archive where the server may read (DirsAllowed in virtuoso.ini), change the path below to
-- that folder as the server sees it, then: isql 1111 dba PASSWORD load.isql
SET u{{FOLDER}} /usr/share/filiation/{folder} ;

ld_dir ('$u{{FOLDER}}', '{mask}', NULL) ;
rdf_loader_run () ;
checkpoint ;

-- No row here is a good sign: what could not be loaded, and why.
SELECT ll_file, ll_error FROM DB.DBA.load_list WHERE ll_file LIKE '$u{{FOLDER}}/%' AND ll_error IS NOT NULL ;
-- This should be {quads}.
SPARQL SELECT COUNT(*) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{base}")) }} ;
"""


def write(material: Material, release: Release) -> None:
    """Add the archive, the same to the byte for the same statements. Raises OSError."""
    name = f"{FOLDER}-{material.edition.version}.tar"
    path = release.path(name)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for file, content in members(material):
            entry = tarfile.TarInfo(f"{FOLDER}/{file}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    release.add(
        name,
        path,
        title="For the bulk loader of Virtuoso: each named graph as N-Triples, and load.isql",
        role="dump",
        statements=sum(map(len, material.lines.values())),
    )


def members(material: Material) -> Iterator[tuple[str, bytes]]:
    """The files of the archive: a graph and its name by turns, last what loads them."""
    lines = material.lines
    for graph in lines:
        file = graph.removeprefix(layout.GRAPH).replace("/", ".") + MASK.removeprefix("*")
        yield file, compressed("".join([f"{line} .\n" for line in lines[graph]]).encode())
        # No line break: the name of the graph is all that the file holds.
        yield f"{file.removesuffix('.gz')}.graph", graph.encode()
    quads = sum(map(len, lines.values()))
    text = LOAD.format(folder=FOLDER, mask=MASK, quads=quads, base=layout.GRAPH)
    yield "load.isql", text.encode()

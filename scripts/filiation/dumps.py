"""The RDF files of a release: all of it in each syntax, its parts, and the schema on its own.

Every file is written from sorted lines, one statement after the other, and parsed strictly by Oxigraph
before it is added. What loaders choke on (a blank node, an IRI beyond ASCII, text that is not in Unicode
normal form C) ends the build instead, with the file and the term.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from unicodedata import is_normalized

from filiation import context, dataset, examples, layout, oxigraph, questions, simple, turtle
from filiation.material import Material
from filiation.release import NotReleasable, Release, Role

#: How each syntax is called.
SYNTAXES = {
    "nq": "N-Quads",
    "trig": "TriG",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF/XML",
}
_BLOCK = 20_000
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def write(material: Material, release: Release) -> None:
    """Add all RDF dumps and schema files. Raises NotReleasable; OSError."""
    judge(material)
    with release.compressing():
        _graphs(material, release)
        _union(material, release)
    _schema(material, release)


def judge(material: Material) -> None:
    """Raises NotReleasable for the first term that loaders would choke on."""
    files = {layout.graph_iri(path): path for path in material.corpus.graphs if path.parts[0] != "shapes"}
    for graph, lines in material.lines.items():
        for line in lines:
            if fault := _fault(line):
                place = files.get(graph, f"the graph <{graph}>")
                raise NotReleasable(f"{place}: {fault}")


def _fault(line: str) -> str | None:
    """What is wrong with a line of N-Triples; None where nothing is."""
    if "_:" in line and oxigraph.blank_nodes_in(line):
        return f"a node without an IRI cannot be referred to from elsewhere: give it one. It is in: {line}"
    if line.isascii():
        return None
    for iri in re.findall(r"<([^<>]*)>", _STRING.sub('""', line)):
        if not iri.isascii():
            return f"the IRI <{iri}> has letters that some stores refuse: write them as %XX"
    if not is_normalized("NFC", line):
        return f"letters and their marks are not joined (Unicode normal form C): write them anew in: {line}"
    return None


def _graphs(material: Material, release: Release) -> None:
    """All graphs, and all but the inferred one, in the syntaxes that have graphs."""
    version, everything = material.edition.version, material.lines
    quads = sum(map(len, everything.values()))
    source = release.path(f"filiation-{version}.nq")
    _save(source, (_quads(graph, lines) for graph, lines in everything.items()))
    whole = [line for lines in everything.values() for line in lines]
    prefixes = oxigraph.prefixes_in(whole, layout.PREFIXES)
    title = "All statements, one named graph for each file"
    _each(release, source, ("trig",), prefixes, title, quads)

    inferred = everything.get(layout.INFERRED_GRAPH, [])
    stated = release.path(f"filiation-stated-{version}.nq")
    kept = ((graph, lines) for graph, lines in everything.items() if graph != layout.INFERRED_GRAPH)
    _save(stated, (_quads(graph, lines) for graph, lines in kept))
    _add(release, stated, "What is stated: all graphs but the inferred one", quads - len(inferred))
    target = release.path(f"filiation-inferred-{version}.nt")
    _save(target, _triples(inferred))
    _add(release, target, "What was inferred, and nothing else", len(inferred))


def _union(material: Material, release: Release) -> None:
    """All statements without their graphs, and the simple form of them."""
    version = material.edition.version
    lines = sorted({line for part in material.lines.values() for line in part})
    title = "All statements, without named graphs"
    _several(release, f"filiation-{version}", lines, title, ("ttl", "jsonld", "rdf"))
    plain = sorted(simple.triples(lines, material.corpus.ontology))
    title = "Entities with their names, dates and direct relations; no situations, no sources"
    _several(release, f"filiation-simple-{version}", plain, title, ("ttl",))


def _several(
    release: Release,
    stem: str,
    lines: Sequence[str],
    title: str,
    others: Sequence[str],
    role: Role = "dump",
) -> None:
    """The same triples as N-Triples and in other syntaxes."""
    source = release.path(f"{stem}.nt")
    _save(source, _triples(lines))
    _each(release, source, others, oxigraph.prefixes_in(lines, layout.PREFIXES), title, len(lines), role)


def _each(
    release: Release,
    source: Path,
    others: Sequence[str],
    prefixes: dict[str, str],
    title: str,
    number: int,
    role: Role = "dump",
) -> None:
    """Lines that have been written, and what other syntaxes make of them: to write these is to parse
    the lines strictly."""
    targets = [source.with_suffix(f".{extension}") for extension in others]
    ways = [partial(oxigraph.convert, source, file, prefixes) for file in targets]
    counts = {_parsed(source, way) for way in ways or [partial(oxigraph.count_file, source)]}
    _check(source, counts, number)
    _register(release, source, title, number, role)
    for file in targets:
        _add(release, file, title, number, role)


def _schema(material: Material, release: Release) -> None:
    """The ontology, the shapes, the questions and the JSON-LD context, each on its own. Ontology and
    shapes keep their lists as lists, for OWL and SHACL tools know no other form."""
    corpus = material.corpus
    ontology = dataset.dated(corpus.ontology, material.edition)
    for stem, graph, node, title, others in (
        ("ontology", ontology, layout.BASE + "ontology", "The ontology", ("jsonld", "rdf")),
        ("shapes", corpus.shapes, None, "What a file of the data must keep to (SHACL)", ()),
    ):
        lines = oxigraph.canonical_lines(graph)
        turtle_file = release.path(f"{stem}.ttl")
        _save(turtle_file, [turtle.house_format(graph, node).encode()])
        _add(release, turtle_file, title, len(lines), "schema")
        _several(release, stem, lines, title, others, "schema")
    asked = examples.graph(corpus, questions.load(corpus.layout))
    file = release.path("examples.ttl")
    _save(file, [turtle.house_format(asked, None).encode()])
    _add(release, file, "The questions, as SHACL-SPARQL examples", len(asked), "schema")
    title = "The JSON-LD context: the names of the Turtle files as keys"
    release.add("context.jsonld", context.text(corpus), title=title, role="schema")


def _quads(graph: str, lines: Iterable[str]) -> bytes:
    ending = f" <{graph}> .\n"
    return "".join([line + ending for line in lines]).encode()


def _triples(lines: Sequence[str]) -> Iterator[bytes]:
    for start in range(0, len(lines), _BLOCK):
        yield (" .\n".join(lines[start : start + _BLOCK]) + " .\n").encode()


def _save(path: Path, blocks: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(blocks)


def _add(release: Release, file: Path, title: str, number: int, role: Role = "dump") -> None:
    """Add a prepared file; the number of its statements is counted in it, and must be that one."""
    _check(file, {_parsed(file, partial(oxigraph.count_file, file))}, number)
    _register(release, file, title, number, role)


def _parsed(file: Path, parse: Callable[[], int]) -> int:
    try:
        return parse()
    except oxigraph.NotWellFormed as problem:
        name = file.name.removeprefix(".")
        raise NotReleasable(f"{name} would not be well-formed: {problem}") from problem


def _check(file: Path, found: set[int], number: int) -> None:
    if found - {number}:
        name = file.name.removeprefix(".")
        raise NotReleasable(f"{name} would hold {max(found)} statements in place of {number}")


def _register(release: Release, file: Path, title: str, number: int, role: Role) -> None:
    name, title = file.name.removeprefix("."), f"{title} ({SYNTAXES[file.suffix[1:]]})"
    release.add(name, file, title=title, role=role, statements=number, compressed=role == "dump")

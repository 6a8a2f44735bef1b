"""RDF in any of its syntaxes, read strictly: nothing is fetched, nothing unfolds, nothing is dropped.

Turtle is what the files of data/ are written in and what `turtle` reads; here is what others send.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from rdflib import Graph, Literal

from filiation import jsonld, oxigraph, turtle

#: Ending of a file's name -> its syntax.
SYNTAXES = {f".{extension}": extension for extension in oxigraph.FORMATS}

#: Statements stand three elements deep in RDF/XML, and a node inside another adds two.
MAX_DEPTH = 50


@dataclass(frozen=True)
class Reading:
    """What a file says: its graphs by name (None: the default graph), and its text, to find the places
    of statements in."""

    file: Path
    text: str
    graphs: dict[str | None, Graph]


def read(file: Path) -> Reading:
    """Read a file in the syntax that its name tells. Raises turtle.Unreadable."""
    syntax = SYNTAXES[file.suffix.lower()]
    if file.is_symlink():
        raise turtle.Unreadable(file, 1, "a link to another place: name the file itself")
    text = turtle.text_of(file)
    if syntax == "ttl":
        return Reading(file, text, {None: _normal(turtle.parse(text, file))})
    turtle.screen(text, file)
    if check := _CHECKS.get(syntax):
        check(text, file)
    try:
        quads = oxigraph.parse(text.encode(), syntax)
        graphs = oxigraph.to_graphs(quads)
    except oxigraph.NotWellFormed as problem:
        line = min(problem.line, max(1, len(text.splitlines())))
        raise turtle.Unreadable(file, line, _advice(problem.reason, syntax), problem.column) from problem
    except oxigraph.Refused as problem:
        raise turtle.refusal(file, text, problem) from problem
    if not quads:
        raise turtle.Unreadable(file, 1, "says nothing: describe something")
    return Reading(file, text, {name: _normal(graph) for name, graph in graphs.items()})


def _advice(reason: str, syntax: str) -> str:
    if "No scheme found" in reason:
        return "a relative IRI: write it whole"
    name = {"jsonld": "JSON-LD", "rdf": "RDF/XML", "nt": "N-Triples", "nq": "N-Quads", "trig": "TriG"}[syntax]
    return f"not {name}: {reason}"


def _normal(graph: Graph) -> Graph:
    """The same statements with their texts in normal form C, in which our files are written."""
    fresh = Graph(store="SimpleMemory", bind_namespaces="none")
    for subject, predicate, value in graph:
        if isinstance(value, Literal) and not unicodedata.is_normalized("NFC", value):
            text = unicodedata.normalize("NFC", value)
            value = Literal(text, lang=value.language, datatype=value.datatype, normalize=False)
        fresh.add((subject, predicate, value))
    return fresh


def _json(text: str, file: Path) -> None:
    try:
        jsonld.check(text)
    except jsonld.Unfit as problem:
        place = text.find(problem.sign)
        raise turtle.Unreadable(file, text.count("\n", 0, max(place, 0)) + 1, str(problem)) from problem


def _xml(text: str, file: Path) -> None:
    """Walk the elements once, with a parser that knows no entities and keeps nothing."""
    depth = 0
    parser = expat.ParserCreate("utf-8")

    def refuse(message: str) -> None:
        raise turtle.Unreadable(file, parser.CurrentLineNumber, message, parser.CurrentColumnNumber + 1)

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8"):
            refuse(f"says that it is written in {encoding[:40]}: write encoding UTF-8")

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            refuse(f"goes deeper than {MAX_DEPTH} elements: write each node by itself")
        if "xml:base" in attributes:
            refuse("a base makes one IRI mean another: write IRIs whole")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = lambda *_: refuse(
        "declares a document type, whose entities could stand for anything: write IRIs and texts whole"
    )
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as problem:
        message = f"not XML: {expat.ErrorString(problem.code)}"
        raise turtle.Unreadable(file, problem.lineno, message, problem.offset + 1) from problem


_CHECKS: dict[str, Callable[[str, Path], None]] = {"jsonld": _json, "rdf": _xml}

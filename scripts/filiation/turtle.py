"""One Turtle file in the house format: read strictly, written always the same way.

The layout is rdflib's longturtle with an order of our own: the entity of the file first, then
subjects by IRI. Stock ordering counts references, so that one new link would move whole blocks.
Comments do not survive formatting; a remark for readers is a `skos:editorialNote`.
"""

import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any

from rdflib import RDF, RDFS, SKOS, BNode, Graph, URIRef
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer

from filiation import oxigraph
from filiation.layout import BASE, PREFIXES

#: A file of this size is no contribution but an accident: people edit these files by hand.
MAX_BYTES = 20_000_000


class Unreadable(Exception):
    """A file that cannot be read as Turtle: where (line from 1), and what to do."""

    def __init__(self, file: Path, line: int, message: str):
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message


def content_of(file: Path) -> bytes:
    """The bytes of a file. Raises Unreadable where there is no file that can be read."""
    try:
        if file.is_dir():
            raise Unreadable(file, 1, "this is a folder: name a .ttl file")
        if not file.is_file():
            raise Unreadable(file, 1, "there is no such file")
        if file.stat().st_size > MAX_BYTES:
            raise Unreadable(file, 1, f"larger than {MAX_BYTES // 1_000_000} MB: split it by group")
        return file.read_bytes()
    except OSError as problem:
        raise Unreadable(file, 1, f"cannot be read: {problem.strerror}") from problem


def text_of(file: Path) -> str:
    """The text of a UTF-8 file, a byte order mark left out. Raises Unreadable, with the line of the
    first byte that is wrong."""
    content = content_of(file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise Unreadable(file, line, "is not UTF-8 here: save the file as UTF-8") from problem


def read(file: Path) -> Graph:
    """The triples of a Turtle file. Raises Unreadable."""
    text = text_of(file)
    try:
        triples = oxigraph.parse_turtle(text.encode(), base=BASE)
    except oxigraph.NotWellFormed as problem:
        last = max(1, len(text.splitlines()))
        raise Unreadable(file, min(problem.line, last), _advice(problem.reason)) from problem
    if not triples:
        raise Unreadable(file, 1, "says nothing: describe something, or remove the file")
    return oxigraph.to_rdflib(triples)


def write(file: Path, text: str) -> None:
    """Put a text in a file, which keeps its old content if that fails. Raises Unreadable."""
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(file)
    except OSError as problem:
        raise Unreadable(file, 1, f"cannot be written: {problem.strerror}") from problem
    finally:
        fresh.unlink(missing_ok=True)


def bind(graph: Graph) -> None:
    """Give a graph the house prefixes, and no others."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)


def _advice(reason: str) -> str:
    """The parser's reason, with what to type where that is known."""
    start, _, rest = reason.partition("The prefix ")
    prefix, found, _ = rest.partition(": has not been declared")
    if not start and found:
        if prefix in PREFIXES:
            return f"unknown prefix `{prefix}:`: add `PREFIX {prefix}: <{PREFIXES[prefix]}>` at the top"
        return f"unknown prefix `{prefix}:`{did_you_mean(prefix, PREFIXES)}"
    return f"not Turtle: {reason}"


def did_you_mean(word: str, known: Any) -> str:
    """`: did you mean …?` with the nearest known word, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f": did you mean `{near[0]}`?" if near else ""


def has_blank_nodes(graph: Graph) -> bool:
    """Whether some node has no IRI: putting such nodes in order can take any time, so that of data,
    which may come from anybody, none with blank nodes is laid out."""
    return any(isinstance(node, BNode) for triple in graph for node in triple)


def house_format(graph: Graph, entity: str | None) -> str:
    """The text of a graph in the house format; `entity` is the IRI that comes first.

    >>> graph = Graph().parse(data="<http://a/s> <http://a/p> 1 .")
    >>> house_format(graph, None).startswith("<http://a/s>")
    True
    """
    bind(graph)
    writer = _HouseSerializer(graph)  # type: ignore[no-untyped-call]  # rdflib's class is untyped
    writer.entity = URIRef(entity) if entity else None
    stream = BytesIO()
    writer.serialize(stream, canon=has_blank_nodes(graph))
    text = stream.getvalue().decode("utf-8").strip("\n") + "\n"
    return unicodedata.normalize("NFC", text)


class _HouseSerializer(LongTurtleSerializer):
    predicateOrder = [RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.definition]  # noqa: N815  # rdflib's name
    entity: URIRef | None = None

    def orderSubjects(self) -> list[Any]:  # noqa: N802  # the name is rdflib's
        return sorted(
            self._subjects,
            key=lambda subject: (isinstance(subject, BNode), subject != self.entity, str(subject)),
        )

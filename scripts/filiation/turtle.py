"""One Turtle file in the house format: read strictly, written always the same way.

The layout is rdflib's longturtle with an order of our own: the entity of the file first, then
subjects by IRI. Stock ordering counts references, so that one new link would move whole blocks.
Comments do not survive formatting; a remark for readers is a `skos:editorialNote`.
"""

import re
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any

from rdflib import RDF, RDFS, SKOS, BNode, Graph, URIRef
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer

from filiation import characters, limits, oxigraph, syntax
from filiation.faults import Fault
from filiation.layout import PREFIXES

#: Also a dump that is asked is read whole.
MAX_BYTES = 20_000_000
#: What other syntaxes are called; who has one converts it, so that what is reviewed is what is judged.
OTHER_SYNTAXES = {
    ".json": "JSON-LD",
    ".jsonld": "JSON-LD",
    ".n3": "Notation3",
    ".nq": "N-Quads",
    ".owl": "RDF/XML",
    ".rdf": "RDF/XML",
    ".trig": "TriG",
    ".trix": "TriX",
    ".xml": "RDF/XML",
}

_IMPORTED = (".jsonld", ".nq", ".rdf", ".trig")
#: Without one of these no node is blank (Turtle, sections 2.6 to 2.8).
_MAY_BE_BLANK = re.compile(r"_:|[\[(]")


class Unreadable(Fault):
    """A file that cannot be read as Turtle: where (line from 1), and what to do."""

    def __init__(self, file: Path, line: int, message: str, column: int = 1):
        super().__init__(characters.visible(f"{file}:{line}: {message}"))
        self.file = file
        self.line = line
        self.column = column
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
    return decoded(content_of(file), file)


def decoded(content: bytes, file: Path) -> str:
    """The text of the bytes of a file, as `text_of` gives it. Raises Unreadable."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise Unreadable(file, line, "is not UTF-8 here: save the file as UTF-8") from problem


def read(file: Path) -> Graph:
    """The triples of a Turtle file. Raises Unreadable, also for a link to another file."""
    if file.is_symlink():
        raise Unreadable(file, 1, "a link to another place: put the file itself here")
    if name := OTHER_SYNTAXES.get(file.suffix.lower()):
        bring = "bring it in with `filiation import`, or " if file.suffix.lower() in _IMPORTED else ""
        advice = f"{name} is not read here: {bring}convert it to Turtle, and name it {file.stem}.ttl"
        raise Unreadable(file, 1, advice)
    return parse(text_of(file), file)


def parse(text: str, file: Path) -> Graph:
    """The triples of the text of a file, which may be one of an earlier revision. Raises Unreadable."""
    screen(text, file)
    try:
        triples = oxigraph.parse_turtle(text.encode())
        graph = oxigraph.to_rdflib(triples)
    except oxigraph.NotWellFormed as problem:
        place, advice = syntax.slip(text, problem)
        last = max(1, len(text.splitlines()))
        raise Unreadable(file, min(place.line, last), advice, place.column) from problem
    except oxigraph.Refused as problem:
        raise refusal(file, text, problem) from problem
    if not triples:
        raise Unreadable(file, 1, "says nothing: describe something, or remove the file")
    if _MAY_BE_BLANK.search(text) and (wrong := _tangle(graph)):
        raise Unreadable(file, 1, wrong)
    return graph


def screen(text: str, file: Path) -> None:
    """Raise Unreadable for a text in whatever syntax that is too long, or holds what nobody sees."""
    if len(text) > limits.MAX_CHARACTERS:
        raise Unreadable(file, 1, f"larger than {limits.MAX_CHARACTERS // 1_000_000} MB: split it by group")
    unseen = characters.hidden(text)
    if unseen is not None:
        raise _unreadable(file, text, unseen, characters.advice(text[unseen]))


def refusal(file: Path, text: str, problem: oxigraph.Refused) -> Unreadable:
    """What of a text cannot be taken in, at its place."""
    return _unreadable(file, text, _place_of(problem.sign, text), problem.reason)


def _place_of(sign: str, text: str) -> int:
    """Where a sign stands in a text, also as an escape; else the beginning."""
    escape = rf"|\\u0*{ord(sign):x}" if len(sign) == 1 else ""
    found = re.search(re.escape(sign) + escape, text, re.IGNORECASE)
    return found.start() if found else 0


def _unreadable(file: Path, text: str, place: int, reason: str) -> Unreadable:
    """What is wrong at a place (from 0) of a text."""
    return Unreadable(file, text.count("\n", 0, place) + 1, reason, place - text.rfind("\n", 0, place))


def _tangle(graph: Graph) -> str | None:
    """What is wrong with the blank nodes of a graph, if they could keep a machine busy for ever: there
    may be few, and each stands inside one other node, as `[ … ]` and `( … )` are written."""
    if not has_blank_nodes(graph):
        return None
    nodes = {node for triple in graph for node in triple if isinstance(node, BNode)}
    if len(nodes) > limits.MAX_BLANK_NODES:
        few = limits.MAX_BLANK_NODES
        return f"{len(nodes):,} blank nodes, more than the {few} a file may have: give them IRIs"
    around = {node: list(graph.subject_predicates(node)) for node in nodes}
    for node in nodes:
        seen: set[Any] = set()
        inner: Any = node
        while inner in around:
            if len(around[inner]) > 1 or inner in seen:
                return "a blank node that several nodes refer to: give it an IRI"
            seen.add(inner)
            inner = next((subject for subject, _ in around[inner]), None)
    said = {node: _said(graph, node) for node in nodes}
    if len({(*around[node], said[node]) for node in nodes}) < len(nodes):
        return "two blank nodes in one place that say the same: keep one of them"
    return None


def _said(graph: Graph, node: Any) -> frozenset[Any]:
    """All that is said of a blank node, and of those inside it."""
    return frozenset(
        (predicate, _said(graph, value) if isinstance(value, BNode) else value)
        for predicate, value in graph.predicate_objects(node)
    )


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


def did_you_mean(word: str, known: Any) -> str:
    """`: did you mean …?` with the nearest known word, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f": did you mean `{near[0]}`?" if near else ""


def has_blank_nodes(graph: Graph) -> bool:
    """Whether some node has no IRI: putting such nodes in order can take any time, so that of data,
    which may come from anybody, none with blank nodes is laid out."""
    # Not by `isinstance`: to ask that of an abstract class takes longer than all the rest.
    return any(type(subject) is BNode or type(value) is BNode for subject, _, value in graph)


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

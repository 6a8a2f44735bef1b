"""The only module that meets Oxigraph: strict syntax, SPARQL, canonical order, dumps.

rdflib accepts about a tenth of malformed syntax, so every file that comes in and every file that
goes out is parsed here too, where the whole W3C syntax suite passes.
"""

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import characters, limits, symmetry
from filiation.faults import Fault, FaultInData

# rdflib tells of a literal that is not of its datatype with a traceback; the shapes tell its line.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

#: File name extension -> syntax, for dumps.
FORMATS = {
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}

#: Query result formats of SPARQL 1.1 for SELECT and ASK.
RESULT_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}

Quad = ox.Quad
BlankNode = ox.BlankNode

#: Where blank nodes get their IRIs, and how many hex digits of a hash name one.
SKOLEM = "https://w3id.org/filiation/genid/"
SKOLEM_LENGTH = 20


@dataclass
class NotWellFormed(FaultInData):
    """A text breaks the grammar of its syntax; line and column count from 1."""

    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


class Refused(FaultInData):
    """A text that breaks no grammar and still cannot be taken in; `sign` is what to look for in it."""

    def __init__(self, reason: str, sign: str):
        super().__init__(reason)
        self.reason = reason
        self.sign = sign


class QueryFailed(Fault):
    """A query that cannot be answered; the message says why."""


def parse_turtle(content: bytes, base: str | None = None) -> list[ox.Triple]:
    """Every triple of a Turtle text, by the letter of the grammar. Without a base, IRIs are whole ones.
    Raises NotWellFormed, and Refused for a base that the text itself sets."""
    return [quad.triple for quad in parse(content, "ttl", base)]


def parse(content: bytes, extension: str, base: str | None = None) -> list[ox.Quad]:
    """Every quad of a text in the syntax of FORMATS, as often as it stands there; otherwise as
    `parse_turtle`."""
    try:
        quads = ox.parse(content, FORMATS[extension], base_iri=base)
        found = list(quads)
    except SyntaxError as problem:
        reason = str(problem.msg).partition(": ")[2] or str(problem.msg)
        raise NotWellFormed(problem.lineno or 1, problem.offset or 1, reason) from problem
    if quads.base_iri != base:
        raise Refused("a base makes one IRI mean another: write IRIs whole, or with a prefix", "base")
    return found


def count(content: bytes, extension: str) -> int:
    """How many triples or quads a dump holds. Raises NotWellFormed where it is not strictly valid."""
    try:
        return sum(1 for _ in ox.parse(content, FORMATS[extension]))
    except SyntaxError as problem:
        raise NotWellFormed(problem.lineno or 1, problem.offset or 1, problem.msg) from problem


def read_quads(content: bytes, extension: str = "nq") -> list[ox.Quad]:
    """Every quad of a dump, in its order. Raises NotWellFormed where it is not strictly valid."""
    try:
        return list(ox.parse(content, FORMATS[extension]))
    except SyntaxError as problem:
        raise NotWellFormed(problem.lineno or 1, problem.offset or 1, problem.msg) from problem


def iri(term: object) -> str:
    """The IRI of a term; nothing where it is a literal, a blank node or the default graph."""
    return term.value if isinstance(term, ox.NamedNode) else ""


def ntriples(stream: Any) -> Iterator[str]:
    """Each triple of a stream of N-Triples (an object with `read`) as its canonical line, no newline.
    Raises NotWellFormed."""
    try:
        for quad in ox.parse(stream, ox.RdfFormat.N_TRIPLES):
            yield f"{quad.triple} ."
    except SyntaxError as problem:
        raise NotWellFormed(problem.lineno or 1, problem.offset or 1, problem.msg) from problem


def to_rdflib(triples: Iterable[ox.Triple]) -> Graph:
    """The same triples as an rdflib graph, blank node labels and lexical forms kept. Raises Refused for
    a term that `limits` keeps out or RDF 1.1 does not know."""
    graph = Graph(store="SimpleMemory", bind_namespaces="none")
    # Not by the graph, which asks of every term anew whether it is one.
    add = graph.store.add
    for triple in triples:
        add((_term(triple.subject), _term(triple.predicate), _term(triple.object)), graph)
    return graph


def to_graphs(quads: Iterable[ox.Quad]) -> dict[str | None, Graph]:
    """The same quads by the name of their graph, None for the default one; otherwise as `to_rdflib`."""
    triples: dict[str | None, list[ox.Triple]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, ox.BlankNode):
            raise Refused("a graph without a name: leave the graph out", "_:")
        triples.setdefault(iri(quad.graph_name) or None, []).append(quad.triple)
    return {name: to_rdflib(some) for name, some in triples.items()}


def _term(term: object) -> Node:
    """The rdflib node for a term, its label or lexical form kept. Raises Refused."""
    if isinstance(term, ox.NamedNode):
        return _iri(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if not isinstance(term, ox.Literal):
        raise Refused("a statement about a statement (RDF 1.2): write an attestation", "<<")
    if term.direction is not None:
        raise Refused("a direction of writing (RDF 1.2): the language tag alone is enough", "--")
    plain = term.language or term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    reason = (
        limits.of_text(term.value, term.language)
        if plain
        else limits.of_typed(term.value, term.datatype.value)
    )
    if reason:
        raise Refused(reason, _sign(term.value))
    if term.language:
        return Literal(term.value, lang=term.language)
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return Literal(term.value)
    return Literal(term.value, datatype=_iri(term.datatype.value), normalize=False)


@cache
def _iri(value: str) -> URIRef:
    """The same IRI is met many times, and rdflib judges its characters each time it is made."""
    reason = limits.of_iri(value)
    if reason:
        raise Refused(reason, _sign(value))
    return URIRef(value)


def _sign(value: str) -> str:
    """By what the place of a value is found in its file: what is hidden in it, or how it begins."""
    place = characters.hidden(value)
    return value[:40] if place is None else value[place]


def from_rdflib(graph: Graph, name: str) -> Iterator[ox.Quad]:
    """The triples of an rdflib graph as quads of the named graph. A blank node gets an IRI of its own
    (RDF 1.1 Concepts, section 3.5) that stays while what it says stays: so that two releases can be
    compared, SPARQL Update can take its statements back, and a second loading adds nothing."""
    graph_name = ox.NamedNode(name)
    triples = list(graph)
    quads = [ox.Quad(_ox(s), _ox(p), _ox(o), graph_name) for s, p, o in triples]  # type: ignore[arg-type]  # see _ox
    if BNode not in set(map(type, chain.from_iterable(triples))):
        yield from quads
        return
    data = ox.Dataset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    names = _skolem_names(_labelled(data))
    for quad in data:
        subject, value = (_named(term, names) for term in (quad.subject, quad.object))
        yield ox.Quad(subject, quad.predicate, value, graph_name)


def _skolem_names(data: ox.Dataset) -> dict[str, ox.NamedNode]:
    """Canonical label of a blank node -> its IRI. One that an IRI refers to is named by that reference
    and by all that is told from it on; those behind it by it and by their place there. The label itself
    parts what would still be alike."""
    about: dict[str, list[ox.Quad]] = {}
    referrers: dict[str, list[str]] = {}
    for quad in sorted(data, key=str):
        if isinstance(quad.subject, ox.BlankNode):
            about.setdefault(quad.subject.value, []).append(quad)
            if isinstance(quad.object, ox.BlankNode):
                continue
        if isinstance(quad.object, ox.BlankNode):
            referrers.setdefault(quad.object.value, []).append(f"{quad.subject} {quad.predicate}")
    tellings: dict[str, str] = {}
    for label in [*referrers, *(label for label in about if label not in referrers)]:
        order, place = [label], {label: 0}
        lines = list(referrers.get(label, []))
        for node in order:
            for quad in about.get(node, []):
                value = str(quad.object)
                if isinstance(quad.object, ox.BlankNode):
                    if quad.object.value not in place:
                        place[quad.object.value] = len(order)
                        order.append(quad.object.value)
                    value = f"_:{place[quad.object.value]}"
                lines.append(f"{place[node]} {quad.predicate} {value}")
        for node in order:
            tellings.setdefault(node, f"{place[node]} of\n" + "\n".join(lines))
    alike = Counter(tellings.values())
    return {
        label: ox.NamedNode(
            SKOLEM + sha256((told + label * (alike[told] > 1)).encode()).hexdigest()[:SKOLEM_LENGTH]
        )
        for label, told in tellings.items()
    }


def _named(term: Any, names: dict[str, ox.NamedNode]) -> Any:
    return names[term.value] if isinstance(term, ox.BlankNode) else term


def _ox(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The same term. No literal is a subject in rdflib's graphs, which the type of a quad asks and this
    one cannot tell."""
    if isinstance(term, URIRef):
        return _named_node(term)
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    assert isinstance(term, Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    if term.datatype:
        return ox.Literal(str(term), datatype=_named_node(term.datatype))
    return ox.Literal(str(term))


@lru_cache(maxsize=1 << 17)
def _named_node(iri: URIRef) -> ox.NamedNode:
    """The same IRIs are met many times over, and judging their characters costs more than finding them."""
    return ox.NamedNode(str(iri))


def serialize(quads: Iterable[ox.Quad], extension: str, prefixes: dict[str, str]) -> bytes:
    """A dump with its statements in order of code points; the union of the graphs where the
    syntax has no graphs. Deterministic for the same quads."""
    syntax = FORMATS[extension]
    if syntax.supports_datasets:
        statements: list[ox.Quad] | list[ox.Triple] = sorted(set(quads), key=_by_graph)
    else:
        statements = sorted({quad.triple for quad in quads}, key=str)
    used = _used(prefixes, statements) if extension in ("ttl", "trig", "rdf") else None
    content = ox.serialize(statements, format=syntax, prefixes=used)
    assert content is not None
    return content


def lines_of(graph: Graph) -> list[str]:
    """The triples of an rdflib graph as sorted N-Triples without the full stop; blank nodes have the IRIs
    of `from_rdflib`."""
    triples = list(graph)
    if BNode in set(map(type, chain.from_iterable(triples))):
        return sorted(str(quad.triple) for quad in from_rdflib(graph, "urn:any"))
    return sorted([f"{_text_of(s)} {_text_of(p)} {_text_of(o)}" for s, p, o in triples])


def _text_of(term: Node) -> str:
    return _text_of_iri(term) if isinstance(term, URIRef) else str(_ox(term))


@lru_cache(maxsize=1 << 17)
def _text_of_iri(iri: URIRef) -> str:
    return str(ox.NamedNode(str(iri)))


def quads_of_lines(graphs: Mapping[str, Iterable[str]]) -> Iterator[ox.Quad]:
    """The quads of named graphs whose triples are given as N-Triples without the full stop."""
    for name, lines in graphs.items():
        text = "".join([f"{line} <{name}> .\n" for line in lines])
        yield from ox.parse(text, ox.RdfFormat.N_QUADS)


def canonical_lines(graph: Graph) -> list[str]:
    """The triples of an rdflib graph as sorted N-Triples without the full stop, blank nodes labelled by
    RDFC-1.0."""
    data = ox.Dataset(ox.Quad(_ox(s), _ox(p), _ox(o)) for s, p, o in graph)  # type: ignore[arg-type]  # see _ox
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad.triple) for quad in data)


def blank_nodes_in(line: str) -> bool:
    """Whether a line of N-Triples tells of a blank node."""
    return "_:" in line and any(_blank_nodes(quad) for quad in ox.parse(f"{line} .", ox.RdfFormat.N_TRIPLES))


def convert(source: Path, target: Path, prefixes: dict[str, str]) -> int:
    """Write the statements of a file of sorted lines (.nq, .nt) in the syntax of the target's extension,
    in their order, with these prefixes; nothing is held in memory. How many the source has comes back,
    which is thereby parsed strictly. Raises NotWellFormed for it, and OSError."""
    number = 0

    def counted() -> Iterator[ox.Quad]:
        nonlocal number  # what is counted is read after the loop
        for number, quad in enumerate(ox.parse(path=source, format=FORMATS[source.suffix[1:]]), 1):  # noqa: B007
            yield quad

    try:
        ox.serialize(counted(), output=target, format=FORMATS[target.suffix[1:]], prefixes=prefixes)
    except SyntaxError as problem:
        raise NotWellFormed(problem.lineno or 1, problem.offset or 1, problem.msg) from problem
    return number


def prefixes_in(lines: Sequence[str], prefixes: dict[str, str]) -> dict[str, str]:
    """The prefixes of which an IRI in lines of N-Triples, up to its last slash or hash, is the namespace."""
    waiting, found = dict(prefixes), set()
    for start in range(0, len(lines), 20_000):
        text = "\n".join(lines[start : start + 20_000])
        for prefix, namespace in list(waiting.items()):
            # A plain search goes through the text ten times as fast as the expression.
            if f"<{namespace}" in text and re.search(f"<{re.escape(namespace)}[^<>/#]*>", text):
                found.add(prefix)
                del waiting[prefix]
    return {prefix: prefixes[prefix] for prefix in sorted(found)}


def count_file(path: Path) -> int:
    """How many triples or quads a file of a release holds. Raises NotWellFormed where it is not strictly
    valid, and OSError."""
    try:
        return sum(1 for _ in ox.parse(path=path, format=FORMATS[path.suffix[1:]]))
    except SyntaxError as problem:
        raise NotWellFormed(problem.lineno or 1, problem.offset or 1, problem.msg) from problem


def canonical(quads: Iterable[ox.Quad]) -> list[str]:
    """The lines of the dataset's canonical N-Quads (RDFC-1.0 with SHA-256), in order of code points.
    Labels of blank nodes depend on the statements about blank nodes alone, so only these go through the
    algorithm, and sorting does the rest. Raises Refused for blank nodes that are too alike."""
    lines: set[str] = set()
    about: list[ox.Quad] = []
    for quad in quads:
        text = str(quad)
        if "_:" in text and _blank_nodes(quad):
            about.append(quad)
        else:
            lines.add(f"{text} .\n")
    if about:
        lines.update(f"{quad} .\n" for quad in _labelled(ox.Dataset(about)))
    return sorted(lines)


def _blank_nodes(quad: ox.Quad) -> list[ox.BlankNode]:
    return [term for term in quad if isinstance(term, ox.BlankNode)]


def _labelled(data: ox.Dataset) -> ox.Dataset:
    """The same dataset, its blank nodes labelled by RDFC-1.0. Raises Refused."""
    written = ((str(s), str(p), str(o), str(g)) for s, p, o, g in data)
    if symmetry.is_too_great(written):
        raise Refused("too many blank nodes here look alike: give them names", "[")
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return data


def canonical_hash(quads: Iterable[ox.Quad]) -> str:
    """SHA-256, in hex, of the canonical form of a dataset. Raises Refused."""
    digest = hashlib.sha256()
    for line in canonical(quads):
        digest.update(line.encode())
    return digest.hexdigest()


def hash_of_lines(graphs: dict[str, list[str]]) -> str:
    """The same for the lines of named graphs (`lines_of`), where there is no blank node: in order of code
    points, N-Quads are then canonical as they are. Raises Refused."""
    lines = [f"{line} <{name}> .\n" for name, found in graphs.items() for line in found]
    if any(blank_nodes_in(line) for found in graphs.values() for line in found):
        raise Refused("a blank node, which no release holds: give it a name", "_:")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _used(prefixes: dict[str, str], statements: Iterable[ox.Quad | ox.Triple]) -> dict[str, str]:
    """The prefixes that the statements need."""
    iris = set(re.findall(r"<([^<>]*[/#])", "\n".join({str(statement) for statement in statements})))
    return {prefix: namespace for prefix, namespace in sorted(prefixes.items()) if namespace in iris}


def _by_graph(quad: ox.Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_NOT_KEYWORDS = re.compile(
    r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|\#[^\n]*""",
    re.DOTALL,
)


def _calls_service(query: str) -> bool:
    """Whether the keyword SERVICE stands in a query (code point escapes resolved, SPARQL 1.1
    section 19.2), outside strings, IRIs, comments, variables and prefixed names."""
    plain = _CODE_POINT.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), query)
    return bool(re.search(r"(?<![\w:?$@-])service(?![\w:-])", _NOT_KEYWORDS.sub(" ", plain), re.IGNORECASE))


def _query_problem(query: str, message: str) -> str:
    """The engine's message as a place, the line itself with a mark under it, and a reason."""
    place = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if place is None:
        return message
    number, column, reason = int(place[1]), int(place[2]), place[3]
    lines = query.splitlines() or [""]
    line = lines[min(number, len(lines)) - 1]
    if "Prefix not found" in reason:
        names = re.findall(r"([A-Za-z][\w-]*):[\w-]*$", line[: column - 1].rstrip()) or re.findall(
            r"^([A-Za-z][\w-]*):", line[column - 1 :]
        )
        reason = f"unknown prefix{f' `{names[-1]}:`' if names else ''}: declare it with PREFIX"
    else:
        words = re.findall(r"\b[A-Z]{3,}\b", reason)
        reason = "the query breaks off or goes wrong here" + (
            f"; possible: {' '.join(dict.fromkeys(words[:8]))}" if words else ""
        )
    return f"query, line {number}, column {column}: {reason}\n  {line}\n  {' ' * (column - 1)}^"


class Store:
    """Quads that answer SPARQL 1.1; the default graph of a query is the union of all graphs."""

    def __init__(self, quads: Iterable[ox.Quad]):
        self._store = ox.Store()
        self._store.bulk_extend(quads)

    @classmethod
    def of_dump(cls, content: bytes, extension: str = "nq") -> "Store":
        """The store that a loader of the dump would have. Raises NotWellFormed."""
        try:
            return cls(ox.parse(content, FORMATS[extension]))
        except SyntaxError as problem:
            raise NotWellFormed(problem.lineno or 1, problem.offset or 1, problem.msg) from problem

    @classmethod
    def of_triples(cls, triples: Iterable[tuple[Node, Node, Node]]) -> "Store":
        """The triples of an rdflib graph, which may have no blank nodes of two graphs with one label."""
        term = cache(_ox)
        return cls(ox.Quad(term(s), term(p), term(o)) for s, p, o in triples)  # type: ignore[arg-type]  # see _ox

    def __len__(self) -> int:
        return len(self._store)

    def __iter__(self) -> Iterator[ox.Quad]:
        return iter(self._store)

    def without(self, graph: str) -> "Store":
        """The same store without one named graph."""
        return Store(quad for quad in self._store if quad.graph_name != ox.NamedNode(graph))

    def update(self, text: str) -> None:
        """Carry out a SPARQL 1.1 Update request of ours: all of it, or nothing. Raises QueryFailed."""
        try:
            self._store.update(text)
        except (SyntaxError, ValueError, OSError, RuntimeError) as problem:
            raise QueryFailed(_query_problem(text, str(problem))) from problem

    def change(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take quads away, then add others."""
        for quad in removed:
            self._store.remove(quad)
        self._store.extend(added)

    def drop_empty(self) -> None:
        """Forget the named graphs that hold nothing, as stores do that know of no empty ones."""
        for graph in list(self._store.named_graphs()):
            if not any(True for _ in self._store.quads_for_pattern(None, None, None, graph)):
                self._store.remove_graph(graph)

    def graphs(self) -> set[str]:
        """The names of the graphs, also of empty ones."""
        return {graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode)}

    def query(self, text: str, prefixes: dict[str, str] | None = None) -> "Answer":
        """Raises QueryFailed, with the place where the query is wrong, and for a SERVICE clause:
        nothing that a query says reaches the network."""
        if _calls_service(text):
            raise QueryFailed("SERVICE is not answered here: ask the other endpoint itself")
        try:
            answer = self._store.query(text, use_default_graph_as_union=True, prefixes=prefixes)
        except (SyntaxError, ValueError, OSError, RuntimeError) as problem:
            raise QueryFailed(_query_problem(text, str(problem))) from problem
        return Answer(answer)

    def finds(self, text: str, prefixes: dict[str, str], given: dict[str, Node]) -> bool:
        """Whether a query has an answer when these variables stand for these nodes (SHACL, section 5.3).
        Raises QueryFailed."""
        if _calls_service(text):
            raise QueryFailed("SERVICE is not answered here: ask the other endpoint itself")
        values: dict[Any, Any] = {ox.Variable(name): _ox(node) for name, node in given.items()}
        try:
            answer = self._store.query(text, prefixes=prefixes, substitutions=values)
            if isinstance(answer, ox.QueryBoolean):
                return bool(answer)
            return next(iter(answer), None) is not None
        except (SyntaxError, ValueError, OSError, RuntimeError) as problem:
            raise QueryFailed(str(problem)) from problem


class Answer:
    """What a query gives: rows, a truth value, or triples."""

    def __init__(self, answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples):
        self._answer = answer

    @property
    def is_graph(self) -> bool:
        return isinstance(self._answer, ox.QueryTriples)

    def serialize(self, name: str, prefixes: dict[str, str]) -> bytes:
        """In a result format (csv, tsv, json, xml), or, for triples, in an RDF syntax (ttl).
        Raises QueryFailed where the format does not fit the kind of query."""
        try:
            if isinstance(self._answer, ox.QueryTriples):
                if name not in FORMATS:
                    raise QueryFailed(f"CONSTRUCT and DESCRIBE give triples: use --format ttl, not {name}")
                quads = [ox.Quad(t.subject, t.predicate, t.object) for t in self._answer]
                return serialize(quads, name, prefixes)
            if name not in RESULT_FORMATS:
                raise QueryFailed(f"SELECT and ASK give rows: use table, csv, tsv, json or xml, not {name}")
            content = self._answer.serialize(format=RESULT_FORMATS[name])
        except (RuntimeError, OSError) as problem:
            raise QueryFailed(str(problem)) from problem
        assert content is not None
        return content

    def rows(self) -> tuple[list[str], list[list[str]]]:
        """Column names and rows as plain text: IRIs whole, literals without their type."""
        if isinstance(self._answer, ox.QueryBoolean):
            return ["answer"], [["yes" if self._answer else "no"]]
        if isinstance(self._answer, ox.QueryTriples):
            triples = sorted(self._answer, key=str)
            return ["subject", "predicate", "object"], [[_text(part) for part in t] for t in triples]
        try:
            names = [variable.value for variable in self._answer.variables]
            return names, [[_text(value) for value in row] for row in self._answer]
        except (RuntimeError, ValueError) as problem:
            raise QueryFailed(str(problem)) from problem


def _text(term: object) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)) else str(term)

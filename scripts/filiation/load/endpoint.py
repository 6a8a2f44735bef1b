"""One store as `load` sees it: which graphs it has, what is in one, questions, and ways to change it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filiation import layout, oxigraph
from filiation.load import stores
from filiation.load.stores import Addresses
from filiation.load.transport import (
    ANSWER,
    WORK,
    Body,
    Connection,
    Credentials,
    Params,
    is_page,
)
from filiation.load.trouble import StoreTrouble

_BLOCK = 1 << 18
_GRAPH = re.compile(r"(?<![\w:?$#/-])GRAPH\s*[<?$\w]", re.IGNORECASE)
_RESULTS = "application/sparql-results+json"

#: How much of the load has gone out: called with numbers of bytes.
Sent = Callable[[int], None]


@dataclass
class Endpoint:
    """The store behind a connection. Every method raises transport.StoreTrouble (Unreachable, Refused)."""

    connection: Connection
    at: Addresses

    def ask(
        self, query: str, union: bool = False, graphs: Iterable[str] = (), named: Iterable[str] = ()
    ) -> tuple[list[str], list[list[str | None]]]:
        """Column names and rows as plain text (None where nothing is bound). With `union` the default
        graph is that of all named graphs; with `graphs` that of these alone. `named` are those that
        a GRAPH clause may see where the dataset is given in this way (SPARQL 1.1 Protocol, section
        2.1.4)."""
        extra = list(self.at.profile.union) if union else []
        params: Params = [pair for pair in extra if pair[0] != "default-graph-uri"]
        data: dict[str, str | list[str]] = {"query": query}
        chosen = [*(value for name, value in extra if name == "default-graph-uri"), *graphs]
        if chosen:
            data["default-graph-uri"] = chosen
            if _GRAPH.search(query):
                data["named-graph-uri"] = list(named)
        answer = self.connection.request(
            "POST", self.at.query, params=params or None, data=data, headers={"Accept": _RESULTS}
        )
        if is_page(answer):
            raise StoreTrouble(
                f"{self.at.query} answers with a web page, not with data: is it the address of the store "
                f"itself, such as {self.at.profile.address}?"
            )
        try:
            return _rows(json.loads(answer.content))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise StoreTrouble(
                f"{self.at.query} does not answer with SPARQL results: is it a SPARQL endpoint?"
            ) from problem

    def counts(self) -> dict[str, int]:
        """Named graph of ours -> how many triples the store has in it."""
        _, rows = self.ask(
            "SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } "
            f'FILTER(STRSTARTS(STR(?graph), "{layout.GRAPH}")) }} GROUP BY ?graph'
        )
        # Where there is none, some stores give one row with nothing bound but the count.
        return {graph: int(float(n)) for graph, n in rows if graph and n and float(n)}

    def foreign(self) -> bool:
        """Whether the store has named graphs that are not ours, which a union of all would mix in."""
        if self.at.profile.name == "virtuoso":
            # Its own system graphs are always there, and name nothing of ours.
            return False
        others = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRSTARTS(STR(?g), "{layout.GRAPH}"))'
        return bool(self.ask(f"SELECT ?g WHERE {{ {others} }} LIMIT 1")[1])

    def content(self, graph: str) -> Iterator[str]:
        """The triples of a named graph, each as its line of N-Triples."""
        address = self.at.graphs
        params: Params = [("graph", graph)]
        data: dict[str, str | list[str]] | None = None
        if address is None:
            address, params = self.at.query, []
            data = {"query": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"}
        with self.connection.stream(
            "POST" if data else "GET",
            address,
            params=params or None,
            data=data,
            headers={"Accept": "application/n-triples"},
        ) as answer:
            if is_page(answer):
                raise StoreTrouble(f"{address} answers with a web page, not with the content of a graph")
            try:
                yield from oxigraph.ntriples(_Blocks(self.connection.blocks(answer)))
            except oxigraph.NotWellFormed as problem:
                raise StoreTrouble(f"{address} gives <{graph}> in broken N-Triples: {problem}") from problem

    def add_all(self, file: Path, first: bool, sent: Sent) -> None:
        """Add the compressed N-Quads of a file, in one transaction of the store."""
        assert self.at.quads is not None
        headers = {"Content-Type": "application/n-quads"}
        if self.at.profile.gzip:
            headers |= {"Content-Encoding": "gzip", "Content-Length": str(file.stat().st_size)}
        self._work(
            "POST",
            self.at.quads,
            lambda: _file(file, sent, inflated=not self.at.profile.gzip),
            headers,
            list(self.at.profile.bulk) if first else [],
        )

    def update(self, file: Path, sent: Sent) -> None:
        """Carry out the SPARQL Update in a file, as one request."""
        assert self.at.update is not None
        size = str(file.stat().st_size)
        headers = {"Content-Type": "application/sparql-update", "Content-Length": size}
        self._work("POST", self.at.update, lambda: _file(file, sent), headers, [])

    def put(self, graph: str, content: bytes) -> None:
        """Replace a named graph by N-Triples (Graph Store HTTP Protocol, section 5.3)."""
        assert self.at.graphs is not None
        headers = {"Content-Type": "application/n-triples", "Content-Length": str(len(content))}
        self._work("PUT", self.at.graphs, content, headers, [("graph", graph)])

    def drop(self, graph: str) -> None:
        """Remove a named graph (Graph Store HTTP Protocol, section 5.4)."""
        assert self.at.graphs is not None
        self._work("DELETE", self.at.graphs, None, {}, [("graph", graph)])

    def _work(
        self, method: str, url: str, body: Body | None, headers: dict[str, str], params: Params
    ) -> None:
        answer = self.connection.request(
            method, url, params=params or None, body=body, headers=headers, timeout=WORK
        )
        if is_page(answer) and answer.content.strip() and self.at.profile.name != "virtuoso":
            raise StoreTrouble(f"{url} answers with a web page: is it the address of the store itself?")


def opened(
    url: str,
    name: str | None,
    credentials: Credentials,
    *,
    update_url: str | None = None,
    graphs_url: str | None = None,
    authority: str | None = None,
    told: Callable[[str], None] = lambda line: None,
    answer: float = ANSWER,
) -> Endpoint:
    """The store at an address; without a name it is asked which kind it is, and told no credential for
    that. Raises stores.NoSuchStore, transport.StoreTrouble."""
    if name:
        profile = stores.named(name)
    else:
        probe = Connection(Credentials(), authority=authority, told=told)
        try:
            profile = stores.recognised(probe.headers(url), url)
        finally:
            probe.close()
    connection = Connection(credentials, profile.authentication, authority, told, answer)
    return Endpoint(connection, stores.addresses(profile, url, update_url, graphs_url))


def _rows(whole: Any) -> tuple[list[str], list[list[str | None]]]:
    """SPARQL 1.1 Query Results JSON as columns and rows."""
    if "boolean" in whole:
        return ["answer"], [["yes" if whole["boolean"] else "no"]]
    names = list(whole["head"]["vars"])
    bindings = whole["results"]["bindings"]
    return names, [[row[name]["value"] if name in row else None for name in names] for row in bindings]


def _file(path: Path, sent: Sent, inflated: bool = False) -> Iterator[bytes]:
    """The blocks of a file, unpacked where the store takes no compressed body."""
    import gzip

    with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) if inflated else path.open("rb") as file:
        position = 0
        while block := file.read(_BLOCK):
            yield block
            place = raw.tell() if inflated else position + len(block)
            sent(place - position)
            position = place


class _Blocks:
    """Blocks as a file to read from."""

    def __init__(self, blocks: Iterator[bytes]):
        self._blocks = blocks
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        if size < 0:
            whole, self._rest = self._rest + b"".join(self._blocks), b""
            return whole
        block, self._rest = self._rest[:size], self._rest[size:]
        return block

"""What each triple store offers, and at which addresses: data, so that a new store is a new entry.

Every store speaks the SPARQL 1.1 Protocol and the Graph Store HTTP Protocol; they differ in paths, in
what one transaction holds, and in how a question sees all named graphs at once.
"""

from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from filiation.faults import Fault


class NoSuchStore(Fault):
    """Not the name of a store; the message lists them."""


@dataclass(frozen=True)
class Profile:
    """One kind of store. Paths are put behind the address that the user gives."""

    name: str
    title: str
    #: What to give as --to.
    address: str
    query: str
    #: SPARQL Update, where one request, however many operations it has, is one transaction.
    update: str | None
    #: Where N-Quads are POSTed as a whole, in one transaction.
    quads: str | None
    #: Graph Store HTTP Protocol, with ?graph=.
    graphs: str | None
    #: Added to a question so that its default graph is the union of all graphs.
    union: tuple[tuple[str, str], ...] = ()
    authentication: Literal["basic", "digest"] = "basic"
    #: Whether bodies may be sent compressed (Content-Encoding: gzip).
    gzip: bool = False
    #: Added to the first load, where the store has a faster way for it, outside its transactions.
    bulk: tuple[tuple[str, str], ...] = ()
    #: How its Server header, or a header of its own, gives it away.
    sign: tuple[str, str] | None = None


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "oxigraph", "Oxigraph", "http://localhost:7878",
            "/query", "/update", "/store", "/store",
            union=(("union-default-graph", ""),), gzip=True,
            bulk=(("no_transaction", ""),), sign=("server", "oxigraph"),
        ),
        Profile(
            "fuseki", "Apache Jena Fuseki", "http://localhost:3030/ds",
            "", "", "", "",
            union=(("default-graph-uri", "urn:x-arq:UnionGraph"),), gzip=True,
            sign=("fuseki-request-id", ""),
        ),
        Profile(
            "virtuoso", "Virtuoso", "http://localhost:8890",
            "/sparql", None, None, "/sparql-graph-crud-auth",
            authentication="digest", sign=("server", "virtuoso"),
        ),
        Profile(
            "rdf4j", "Eclipse RDF4J Server", "http://localhost:8080/rdf4j-server/repositories/NAME",
            "", "/statements", "/statements", "/rdf-graphs/service",
        ),
        Profile(
            "graphdb", "GraphDB", "http://localhost:7200/repositories/NAME",
            "", "/statements", "/statements", "/rdf-graphs/service", sign=("server", "graphdb"),
        ),
        Profile("qlever", "QLever", "http://localhost:7001", "", "", None, None),
        Profile("generic", "any SPARQL 1.1 store", "http://localhost/sparql", "", None, None, None),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Addresses:
    """Where one store is asked, told and filled: whole addresses; None for what it does not offer."""

    profile: Profile
    query: str
    update: str | None
    quads: str | None
    graphs: str | None


def named(name: str) -> Profile:
    """Raises NoSuchStore."""
    try:
        return PROFILES[name]
    except KeyError:
        raise NoSuchStore(f"there is no store `{name}`: {', '.join(PROFILES)}") from None


def recognised(headers: dict[str, str], url: str) -> Profile:
    """The kind of store that gives such headers at such an address; `generic` if none is known to."""
    for profile in PROFILES.values():
        if profile.sign:
            name, part = profile.sign
            if name in headers and part in headers[name].lower():
                return profile
    if "/rdf4j-server/repositories/" in url:
        return PROFILES["rdf4j"]
    return PROFILES["generic"]


def addresses(profile: Profile, base: str, update: str | None, graphs: str | None) -> Addresses:
    """The addresses of a store at `base`; `update` and `graphs` replace those of the profile."""
    base = base.rstrip("/")

    def at(path: str | None) -> str | None:
        return None if path is None else base + path

    if update or graphs:
        profile = replace(profile, quads=None, bulk=())
    return Addresses(
        profile, base + profile.query, update or at(profile.update), at(profile.quads),
        graphs or at(profile.graphs),
    )  # fmt: skip


def plain_address(url: str) -> bool:
    """Whether an address is http or https, names a host, and holds no user, password, query or fragment."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and port != 0
        and "@" not in parts.netloc
        and not parts.query
        and not parts.fragment
    )

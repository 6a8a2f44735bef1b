"""The stores in which a release is proved: where each is found, how it is started, what installs it.

Data, so that a new store is a new entry. Every store gets a fresh folder and a free port of the loopback
interface.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filiation.load.stores import NoSuchStore
from filiation.load.transport import Credentials
from filiation.prove.processes import free_port, running

#: Where `scripts/test --all` puts the stores that Maven fetches, below the checkout.
TOOLS = Path("build") / "stores"

_RDF4J = "/rdf4j-server/repositories/filiation"
_VIRTUOSO = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa

[Parameters]
ServerPort = 127.0.0.1:{other}
DirsAllowed = {folder}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .

[SPARQL]
ResultSetMaxRows = 0
"""


@dataclass(frozen=True)
class Found:
    """A store at hand, and how it is started."""

    version: str
    #: Port, and a fresh folder to work in -> the command.
    command: Callable[[int, Path], list[str]]
    environment: Callable[[Path], Mapping[str, str]] = lambda folder: {}


@dataclass(frozen=True)
class Kind:
    """One kind of store. `profile` is the name under which `load` knows it; rdflib has none, for it is
    no server."""

    name: str
    title: str
    homepage: str
    #: Folder of the tools -> the store, if it is there.
    find: Callable[[Path], Found | None] = field(repr=False)
    #: What to type or do where it is not.
    install: str
    profile: str | None = None
    #: Path of the address to load to.
    path: str = ""
    credentials: Credentials = field(default_factory=Credentials)


@contextmanager
def started(kind: Kind, found: Found, folder: Path) -> Iterator[str]:
    """Run a store in a folder; the address to load to comes. Raises processes.DoesNotStart."""
    port = free_port()
    url = f"http://127.0.0.1:{port}{kind.path}"
    command = found.command(port, folder)
    with running(command, url, folder, found.environment(folder)):
        yield url


def default_tools(root: Path | None) -> Path:
    """Where the tools are unless somebody says otherwise."""
    return (root or Path()) / TOOLS


def _oxigraph(tools: Path) -> Found | None:
    beside = Path(sys.executable).with_name("oxigraph")
    binary = str(beside) if beside.is_file() else shutil.which("oxigraph")
    version = binary and _told([binary, "--version"], r"oxigraph (\S+)")
    if not binary or not version:
        return None
    return Found(
        version,
        lambda port, folder: [binary, "serve", "--location", "store", "--bind", f"127.0.0.1:{port}"],
    )


def _fuseki(tools: Path) -> Found | None:
    java = shutil.which("java")
    jar, version = _jar(tools / "fuseki", "jena-fuseki-server")
    if not java or not jar:
        return None
    words = [java, "-jar", str(jar), "--localhost", "--tdb2", "--loc", "data", "--update"]

    def command(port: int, folder: Path) -> list[str]:
        (folder / "data").mkdir()
        return [*words, "--port", str(port), "/ds"]

    return Found(version, command, lambda folder: {"FUSEKI_BASE": str(folder / "run")})


def _virtuoso(tools: Path) -> Found | None:
    binary = shutil.which("virtuoso-t")
    version = binary and _told([binary, "-?"], r"Version (\d+(?:\.\d+)*)")
    if not binary or not version:
        return None

    def command(port: int, folder: Path) -> list[str]:
        text = _VIRTUOSO.format(port=port, other=free_port(), folder=folder)
        (folder / "virtuoso.ini").write_text(text, "utf-8")
        return [binary, "-f", "-c", "virtuoso.ini"]

    return Found(version, command)


def _rdf4j(tools: Path) -> Found | None:
    java = shutil.which("java")
    jar, version = _jar(tools / "rdf4j", "rdf4j-sail-nativerdf")
    classes = tools / "rdf4j" / "classes"
    if not java or not jar or not classes.is_dir():
        return None
    path = f"{classes}:{jar.parent}/*"
    return Found(version, lambda port, folder: [java, "-cp", path, "Server", str(port), "data"])


def _rdflib(tools: Path) -> Found | None:
    from importlib.metadata import version

    return Found(version("rdflib"), lambda port, folder: [])


def _jar(folder: Path, name: str) -> tuple[Path | None, str]:
    """The newest file NAME-VERSION.jar in a folder, and its version."""
    jars = {
        tuple(map(int, match[1].split("."))): (jar, match[1])
        for jar in folder.glob(f"{name}-*.jar")
        if (match := re.fullmatch(rf"{re.escape(name)}-(\d+(?:\.\d+)*)\.jar", jar.name))
    }
    return jars[max(jars)] if jars else (None, "")


def _told(command: list[str], pattern: str) -> str | None:
    """What a program says of its version; None where it does not run."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(pattern, result.stdout + result.stderr)
    return match[1] if match else None


_BY_TEST = "`scripts/test --all` installs it"

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "oxigraph",
            "Oxigraph",
            "https://github.com/oxigraph/oxigraph",
            _oxigraph,
            "`pip install oxigraph` installs it",
            "oxigraph",
        ),
        Kind(
            "fuseki",
            "Apache Jena Fuseki (TDB2)",
            "https://jena.apache.org/documentation/fuseki2/",
            _fuseki,
            f"{_BY_TEST}: Java, and jena-fuseki-server in {TOOLS}/fuseki",
            "fuseki",
            "/ds",
        ),
        Kind(
            "virtuoso",
            "Virtuoso Open Source",
            "https://github.com/openlink/virtuoso-opensource",
            _virtuoso,
            f"{_BY_TEST}: Debian's virtuoso-opensource-7",
            "virtuoso",
            credentials=Credentials("dba", "dba"),
        ),
        Kind(
            "rdf4j",
            "Eclipse RDF4J (NativeStore)",
            "https://rdf4j.org/",
            _rdf4j,
            f"{_BY_TEST}: Java, and RDF4J in {TOOLS}/rdf4j",
            "rdf4j",
            _RDF4J,
        ),
        Kind("rdflib", "rdflib", "https://github.com/RDFLib/rdflib", _rdflib, "it comes with this package"),
    )
}


def named(name: str) -> Kind:
    """Raises NoSuchStore."""
    try:
        return KINDS[name]
    except KeyError:
        raise NoSuchStore(f"no proof is known in `{name}`: {', '.join(KINDS)}") from None

"""The files of one moment, read: those of a revision, or of the work tree as it is now."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from rdflib import RDF, BNode, Graph, Literal
from rdflib.collection import Collection
from rdflib.term import Node

from filiation import history, layout, turtle
from filiation.corpus import Corpus, union
from filiation.sentences import Teller

WORK_TREE = "the work tree"


@dataclass
class State:
    """A name for it, the bytes of its files by path below the root, and what they say."""

    name: str
    contents: dict[PurePosixPath, bytes]
    corpus: Corpus

    @cached_property
    def stated(self) -> Graph:
        """The statements of the data, without blank nodes."""
        return without_blanks(self.corpus.stated)

    @cached_property
    def facts(self) -> Graph:
        """The statements of the data and of our terms, without blank nodes."""
        return union((self.stated, without_blanks(self.corpus.vocabulary)))

    @cached_property
    def teller(self) -> Teller:
        return Teller(self.facts)

    def file_of(self, node: Node) -> str:
        """The file that describes a node; empty where none does."""
        return str(self.corpus.homes.get(node, ""))


def read(place: layout.Layout, rev: str | None, known: State | None = None) -> State:
    """The files of a revision, or of the work tree, read; a file that another state has with the same
    content is not read again. Raises history.NoSuchRevision, turtle.Unreadable (`REV:file:line: …`)."""
    if rev is None:
        contents = {place.relative(file): _content_of(file) for file in place.turtle_files()}
    else:
        contents = history.files_at(place.root, rev)
    corpus = Corpus(place)
    for path, content in contents.items():
        if known and known.contents.get(path) == content:
            corpus.graphs[path] = known.corpus.graphs[path]
            continue
        file = Path(path if rev is None else f"{rev}:{path}")
        corpus.graphs[path] = turtle.parse(turtle.decoded(content, file), file)
    return State(rev or WORK_TREE, contents, corpus)


def _content_of(file: Path) -> bytes:
    if file.is_symlink():
        turtle.read(file)  # refuses it, and says so
    return turtle.content_of(file)


def without_blanks(graph: Graph) -> Graph:
    """The statements about nodes with an IRI; a list that one leads to is written out as a text."""
    whole = Graph(bind_namespaces="none")
    for subject, predicate, value in graph:
        if isinstance(subject, BNode):
            continue
        if isinstance(value, BNode):
            items = " ".join(layout.curie(str(item)) for item in _items(graph, value))
            value = Literal(f"({items})")
        whole.add((subject, predicate, value))
    return whole


def _items(graph: Graph, node: BNode) -> Iterable[Node]:
    try:
        return [] if (node, RDF.first, None) not in graph else list(Collection(graph, node))
    except ValueError:  # a list that leads back to itself
        return []

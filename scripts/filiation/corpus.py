"""All files as they are stated: one graph for each file, nothing inferred, nothing dropped."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

from rdflib import BNode, Graph
from rdflib.term import Node

from filiation import turtle
from filiation.layout import Layout, is_data, stands_at


@dataclass
class Corpus:
    """The graphs of a checkout by path below its root, and what could not be read."""

    layout: Layout
    graphs: dict[PurePosixPath, Graph] = field(default_factory=dict)
    files: dict[PurePosixPath, Path] = field(default_factory=dict)
    unreadable: list[turtle.Unreadable] = field(default_factory=list)

    def below(self, *folders: str) -> dict[PurePosixPath, Graph]:
        """The graphs of the files in these top folders (`data`, `ontology`, `shapes`)."""
        return {path: graph for path, graph in self.graphs.items() if path.parts[0] in folders}

    @cached_property
    def data(self) -> dict[PurePosixPath, Graph]:
        """What is contributed: data/, and files given from elsewhere, which are meant for it."""
        return {path: graph for path, graph in self.graphs.items() if is_data(path)}

    @cached_property
    def named(self) -> list[Graph]:
        """The graphs of the data without their statements about blank nodes: those are told, and some
        shapes cannot compare them."""
        return [_named(graph) for graph in self.data.values()]

    @cached_property
    def vocabulary(self) -> Graph:
        """Our terms and concepts, without the alignments."""
        return union(g for p, g in self.below("ontology").items() if "alignments" not in p.parts)

    @cached_property
    def ontology(self) -> Graph:
        """Our terms and concepts with the axioms of the vocabularies that they rest on."""
        return union(self.below("ontology").values())

    @cached_property
    def shapes(self) -> Graph:
        return union(self.below("shapes").values())

    @cached_property
    def stated(self) -> Graph:
        """Every statement of the data in one graph."""
        return union(self.data.values(), store="SimpleMemory")

    @cached_property
    def homes(self) -> dict[Node, PurePosixPath]:
        """The first file that describes each subject."""
        return {subject: paths[0] for subject, paths in self.describing.items()}

    @cached_property
    def describing(self) -> dict[Node, list[PurePosixPath]]:
        """The files that describe each subject."""
        found: dict[Node, list[PurePosixPath]] = {}
        for path, graph in self.graphs.items():
            for subject in {subject for subject, _, _ in graph}:
                found.setdefault(subject, []).append(path)
        return found


def _named(graph: Graph) -> Graph:
    if not turtle.has_blank_nodes(graph):
        return graph
    part = Graph(bind_namespaces="none")
    for triple in graph:
        if not any(isinstance(node, BNode) for node in triple):
            part.add(triple)
    return part


def union(graphs: Iterable[Graph], store: str = "default") -> Graph:
    """One graph with the statements of all, and the house prefixes. pySHACL needs rdflib's default
    store; to look things up, "SimpleMemory" is filled in half the time."""
    whole = Graph(store=store, bind_namespaces="none")
    for graph in graphs:
        whole += graph
    turtle.bind(whole)
    return whole


def load(layout: Layout, also: list[Path] | None = None) -> Corpus:
    """Read every Turtle file of the checkout, and `also` files from elsewhere. Files that cannot
    be read are kept apart in `unreadable`; the rest stands."""
    corpus = Corpus(layout)
    files = [*layout.turtle_files(), *(also or [])]
    with _for_good():
        for relative, file in _placed(layout, files):
            corpus.files[relative] = file
            try:
                corpus.graphs[relative] = turtle.read(file)
            except turtle.Unreadable as problem:
                corpus.unreadable.append(problem)
    return corpus


def _placed(layout: Layout, files: Iterable[Path]) -> Iterator[tuple[PurePosixPath, Path]]:
    """Each file once, where it stands (`layout.stands_at`), and its path below the root."""
    folders = cache(lambda folder: stands_at(folder / "file").parent)
    inside = cache(lambda folder: layout.relative(folder / "file").parent)
    met: set[Path] = set()
    for file in files:
        whole = folders(file.parent) / file.name if file.name not in ("", "..") else stands_at(file)
        if whole not in met:
            met.add(whole)
            yield inside(whole.parent) / whole.name, whole


@contextmanager
def _for_good() -> Iterator[None]:
    """What is made meanwhile is there to stay: Python would look through it for garbage again and again,
    which takes a third of the time of reading."""
    collects = gc.isenabled()
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()

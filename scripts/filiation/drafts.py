"""The files as they will be: statements added to copies of what they say, beside all others as they are.

Nothing is written. Whoever brings in several nodes, in whatever order, announces them first; so one can
name another that comes later.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import PurePosixPath

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from filiation import homes, layout, trial
from filiation.corpus import Corpus

#: The place of what is announced and not yet added.
_ANNOUNCED = PurePosixPath("announced")


class Draft:
    """A corpus that grows, apart from the one that it is made of."""

    def __init__(self, corpus: Corpus):
        self.before, self.corpus = corpus, trial.taken_in(corpus, {})
        self.graphs: dict[PurePosixPath, Graph] = {}
        self._announced = self.corpus.graphs[_ANNOUNCED] = Graph(bind_namespaces="none")

    def announce(self, node: URIRef, type_: Node) -> None:
        """Let others name a node that will be added; one that is there already is that one."""
        if self.corpus.homes.setdefault(node, _ANNOUNCED) == _ANNOUNCED:
            self._announced.add((node, RDF.type, type_))

    def described(self, node: Node) -> bool:
        """Whether a node stands in a file, or was added to one."""
        return self.corpus.homes.get(node, _ANNOUNCED) != _ANNOUNCED

    def add(self, path: PurePosixPath, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        """Put statements in the graph of a file, a copy of what it was."""
        if path not in self.graphs:
            fresh = Graph(bind_namespaces="none")
            fresh += self.corpus.graphs.get(path, Graph())
            self.graphs[path] = self.corpus.graphs[path] = fresh
            self.corpus.files.setdefault(path, self.corpus.layout.root / path)
        for triple in triples:
            self.graphs[path].add(triple)
            self.corpus.homes[triple[0]] = path

    def home(self, node: URIRef, parties: Iterable[Node]) -> PurePosixPath | None:
        """The file that a node goes into: its own, that of a party, or else that of anybody whose stem
        it begins with; None where that is nobody."""
        stem = (layout.split_iri(str(node)) or ("", ""))[1]
        near = {self.corpus.homes[party] for party in parties if self.described(party)}
        fitting = chain(homes.by_stem(stem, near), homes.by_stem(stem, self.corpus.graphs))
        return homes.own(str(node)) or next(fitting, None)

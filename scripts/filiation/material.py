"""What a release is made of: the dataset as stated, what was inferred, and which edition this is."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from filiation import dataset, oxigraph
from filiation.corpus import Corpus
from filiation.dataset import Edition


@dataclass(frozen=True)
class Material:
    """The matter of every file of one release. Nothing in it comes from the clock or the machine."""

    corpus: Corpus
    inferred: Graph
    edition: Edition
    #: The folder of the release before this one, where there is one.
    previous: Path | None = None

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """The data, the ontology and the inferred facts as text, each file in a graph of its own: named
        graph -> its triples as sorted N-Triples without the full stop."""
        return dataset.lines(self.corpus, self.inferred, self.edition)

    @property
    def quads(self) -> Iterator[oxigraph.Quad]:
        """The same as quads, one after the other: all at once they take more room than the release."""
        return oxigraph.quads_of_lines(self.lines)

    @cached_property
    def store(self) -> oxigraph.Store:
        """The same, ready for questions; the default graph is the union of all graphs."""
        return oxigraph.Store(self.quads)

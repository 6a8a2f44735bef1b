"""What a release is made of: the dataset as stated, what was inferred, and which edition this is."""

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
    def quads(self) -> list[oxigraph.Quad]:
        """The data, the ontology and the inferred facts, each file in a graph of its own."""
        return dataset.quads(self.corpus, self.inferred, self.edition)

    @cached_property
    def store(self) -> oxigraph.Store:
        """The same, ready for questions; the default graph is the union of all graphs."""
        return oxigraph.Store(self.quads)

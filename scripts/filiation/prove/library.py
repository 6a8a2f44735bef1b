"""rdflib as a store: the dump of a release in this very process, asked as the servers are."""

import gzip
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from rdflib import Dataset, URIRef

from filiation import layout
from filiation.load.trouble import Refused
from filiation.manifest import Manifest
from filiation.prove import joins


class Library:
    """A dataset of rdflib whose default graph is the union of all graphs."""

    def __init__(self, known: Dataset):
        self._known = known

    def counts(self) -> dict[str, int]:
        """Named graph of ours -> how many triples it has."""
        names = (graph.identifier for graph in self._known.graphs())
        ours = [name for name in names if isinstance(name, URIRef) and name.startswith(layout.GRAPH)]
        return {str(name): len(self._known.graph(name)) for name in ours}

    def foreign(self) -> bool:
        """Whether graphs of others are there: none are."""
        return False

    def ask(
        self, query: str, union: bool = False, graphs: Iterable[str] = (), named: Iterable[str] = ()
    ) -> tuple[list[str], list[list[str | None]]]:
        """Column names and rows as plain text. Raises Refused for a query that rdflib cannot answer."""
        try:
            found = self._known.query(query)
            # Rows it gives for SELECT, which all questions are.
            rows = [[None if value is None else str(value) for value in row] for row in found]  # type: ignore[union-attr]
        except Exception as problem:
            # Its parser and its evaluation raise whatever they meet.
            raise Refused(500, f"rdflib fails with {type(problem).__name__}: {problem}") from problem
        return [str(name) for name in found.vars or ()], rows


@contextmanager
def holding(folder: Path, manifest: Manifest) -> Iterator[Library]:
    """rdflib with the release. Raises OSError."""
    with warnings.catch_warnings():
        # rdflib warns of its own use of what it will rename.
        warnings.simplefilter("ignore", DeprecationWarning)
        known = Dataset(default_union=True)
        with gzip.open(folder / manifest.nquads) as dump:
            known.parse(BufferedReader(dump), format="nquads")
        with joins.ordered(known):
            yield Library(known)

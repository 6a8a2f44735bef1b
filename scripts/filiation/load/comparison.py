"""What a store has of a release and what it lacks, graph by graph, down to the triple.

Nothing is remembered between two runs: the store itself tells how far the last one came.
"""

import gzip
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from filiation.load.endpoint import Endpoint
from filiation.manifest import Manifest, NotARelease

_QUAD = re.compile(r"(.*) <([^<>]*)> \.\n?", re.DOTALL)

Step = Callable[[str], None]


@dataclass(frozen=True)
class Difference:
    """What turns a graph of the store into that of the release: lines of N-Triples without newline."""

    graph: str
    removed: list[str]
    added: list[str]
    #: Every line of the graph in the release; none where it has no such graph.
    whole: list[str] = field(repr=False)

    @property
    def nothing(self) -> bool:
        """Whether the graph is right as it is."""
        return not self.removed and not self.added


def graphs(folder: Path, manifest: Manifest) -> Iterator[tuple[str, list[str]]]:
    """Each named graph of the release with its triples, in the order of the dump; one graph at a time
    is held in memory. Raises NotARelease."""
    name = folder / manifest.nquads
    seen: dict[str, int] = {}
    try:
        with gzip.open(name, "rt", encoding="utf-8", newline="\n") as lines:
            for graph, group in itertools.groupby((_parted(name, line) for line in lines), lambda q: q[1]):
                if graph in seen:
                    raise NotARelease(f"{name} is not in the order of its graphs: <{graph}> comes twice")
                triples = [f"{triple} ." for triple, _ in group]
                seen[graph] = len(triples)
                yield graph, triples
    except (OSError, EOFError, UnicodeError) as problem:
        raise NotARelease(f"{name} cannot be read to its end: {problem}") from problem
    if seen != manifest.graphs:
        raise NotARelease(f"{name} does not hold the graphs that the manifest counts")


def _parted(name: Path, line: str) -> tuple[str, str]:
    match = _QUAD.fullmatch(line)
    if match is None:
        raise NotARelease(f"{name} holds a line that is no statement in a named graph: {line[:80]!r}")
    return match[1], match[2]


def differences(
    endpoint: Endpoint, folder: Path, manifest: Manifest, step: Step = lambda graph: None
) -> Iterator[Difference]:
    """For every graph of the release, and for every graph of ours that only the store has, what
    differs. Reads a graph from the store unless it is empty there. Raises NotARelease, StoreTrouble."""
    there = endpoint.counts()
    for graph, triples in graphs(folder, manifest):
        step(graph)
        if graph not in there:
            yield Difference(graph, [], triples, triples)
            continue
        missing = set(triples)
        removed = []
        for line in endpoint.content(graph):
            if line in missing:
                missing.discard(line)
            else:
                removed.append(line)
        yield Difference(graph, removed, [line for line in triples if line in missing], triples)
    for graph in sorted(there.keys() - manifest.graphs.keys()):
        step(graph)
        yield Difference(graph, sorted(endpoint.content(graph)), [], [])


class Updates:
    """SPARQL Update files for differences: one, or as many as `limit` (in bytes) makes them."""

    def __init__(self, folder: Path, limit: int | None = None):
        self._folder = folder
        self._limit = limit
        self._size = 0
        self.files: list[Path] = []

    def add(self, difference: Difference) -> None:
        """Write down what to delete and what to insert. Raises OSError."""
        for keyword, lines in (("DELETE", difference.removed), ("INSERT", difference.added)):
            start = 0
            while start < len(lines):
                start = self._operation(keyword, difference.graph, lines, start)

    def _operation(self, keyword: str, graph: str, lines: list[str], start: int) -> int:
        """Write one operation of as many lines as fit; where the next begins comes back."""
        head, tail = f"{keyword} DATA {{ GRAPH <{graph}> {{\n", "} } ;\n"
        size, end = len(head) + len(tail), start
        while end < len(lines):
            more = len(lines[end].encode()) + 1
            if self._limit and end > start and size + more > self._limit:
                break
            size, end = size + more, end + 1
        if not self.files or (self._limit and self._size and self._size + size > self._limit):
            self.files.append(self._folder / f"{len(self.files):06}.ru")
            self._size = 0
        with self.files[-1].open("a", encoding="utf-8", newline="\n") as file:
            file.write(head)
            file.writelines(f"{line}\n" for line in lines[start:end])
            file.write(tail)
        self._size += size
        return end

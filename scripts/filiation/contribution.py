"""What somebody's RDF comes to: its statements in the right files of data/, and all that is wrong with them.

What is described already is only repeated: to say more of it, or something else, is for an edit that
others can review. So a contribution adds nodes, each in the file in which it belongs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from rdflib import RDF, BNode, Graph, URIRef
from rdflib.term import Node

from filiation import cells, forms, homes, layout, rowwise, sheets
from filiation.corpus import Corpus
from filiation.dialects import Reading
from filiation.drafts import Draft
from filiation.findings import VIOLATION, Finding, Problem
from filiation.mentions import Mentions

Triple = tuple[Node, Node, Node]


@dataclass
class Contribution:
    """The files as they will be, what is wrong, how many nodes of each kind are new, and how many are
    there already."""

    graphs: dict[PurePosixPath, Graph] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    given_up: bool = False


class _Enough(Exception):
    """There are so many problems that looking for more is no help."""


def read(
    corpus: Corpus, readings: Iterable[Reading], progress: Callable[[int, int], None] | None = None
) -> Contribution:
    """What the files that were read come to. Nothing is written."""
    work = _Work(corpus, list(readings))
    try:
        work.read(progress)
    except _Enough:
        work.found.given_up = True
    work.found.problems.sort()
    return work.found


class _Work:
    """The nodes of some files, and what becomes of them."""

    def __init__(self, corpus: Corpus, readings: list[Reading]):
        self.draft = Draft(corpus)
        self.found = Contribution(self.draft.graphs)
        self.readings, self.told = readings, 0
        self.stated = Graph(store="SimpleMemory", bind_namespaces="none")
        #: Where a node was met first, and the file that the name of its graph tells.
        self.speakers: dict[Node, tuple[Reading, PurePosixPath | None]] = {}
        self.mentions: dict[Path, Mentions] = {}

    def read(self, progress: Callable[[int, int], None] | None) -> None:
        for reading in self.readings:
            for name, graph in reading.graphs.items():
                self._gather(reading, name, graph)
        new = [URIRef(node) for node in sorted(map(str, self.speakers)) if self._is_new(URIRef(node))]
        if len(new) > sheets.MAX_NEW:
            self._tell(new[0], f"{len(new)} new nodes: bring at most {sheets.MAX_NEW} at a time", "too-much")
            return
        for node in new:
            for type_ in self.stated.objects(node, RDF.type):
                self.draft.announce(node, type_)
        for node in sorted(new, key=self._turn):
            self._place(node)
        if self.found.problems:
            return
        for finding in rowwise.findings(self.draft.before, self.draft.graphs, set(new), progress):
            self._told(finding)

    def _gather(self, reading: Reading, name: str | None, graph: Graph) -> None:
        """Take in the statements of a graph, and tell of what is not ours to describe."""
        hint = _named(name)
        if name is not None and hint is None:
            message = f"the graph <{name}> is no file of data/: leave out the graph, or write its name"
            problem = Problem(_path(reading), self._in(reading).of(name).line, VIOLATION, message, "graph")
            self._add(problem)
            return
        nameless = {node for triple in graph for node in triple if isinstance(node, BNode)}
        if nameless:
            many = "a blank node" if len(nameless) == 1 else f"{len(nameless):,} blank nodes"
            message = f"{many}: give each an IRI, so that others can name it"
            written = (reading.text.find(sign) for sign in ("_:", "["))
            line = reading.text.count("\n", 0, next((at for at in written if at >= 0), 0)) + 1
            self._add(Problem(_path(reading), line, VIOLATION, message, "blank-node"))
            return
        for triple in graph:
            self.stated.add(triple)
            self.speakers.setdefault(triple[0], (reading, hint))

    def _is_new(self, node: Node) -> bool:
        """Whether a node is to be added; what is wrong with it, or differs from what is there, is told."""
        iri = str(node)
        prefix, stem = layout.split_iri(iri) or ("", "")
        if prefix not in (*layout.ENTITY_FOLDERS.values(), *layout.DEPENDENT_PREFIXES):
            what = f"{layout.curie(iri)} is not for a contribution to describe"
            self._tell(node, f"{what}: describe groups, people, situations, … under our prefixes", "foreign")
            return False
        if not cells.STEM.fullmatch(stem):
            message = f"`{stem[:80]}` is no stem of small letters, digits and single hyphens"
            self._tell(node, message, "stem")
            return False
        if not self.draft.described(node):
            return True
        path = self.draft.corpus.homes[node]
        held = self.draft.corpus.graphs[path]
        for _, predicate, value in sorted(self.stated.triples((node, None, None))):
            if (node, predicate, value) not in held:
                advice = "leave it out here, or edit that file"
                message = f"{layout.curie(iri)} is described in {path}, and not with this: {advice}"
                self._tell(node, message, "repeated", predicate, value)
        self.found.unchanged += 1
        return False

    def _turn(self, node: URIRef) -> tuple[int, str]:
        """Entities first, then what is about them, then what is said of that, and what belongs to it."""
        prefix = (layout.split_iri(str(node)) or ("", ""))[0]
        parts = ("attestation", "geometry", "identifier")
        entity = homes.own(str(node)) is not None
        return (0 if entity else 2 + parts.index(prefix) if prefix in parts else 1), str(node)

    def _place(self, node: URIRef) -> None:
        """Put a new node in the file where it belongs."""
        triples = list(self.stated.triples((node, None, None)))
        hint = self.speakers[node][1]
        named = {hint} if hint and any(homes.by_stem(_stem(node), (hint,))) else set()
        home = homes.own(str(node)) or next(iter(named), None) or self.draft.home(node, self._near(triples))
        if home is None:
            advice = "begin it with that of the entity that it is about"
            self._tell(node, f"`{_stem(node)}` begins with the stem of no file: {advice}", "misplaced")
        elif hint and hint != home:
            message = f"{layout.curie(str(node))} belongs in {home}, not in the graph of {hint}"
            self._tell(node, message, "graph")
        else:
            self.found.added[layout.curie(str(node)).partition(":")[0]] += 1
            self.draft.add(home, triples)

    def _near(self, triples: list[Triple]) -> Iterator[Node]:
        """The parties of a node, those first that decide its file, and whoever refers to it."""
        ranked = sorted(triples, key=lambda triple: homes.rank(forms.name_of(triple[1])))
        yield from (value for _, p, value in ranked if forms.name_of(p) in homes.PARTIES)
        yield from self.stated.subjects(None, triples[0][0])

    def _told(self, finding: Finding) -> None:
        node = next((n for n in (finding.subject, finding.value) if n in self.speakers), None)
        at = (finding.predicate, finding.value) if node == finding.subject else (None, None)
        at = at if finding.value != node else (finding.predicate, None)
        if node is None:
            homed = (n for n in self.speakers if self.draft.corpus.homes.get(n) == finding.file)
            node = next(homed, next(iter(self.speakers)))
        self._tell(node, finding.message, finding.rule, *at)

    def _tell(
        self, node: Node, message: str, rule: str, predicate: Node | None = None, value: Node | None = None
    ) -> None:
        reading = self.speakers[node][0]
        place = self._in(reading).of(node, predicate, value)
        self._add(Problem(_path(reading), place.line, VIOLATION, message, rule, place.column))

    def _in(self, reading: Reading) -> Mentions:
        return self.mentions.setdefault(reading.file, Mentions(reading.text))

    def _add(self, problem: Problem) -> None:
        self.told += 1
        if problem not in self.found.problems:
            self.found.problems.append(problem)
        # To find the place of each takes its time, also of one that is told already.
        if self.told >= sheets.MAX_PROBLEMS:
            raise _Enough


def _named(graph: str | None) -> PurePosixPath | None:
    """The file of data/ that the name of a graph in a dump stands for."""
    path = PurePosixPath("data", f"{(graph or '').removeprefix(layout.GRAPH)}.ttl")
    return path if layout.entity_iri(path) and layout.graph_iri(path) == graph else None


def _stem(node: Node) -> str:
    return str(node).rpartition("/")[2]


def _path(reading: Reading) -> PurePosixPath:
    return PurePosixPath(reading.file.as_posix())

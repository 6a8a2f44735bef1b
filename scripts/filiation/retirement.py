"""Take something out of the data so that its IRI stays: a stub in its place, in the file where it stood.

First it is found who still speaks of it. What the retired alone bear goes with them: an attestation of
nothing but a retired situation attests nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from rdflib import DCTERMS, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import homes, layout, positions, retired, turtle
from filiation.corpus import Corpus
from filiation.faults import Fault
from filiation.truth import FIL


class CannotRetire(Fault):
    """What cannot be retired here; the message says what to do instead."""


@dataclass(frozen=True, order=True)
class Reference:
    """A statement elsewhere that still speaks of what is retired."""

    file: PurePosixPath
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Retirement:
    """What the files will say, which nodes become stubs, how many statements go, and who would still
    speak of them."""

    graphs: dict[PurePosixPath, Graph]
    nodes: list[URIRef]
    statements: int
    references: list[Reference]


def plan(
    corpus: Corpus,
    nodes: Iterable[URIRef],
    why: Literal,
    successors: list[URIRef],
    whole_file: bool = False,
    gone: bool = False,
) -> Retirement:
    """What it takes to retire these nodes, with the attestations of nothing else, and, with `whole_file`,
    with all that the files of these entities describe. A node that no file describes is taken for a slip,
    unless `gone`. Nothing is written. Raises CannotRetire."""
    wanted = sorted(set(nodes))
    for node in wanted:
        _check(corpus, node, successors)
        if not gone and node not in corpus.homes:
            raise CannotRetire(_unknown(corpus, node))
    every = set(wanted)
    if whole_file:
        files = [corpus.data[path] for node in wanted if (path := homes.own(node)) in corpus.data]
        every |= {s for graph in files for s in graph.subjects() if isinstance(s, URIRef)}
    every |= _attesting(corpus.stated, every)
    every = {node for node in every if not retired.is_retired(corpus.stated, node)}
    graphs: dict[PurePosixPath, Graph] = {}
    for node in sorted(every):
        path = _file(corpus, node)
        graph = graphs.get(path, corpus.graphs.get(path, Graph()))
        # What is retired along with something has no successor of its own.
        graphs[path] = retired.stub(graph, node, why, successors if node in wanted else ())
    before = sum(len(corpus.graphs.get(path, ())) for path in graphs)
    for graph in graphs.values():
        turtle.bind(graph)
    fewer = before - sum(map(len, graphs.values()))
    return Retirement(graphs, sorted(every), fewer, _references(corpus, graphs, every, successors))


def _check(corpus: Corpus, node: URIRef, successors: list[URIRef]) -> None:
    name, path = layout.curie(node), corpus.homes.get(node)
    if path is not None and path not in corpus.data:
        advice = f"write owl:deprecated true there, in {path}, and keep its class and its definition"
        raise CannotRetire(f"{name} is no data: {advice}")
    if layout.split_iri(node) is None or str(node).startswith(tuple(map(_namespace, layout.SCHEMES))):
        raise CannotRetire(f"{name} is no IRI of the data: name one such as group:northern-front")
    if retired.is_retired(corpus.stated, node):
        raise CannotRetire(f"{name} is retired already, in {path}")
    for successor in successors:
        other = layout.curie(successor)
        if successor == node:
            raise CannotRetire(f"{name} cannot stand in its own place: name another with --replaced-by")
        if successor not in corpus.homes:
            raise CannotRetire(f"{other} is nowhere described: mend the name after --replaced-by")
        if retired.is_retired(corpus.stated, successor):
            raise CannotRetire(f"{other} is retired itself: name what stands in its place")


def _unknown(corpus: Corpus, node: URIRef) -> str:
    name = layout.curie(node)
    hint = turtle.did_you_mean(name, [layout.curie(str(other)) for other in corpus.homes])
    return (
        f"{name} is nowhere described{hint or '.'} If it was released and is gone from the files, add --gone"
    )


def _namespace(prefix: str) -> str:
    return layout.PREFIXES[prefix]


def _attesting(stated: Graph, nodes: set[URIRef]) -> set[URIRef]:
    """The attestations of these nodes and of nothing else."""
    return {
        attestation
        for node in nodes
        for attestation in stated.subjects(FIL.attests, node)
        if isinstance(attestation, URIRef) and set(stated.objects(attestation, FIL.attests)) <= nodes
    }


def _file(corpus: Corpus, node: URIRef) -> PurePosixPath:
    """Where a node stands, or would by its name. Raises CannotRetire."""
    home = corpus.homes.get(node) or homes.own(node)
    if home is None:
        _, stem = layout.split_iri(node) or ("", "")
        home = next(homes.by_stem(stem, corpus.data.keys()), None)
    if home is None:
        raise CannotRetire(f"{layout.curie(node)} stands in no file, and its stem begins like that of none")
    return home


def _references(
    corpus: Corpus, graphs: dict[PurePosixPath, Graph], gone: set[URIRef], successors: list[URIRef]
) -> list[Reference]:
    names = " or ".join(layout.curie(successor) for successor in successors)
    advice = f"write {names}" if names else "take that away, or retire it, too"
    found = []
    for path, graph in {**corpus.data, **graphs}.items():
        for subject, predicate, value in graph:
            if value in gone and subject not in gone and predicate != DCTERMS.isReplacedBy:
                says = f"{_name(subject)} says {_name(predicate)} {_name(value)}: {advice}"
                found.append(Reference(path, _line(corpus, path, subject, predicate, value), says))
    return sorted(found)


def _line(corpus: Corpus, path: PurePosixPath, *statement: Node) -> int:
    """The line of a statement in the file as it is."""
    if path not in corpus.files:
        return 1
    text = turtle.text_of(corpus.files[path])
    return positions.locate(text, layout.BASE).line(*map(str, statement))


def _name(node: Node) -> str:
    return layout.curie(str(node))

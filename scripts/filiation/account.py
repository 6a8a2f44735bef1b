"""What changed from one release to the next, told entity by entity in plain sentences.

The graphs of a release are the files that they were made of, so that the words are those of
`filiation diff`: a split is told under the group that it made and under the one that it left.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from rdflib import DCTERMS, OWL, RDFS, BNode, Graph, URIRef
from rdflib.term import Node

from filiation import changes, layout, oxigraph, review
from filiation.changes import Change
from filiation.comment import escaped
from filiation.corpus import Corpus
from filiation.difference import Difference
from filiation.manifest import Manifest
from filiation.states import State

#: What `dataset.dated` writes into every release, and is no change of the ontology.
_EDITION = {OWL.versionIRI, OWL.versionInfo, DCTERMS.modified, RDFS.isDefinedBy}
#: Folder -> heading, in the order in which readers ask.
_CHAPTERS = {
    "groups": "Groups",
    "organizations": "Organizations",
    "people": "People",
    "incidents": "Incidents",
    "places": "Places",
    "sources": "Sources",
}
_TERMS, _OTHER = "Terms and concepts", "The dataset itself"


def state(name: str, quads: Iterable[oxigraph.Quad]) -> State:
    """A release as the files that it was made of; what was inferred is left out."""
    by_graph: dict[str, list[oxigraph.Quad]] = {}
    for quad in quads:
        by_graph.setdefault(oxigraph.iri(quad.graph_name), []).append(quad)
    corpus, contents = Corpus(layout.Layout(Path())), {}
    for graph, mine in sorted(by_graph.items()):
        if graph == layout.INFERRED_GRAPH:
            continue
        path = layout.graph_path(graph)
        corpus.graphs[path] = _file(oxigraph.to_rdflib(quad.triple for quad in mine))
        contents[path] = "\n".join(sorted(str(quad.triple) for quad in mine)).encode()
    return State(name, contents, corpus)


def _file(graph: Graph) -> Graph:
    """A graph without what the build writes into it, and with blank nodes where it has named them."""
    plain = Graph(bind_namespaces="none")
    for subject, predicate, value in graph:
        if predicate not in _EDITION:
            plain.add((_blank(subject), predicate, _blank(value)))
    return plain


def _blank(node: Node) -> Node:
    named = str(node).startswith(oxigraph.SKOLEM)
    return BNode(str(node).removeprefix(oxigraph.SKOLEM)) if named else node


def markdown(
    was: State,
    now: State,
    releases: tuple[Manifest, Manifest],
    difference: Difference,
    asked: Callable[[], str | None],
) -> str:
    """The whole account. Labels are escaped, as anybody may have written them."""
    old, new = releases
    found = review.between(was, now, asked)
    lines = [f"# What changed from Filiation {old.version} to {new.version}", ""]
    graphs = {oxigraph.iri(quad.graph_name) for quad in (*difference.added, *difference.removed)}
    lines += [
        f"Released on {old.date} and {new.date}. {_number(len(difference.added), 'quad')} came and "
        f"{_number(len(difference.removed), 'quad')} went, in {_number(len(graphs), 'graph')} of "
        f"{len(new.graphs):,}.",
        "",
    ]
    if not found.changes:
        lines += ["Nothing differs in meaning.", ""]
    else:
        lines += ["| | added | changed | removed |", "|---|--:|--:|--:|", *_rows(found), ""]
    for chapter, entries in _chapters(found, was, now).items():
        lines += [f"## {chapter}", ""]
        for heading, sentences in entries:
            lines += [f"### {heading}", "", *(f"- {escaped(each)}" for each in sentences), ""]
    for remark in found.remarks:
        lines += [escaped(remark[:1].upper() + remark[1:]), ""]
    return "\n".join(lines)


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _rows(found: changes.Review) -> Iterator[str]:
    came, went = (changes.ADDED, changes.OPENED), (changes.REMOVED, changes.SETTLED)
    for section in changes.SECTIONS:
        actions = [change.action for change in found.of(section)]
        if actions:
            new, gone = (sum(action in group for action in actions) for group in (came, went))
            yield f"| {section} | {new:,} | {len(actions) - new - gone:,} | {gone:,} |"


def _chapters(found: changes.Review, was: State, now: State) -> dict[str, list[tuple[str, list[str]]]]:
    """Chapter -> its entities by name, each with its sentences in the order of the review."""
    by_entity: dict[str, dict[str, None]] = {}
    for change in found.changes:
        for entity in _concerned(change, was, now):
            by_entity.setdefault(entity, {}).setdefault(change.sentence)
    chapters: dict[str, list[tuple[str, list[str]]]] = {
        chapter: [] for chapter in (*_CHAPTERS.values(), _TERMS, _OTHER)
    }
    for entity, sentences in by_entity.items():
        chapters[_chapter(entity)].append((_heading(entity, was, now), list(sentences)))
    return {chapter: sorted(entries) for chapter, entries in chapters.items() if entries}


def _chapter(entity: str) -> str:
    parts = layout.split_iri(entity)
    folders = {prefix: folder for folder, prefix in layout.ENTITY_FOLDERS.items()}
    if parts and parts[0] in folders:
        return _CHAPTERS[folders[parts[0]]]
    return _OTHER if entity == layout.DATASET else _TERMS


def _heading(entity: str, was: State, now: State) -> str:
    node = URIRef(entity)
    side = now if (node, None, None) in now.facts else was
    name, short = side.teller.name(node), layout.curie(entity)
    return escaped(short) if name == short else f"{escaped(name)} ({escaped(short)})"


def _concerned(change: Change, was: State, now: State) -> list[str]:
    """Whom a change is about: the entity of its file first, then every other group that the situation
    names or that a relation leads to."""
    found: dict[str, None] = {}
    home = layout.entity_iri(PurePosixPath(change.file)) if change.file else None
    if home:
        found[home] = None
    groups = layout.PREFIXES["group"]
    for short in (change.node, *change.after):
        node = _node(short)
        if node is None:
            continue
        if change.section == changes.INFERRED and node.startswith(groups):
            found[node] = None
        for side in (was, now):
            if change.section in (changes.FACTS, changes.DISAGREEMENTS):
                found.update((str(o), None) for o in side.facts.objects(node) if _is(o, groups))
    return list(found) or [layout.DATASET]


def _node(short: str) -> URIRef | None:
    prefix, colon, local = short.partition(":")
    return URIRef(layout.PREFIXES[prefix] + local) if colon and prefix in layout.PREFIXES else None


def _is(value: Node, namespace: str) -> bool:
    return isinstance(value, URIRef) and str(value).startswith(namespace)

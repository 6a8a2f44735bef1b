"""What a change means: the facts, names, entities and disagreements by which two states differ.

States are compared as sets of statements, not as lines: a statement that moves to another file, or a
file that is laid out anew, is no change. What a change lets the build infer is compared as well.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rdflib import DCTERMS, SKOS, Literal, URIRef
from rdflib.term import Node

from filiation import layout, questions, states
from filiation.changes import (
    ACTIONS,
    ADDED,
    CHANGED,
    ENTITIES,
    FACTS,
    NAMES,
    REMOVED,
    SAID,
    SECTIONS,
    TERMS,
    Change,
    Review,
)
from filiation.consequences import disagreements, inferred
from filiation.phrases import FIL
from filiation.retired import is_retired
from filiation.sentences import ADMS, GEO, listed, sentence
from filiation.states import State

_PASSAGE = (FIL.passageStart, FIL.passageEnd, FIL.passageDigest)
_LABELS = (SKOS.prefLabel, SKOS.altLabel)


def review(place: layout.Layout, before: str, after: str | None = None) -> Review:
    """What differs in meaning between a revision and another one, or else the work tree. Raises
    history.NoSuchRevision, history.NotVersioned, turtle.Unreadable and questions.NoSuchQuestion."""
    was = states.read(place, before)
    now = states.read(place, after, was)
    return between(was, now, lambda: questions.named(place, "disagreements").text)


def between(was: State, now: State, asked: Callable[[], str | None]) -> Review:
    """What differs in meaning between two states; `asked` gives the question for disagreements, if there
    is one."""
    gone, fresh = (set(a.facts) - set(b.facts) for a, b in ((was, now), (now, was)))
    changes = list(_statements(was, now, gone, fresh))
    if gone or fresh or _ontology(was) != _ontology(now):
        question = asked()
        changes += disagreements(was, now, question) if question else ()
        changes += inferred(was, now)
    order = {name: number for number, name in enumerate((*SECTIONS, *ACTIONS))}
    changes.sort(key=lambda c: (order[c.section], order[c.action], c.sentence, c.node, c.property))
    return Review(was.name, now.name, changes, list(_rules(was, now)))


def _ontology(side: State) -> dict[Any, bytes]:
    return {path: content for path, content in side.contents.items() if path.parts[0] == "ontology"}


def _rules(was: State, now: State) -> Iterator[str]:
    """The files whose rules are not put into words."""
    paths = sorted(
        str(path)
        for path in was.contents.keys() | now.contents.keys()
        if ("alignments" in path.parts or path.parts[0] == "shapes")
        and was.contents.get(path) != now.contents.get(path)
    )
    if paths:
        yield f"rules and alignments that differ, too: {', '.join(paths)}"


def _statements(was: State, now: State, gone: set[Any], fresh: set[Any]) -> Iterator[Change]:
    """Nodes that came or went, and values that changed."""
    touched = {triple[0] for triple in gone | fresh}
    added = {node for node in touched if not _stands(node, was)}
    removed = {node for node in touched if not _stands(node, now)}
    retired = {node for node in removed - added if is_retired(now.facts, node)}
    yield from _nodes(was, now, added - removed, removed - added - retired)
    yield from _retired(was, now, retired)
    # Of a stub that changes, or that is new without having stood before, its statements are told.
    stubs = added & removed
    added, removed = added - stubs, removed - stubs
    by_node: dict[Node, set[Node]] = {}
    for node, predicate, value in gone | fresh:
        # That a new identifier is somebody's is told with the identifier.
        whose = predicate in (ADMS.identifier, GEO.hasGeometry) and value in added | removed
        if node not in added | removed and not whose:
            by_node.setdefault(node, set()).add(_PASSAGE[0] if predicate in _PASSAGE else predicate)
    for node, predicates in by_node.items():
        for predicate in predicates:
            yield _changed(node, predicate, was, now)


def _stands(node: Node, side: State) -> bool:
    """Whether a state describes a node, and not only as retired."""
    return (node, None, None) in side.facts and not is_retired(side.facts, node)


def _retired(was: State, now: State, nodes: set[Node]) -> Iterator[Change]:
    """What was described, and of which only a stub is left."""
    for node in nodes:
        # An attestation of a retired situation goes with it.
        if set(was.facts.objects(node, FIL.attests)) & nodes:
            continue
        successors = sorted(now.teller.noun(o) for o in now.facts.objects(node, DCTERMS.isReplacedBy))
        notes = sorted(now.teller.value(note) for note in now.facts.objects(node, SKOS.changeNote))
        words = f"retired: {was.teller.noun(node)}" + (f", for {listed(successors)}" if successors else "")
        words += f"; note: {listed(notes)}" if notes else ""
        yield Change(_section(node, was), REMOVED, sentence(words), _short(node), now.file_of(node))


def _nodes(was: State, now: State, added: set[Node], removed: set[Node]) -> Iterator[Change]:
    """Nodes that came or went; one that went and came back under another IRI has only changed that."""
    told: dict[str, dict[str, list[Node]]] = {}
    for action, nodes, side in ((ADDED, added, now), (REMOVED, removed, was)):
        for node in nodes:
            # An attestation of a new situation is told with the situation.
            if not set(side.facts.objects(node, FIL.attests)) & nodes:
                told.setdefault(side.teller.told(node), {}).setdefault(action, []).append(node)
    for words, by_action in told.items():
        came, went = (sorted(by_action.get(action, []), key=str) for action in (ADDED, REMOVED))
        while came and went:
            new, old = came.pop(), went.pop()
            renamed = f"changed: the IRI of {words}, from {_short(old)} to {_short(new)}"
            yield Change(
                _section(new, now),
                CHANGED,
                sentence(renamed),
                _short(new),
                now.file_of(new),
                "",
                (_short(old),),
                (_short(new),),
            )
        for action, left, side in ((ADDED, came, now), (REMOVED, went, was)):
            for node in left:
                yield Change(
                    _section(node, side),
                    action,
                    sentence(f"{action}: {words}"),
                    _short(node),
                    side.file_of(node),
                )


def _changed(node: Node, predicate: Node, was: State, now: State) -> Change:
    """One property of a node that both states have."""
    together = _PASSAGE if predicate in _PASSAGE else (predicate,)
    lost, won = ({v for p in together for v in s.facts.objects(node, p)} for s in (was, now))
    lost, won = lost - won, won - lost
    if predicate in _PASSAGE:
        label = "passage"
        before, after = ([p] if (p := s.teller.passage(node)) else [] for s in (was, now))
        if before == after:
            label, before, after = "digest of the passage", ["one"], ["another"]
    else:
        label = now.teller.label(predicate)
        before, after = _values(lost, was), _values(won, now)
        if before == after:
            before, after = _terms(lost), _terms(won)
    if before and after:
        noun = now.teller.noun(node, without=set(together))
        words = f"changed: the {label} of {noun}, from {listed(before)} to {listed(after)}"
    elif after:
        words = f"added to {was.teller.noun(node)}: {label} {listed(after)}"
    else:
        words = f"removed from {now.teller.noun(node)}: {label} {listed(before)}"
    section = NAMES if predicate in _LABELS and _section(node, now) == ENTITIES else _section(node, now)
    return Change(
        section,
        CHANGED,
        sentence(words),
        _short(node),
        now.file_of(node),
        _short(predicate),
        tuple(_terms(lost)),
        tuple(_terms(won)),
    )


def _values(values: Iterable[Node], side: State) -> list[str]:
    def told(value: Node) -> str:
        language = value.language if isinstance(value, Literal) else None
        return side.teller.value(value) + (f" ({language})" if language else "")

    return sorted(told(value) for value in values)


def _terms(values: Iterable[Node]) -> list[str]:
    """The values as Turtle has them."""
    return sorted(_short(v) if isinstance(v, URIRef) else _literal(v) for v in values)


def _literal(value: Node) -> str:
    if isinstance(value, Literal) and value.datatype:
        return f"{Literal(str(value)).n3()}^^{layout.curie(str(value.datatype))}"
    return value.n3()


def _section(node: Node, side: State) -> str:
    kind = side.teller.kind(node)
    if kind == FIL.Attestation:
        return SAID
    if kind in (FIL.Naming, ADMS.Identifier):
        return NAMES
    if side.teller.is_situation(node):
        return FACTS
    path = side.corpus.homes.get(node)
    return TERMS if path and path.parts[0] == "ontology" else ENTITIES


def _short(node: Node) -> str:
    return layout.curie(str(node))

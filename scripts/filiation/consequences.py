"""What follows from a change: disagreements opened or settled, and relations inferred or no longer so."""

from collections.abc import Iterator

from rdflib import URIRef

from filiation import infer, layout, oxigraph
from filiation.changes import ADDED, CHANGED, DISAGREEMENTS, INFERRED, OPENED, REMOVED, SETTLED, Change
from filiation.relations import relations
from filiation.sentences import day, listed, sentence
from filiation.states import State

_NOTHING: frozenset[tuple[str, str]] = frozenset()


def disagreements(was: State, now: State, asked: str) -> Iterator[Change]:
    """Questions on which the sources came to disagree, disagree otherwise, or no longer disagree."""
    before, after = _answers(was, asked), _answers(now, asked)
    for key in before.keys() | after.keys():
        old, new = before.get(key, _NOTHING), after.get(key, _NOTHING)
        if old == new:
            continue
        action = CHANGED if old and new else OPENED if new else SETTLED
        side = now if new else was
        kind, question = key
        verb = {SETTLED: "no longer disagree", CHANGED: "disagree otherwise"}.get(action, "disagree")
        words = f"{action}: the sources {verb} on the {kind} of {side.teller.value(URIRef(question))}"
        by_answer: dict[str, set[str]] = {}
        for answer, source in new or old:
            by_answer.setdefault(_answer(answer, kind, side), set()).add(side.teller.name(URIRef(source)))
        told = "; ".join(f"{answer} ({listed(sorted(by_answer[answer]))})" for answer in sorted(by_answer))
        terms = (tuple(sorted(f"{_shortened(a)} {_shortened(s)}" for a, s in each)) for each in (old, new))
        yield Change(
            DISAGREEMENTS,
            action,
            sentence(f"{words}: {told}"),
            _shortened(question),
            side.file_of(URIRef(question)),
            kind,
            *terms,
        )


def _answers(side: State, asked: str) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """Kind of disagreement and what it is about -> the answers, each with the source that gives it."""
    quads = oxigraph.from_rdflib(infer.in_full(side.stated), layout.INFERRED_GRAPH)
    names, rows = oxigraph.Store(quads).query(asked, layout.PREFIXES).rows()
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in rows:
        cell = dict(zip(names, row, strict=True))
        found.setdefault((cell["kind"], cell["question"]), set()).add((cell["answer"], cell["source"]))
    return {key: frozenset(answers) for key, answers in found.items()}


def _answer(text: str, kind: str, side: State) -> str:
    if layout.curie(text).startswith("<"):
        return day(text) if kind in ("date", "order") else text
    return side.teller.value(URIRef(text))


def _shortened(text: str) -> str:
    short = layout.curie(text)
    return text if short.startswith("<") else short


def inferred(was: State, now: State) -> Iterator[Change]:
    """The direct relations that follow now and did not, and the other way round."""
    before, after = (relations(side.corpus.stated, side.corpus.ontology) for side in (was, now))
    for action, triples, side in ((ADDED, after - before, now), (REMOVED, before - after, was)):
        for subject, predicate, value in triples:
            start = "now inferred" if action == ADDED else "no longer inferred"
            words = sentence(f"{start}: {side.teller.relation(subject, predicate, value)}")
            yield Change(
                INFERRED,
                action,
                words,
                layout.curie(str(subject)),
                side.file_of(subject),
                layout.curie(str(predicate)),
                after=(layout.curie(str(value)),),
            )

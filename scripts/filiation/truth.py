"""Is what we hold what the sources say? As far as the files alone can tell, and as warnings.

Only a reader can judge whether a source says what its attestation makes it say. But a date that is
more precise than every source, a value that none of them gives, a source that nothing uses and a
number that two groups share stand in the files. An editor may have reasons for each of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from rdflib import DCTERMS, OWL, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from filiation import dates, layout
from filiation.claims import AFFIRMS, TOGETHER
from filiation.findings import WARNING, Finding, Scope

ADMS = Namespace(layout.PREFIXES["adms"])
FIL = Namespace(layout.ONTOLOGY)
HELD = URIRef(layout.PREFIXES["status"] + "held")

#: What we say of a situation ourselves, so that no source need affirm it.
OURS = {RDF.type, FIL.status, SKOS.editorialNote, SKOS.prefLabel, SKOS.altLabel}
LINES = {predicate: line for line in TOGETHER for predicate in line}
#: Least and greatest of a figure, each by itself or as the one figure that is given.
FIGURES = {FIL.lowerBound, FIL.upperBound, FIL["count"]}

#: As many sources are named in a message.
MOST = 3

Values = dict[Node, set[Node]]


@dataclass
class Witness:
    """One source that affirms a situation: its name, its own values, and what we hold."""

    source: str
    own: Values
    held: Values

    def on(self, predicate: Node) -> set[Node]:
        """What it says: its own values, or else what we hold; nothing where it is silent."""
        line = LINES.get(predicate, {predicate: predicate})
        if not self.own.keys().isdisjoint(line.values()):
            return self.own.get(line[predicate], set())
        other_form = {FIL["from"], FIL.until} if predicate == FIL.date else {FIL.date}
        dated_otherwise = predicate in dates.DATE_PROPERTIES and self.own.keys() & other_form
        if dated_otherwise or predicate in self.own.get(FIL.silentOn, ()):
            return set()
        return self.held.get(predicate, set())

    def figures(self, predicate: URIRef) -> list[int]:
        """Its figures for a bound, or those that are such bounds at once."""
        given = self.on(predicate) | self.on(FIL["count"])
        return [int(str(value)) for value in given if str(value).isdecimal()]


@dataclass
class Case:
    """A situation, the file it stands in, what we hold of it, and who affirms it."""

    file: PurePosixPath
    node: Node
    held: Values
    witnesses: list[Witness]

    def warn(self, predicate: Node, value: Node, message: str, rule: str) -> Finding:
        told = f"`{_name(predicate)} {_name(value)}` {message}"
        return Finding(self.file, told, rule, self.node, predicate, value, WARNING)


def unaffirmed(scope: Scope) -> Iterator[Finding]:
    """Dates that are more precise than every source that affirms the situation, and values of held
    situations that no such source gives."""
    for case in _cases(scope):
        for predicate in sorted(case.held.keys() - OURS, key=str):
            for value in sorted(case.held[predicate], key=str):
                if predicate in dates.DATE_PROPERTIES:
                    yield from _date(case, predicate, value)
                elif HELD in case.held[FIL.status]:
                    yield from _value(scope, case, predicate, value)


def _cases(scope: Scope) -> Iterator[Case]:
    """The situations of the files in question that some source affirms."""
    stated = scope.corpus.stated
    for file, graph in scope.data.items():
        for node in sorted(set(graph.subjects(FIL.status)), key=str):
            held = _values(stated, node)
            said = [_values(stated, attestation) for attestation in stated.subjects(FIL.attests, node)]
            witnesses = [
                Witness(_listed(own.get(DCTERMS.source, ())), own, held)
                for own in said
                if AFFIRMS in own.get(FIL.stance, ())
            ]
            if witnesses:
                yield Case(file, node, held, sorted(witnesses, key=lambda witness: witness.source))


def _values(graph: Graph, node: Node) -> Values:
    found: Values = defaultdict(set)
    for predicate, value in graph.predicate_objects(node):
        found[predicate].add(value)
    return dict(found)


def _date(case: Case, predicate: Node, value: Node) -> Iterator[Finding]:
    held = _hull(value)
    if held is None:
        return
    given = [
        (witness.source, said, _hull(said)) for witness in case.witnesses for said in witness.on(predicate)
    ]
    known = [(source, said, hull) for source, said, hull in given if hull]
    if any(held[0] <= first and last <= held[1] for _, _, (first, last) in known):
        return
    if not known:
        yield case.warn(predicate, value, _silence(predicate), "unaffirmed")
        return
    near = [entry for entry in known if entry[2][0] <= held[1] and held[0] <= entry[2][1]]
    source, best, _ = min(
        near or known, key=lambda entry: (entry[2][1] - entry[2][0], str(entry[1]), entry[0])
    )
    advice = f"write {_name(predicate)} {_name(best)}, or add the attestation of a source that says this"
    if near:
        message = f"is more precise than any source that affirms it, of which {source} is the most precise"
        yield case.warn(predicate, value, f"{message}: {advice}", "too-precise")
    else:
        yield case.warn(predicate, value, f"is given by no source that affirms it: {advice}", "unaffirmed")


def _hull(value: Node) -> tuple[date, date] | None:
    """First and last day that a date may mean; None where it is no date."""
    try:
        interval = dates.parse(str(value))
    except dates.NotADate:
        return None
    return interval.earliest_begin or date.min, interval.latest_end or date.max


def _value(scope: Scope, case: Case, predicate: Node, value: Node) -> Iterator[Finding]:
    if any(_supports(scope, witness, predicate, value) for witness in case.witnesses):
        return
    said = [(witness.source, _listed(witness.on(predicate))) for witness in case.witnesses]
    telling = list(dict.fromkeys(f"{source} says {values}" for source, values in said if values))
    if telling:
        more = ", …" if len(telling) > MOST else ""
        message = (
            f"is given by no source that affirms it ({', '.join(telling[:MOST])}{more}): hold what a source "
            "says, or mend the attestation of the one that says this"
        )
    else:
        message = _silence(predicate)
    yield case.warn(predicate, value, message, "unaffirmed")


def _silence(predicate: Node) -> str:
    return (
        "is given by no source that affirms it: take it away, or let the attestation of the one that "
        f"gives it say so, without fil:silentOn {_name(predicate)}"
    )


def _supports(scope: Scope, witness: Witness, predicate: Node, value: Node) -> bool:
    """Whether the source says this, or what is narrower: a town in the country, a number in bounds."""
    if predicate in FIGURES and str(value).isdecimal():
        figure = int(str(value))
        least, most = witness.figures(FIL.lowerBound), witness.figures(FIL.upperBound)
        if predicate == FIL.lowerBound:
            return any(figure <= number for number in least)
        if predicate == FIL.upperBound:
            return any(number <= figure for number in most)
        return figure in least and figure in most
    said = witness.on(predicate)
    if _same_text(value) in map(_same_text, said):
        return True
    wider = ((scope.corpus.stated, DCTERMS.isPartOf), (scope.corpus.vocabulary, SKOS.broader))
    return any(value in graph.transitive_objects(one, up) for one in said for graph, up in wider)


def _same_text(value: Node) -> str:
    """What counts of an IRI or a name: not its white space, and not the capitals that a list prints."""
    return "".join(str(value).split()).casefold() if isinstance(value, Literal) else str(value)


def unused(scope: Scope) -> Iterator[Finding]:
    """Sources that nothing refers to."""
    stated = scope.corpus.stated
    for file, graph in scope.data.items():
        for source in sorted(set(graph.subjects(RDF.type, FIL.Source)), key=str):
            if set(stated.subjects(None, source)) <= {source} and not _deprecated(stated, source):
                name = _name(source)
                advice = f"attest what it says (dcterms:source {name}), or remove the file"
                message = f"nothing refers to {name}: {advice}"
                yield Finding(file, message, "unused", source, severity=WARNING)


def shared(scope: Scope) -> Iterator[Finding]:
    """Numbers and matches elsewhere that two groups or two persons have in common, where no position
    on their identity says how they come to that."""
    stated, homes = scope.corpus.stated, scope.corpus.homes
    decided = _decided(stated)
    for what, bearers in numbers(stated).items():
        for one, predicate, value in sorted(bearers, key=str):
            others = {other for other, *_ in bearers if _realm(other) == _realm(one)} - {one}
            names = [
                _name(other) for other in sorted(others, key=str) if frozenset((one, other)) not in decided
            ]
            if names and homes[one] in scope.files:
                message = (
                    f"{what} is also that of {' and '.join(names)}: mend the one that is wrong, or add a "
                    f"fil:Identity with fil:identified {_name(one)} and fil:identifiedWith {names[0]}"
                )
                yield Finding(homes[one], message, "shared-identifier", one, predicate, value, WARNING)


def numbers(stated: Graph) -> dict[str, set[tuple[Node, Node, Node]]]:
    """Each number or match, as people write it, with the statements by which somebody has it."""
    found = defaultdict(set)
    for entity, node in stated.subject_objects(ADMS.identifier):
        whose = {_name(creator) for creator in stated.objects(node, DCTERMS.creator)}
        texts = {str(text) for text in stated.objects(node, SKOS.notation)}
        for what in {f"the number {text} of {who}" for text in texts for who in whose} or {_name(node)}:
            found[what].add((entity, ADMS.identifier, node))
    for match in (SKOS.exactMatch, SKOS.closeMatch):
        for entity, target in stated.subject_objects(match):
            found[f"the match {_name(target)}"].add((entity, match, target))
    return {
        what: {entry for entry in bearers if _realm(entry[0]) and not _deprecated(stated, entry[0])}
        for what, bearers in found.items()
    }


def _realm(entity: Node) -> str | None:
    """Among whom one could be taken for another; places and concepts are none of them."""
    prefix = (layout.split_iri(str(entity)) or ("",))[0]
    return {"group": "organization", "organization": "organization", "person": "person"}.get(prefix)


def _decided(stated: Graph) -> set[frozenset[Node]]:
    """The pairs on whose identity, or on that of whose names, somebody takes a position."""

    def bearers(node: Node) -> set[Node]:
        return {node, *stated.objects(node, FIL.names)}

    return {
        frozenset((one, other))
        for identity, first in stated.subject_objects(FIL.identified)
        for second in stated.objects(identity, FIL.identifiedWith)
        for one in bearers(first)
        for other in bearers(second)
    }


def _deprecated(graph: Graph, node: Node) -> bool:
    return (node, OWL.deprecated, Literal(True)) in graph


def _listed(values: Iterable[Node]) -> str:
    return " and ".join(sorted(map(_name, values)))


def _name(value: Node) -> str:
    """As people write it in a file."""
    if isinstance(value, URIRef):
        return layout.curie(value)
    if isinstance(value, Literal) and value.datatype in (XSD.integer, XSD.boolean):
        return str(value)
    if isinstance(value, Literal) and value.datatype:
        return f'"{value}"^^{layout.curie(value.datatype)}'
    return value.n3() if isinstance(value, Literal) else str(value)


RULES: list[Callable[[Scope], Iterator[Finding]]] = [unaffirmed, unused, shared]

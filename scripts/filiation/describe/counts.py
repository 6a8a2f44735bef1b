"""Count what is in a release, once and in linear time, for all descriptions.

Terms become numbers first: comparing and hashing terms of the store costs far more than the counting.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from filiation import layout
from filiation.oxigraph import Quad

_NAMES = layout.PREFIXES
TYPE = _NAMES["rdf"] + "type"
#: The statements that lead to an entry elsewhere about the same thing.
MATCHES = tuple(_NAMES["skos"] + f"{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
_ISSUER = _NAMES["dcterms"] + "creator"
_BEGIN, _END = (_NAMES["sem"] + f"has{side}TimeStamp" for side in ("EarliestBegin", "LatestEnd"))


@dataclass
class Counts:
    """Of the union of all graphs. Classes, properties and datatypes are whole IRIs."""

    triples: int = 0
    subjects: int = 0
    objects: int = 0
    #: Subjects with an IRI of ours.
    entities: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    #: (class of the subject, property) -> triples.
    within: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: (class of the subject, property, class of the object) -> triples.
    leading: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: (class of the subject, property, datatype of the object) -> triples.
    typed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: (who keeps the other list: an IRI of ours or a host, property) -> triples.
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Class -> the instance to which most statements lead.
    examples: dict[str, str] = field(default_factory=dict)
    #: The first and last day of anything that has dates, YYYY-MM-DD; empty where nothing has.
    period: tuple[str, str] = ("", "")


@dataclass
class _Terms:
    """Terms as numbers, in the order in which they are met."""

    numbers: dict[object, int] = field(default_factory=dict)

    def triples(self, quads: Iterable[Quad]) -> set[tuple[int, int, int]]:
        numbers = self.numbers
        return {
            (
                numbers.setdefault(quad.subject, len(numbers)),
                numbers.setdefault(quad.predicate, len(numbers)),
                numbers.setdefault(quad.object, len(numbers)),
            )
            for quad in quads
        }

    def names(self) -> list[str]:
        """The IRI, label or text of each number."""
        # Every kind of term has it but a triple, and triples are no terms of ours.
        return [term.value for term in self.numbers]  # type: ignore[attr-defined]

    def datatypes(self) -> dict[int, str]:
        """The datatype of each number that is a literal."""
        found = ((number, getattr(term, "datatype", None)) for term, number in self.numbers.items())
        return {number: datatype.value for number, datatype in found if datatype is not None}


def of(quads: Iterable[Quad]) -> Counts:
    """Every number that the descriptions tell."""
    terms = _Terms()
    triples = terms.triples(quads)
    names, datatypes = terms.names(), terms.datatypes()
    numbers = {name: number for number, name in enumerate(names) if number not in datatypes}
    type_number = numbers.get(TYPE, -1)
    classes: dict[int, list[int]] = defaultdict(list)
    for subject, predicate, value in triples:
        if predicate == type_number:
            classes[subject].append(value)
    subjects = {subject for subject, _, _ in triples}
    counts = Counts(
        triples=len(triples),
        subjects=len(subjects),
        objects=len({value for _, _, value in triples}),
        entities=sum(names[subject].startswith(layout.BASE) for subject in subjects),
        classes=Counter(names[kind] for kinds in classes.values() for kind in kinds),
        properties=_named(Counter(predicate for _, predicate, _ in triples), names),
        examples=_examples(triples, classes, names),
        period=_period(triples, numbers, names),
    )
    counts.links.update(_links(triples, numbers, names, datatypes))
    _partition(counts, triples, classes, names, datatypes)
    return counts


Triples = set[tuple[int, int, int]]


def _named(counter: Counter[int], names: list[str]) -> Counter[str]:
    return Counter({names[number]: amount for number, amount in counter.items()})


def _partition(
    counts: Counts,
    triples: Triples,
    classes: dict[int, list[int]],
    names: list[str],
    datatypes: dict[int, str],
) -> None:
    """Count within the classes of the subject. Nodes with the same classes are counted together."""
    kinds = {node: tuple(sorted(found)) for node, found in classes.items()}
    together: Counter[tuple[tuple[int, ...], int, tuple[int, ...] | str]] = Counter(
        (kinds[subject], predicate, datatypes.get(value) or kinds.get(value, ()))
        for subject, predicate, value in triples
        if subject in kinds
    )
    for (of_subject, predicate, of_value), amount in together.items():
        for kind in of_subject:
            pair = names[kind], names[predicate]
            counts.within[pair] += amount
            if isinstance(of_value, str):
                counts.typed[*pair, of_value] += amount
            else:
                for other in of_value:
                    counts.leading[*pair, names[other]] += amount


def _links(
    triples: Triples, numbers: dict[str, int], names: list[str], datatypes: dict[int, str]
) -> Iterator[tuple[str, str]]:
    """Who keeps what each match leads to: the issuer of an identifier of ours, or the host of its IRI."""
    issuer = numbers.get(_ISSUER, -1)
    issuers = {subject: names[value] for subject, predicate, value in triples if predicate == issuer}
    matches = {numbers[name]: name for name in MATCHES if name in numbers}
    for subject, predicate, value in triples:
        if predicate not in matches or value in datatypes or not names[subject].startswith(layout.BASE):
            continue
        if not names[value].startswith(layout.BASE):
            yield urlsplit(names[value]).netloc, matches[predicate]
        elif value in issuers:
            yield issuers[value], matches[predicate]


def _examples(triples: Triples, classes: dict[int, list[int]], names: list[str]) -> dict[str, str]:
    met = Counter(value for _, _, value in triples if value in classes)
    best: dict[int, tuple[int, str]] = {}
    for node, kinds in classes.items():
        rank = (-met[node], names[node])
        for kind in kinds:
            if kind not in best or rank < best[kind]:
                best[kind] = rank
    return {names[kind]: name for kind, (_, name) in best.items()}


def _period(triples: Triples, numbers: dict[str, int], names: list[str]) -> tuple[str, str]:
    """ISO 8601 days of four-figure years stand in the order of their letters; others are left out."""
    begin, end = numbers.get(_BEGIN, -1), numbers.get(_END, -1)
    days = [names[value] for _, predicate, value in triples if predicate in (begin, end)]
    plain = [day for day in days if len(day) == 10 and day[0] != "-"]
    return (min(plain), max(plain)) if plain else ("", "")

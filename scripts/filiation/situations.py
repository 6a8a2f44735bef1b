"""What the files that are no RDF say of a situation: its status, its dates with bounds, who affirms it.

Read from a store in a few plain questions, each of which asks for one kind of thing; the rows are put
together here, for a question that asks for everything at once multiplies its rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from filiation.layout import ONTOLOGY, PREFIXES
from filiation.oxigraph import Store

#: The bounds of the Simple Event Model, as they are called outside RDF.
BOUNDS = {
    "hasEarliestBeginTimeStamp": "begin_earliest",
    "hasLatestBeginTimeStamp": "begin_latest",
    "hasEarliestEndTimeStamp": "end_earliest",
    "hasLatestEndTimeStamp": "end_latest",
}


@dataclass(frozen=True)
class Situation:
    """One situation: dates are EDTF, bounds days (YYYY-MM-DD), an empty text is open or unknown."""

    iri: str
    #: `held`, `disputed` or `rejected`.
    status: str
    date: str = ""
    since: str = ""
    until: str = ""
    begin_earliest: str = ""
    begin_latest: str = ""
    end_earliest: str = ""
    end_latest: str = ""
    #: Whether it is said to be over, with or without a date of its end.
    ended: bool = False
    #: IRIs of the sources that affirm it, and of those that doubt or deny it, in order.
    sources: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    #: The last steps of the hedges of those that affirm it (`suspected`), in order.
    hedges: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, str]:
        """Its dates and bounds by name, those that are known."""
        names = ("date", "since", "until", *BOUNDS.values())
        return {name: value for name in names if (value := getattr(self, name))}


def situations(store: Store) -> dict[str, Situation]:
    """Every situation by its IRI."""
    statuses = dict(rows(store, "SELECT ?situation ?status WHERE { ?situation fil:status ?status }"))
    dated = _dates(store)
    affirming, denying, hedges = _attested(store)
    return {
        iri: Situation(
            iri,
            stem(status),
            **dated[iri],
            ended="until" in dated[iri] or iri in dated["ended"],
            sources=tuple(sorted(affirming[iri])),
            denials=tuple(sorted(denying[iri])),
            hedges=tuple(sorted(hedges[iri])),
        )
        for iri, status in sorted(statuses.items())
    }


def _dates(store: Store) -> defaultdict[str, dict[str, str]]:
    """The dates and bounds of every situation; below `ended` those that are said to be over."""
    known = {f"{ONTOLOGY}date": "date", f"{ONTOLOGY}from": "since", f"{ONTOLOGY}until": "until"}
    known |= {PREFIXES["sem"] + name: ours for name, ours in BOUNDS.items()}
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    wanted = " ".join(f"<{name}>" for name in known)
    for situation, name, value in rows(
        store,
        f"SELECT ?s ?p ?o WHERE {{ VALUES ?p {{ {wanted} }} ?s ?p ?o ; fil:status ?any }} ORDER BY ?s ?p ?o",
    ):
        found[situation].setdefault(known[name], value)
    for (situation,) in rows(store, "SELECT ?s WHERE { ?s fil:ended true ; fil:status ?any }"):
        found["ended"][situation] = "true"
    return found


def _attested(store: Store) -> tuple[defaultdict[str, set[str]], ...]:
    """Situation -> sources that affirm, sources that doubt or deny, hedges of those that affirm."""
    affirming, denying, hedges = (defaultdict[str, set[str]](set) for _ in range(3))
    for situation, source, stance in rows(
        store, "SELECT ?s ?by ?stance WHERE { ?a fil:attests ?s ; fil:stance ?stance ; dcterms:source ?by }"
    ):
        (affirming if stem(stance) == "affirms" else denying)[situation].add(source)
    for situation, hedge in rows(
        store,
        "SELECT ?s ?hedge WHERE { ?a fil:attests ?s ; fil:stance stance:affirms ; fil:hedge ?hedge }",
    ):
        hedges[situation].add(stem(hedge))
    return affirming, denying, hedges


def rows(store: Store, question: str) -> list[list[str]]:
    """The rows of a question that uses our prefixes without declaring them."""
    return store.query(question, PREFIXES).rows()[1]


def labels(store: Store) -> dict[str, str]:
    """The English label of everything that has one."""
    found: dict[str, str] = {}
    for node, label in rows(
        store,
        'SELECT ?node ?label WHERE { ?node skos:prefLabel ?label FILTER (LANG(?label) = "en") }'
        " ORDER BY ?node ?label",
    ):
        found.setdefault(node, label)
    return found


def roles(store: Store, label: dict[str, str]) -> dict[str, str]:
    """The role of each position and the kind of each subordination, by its label."""
    return {
        iri: label.get(concept, stem(concept))
        for iri, concept in rows(
            store,
            "SELECT ?s ?concept WHERE { { ?s org:organization ?o ; org:role ?concept }"
            " UNION { ?s fil:superior ?o ; fil:kind ?concept } } ORDER BY ?s DESC(?concept)",
        )
    }


def grouped(pairs: Iterable[Iterable[str]]) -> defaultdict[str, list[str]]:
    """The second values by the first ones, each once, in order."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return defaultdict(list, {key: sorted(values) for key, values in found.items()})


def stem(iri: str) -> str:
    """The last step of an IRI.

    >>> stem("https://w3id.org/filiation/status/held")
    'held'
    """
    return iri.rpartition("#" if "#" in iri else "/")[2]

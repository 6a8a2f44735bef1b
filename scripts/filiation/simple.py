"""The simple form of the dataset: who there is, under which names, when, and how related; in one step each.

For people who want the result and not the evidence: what a situation says becomes one triple between two
entities, and the situation itself, its date, its status and its attestations are left out. Only held
situations take part. The text form (N-Triples) is read and written, for there are as many lines as
statements in the whole release.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rdflib import OWL, Graph

from filiation.layout import BASE, ONTOLOGY, PREFIXES

#: What is an entity here, by prefix. Sources and incidents are left out: they are told of by the full form.
ENTITIES = ("group", "organization", "person", "place")


def _term(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f"<{PREFIXES[prefix]}{name}>"


TYPE, LABEL, OTHER_LABEL = _term("rdf:type"), _term("skos:prefLabel"), _term("skos:altLabel")
CLASSES = {_term(c) for c in ("fil:Group", "fil:Person", "fil:Place", "org:Organization", "foaf:Person")}
#: Properties of entities that are one step already.
KEPT = {
    LABEL,
    *(_term(f"skos:{kind}Match") for kind in ("exact", "close", "broad", "narrow", "related")),
    _term("adms:identifier"),
    _term("dcterms:isPartOf"),
    _term("dcterms:isReplacedBy"),
    _term("owl:deprecated"),
}
#: Properties of the entries in other lists (`identifier:…`) that entities are matched with.
OF_IDENTIFIERS = {TYPE, _term("skos:notation"), _term("dcterms:title"), _term("dcterms:creator")}

#: A situation's role -> its other role -> the property that leads from the one to the other in one step.
STEPS = {
    (_term("fil:names"), _term("skosxl:literalForm")): OTHER_LABEL,
    (_term("org:member"), _term("org:organization")): _term("org:memberOf"),
    (_term("fil:leader"), _term("org:organization")): _term("org:memberOf"),
    (_term("fil:about"), _term("fil:place")): _term("dcterms:spatial"),
}
#: Of STEPS, those that stand for situations of one class only.
ONLY = {_term("dcterms:spatial"): _term("fil:Presence")}

#: The roles of those who begin or end with a situation.
BEGINNINGS = tuple(map(_term, ("fil:formed", "fil:offshoot", "fil:union")))
ENDINGS = tuple(map(_term, ("fil:dissolved", "fil:component")))
LIFE = {_term("life-event-kind:birth"): True, _term("life-event-kind:death"): False}
EARLIEST_BEGIN, LATEST_BEGIN, EARLIEST_END, LATEST_END = (
    _term(f"sem:has{side}TimeStamp") for side in ("EarliestBegin", "LatestBegin", "EarliestEnd", "LatestEnd")
)
BOUNDS = (EARLIEST_BEGIN, LATEST_BEGIN, EARLIEST_END, LATEST_END)
STATUS, HELD = _term("fil:status"), f"<{BASE}status/held>"
ABOUT, KIND = _term("fil:about"), _term("fil:kind")

#: What the README of a release says of it: every property that is in it, and what is not.
ACCOUNT = """\
For people who want the result and not the evidence. Each statement is about a group, an organization, a
person, a place, or an entry of another list, and can be understood on its own:

- what it is: `rdf:type` (`fil:Group`, `org:Organization`, `fil:Person`, `foaf:Person`, `fil:Place`,
  `adms:Identifier`);
- its names in all languages: `skos:prefLabel`, and `skos:altLabel` for each other name that is held;
- how groups are related: `fil:descendsFrom` (in one step or more), `fil:splitFrom`, `fil:mergedInto`,
  `fil:partlyMergedInto`, `fil:joined`, `fil:partlyJoined`, `fil:unitOf`, `fil:pledgedTo`,
  `fil:alliedWith`; who leads and who belongs to them: `fil:ledBy`, `org:memberOf`; where they are or were:
  `dcterms:spatial`. It was so at some time: when, the full form tells;
- between which days a group came to be or a person was born (`sem:hasEarliestBeginTimeStamp`,
  `sem:hasLatestBeginTimeStamp`), and a group was dissolved or went into a merger as a whole, or a person
  died (`sem:hasEarliestEndTimeStamp`, `sem:hasLatestEndTimeStamp`). No bound means that none is known;
- its matches: `skos:exactMatch`, `skos:closeMatch`, `skos:broadMatch`, `skos:narrowMatch`,
  `skos:relatedMatch`, `adms:identifier`; of an entry of another list its number or name (`skos:notation`,
  `dcterms:title`) and who keeps the list (`dcterms:creator`). None of them is `owl:sameAs`;
- `dcterms:isPartOf` of places; `owl:deprecated` and `dcterms:isReplacedBy` of what was given up.

Only what is held is in it. Left out are situations with their dates and status, attestations, sources,
incidents, strengths, practices, rivalries, cooperations, what is disputed or rejected, and the ontology."""

Statements = Mapping[str, list[tuple[str, str]]]


def direct_relations(ontology: Graph) -> set[str]:
    """The properties that stand for a situation between two entities: those with a property chain."""
    return {f"<{link}>" for link in ontology.subjects(OWL.propertyChainAxiom) if ONTOLOGY in str(link)}


def triples(lines: Iterable[str], ontology: Graph) -> set[str]:
    """The simple form of a dataset, as N-Triples without the full stop. `lines` are its triples, in the
    same form; `ontology` says what the direct relations are."""
    entity = tuple(f"<{BASE}{prefix}/" for prefix in ENTITIES)
    identifier = f"<{BASE}identifier/"
    kept = KEPT | direct_relations(ontology)
    of_situations = {STATUS, TYPE, ABOUT, KIND, *BOUNDS, *BEGINNINGS, *ENDINGS}
    of_situations.update(role for pair in STEPS for role in pair)
    found: set[str] = set()
    about: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in lines:
        subject, predicate, value = line.split(" ", 2)
        if subject.startswith(entity):
            if predicate in kept or (predicate == TYPE and value in CLASSES):
                found.add(line)
        elif subject.startswith(identifier):
            if predicate in OF_IDENTIFIERS:
                found.add(line)
        elif predicate in of_situations:
            about[predicate].append((subject, value))
    held = {subject for subject, status in about[STATUS] if status == HELD}
    for subject, link, value in _steps(about, held):
        if subject.startswith(entity) and f"{subject} {LABEL} {value}" not in found:
            found.add(f"{subject} {link} {value}")
    return found | set(_lives(about, held))


def _steps(about: Statements, held: set[str]) -> Iterator[tuple[str, str, str]]:
    """What held situations say of two of their parts."""
    kinds = set(about.get(TYPE, ()))
    for (start, end), link in STEPS.items():
        others: dict[str, list[str]] = {}
        for situation, value in about.get(end, ()):
            others.setdefault(situation, []).append(value)
        for situation, value in about.get(start, ()):
            if situation in held and (link not in ONLY or (situation, ONLY[link]) in kinds):
                for other in others.get(situation, ()):
                    yield value, link, other


def _lives(about: Statements, held: set[str]) -> Iterator[str]:
    """Between which days a group came to be and ceased to be, a person was born and died. Where more than
    one held situation tells of it, the bounds are the outermost; where one of them is open, it is open."""
    days = {bound: dict(about.get(bound, ())) for bound in BOUNDS}
    kinds = {situation: LIFE[kind] for situation, kind in about.get(KIND, ()) if kind in LIFE}
    begins = [pair for role in BEGINNINGS for pair in about.get(role, ())]
    ends = [pair for role in ENDINGS for pair in about.get(role, ())]
    for situation, who in about.get(ABOUT, ()):
        if situation in kinds:
            (begins if kinds[situation] else ends).append((situation, who))
    # The day of a change or of a birth is all of it, so its begin bounds it from below, its end from above.
    for pairs, earliest, latest in ((begins, EARLIEST_BEGIN, LATEST_BEGIN), (ends, EARLIEST_END, LATEST_END)):
        changes: dict[str, list[str]] = {}
        for situation, who in pairs:
            if situation in held:
                changes.setdefault(who, []).append(situation)
        for who, situations in changes.items():
            firsts = [days[EARLIEST_BEGIN].get(situation) for situation in situations]
            lasts = [days[LATEST_END].get(situation) for situation in situations]
            if None not in firsts:
                yield f"{who} {earliest} {min(filter(None, firsts))}"
            if None not in lasts:
                yield f"{who} {latest} {max(filter(None, lasts))}"

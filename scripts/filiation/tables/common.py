"""What the tables share: the classes and roles, times, circumstances, and what is held on whose word."""

from filiation import layout
from filiation.tables.columns import (
    DCTERMS,
    FIL,
    ORG,
    RDF,
    SEM,
    SEPARATOR,
    SKOS,
    Column,
    Columns,
    dated,
    node,
    nodes,
    one,
)

DATE = dated("date", "When it happened", "hasEarliestBeginTimeStamp", "hasLatestEndTimeStamp")
PERIOD = (
    *dated("from", "When it began", "hasEarliestBeginTimeStamp", "hasLatestBeginTimeStamp"),
    *dated("until", "When it ended", "hasEarliestEndTimeStamp", "hasLatestEndTimeStamp"),
    *one("ended", "boolean", "Whether it is said to be over, where no date is given", FIL + "ended"),
)
COUNTS = (
    *one("count", "integer", "How many, as the one figure that is given", FIL + "count"),
    *one("lower_bound", "integer", "How many at least", FIL + "lowerBound"),
    *one("upper_bound", "integer", "How many at most", FIL + "upperBound"),
)
CIRCUMSTANCES = (
    *nodes("place", "Where", FIL + "place", "entities"),
    *nodes("manner", "How it came about or was done", FIL + "manner"),
    *nodes("purpose", "The reason or aim that is given", FIL + "purpose"),
)
LINKS = tuple(
    column
    for name, title, term in (
        ("during", "Situations in whose course it took place", FIL + "during"),
        ("after", "Situations after which it came", FIL + "after"),
        ("in_response_to", "Situations that it answers", FIL + "inResponseTo"),
        ("result_of", "Situations of which it is a result", FIL + "resultOf"),
        ("part_of", "Events of which it is a part", SEM + "subEventOf"),
    )
    for column in nodes(name, title, term, "situations")
)
NOTE = (Column("note", "string", "Notes of the editors", SKOS + "editorialNote", separator=SEPARATOR),)


def said_by(stance: str) -> str:
    """The pattern of the sources that take a stance on a situation."""
    stance_iri = f"{layout.BASE}stance/{stance}"
    return f"?said <{FIL}attests> ?row ; <{FIL}stance> <{stance_iri}> ; <{DCTERMS}source> ?value"


#: What is held of a situation, and on whose word.
VERDICT = (
    *node("status", "Whether the editors hold it", FIL + "status", required=True),
    *nodes("affirmed_by", "Sources that affirm it", None, "sources", pattern=said_by("affirms")),
    *nodes("doubted_by", "Sources that doubt it", None, "sources", pattern=said_by("doubts")),
    *nodes("denied_by", "Sources that deny it", None, "sources", pattern=said_by("denies")),
    Column(
        "attestations",
        "integer",
        "How many attestations it has",
        required=True,
        pattern=f"?value <{FIL}attests> ?row",
        combine="count",
    ),
    *NOTE,
)
HELD = f"<{FIL}status> <{layout.BASE}status/held>"
CHANGE_CLASSES = tuple(
    FIL + n for n in ("Formation", "Renaming", "Split", "Merger", "Joining", "Dissolution")
)
AFFILIATION_CLASSES = tuple(
    FIL + n for n in ("Pledge", "Subordination", "Alliance", "Cooperation", "Rivalry")
)
POSITION_CLASSES = (FIL + "Leadership", FIL + "Position")
OTHER_CLASSES = tuple(
    FIL + n
    for n in ("Naming", "Strength", "Presence", "Practice", "Incident", "LifeEvent", "Listing", "Identity")
)
ENTITY_CLASSES = (FIL + "Group", ORG + "Organization", FIL + "Person", FIL + "Place")
#: Classes of which a node may have both, the more special one first.
_BELOW = {
    (FIL + "Group", ORG + "Organization"),
    (FIL + "Leadership", FIL + "Position"),
}


def class_of(*names: str, title: str = "Of which class it is") -> Columns:
    """The most special class of a row among some, each after those below it."""
    patterns = []
    for number, name in enumerate(names):
        below = " ".join(
            f"FILTER NOT EXISTS {{ ?row a <{other}> }}" for other in names[:number] if (other, name) in _BELOW
        )
        patterns.append(f"{{ ?row a <{name}> . BIND (<{name}> AS ?value) {below} }}")
    return node("class", title, RDF + "type", required=True, pattern=" UNION ".join(patterns))


#: Every role in a situation. Superclasses and `fil:involves` are inferred of held situations only, so
#: that a table of all situations names each class and each role.
ROLES = (
    *("about", "actor", "ally", "authority", "component", "dissolved", "formed", "founder", "host"),
    *("identified", "identifiedWith", "joiner", "leader", "listed", "names", "offshoot", "parent"),
    *("partialComponent", "partialJoiner", "partner", "perpetrator", "pledgee", "pledger", "renamed"),
    *("rival", "subordinate", "superior", "target", "union", "victim"),
)
INVOLVES = "|".join(f"<{role}>" for role in (*(FIL + n for n in ROLES), ORG + "member", ORG + "organization"))

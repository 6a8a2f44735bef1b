"""Tables of what exists: groups, the names and numbers that they bear, and all entities."""

from typing import Literal

from filiation import layout
from filiation.tables.columns import (
    ADMS,
    DCTERMS,
    FIL,
    GEO,
    OWL,
    SEM,
    SEPARATOR,
    SKOS,
    XL,
    Column,
    Table,
    key_column,
    label,
    node,
    nodes,
    of_classes,
    one,
)
from filiation.tables.common import (
    ENTITY_CLASSES,
    HELD,
    INVOLVES,
    NOTE,
    PERIOD,
    VERDICT,
    class_of,
)


def _bound(name: str, title: str, path: str, bound: str, combine: Literal["least", "greatest"]) -> Column:
    pattern = f"?by {path} ?row ; {HELD} ; <{SEM}{bound}> ?value"
    return Column(name, "date", title, pattern=pattern, combine=combine)


_BORN = f"<{FIL}formed>|<{FIL}offshoot>|<{FIL}union>"
_GONE = f"<{FIL}dissolved>|<{FIL}component>"
_RELATIONS = tuple(
    column
    for name, title, term in (
        ("split_from", "Groups from which it split", "splitFrom"),
        ("merged_into", "Groups into which it merged as a whole", "mergedInto"),
        ("partly_merged_into", "Groups into which a part of it merged", "partlyMergedInto"),
        ("joined", "Groups that it joined as a whole", "joined"),
        ("partly_joined", "Groups that a part of it joined", "partlyJoined"),
        ("descends_from", "Groups from which it came, in one step or more", "descendsFrom"),
        ("pledged_to", "To whom it pledged loyalty", "pledgedTo"),
        ("unit_of", "Of what it was a unit, branch or faction", "unitOf"),
        ("allied_with", "With whom it was allied", "alliedWith"),
        ("led_by", "Who led it", "ledBy"),
    )
    for column in nodes(name, f"{title} (held, at any time)", FIL + term, "entities")
)
_ITEM = (
    f"?row <{DCTERMS}creator> <{layout.BASE}organization/wikidata> ; <{SKOS}notation> ?number . "
    f'BIND (IRI(CONCAT("{layout.PREFIXES["wd"]}", ?number)) AS ?value)'
)


def _match(kind: str) -> str:
    """Whose match of a kind leads to an identifier, or to the Wikidata item that it names."""
    match = f"<{SKOS}{kind}Match>"
    item = _ITEM.replace("?value", "?item")
    return (
        f"{{ ?value {match} ?row . ?row a <{ADMS}Identifier> }} UNION "
        f"{{ {item} . ?value <{ADMS}identifier> ?row ; {match} ?item }}"
    )


_MATCHES = tuple(
    column
    for kind, title in (
        ("exact", "Entities that the entry matches exactly"),
        ("close", "Entities that it matches closely"),
        ("broad", "Entities of which it says more than they are"),
        ("narrow", "Entities of which it says less than they are"),
        ("related", "Entities to which it is only related"),
    )
    for column in nodes(f"{kind}_match", title, None, "entities", pattern=_match(kind))
)

GROUPS = Table(
    "groups",
    "Armed groups: names, beginning and end, and direct relations, all from what is held",
    (
        *key_column("group", "The group", "entities"),
        *label("What it is called, in English"),
        Column(
            "names",
            "string",
            "Every name that is held, in all languages and scripts (see the table of names)",
            separator=SEPARATOR,
            pattern=f"{{ ?row <{SKOS}prefLabel> ?value }} UNION "
            f"{{ ?naming <{FIL}names> ?row ; {HELD} ; <{XL}literalForm> ?value }}",
        ),
        *nodes("began_by", "Changes that made it", None, "changes", pattern=f"?value {_BORN} ?row ; {HELD}"),
        _bound(
            "began_earliest",
            "The earliest first day of the changes that made it, of those dated",
            f"({_BORN})",
            "hasEarliestBeginTimeStamp",
            "least",
        ),
        _bound(
            "began_latest",
            "The latest last day of the changes that made it, of those dated",
            f"({_BORN})",
            "hasLatestEndTimeStamp",
            "greatest",
        ),
        *nodes("ended_by", "Changes that ended it", None, "changes", pattern=f"?value {_GONE} ?row ; {HELD}"),
        _bound(
            "ended_earliest",
            "The earliest first day of the changes that ended it, of those dated",
            f"({_GONE})",
            "hasEarliestBeginTimeStamp",
            "least",
        ),
        _bound(
            "ended_latest",
            "The latest last day of the changes that ended it, of those dated",
            f"({_GONE})",
            "hasLatestEndTimeStamp",
            "greatest",
        ),
        *_RELATIONS,
        Column(
            "situations",
            "integer",
            "How many situations it takes part in, whether held or not",
            required=True,
            pattern=f"?value {INVOLVES} ?row",
            combine="count",
        ),
        *NOTE,
    ),
    ("group",),
    f"?row a <{FIL}Group>",
)

NAMES = Table(
    "names",
    "Names: official names, acronyms, aliases and translations, by whom they are used and when",
    (
        *key_column("name", "The naming", "situations"),
        *node("bearer", "Who bears the name", FIL + "names", "entities", required=True),
        Column("form", "string", "The name itself", XL + "literalForm", required=True),
        Column(
            "language",
            "string",
            "The language of the name (BCP 47)",
            required=True,
            pattern=f"?row <{XL}literalForm> ?form . BIND (LANG(?form) AS ?value)",
        ),
        *node("kind", "What kind of name", FIL + "kind"),
        *PERIOD,
        *VERDICT,
    ),
    ("name",),
    f"?row a <{FIL}Naming>",
)

IDENTIFIERS = Table(
    "identifiers",
    "Identifiers: numbers and names of entities in other lists and datasets, and how they match",
    (
        *key_column("identifier", "The identifier"),
        *node(
            "entity",
            "Whose it is",
            None,
            "entities",
            required=True,
            pattern=f"?value <{ADMS}identifier> ?row",
        ),
        *node("issuer", "Who keeps the list", DCTERMS + "creator", "entities", required=True),
        Column("notation", "string", "The number or name in the list", SKOS + "notation", required=True),
        Column("title", "string", "What the list calls the entry", DCTERMS + "title"),
        *_MATCHES,
        Column("item", "anyURI", "The entry's own IRI, where it has one", pattern=_ITEM),
        *node("review", "Whether a second source agrees", ADMS + "status", required=True),
        *node("source", "Where it was read", DCTERMS + "source", "sources", required=True),
    ),
    ("identifier",),
    f"?row a <{ADMS}Identifier>",
)

ENTITIES = Table(
    "entities",
    "Entities: every group, organization, person and place to which the other tables point",
    (
        *key_column("entity", "The entity"),
        *label("What it is called, in English"),
        *class_of(*ENTITY_CLASSES),
        *nodes("part_of", "Of which place it is a part", DCTERMS + "isPartOf", "entities"),
        *one("deprecated", "boolean", "Whether it is kept only as a pointer", OWL + "deprecated"),
        *nodes("replaced_by", "What took its place", DCTERMS + "isReplacedBy"),
        Column(
            "geometry",
            "string",
            "Where it is (GeoSPARQL WKT)",
            separator=SEPARATOR,
            pattern=f"?row <{GEO}hasGeometry>/<{GEO}asWKT> ?value",
        ),
        *NOTE,
    ),
    ("entity",),
    of_classes(*ENTITY_CLASSES),
)

"""The words for each class and property: the phrases of situations, and how entities are introduced.

A class is a row of `PHRASES`: parts with the roles in braces, of which those that a node does not fill
are left out. `{a+b}` are the fillers of both roles; of a role whose name begins with `partial`, only a
part took part.
"""

import re

from rdflib import OWL, SKOS, Namespace, URIRef
from rdflib.term import Node

from filiation import layout

FIL = Namespace(layout.ONTOLOGY)
ORG = Namespace(layout.PREFIXES["org"])

#: Class of a situation -> its phrase.
PHRASES: dict[URIRef, tuple[str, ...]] = {
    FIL.Alliance: ("the alliance", "of {ally}", "for {purpose}"),
    FIL.Cooperation: ("the cooperation", "of {partner}", "in {place}", "for {purpose}"),
    FIL.Dissolution: ("the dissolution", "of {dissolved}"),
    FIL.Formation: ("the formation", "of {formed}", "by {founder}", "in {place}", "for {purpose}"),
    FIL.Identity: ("the position that", "{identified}", "is the {kind}", "{identifiedWith}"),
    FIL.Incident: (
        "the {kind}",
        "{skos:prefLabel}",
        "by {perpetrator+actor}",
        "against {target+victim}",
        "in {place}",
    ),
    FIL.Joining: ("the joining", "of {host}", "by {joiner+partialJoiner}"),
    FIL.Leadership: ("the leadership", "of {org:organization}", "by {leader}"),
    FIL.LifeEvent: ("the {kind}", "of {about}", "in {place}"),
    FIL.Listing: ("the listing", "of {listed}", "by {authority}", "as {listedName}"),
    FIL.Merger: ("the merger", "of {component+partialComponent}", "into {union}", "by {founder}"),
    FIL.Naming: ("the name", "{skosxl:literalForm}", "of {names}"),
    FIL.Pledge: ("the pledge", "of {pledger}", "to {pledgee}"),
    FIL.Position: ("the position", "of {org:member}", "in {org:organization}", "as {org:role}"),
    FIL.Practice: ("the practice", "of {concept}", "by {about}", "in {place}"),
    FIL.Presence: ("the presence", "of {about}", "in {place}"),
    FIL.Renaming: ("the renaming", "of {renamed}", "from {formerName}", "to {newName}"),
    FIL.Rivalry: ("the rivalry", "between {rival}"),
    FIL.Split: ("the split", "of {offshoot}", "from {parent}", "by {founder}", "for {purpose}"),
    FIL.Strength: ("the strength", "of {about}", "in {place}"),
    FIL.Subordination: ("the subordination", "of {subordinate}", "to {superior}"),
}
#: Kind of an identity position -> what the one is to the other.
IDENTITY = {
    "same-as": "is the same as",
    "alias-of": "is an alias of",
    "part-of": "is part of",
    "renamed-from": "was renamed from",
}
#: Folder of a concept -> what it is to do with it.
PRACTICE = {
    "aim": ("the pursuit", "of {concept}", "by {about}", "in {place}"),
    "ideology": ("the adherence", "of {about}", "to {concept}", "in {place}"),
    "revenue": ("the income", "of {about}", "from {concept}", "in {place}"),
    "tactic": ("the use", "of {concept}", "by {about}", "in {place}"),
}
#: Class of an entity -> how it is introduced.
ENTITIES = {
    FIL.Group: "the group",
    FIL.Person: "the person",
    FIL.Place: "the place",
    FIL.Source: "the source",
    ORG.Organization: "the organization",
    SKOS.Concept: "the concept",
    SKOS.ConceptScheme: "the list of concepts",
    OWL.Class: "the class",
    OWL.ObjectProperty: "the property",
    OWL.DatatypeProperty: "the property",
}
#: Property -> what it is called, where its label is no noun (`silent on the beginning`).
LABELS = {FIL["from"]: "beginning", FIL.until: "end", SKOS.prefLabel: "label", SKOS.editorialNote: "note"}
#: Property -> how a sentence says it, where its label does not fit (`A was allied with B`).
VERBS = {
    FIL.alliedWith: "was allied with",
    FIL.ledBy: "was led by",
    FIL.unitOf: "was a unit of",
    FIL.pledgedTo: "pledged loyalty to",
}


def roles(part: str) -> list[list[URIRef]]:
    """The properties of each pair of braces."""
    return [[_property(name) for name in braces.split("+")] for braces in re.findall(r"\{([^}]+)\}", part)]


def used(parts: tuple[str, ...]) -> set[Node]:
    """Every property in the phrase."""
    return {predicate for part in parts for role in roles(part) for predicate in role}


def _property(name: str) -> URIRef:
    prefix, colon, local = name.partition(":")
    return URIRef(layout.PREFIXES[prefix] + local) if colon else FIL[name]

"""Groups, people, their ties and listings as FollowTheMoney entities, for those who screen names.

One entity on a line (https://followthemoney.tech). Written by hand and not by the library of that name,
which needs a compiler to install; a test holds every entity against it. Screening takes what it reads for
a fact and passes it on, so this file is narrower than the dataset: held situations only; people only
where they are listed, or lead, found, belong to or pledge loyalty to a group, and never as victims; no
rivalries, for every link is read as a bond; no date that is less than sure, but its EDTF in the summary.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from filiation import layout, mappings
from filiation.followthemoney import Entity, identity, is_sure
from filiation.material import Material
from filiation.oxigraph import Store
from filiation.release import Release
from filiation.situations import Situation, grouped, labels, roles, rows, situations, stem

#: Kind of naming -> property of an entity. A name that is said to be over is a `previousName`.
NAMES = {
    "primary-name": "name",
    "official-name": "name",
    "alias": "alias",
    "spelling": "alias",
    "translation": "alias",
    "acronym": "abbreviation",
    "weak-alias": "weakAlias",
    "descriptive": "weakAlias",
}
#: What stays what it is when it is over: neither is matched by itself.
_TIMELESS = {"abbreviation", "weakAlias"}
#: The number of an entry, in a list that numbers them; others are searched by name.
_NUMBER = re.compile(r"^\S*\d\S*$")
_UN_NUMBER = re.compile(r"^[A-Z]{2}[ei]\.\d+$")


@dataclass(frozen=True)
class Link:
    """How a pair of parties of a situation becomes an entity that ties them."""

    schema: str
    #: Property of the entity, and the role of the situation whose holder it gets; twice.
    source: tuple[str, str]
    target: tuple[str, str]
    role: str
    mutual: bool = False


LINKS = (
    Link("Succession", ("predecessor", "fil:parent"), ("successor", "fil:offshoot"), "split"),
    Link("Succession", ("predecessor", "fil:component"), ("successor", "fil:union"), "merger"),
    Link(
        "Succession", ("predecessor", "fil:partialComponent"), ("successor", "fil:union"), "merger of a part"
    ),
    Link("Membership", ("member", "fil:joiner"), ("organization", "fil:host"), "joined it"),
    Link("Membership", ("member", "fil:partialJoiner"), ("organization", "fil:host"), "joined it in part"),
    Link("Membership", ("member", "fil:subordinate"), ("organization", "fil:superior"), "subordinate"),
    Link("Membership", ("member", "org:member"), ("organization", "org:organization"), "member"),
    Link("Membership", ("member", "fil:founder"), ("organization", "fil:formed"), "founder"),
    Link("Membership", ("member", "fil:founder"), ("organization", "fil:offshoot"), "founder"),
    Link("Membership", ("member", "fil:founder"), ("organization", "fil:union"), "founder"),
    Link("UnknownLink", ("subject", "fil:pledger"), ("object", "fil:pledgee"), "pledge of loyalty"),
    Link("UnknownLink", ("subject", "fil:ally"), ("object", "fil:ally"), "alliance", mutual=True),
    Link("UnknownLink", ("subject", "fil:partner"), ("object", "fil:partner"), "cooperation", mutual=True),
)


def write(material: Material, release: Release) -> None:
    """Add the file of entities."""
    found = entities(material.store)
    release.add(
        f"filiation-followthemoney-{material.edition.version}.ndjson",
        (entity.line() for entity in found),
        title="Groups, people, ties and listings (FollowTheMoney entities)",
        role="graph",
        rows=len(found),
    )


def entities(store: Store) -> list[Entity]:
    """Groups, people and organizations first, then what ties them, each by id."""
    known, label = situations(store), labels(store)
    pages = Pages.of(store)
    ties = [*_ties(store, known, label, pages), *_listings(store, known, label, pages)]
    parties = {iri for _, ends in ties for iri in ends}
    groups = {iri for (iri,) in rows(store, "SELECT ?group WHERE { ?group a fil:Group }")}
    things = {iri: _thing(iri, label) for iri in sorted(parties | groups)}
    _name(store, things)
    _date(store, things, known)
    for listing, listed in rows(
        store, "SELECT ?s ?who WHERE { ?s fil:listed ?who ; fil:status status:held }"
    ):
        if not known[listing].ended:
            things[listed].add("topics", ["sanction"])
    edges = [tie for tie, _ in ties] + list(_numbers(store, things, label))
    return sorted(things.values(), key=lambda one: one.id) + sorted(edges, key=lambda one: one.id)


@dataclass(frozen=True)
class Pages:
    """Source -> its title, and the pages where it can be read."""

    titles: dict[str, str]
    addresses: dict[str, list[str]]

    @classmethod
    def of(cls, store: Store) -> "Pages":
        """Those of a store."""
        titles = rows(store, "SELECT ?s ?title WHERE { ?s a fil:Source ; dcterms:title ?title } ORDER BY ?s")
        addresses = rows(store, "SELECT ?s ?page WHERE { ?s a fil:Source ; foaf:page ?page }")
        return cls(dict(titles), grouped(addresses))

    def tell(self, entity: Entity, situation: Situation) -> None:
        """Say where an entity comes from: our own page of the situation, and who affirms it."""
        entity.add("sourceUrl", [situation.iri])
        for source in situation.sources:
            entity.add("publisher", [self.titles.get(source, "")])
            entity.add("sourceUrl", self.addresses.get(source, []))


def _thing(iri: str, label: dict[str, str]) -> Entity:
    kind = (layout.split_iri(iri) or ("",))[0]
    name = label.get(iri, stem(iri))
    entity = Entity(identity(iri), "Person" if kind == "person" else "Organization", name)
    entity.add("name", [name])
    entity.add("sourceUrl", [iri])
    return entity


def _name(store: Store, things: dict[str, Entity]) -> None:
    """Give each entity its names, and the item of Wikidata where somebody confirmed the match."""
    over = {
        naming
        for (naming,) in rows(
            store,
            "SELECT DISTINCT ?naming WHERE { { ?naming fil:until ?end } UNION { ?naming fil:ended true }"
            " UNION { ?renaming fil:formerName ?naming ; fil:status status:held } }",
        )
    }
    for naming, iri, kind, form in rows(
        store,
        "SELECT ?naming ?who ?kind ?form WHERE { ?naming fil:names ?who ; fil:kind ?kind ;"
        " skosxl:literalForm ?form ; fil:status status:held } ORDER BY ?naming",
    ):
        if iri in things:
            name = NAMES.get(stem(kind), "alias")
            things[iri].add("previousName" if naming in over and name not in _TIMELESS else name, [form])
    for iri, item in rows(
        store,
        "SELECT ?who ?item WHERE { { ?who skos:exactMatch ?item } UNION { ?who skos:closeMatch ?item ;"
        " adms:identifier ?own . ?own skos:notation ?number ; adms:status review:confirmed"
        ' FILTER (STRENDS(STR(?item), CONCAT("/", ?number))) }'
        f' FILTER (STRSTARTS(STR(?item), "{layout.PREFIXES["wd"]}")) }}',
    ):
        if iri in things:
            things[iri].add("wikidataId", [stem(item)])


def _date(store: Store, things: dict[str, Entity], known: dict[str, Situation]) -> None:
    """Give each entity the dates of its beginning and end; those that are not sure, as a note."""
    for name, pattern in (
        ("incorporationDate", "?s fil:formed|fil:offshoot|fil:union ?who"),
        ("dissolutionDate", "?s fil:component|fil:dissolved ?who"),
        ("birthDate", "?s fil:about ?who ; fil:kind life-event-kind:birth"),
        ("deathDate", "?s fil:about ?who ; fil:kind life-event-kind:death"),
        ("deathDate", "?s fil:victim ?who ; fil:kind incident-kind:killing"),
    ):
        for situation, iri in rows(
            store, f"SELECT DISTINCT ?s ?who WHERE {{ {pattern} ; fil:status status:held }} ORDER BY ?s ?who"
        ):
            date = known[situation].date
            if iri in things and is_sure(date):
                things[iri].add(name, [date])
            elif iri in things and date:
                things[iri].add("notes", [f"{name} {date} (EDTF)"])


def _ties(
    store: Store, known: dict[str, Situation], label: dict[str, str], pages: Pages
) -> Iterator[tuple[Entity, tuple[str, ...]]]:
    """The links between held parties, each with its two ends."""
    known_roles = roles(store, label)
    for link in LINKS:
        unequal = "FILTER (STR(?a) < STR(?b))" if link.mutual else ""
        for iri, source, target in rows(
            store,
            f"SELECT DISTINCT ?s ?a ?b WHERE {{ ?s {link.source[1]} ?a ; {link.target[1]} ?b ;"
            f" fil:status status:held {unequal} }} ORDER BY ?s ?a ?b",
        ):
            entity = Entity(identity(iri, source, target), link.schema)
            entity.add(link.source[0], [identity(source)])
            entity.add(link.target[0], [identity(target)])
            entity.add("role", [known_roles.get(iri, link.role)])
            entity.date(known[iri], "date", "startDate", "endDate")
            pages.tell(entity, known[iri])
            yield entity, (source, target)


def _listings(
    store: Store, known: dict[str, Situation], label: dict[str, str], pages: Pages
) -> Iterator[tuple[Entity, tuple[str, ...]]]:
    """The held listings, each with the one who is listed."""
    names = grouped(rows(store, "SELECT ?s ?name WHERE { ?s fil:listedName ?name }"))
    for iri, listed, authority, number in rows(
        store,
        "SELECT ?s ?listed ?authority ?number WHERE { ?s fil:listed ?listed ; fil:authority ?authority ;"
        " fil:status status:held OPTIONAL { ?s dcterms:identifier ?number } } ORDER BY ?s",
    ):
        entity = Entity(identity(iri), "Sanction")
        entity.add("entity", [identity(listed)])
        entity.add("authority", [label.get(authority, stem(authority))])
        entity.add("unscId" if _UN_NUMBER.match(number) else "authorityId", [number])
        entity.add("description", [f"Listed as {name}" for name in names[iri]])
        entity.date(known[iri], "listingDate", "listingDate", "endDate")
        pages.tell(entity, known[iri])
        yield entity, (listed,)


def _numbers(store: Store, things: dict[str, Entity], label: dict[str, str]) -> Iterator[Entity]:
    """The numbers that entities have in lists and datasets, where the entry is the same and no more."""
    for iri, who, number, authority in rows(
        store,
        "SELECT ?id ?who ?number ?authority WHERE { ?who skos:exactMatch ?id . ?id a adms:Identifier ;"
        " skos:notation ?number ; dcterms:creator ?authority } ORDER BY ?id ?who",
    ):
        if who not in things or not _NUMBER.match(number):
            continue
        entity = Entity(identity(iri), "Identification")
        entity.add("holder", [identity(who)])
        entity.add("number", [number])
        entity.add("type", ["number of the entry"])
        entity.add("authority", [label.get(authority, stem(authority))])
        entity.add("sourceUrl", _address(iri, number))
        yield entity


def _address(identifier: str, number: str) -> list[str]:
    """Where the list shows the entry, for a list that has an address for each."""
    for prefix, base in mappings.LISTS.items():
        if re.search(rf"-{prefix}(-\d+)?$", identifier) and not base.startswith(layout.BASE):
            return [base + number]
    return []

"""The lineage and the affiliations as GraphML and GEXF, for NetworkX, Gephi and what reads the same.

The only module that meets NetworkX. A node is a group, a person or an organization by its short name
(`group:aqim`); an edge is one pair of parties of one situation, whatever its status, so that two nodes
may have several edges. A lineage edge leads from the earlier group to what came of it. Of the writers of
NetworkX those are called that need no other package, and what they take from the clock and from their
own version is replaced by the edition: the same material gives the same bytes.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from networkx import MultiDiGraph
from networkx.readwrite.gexf import GEXFWriter
from networkx.readwrite.graphml import GraphMLWriter

from filiation import layout
from filiation.dataset import Edition
from filiation.material import Material
from filiation.oxigraph import Store
from filiation.release import Release
from filiation.situations import Situation, grouped, labels, roles, rows, situations, stem

#: GEXF as Gephi 0.9 and later read it; https://gexf.net/schema.html
GEXF_VERSION = "1.2draft"
#: What stands between several values of one attribute, for neither format knows lists that all read.
BETWEEN = "; "


@dataclass(frozen=True)
class Tie:
    """How an edge is read off a situation: from who has the one role to who has the other. Of two that
    find the same pair in the same situation, the one that is listed first stands."""

    kind: str
    source: str
    target: str
    #: Whether the whole of the source takes part, or only a part of it.
    extent: str = ""

    @property
    def mutual(self) -> bool:
        """Whether both parties have the same role, and neither is the first."""
        return self.source == self.target and self.kind != "renaming"


#: Who came from whom. A renaming leads from a group to itself: it stays the same group.
LINEAGE = (
    Tie("split", "fil:parent", "fil:offshoot", "part"),
    Tie("merger", "fil:component", "fil:union", "whole"),
    Tie("merger", "fil:partialComponent", "fil:union", "part"),
    Tie("joining", "fil:joiner", "fil:host", "whole"),
    Tie("joining", "fil:partialJoiner", "fil:host", "part"),
    Tie("renaming", "fil:renamed", "fil:renamed"),
    Tie("founding", "fil:founder", "fil:formed"),
    Tie("founding", "fil:founder", "fil:offshoot"),
    Tie("founding", "fil:founder", "fil:union"),
)
#: Who answered to, belonged to, worked with and fought whom.
AFFILIATIONS = (
    Tie("pledge", "fil:pledger", "fil:pledgee"),
    Tie("subordination", "fil:subordinate", "fil:superior"),
    Tie("leadership", "fil:leader", "org:organization"),
    Tie("membership", "org:member", "org:organization"),
    Tie("alliance", "fil:ally", "fil:ally"),
    Tie("cooperation", "fil:partner", "fil:partner"),
    Tie("rivalry", "fil:rival", "fil:rival"),
)
#: The changes by which a group begins and by which it ends (see the question which-groups-ended-…).
BEGINNINGS = "fil:formed|fil:offshoot|fil:union"
ENDINGS = "fil:component|fil:dissolved"


def write(material: Material, release: Release) -> None:
    """Add both networks in both formats."""
    networks = (
        ("lineage", LINEAGE, "Lineage of the groups: founding, split, merger, joining, renaming"),
        ("affiliations", AFFILIATIONS, "Affiliations: pledge, subordination, position, alliance, rivalry"),
    )
    known = situations(material.store)
    for name, ties, title in networks:
        graph = network(material.store, ties, known)
        stem_of_file = f"filiation-{name}-{material.edition.version}"
        for extension, content in (
            ("graphml", graphml(graph, title, material.edition)),
            ("gexf", gexf(graph, title, material.edition)),
        ):
            release.add(
                f"{stem_of_file}.{extension}",
                content,
                title=f"{title} ({'GraphML' if extension == 'graphml' else 'GEXF'})",
                role="graph",
                rows=graph.number_of_nodes(),
            )


def network(store: Store, ties: tuple[Tie, ...], known: dict[str, Situation]) -> "MultiDiGraph[str]":
    """Every group, whoever else is a party, and an edge for each pair of parties; attributes are texts
    and numbers, and what is not known has none."""
    found = MultiDiGraph()
    edges = list(_edges(store, ties, known))
    groups = {iri for (iri,) in rows(store, "SELECT ?group WHERE { ?group a fil:Group }")}
    nodes = sorted(groups | {iri for source, target, _, _ in edges for iri in (source, target)})
    for iri, attributes in _described(store, nodes, known):
        found.add_node(layout.curie(iri), **attributes)
    for source, target, key, attributes in edges:
        found.add_edge(layout.curie(source), layout.curie(target), key=key, **attributes)
    return found


def _edges(
    store: Store, ties: tuple[Tie, ...], known: dict[str, Situation]
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Source, target, key and attributes of each edge, in order of situation, role and parties."""
    detail = _details(store)
    seen = set()
    for tie in ties:
        unequal = "FILTER (STR(?source) < STR(?target))" if tie.mutual else ""
        same = "FILTER (?source = ?target)" if tie.kind == "renaming" else ""
        for iri, source, target in rows(
            store,
            f"SELECT DISTINCT ?situation ?source ?target WHERE {{ ?situation {tie.source} ?source ;"
            f" {tie.target} ?target ; fil:status ?any {unequal}{same} }} ORDER BY ?situation ?source ?target",
        ):
            if (iri, source, target) in seen and tie.kind == "membership":
                continue
            seen.add((iri, source, target))
            attributes: dict[str, Any] = {
                "label": tie.kind,
                "kind": tie.kind,
                "direction": "mutual" if tie.mutual else "one-way",
                "situation": iri,
                "status": known[iri].status,
            }
            attributes |= {"extent": tie.extent} if tie.extent else {}
            attributes |= {"detail": detail[iri]} if iri in detail else {}
            attributes |= known[iri].told
            attributes["sources"] = len(known[iri].sources)
            attributes["denials"] = len(known[iri].denials)
            role = tie.source.partition(":")[2]
            parties = (layout.curie(iri), role, layout.curie(source), layout.curie(target))
            yield source, target, ".".join(parties), attributes


def _details(store: Store) -> dict[str, str]:
    """What an edge says beyond its kind: the role, the kind of subordination, the names of a renaming."""
    found = roles(store, labels(store))
    names = "SELECT ?s ?form WHERE {{ ?s fil:{} ?naming . ?naming skosxl:literalForm ?form }}"
    former, new = (grouped(rows(store, names.format(role))) for role in ("formerName", "newName"))
    for iri in sorted({*former, *new}):
        found[iri] = f"{BETWEEN.join(former[iri])} → {BETWEEN.join(new[iri])}".strip()
    return found


def _described(
    store: Store, nodes: list[str], known: dict[str, Situation]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The attributes of each node. Beginning and end are those of the changes that we hold; of several,
    the bounds are the outermost."""
    label = labels(store)
    changes = {
        name: grouped(
            rows(store, f"SELECT ?who ?change WHERE {{ ?change {roles} ?who ; fil:status status:held }}")
        )
        for name, roles in (("founded", BEGINNINGS), ("ended", ENDINGS))
    }
    items = grouped(
        rows(
            store,
            "SELECT ?who ?item WHERE { ?who skos:exactMatch|skos:closeMatch ?item"
            f' FILTER (STRSTARTS(STR(?item), "{layout.PREFIXES["wd"]}")) }}',
        )
    )
    for iri in nodes:
        parts = layout.split_iri(iri)
        attributes = {"label": label.get(iri, iri), "iri": iri, "kind": parts[0] if parts else "other"}
        for name, by in changes.items():
            held = [known[change] for change in by[iri]]
            dates = sorted({change.date for change in held if change.date})
            attributes |= {name: BETWEEN.join(dates)} if dates else {}
            attributes |= _outermost(name, held)
        if items[iri]:
            attributes["wikidata"] = BETWEEN.join(stem(item) for item in items[iri])
        yield iri, attributes


def _outermost(name: str, held: list[Situation]) -> dict[str, str]:
    """Earliest and latest day; none where one of the changes is open on that side."""
    earliest = sorted(change.begin_earliest for change in held)
    latest = sorted(change.end_latest for change in held)
    found = {f"{name}_earliest": earliest[0], f"{name}_latest": latest[-1]} if held else {}
    if "" in latest:
        found.pop(f"{name}_latest")
    return {key: value for key, value in found.items() if value}


def graphml(graph: "MultiDiGraph[str]", title: str, edition: Edition) -> bytes:
    """GraphML (http://graphml.graphdrawing.org/): every attribute as it is, bounds among them."""
    writer = GraphMLWriter(graph)
    # Not as an attribute of the graph, of which Gephi warns.
    about = Element("desc")
    about.text = f"Filiation {edition.version}, {edition.date}. {title}. {layout.BASE}, CC BY 4.0"
    writer.xml.insert(0, about)
    stream = io.BytesIO()
    writer.dump(stream)
    return stream.getvalue() + b"\n"


def gexf(graph: "MultiDiGraph[str]", title: str, edition: Edition) -> bytes:
    """GEXF with a lifetime for what is dated: a node from its earliest founding to its latest end, a
    change from its earliest day on, an affiliation from its earliest beginning to its latest end. What
    has no bound is open there, and Gephi's timeline shows it throughout."""
    lasting = {tie.kind for tie in AFFILIATIONS}
    whole = MultiDiGraph()
    for node, attributes in graph.nodes(data=True):
        bounds = {"start": attributes.get("founded_earliest"), "end": attributes.get("ended_latest")}
        whole.add_node(node, **attributes, **{side: day for side, day in bounds.items() if day})
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        end = "until" in attributes and attributes["kind"] in lasting
        bounds = {
            "start": attributes.get("begin_earliest"),
            "end": attributes.get("end_latest") if end else None,
        }
        lifetime = {side: day for side, day in bounds.items() if day}
        whole.add_edge(source, target, key=key, id=key, **attributes, **lifetime)
    writer = GEXFWriter(whole, version=GEXF_VERSION)
    _own(writer.xml, title, edition)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue() + b"\n"


def _own(document: Element, title: str, edition: Edition) -> None:
    """Put the edition where NetworkX writes the day and its version, and take out what no reader needs:
    a name that the schema of GEXF does not know, and the key of an edge, which is its id."""
    meta, graph = document
    meta.set("lastmodifieddate", edition.date)
    for creator in meta.findall("creator"):
        creator.text = f"Filiation {edition.version}"
    SubElement(meta, "description").text = f"{title}. {layout.BASE}, CC BY 4.0"
    graph.attrib.pop("name", None)
    for attributes in graph.findall("attributes"):
        for attribute in attributes.findall("attribute[@title='networkx_key']"):
            attributes.remove(attribute)
            for values in graph.iterfind("edges/edge/attvalues"):
                for value in values.findall(f"attvalue[@for='{attribute.get('id')}']"):
                    values.remove(value)

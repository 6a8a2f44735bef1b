"""Presences and incidents as GeoJSON (RFC 7946), for QGIS, Leaflet and whatever draws maps.

One feature for each situation that we know of, whatever its status. Its geometry is that of its own place
and of no wider one; where the data has none, it is null, which RFC 7946 (section 3.2) calls unlocated:
a point made up, or the middle of a country in place of a village, would be read as a fact.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from filiation import layout
from filiation.dataset import Edition
from filiation.material import Material
from filiation.oxigraph import Store
from filiation.release import Release
from filiation.situations import Situation, grouped, labels, rows, situations, stem

#: A point as shape:Place-wkt asks for it: latitude first, as EPSG:4326 has its axes.
_POINT = re.compile(r"^<http://www\.opengis\.net/def/crs/EPSG/0/4326> POINT ?\((\S+) (\S+)\)$")
#: The roles of an incident, and the property of a feature that lists who has them.
ROLES = {"perpetrator": "perpetrators", "actor": "actors", "target": "targets", "victim": "victims"}


@dataclass(frozen=True)
class Places:
    """What is known of places: label, the places that each is part of, and where it lies."""

    labels: dict[str, str]
    #: Place -> the wider places of which it is a part, the nearest first.
    chains: dict[str, list[str]]
    #: Place -> longitude and latitude in degrees.
    points: dict[str, tuple[float, float]]

    @classmethod
    def of(cls, store: Store) -> "Places":
        """Those of a store."""
        wholes = grouped(
            rows(store, "SELECT ?part ?whole WHERE { ?part a fil:Place ; dcterms:isPartOf ?whole }")
        )
        places = [iri for (iri,) in rows(store, "SELECT DISTINCT ?place WHERE { ?place a fil:Place }")]
        points = {}
        for place, text in rows(
            store, "SELECT ?place ?point WHERE { ?place geo:hasGeometry ?at . ?at geo:asWKT ?point }"
        ):
            if match := _POINT.match(text):
                points[place] = (float(match[2]), float(match[1]))
        return cls(labels(store), {place: _chain(place, wholes) for place in places}, points)

    def told(self, place: str | None) -> dict[str, Any]:
        """The properties of a feature that speak of its place; null where it has none."""
        if place is None:
            return {"place": None, "placeLabel": None, "within": []}
        within = [self.labels.get(whole, whole) for whole in self.chains.get(place, [])]
        return {"place": place, "placeLabel": self.labels.get(place, place), "within": within}

    def geometry(self, place: str | None) -> dict[str, Any] | None:
        """The point of the place, longitude first (RFC 7946, section 3.1.1)."""
        point = self.points.get(place or "")
        return {"type": "Point", "coordinates": list(point)} if point else None


def _chain(place: str, wholes: dict[str, list[str]]) -> list[str]:
    """The wider places, breadth first; a circle, which validation refuses, ends it."""
    found: list[str] = []
    waiting = [place]
    while waiting:
        step = [whole for part in waiting for whole in wholes.get(part, ())]
        waiting = [whole for whole in dict.fromkeys(step) if whole not in found and whole != place]
        found += waiting
    return found


def write(material: Material, release: Release) -> None:
    """Add the two feature collections."""
    store = material.store
    places, known = Places.of(store), situations(store)
    for name, title, features in (
        ("presences", "Where groups were present", list(presences(store, places, known))),
        ("incidents", "Incidents, where they happened", list(incidents(store, places, known))),
    ):
        release.add(
            f"filiation-{name}-{material.edition.version}.geojson",
            text(features, title, material.edition),
            title=f"{title} (GeoJSON)",
            role="graph",
            rows=len(features),
        )


def presences(store: Store, places: Places, known: dict[str, Situation]) -> Iterator[dict[str, Any]]:
    """A feature for each presence of a group or person, by IRI."""
    for iri, kind, about, place in _first(
        store,
        "SELECT ?s ?kind ?about ?place WHERE { ?s a fil:Presence ; fil:kind ?kind ; fil:about ?about ;"
        " fil:place ?place } ORDER BY ?s ?kind ?about ?place",
    ):
        who, where = places.labels.get(about, about), places.labels.get(place, place)
        own = {
            "label": f"{who}: {places.labels.get(kind, stem(kind))}, {where}",
            "kind": stem(kind),
            "about": about,
            "aboutLabel": who,
        }
        yield _feature(known[iri], own, place, places)


def incidents(store: Store, places: Places, known: dict[str, Situation]) -> Iterator[dict[str, Any]]:
    """A feature for each incident, by IRI, also for those of which no place is known."""
    parties = {
        name: grouped(rows(store, f"SELECT ?s ?who WHERE {{ ?s a fil:Incident ; fil:{role} ?who }}"))
        for role, name in ROLES.items()
    }
    for iri, kind, place in _first(
        store,
        "SELECT ?s ?kind ?place WHERE { ?s a fil:Incident ; fil:kind ?kind OPTIONAL { ?s fil:place ?place } }"
        " ORDER BY ?s ?kind ?place",
    ):
        own: dict[str, Any] = {"label": places.labels.get(iri, iri), "kind": stem(kind)}
        for name, by in parties.items():
            own[name] = by[iri]
            own[f"{name[:-1]}Labels"] = [places.labels.get(who, who) for who in by[iri]]
        yield _feature(known[iri], own, place or None, places)


def _first(store: Store, question: str) -> Iterator[list[str]]:
    """The first row for each value of the first column: one feature is one situation."""
    last = ""
    for row in rows(store, question):
        if row[0] != last:
            yield row
        last = row[0]


def _feature(situation: Situation, own: dict[str, Any], place: str | None, places: Places) -> dict[str, Any]:
    dates = {name: situation.told.get(name) for name in _DATES}
    return {
        "type": "Feature",
        "id": situation.iri,
        "geometry": places.geometry(place),
        "properties": {
            "iri": situation.iri,
            **own,
            **places.told(place),
            **dates,
            "status": situation.status,
            "sources": list(situation.sources),
            "denials": list(situation.denials),
        },
    }


#: Every feature has the same properties, so that a table of them has the same columns.
_DATES = ("date", "since", "until", "begin_earliest", "begin_latest", "end_earliest", "end_latest")


def text(features: list[dict[str, Any]], title: str, edition: Edition) -> bytes:
    """The file: one feature on a line, in UTF-8, longitude and latitude of WGS 84."""
    head = {
        "type": "FeatureCollection",
        "name": title,
        "version": edition.version,
        "date": edition.date,
        "source": layout.DATASET,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    opening = json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n'
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f"{opening}{lines}\n]}}\n".encode()

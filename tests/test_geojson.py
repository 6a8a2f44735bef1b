"""The maps are GeoJSON by RFC 7946: what has a point stands there, and what has none says so."""

import json
import re

import pytest

from filiation import geojson, layout, questions
from filiation.dates import parse
from filiation.geojson import Places
from filiation.release import Release
from filiation.situations import situations


@pytest.fixture(scope="module")
def folder(material, tmp_path_factory):
    release = Release(tmp_path_factory.mktemp("maps"))
    geojson.write(material, release)
    return release.folder


@pytest.fixture(scope="module")
def maps(folder):
    return {
        name: json.loads((folder / f"filiation-{name}-1.2.3.geojson").read_text("utf-8"))
        for name in ("presences", "incidents")
    }


def drawn(material):
    """The features of both files, by the last step of their IRI."""
    store = material.store
    places, known = Places.of(store), situations(store)
    both = [*geojson.presences(store, places, known), *geojson.incidents(store, places, known)]
    return {feature["id"].rpartition("/")[2]: feature for feature in both}


def test_a_point_has_its_longitude_first(village_material):
    features = drawn(village_material)
    presence = features["northern-front-green-valley"]
    # The world says POINT(12.5 -3.25) with the axes of EPSG:4326, latitude first.
    assert presence["geometry"] == {"type": "Point", "coordinates": [-3.25, 12.5]}
    assert presence["properties"]["label"].startswith("Northern Front: ")
    assert presence["properties"]["placeLabel"] == "Green Valley"


def test_what_has_no_point_is_unlocated_and_not_put_elsewhere(village_material):
    features = drawn(village_material)
    killing = features["killing-of-a-leader-1999"]
    assert killing["geometry"] is None
    assert killing["properties"]["place"] is None
    assert killing["properties"]["victimLabels"] == ["A. Example"]


def test_a_wider_place_is_named_and_does_not_lend_its_point():
    points = {"v": (1.0, 2.0)}
    places = Places({"v": "Valley", "f": "Farm"}, {"f": ["v"], "v": []}, points)
    assert places.geometry("f") is None
    assert places.told("f") == {"place": "f", "placeLabel": "Farm", "within": ["Valley"]}


def test_the_files_are_feature_collections(maps):
    for collection in maps.values():
        assert collection["type"] == "FeatureCollection"
        assert "crs" not in collection
        assert collection["features"]
        for feature in collection["features"]:
            assert feature.keys() == {"type", "id", "geometry", "properties"}
            assert feature["type"] == "Feature"
            point = feature["geometry"]
            if point is not None:
                longitude, latitude = point["coordinates"]
                assert point["type"] == "Point"
                assert -180 <= longitude <= 180 and -90 <= latitude <= 90
        ids = [feature["id"] for feature in collection["features"]]
        assert ids == sorted(set(ids))


def test_every_feature_of_a_file_has_the_same_properties(maps):
    for collection in maps.values():
        assert len({tuple(feature["properties"]) for feature in collection["features"]}) == 1


def test_a_place_of_the_data_has_a_point_where_the_data_gives_one(material, maps):
    points = Places.of(material.store).points
    given = {str(place) for place in material.corpus.stated.subjects(layout_geometry())}
    assert points.keys() == given
    for collection in maps.values():
        for feature in collection["features"]:
            assert (feature["geometry"] is not None) == (feature["properties"]["place"] in points)


def layout_geometry():
    from rdflib import URIRef

    return URIRef(layout.PREFIXES["geo"] + "hasGeometry")


def test_held_presences_are_those_of_the_question(maps, material, place):
    (question,) = (q for q in questions.load(place) if q.stem == "where-each-group-was-present")
    names, rows = material.store.query(question.text).rows()
    asked = {tuple(row) for row in rows}
    assert names == ["group", "kind", "place", "date", "from", "until"]
    found = {
        (
            values["about"],
            layout.PREFIXES["presence-kind"] + values["kind"],
            values["place"],
            *(values[name] or "" for name in ("date", "since", "until")),
        )
        for values in (feature["properties"] for feature in maps["presences"]["features"])
        if values["status"] == "held"
    }
    assert found == asked


def test_every_incident_is_there_once_with_its_parties_and_sources(maps, material):
    rows = material.store.query(
        "SELECT DISTINCT ?i ?who WHERE { ?i a fil:Incident"
        " OPTIONAL { ?i fil:perpetrator|fil:actor|fil:target|fil:victim ?who } }",
        layout.PREFIXES,
    ).rows()[1]
    found = {
        (feature["id"], who)
        for feature in maps["incidents"]["features"]
        for parties in [
            [
                who
                for name in ("perpetrators", "actors", "targets", "victims")
                for who in feature["properties"][name]
            ]
        ]
        for who in parties or [""]
    }
    assert found == {tuple(row) for row in rows}
    assert all(feature["properties"]["sources"] for feature in maps["incidents"]["features"])


def test_bounds_are_those_of_the_date(maps):
    dated = 0
    for feature in maps["incidents"]["features"]:
        values = feature["properties"]
        if values["date"] and not values["until"]:
            bounds = parse(values["date"])
            dated += 1
            assert values["begin_earliest"] == (
                bounds.earliest_begin.isoformat() if bounds.earliest_begin else None
            )
            assert values["end_latest"] == (bounds.latest_end.isoformat() if bounds.latest_end else None)
    assert dated > 50


def test_a_town_names_the_country_around_it(maps):
    within = {
        feature["properties"]["placeLabel"]: feature["properties"]["within"]
        for feature in maps["incidents"]["features"]
        if feature["properties"]["place"]
    }
    assert any(within.values())
    assert within["Talhandak"] == ["northern Mali", "Mali"]


def test_the_same_material_gives_the_same_bytes(material, folder, tmp_path):
    release = Release(tmp_path)
    geojson.write(material, release)
    assert len(release.parts) == 2
    for part in release.parts:
        content = (tmp_path / part.name).read_bytes()
        assert content == (folder / part.name).read_bytes()
        assert part.rows == len(re.findall(rb'^\{"type": "Feature",', content, re.MULTILINE))
        assert part.media_type == "application/geo+json"

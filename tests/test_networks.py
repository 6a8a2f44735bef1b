"""The networks load in NetworkX with the nodes and edges that the questions answer, and stay the same."""

import io
import re
from datetime import date
from xml.etree import ElementTree

import networkx
import pytest

from filiation import layout, networks, questions
from filiation.release import Release
from filiation.situations import situations

GEXF = "{http://www.gexf.net/1.2draft}"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
NAMES = ("lineage", "affiliations")


@pytest.fixture(scope="module")
def folder(material, tmp_path_factory):
    release = Release(tmp_path_factory.mktemp("networks"))
    networks.write(material, release)
    return release.folder


@pytest.fixture(scope="module")
def loaded(folder):
    """What NetworkX reads, by name and format."""
    return {
        (name, extension): read(folder / f"filiation-{name}-1.2.3.{extension}")
        for name in NAMES
        for extension, read in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf))
    }


@pytest.fixture(scope="module")
def ask(material, place):
    """The rows of a question, by column, with short names."""
    library = {question.stem: question for question in questions.load(place)}

    def rows(stem: str, *columns: str) -> set[tuple[str, ...]]:
        names, found = material.store.query(library[stem].text).rows()
        return {tuple(_short(row[names.index(column)]) for column in columns) for row in found}

    return rows


def _short(text: str) -> str:
    return layout.curie(text) if text.startswith(layout.BASE) else text


def edges(graph, kind, *attributes, status="held"):
    """Source, target and attributes of the edges of a kind."""
    return {
        (source, target, *(_short(values.get(name, "")) for name in attributes))
        for source, target, values in graph.edges(data=True)
        if values["kind"] == kind and status in (None, values["status"])
    }


def swapped(pairs):
    return {(second, first, *rest) for first, second, *rest in pairs}


def test_splits_are_those_of_the_question(loaded, ask):
    asked = ask("who-split-from-whom", "group", "parent", "split", "earliest", "latest")
    assert len(asked) > 10
    for extension in ("graphml", "gexf"):
        found = edges(loaded["lineage", extension], "split", "situation", "begin_earliest", "end_latest")
        assert swapped(found) == asked


def test_mergers_are_those_of_the_question(loaded, ask):
    asked = ask("who-had-merged-into-what-by-2013-08-31", "group", "union", "merger")
    assert asked
    found = edges(loaded["lineage", "graphml"], "merger", "situation", "end_latest")
    assert {edge[:3] for edge in found if edge[3] <= "2013-08-31"} == asked


def test_joinings_are_those_of_the_question(loaded, ask):
    asked = ask("who-joined-what-and-when", "group", "host", "extent", "date")
    assert asked
    assert edges(loaded["lineage", "gexf"], "joining", "extent", "date") == asked


def test_renamings_lead_from_a_group_to_itself(loaded, ask):
    asked = {(group, group, date) for group, date in ask("who-was-renamed-and-when", "group", "date")}
    assert asked
    found = edges(loaded["lineage", "gexf"], "renaming", "date")
    assert found == asked


def test_the_ancestors_in_the_lineage_are_those_that_the_ontology_infers(loaded, ask):
    graph = loaded["lineage", "graphml"]
    lines = networkx.DiGraph(
        (source, target)
        for source, target, values in graph.edges(data=True)
        if values["kind"] in ("split", "merger") and values["status"] == "held"
    )
    found = {(group, ancestor) for group in lines for ancestor in networkx.ancestors(lines, group)}
    assert len(found) > 30
    assert found == ask("who-descends-from-whom", "group", "ancestor")


def test_every_group_is_a_node_of_both(loaded, ask, repository):
    groups = {iri for iri in map(_short, map(str, repository.homes)) if iri.startswith("group:")}
    for graph in loaded.values():
        assert {node for node, values in graph.nodes(data=True) if values["kind"] == "group"} == groups


def test_both_formats_hold_the_same(loaded):
    for name in NAMES:
        graphml, gexf = loaded[name, "graphml"], loaded[name, "gexf"]
        assert set(graphml.nodes) == set(gexf.nodes)
        assert set(graphml.edges(keys=True)) == set(gexf.edges(keys=True))
        for source, target, key in graphml.edges(keys=True):
            ours = {k: v for k, v in gexf.edges[source, target, key].items() if k not in _LIFETIME}
            assert ours == {k: v for k, v in graphml.edges[source, target, key].items() if k not in _LIFETIME}


#: What the one format has as attributes of its own.
_LIFETIME = {"start", "end", "id", "label"}


def test_subordinations_are_those_of_the_question(loaded, ask):
    asked = ask("who-is-subordinate-to-whom", "subordinate", "superior", "from", "until")
    assert asked
    assert edges(loaded["affiliations", "graphml"], "subordination", "since", "until") == asked


def test_pledges_are_those_of_the_question_whatever_their_status(loaded, ask):
    asked = ask("who-pledged-loyalty-to-whom", "pledger", "pledgee", "pledge", "date", "sources", "denials")
    assert asked
    graph = loaded["affiliations", "gexf"]
    found = {
        (source, target, _short(v["situation"]), v.get("date", ""), str(v["sources"]), str(v["denials"]))
        for source, target, v in graph.edges(data=True)
        if v["kind"] == "pledge"
    }
    assert found == asked
    assert {v["status"] for _, _, v in graph.edges(data=True) if v["kind"] == "pledge"} > {"held"}


def test_rivalries_and_cooperations_are_those_of_the_questions_each_pair_once(loaded, ask):
    graph = loaded["affiliations", "graphml"]
    assert edges(graph, "rivalry", "situation", status=None) == ask(
        "which-groups-were-rivals", "rival", "other", "rivalry"
    )
    cooperations = ask("who-cooperated-with-whom-and-for-what", "partner", "other", "cooperation")
    assert edges(graph, "cooperation", "situation") == cooperations
    assert cooperations


def test_allies_are_those_of_the_question(loaded, ask):
    found = edges(loaded["affiliations", "graphml"], "alliance", "situation")
    allies = {(alliance, party) for *pair, alliance in found for party in pair}
    assert allies == ask("which-groups-were-allied", "alliance", "ally") != set()


def test_a_position_is_one_edge_with_its_role(loaded, material):
    graph = loaded["affiliations", "graphml"]
    kinds = ("leadership", "membership")
    found = [v for _, _, v in graph.edges(data=True) if v["kind"] in kinds]
    asked = material.store.query("SELECT ?p WHERE { ?p org:role ?role }", layout.PREFIXES).rows()[1]
    assert sorted(v["situation"] for v in found) == sorted({iri for (iri,) in asked})
    assert {"leader", "commander"} <= {v["detail"] for v in found}


def test_parallel_edges_stay_apart(loaded):
    graph = loaded["affiliations", "gexf"]
    assert graph.is_multigraph() and graph.is_directed()
    assert any(graph.number_of_edges(source, target) > 1 for source, target in graph.edges())


def test_an_edge_has_the_bounds_of_its_situation(loaded, material):
    known = situations(material.store)
    for name in NAMES:
        for _, _, values in loaded[name, "graphml"].edges(data=True):
            situation = known[values["situation"]]
            assert {key: values[key] for key in situation.told} == situation.told
            assert values["sources"] == len(situation.sources)
    assert sum(situation.status == "disputed" for situation in known.values()) > 10


def test_a_group_tells_when_it_began_and_ended(village_material):
    graph = networks.network(village_material.store, networks.LINEAGE, situations(village_material.store))
    assert graph.nodes["group:northern-front"] == {
        "label": "Northern Front",
        "iri": "https://w3id.org/filiation/group/northern-front",
        "kind": "group",
        "founded": "1994",
        "founded_earliest": "1994-01-01",
        "founded_latest": "1994-12-31",
    }
    ended = [node for node, values in graph.nodes(data=True) if "ended_latest" in values]
    # Only a part of the Northern Front merged, and who only joins may go on: neither has ended.
    assert ended == ["group:river-guard", "group:sand-company"]
    (split,) = [v for _, _, v in graph.edges(data=True) if v["kind"] == "split"]
    assert (split["extent"], split["date"], split["end_latest"]) == ("part", "1994", "1994-12-31")


def test_what_is_open_on_one_side_has_no_bound_there(village_material):
    known = situations(village_material.store)
    graph = networks.network(village_material.store, networks.AFFILIATIONS, known)
    (member,) = [v for _, _, v in graph.edges(data=True) if v["kind"] == "membership"]
    assert member["since"] == "[..1995]"
    assert "begin_earliest" not in member and member["begin_latest"] == "1995-12-31"


def test_an_affiliation_lives_in_gexf_as_long_as_its_dates_allow(village_material):
    known = situations(village_material.store)
    graph = networks.network(village_material.store, networks.AFFILIATIONS, known)
    content = networks.gexf(graph, "A title", village_material.edition)
    read = networkx.read_gexf(io.BytesIO(content))
    (alliance,) = [v for _, _, v in read.edges(data=True) if v["kind"] == "alliance"]
    (pledge,) = [v for _, _, v in read.edges(data=True) if v["kind"] == "pledge"]
    assert (alliance["start"], alliance["end"]) == ("1996-01-01", "1999-12-31")
    assert (pledge["start"], pledge.get("end")) == ("1998-01-01", None)


def test_a_description_of_the_edition_stands_where_the_clock_would(folder):
    for name in NAMES:
        text = (folder / f"filiation-{name}-1.2.3.gexf").read_text("utf-8")
        assert 'lastmodifieddate="2026-11-23"' in text
        assert "<creator>Filiation 1.2.3</creator>" in text
        assert "networkx" not in text.lower()
        graphml = ElementTree.parse(folder / f"filiation-{name}-1.2.3.graphml").getroot()
        assert "Filiation 1.2.3, 2026-11-23" in graphml.findtext(f"{GRAPHML}desc")


def test_the_same_material_gives_the_same_bytes(material, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("time.strftime", lambda *_: "2031-01-01")
    monkeypatch.setattr(networkx, "__version__", "99")
    release = Release(tmp_path)
    networks.write(material, release)
    for part in release.parts:
        assert (tmp_path / part.name).read_bytes() == (folder / part.name).read_bytes(), part.name


def test_graphml_keeps_to_its_schema(folder):
    """By the letter of graphml.xsd, as far as we use it: order, ids that are names, references, types."""
    for name in NAMES:
        root = ElementTree.parse(folder / f"filiation-{name}-1.2.3.graphml").getroot()
        assert re.fullmatch("desc (key )+graph ", "".join(f"{_tag(part)} " for part in root))
        keys = {key.get("id"): key for key in root.iterfind(f"{GRAPHML}key")}
        assert all(key.get("attr.type") in ("string", "long") for key in keys.values())
        graph = root.find(f"{GRAPHML}graph")
        assert graph.get("edgedefault") == "directed"
        nodes = [node.get("id") for node in graph.iterfind(f"{GRAPHML}node")]
        links = graph.findall(f"{GRAPHML}edge")
        ids = nodes + [edge.get("id") for edge in links]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[\w.:-]+", each, re.ASCII) for each in ids)
        assert {end for edge in links for end in (edge.get("source"), edge.get("target"))} <= set(nodes)
        for scope in ("node", "edge"):
            for data in graph.iterfind(f"{GRAPHML}{scope}/{GRAPHML}data"):
                assert keys[data.get("key")].get("for") == scope


def test_gexf_keeps_to_its_schema(folder):
    """By the letter of gexf.xsd (1.2), as far as we use it."""
    for name in NAMES:
        root = ElementTree.parse(folder / f"filiation-{name}-1.2.3.gexf").getroot()
        assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.2")
        graph = root.find(f"{GEXF}graph")
        assert graph.attrib == {"defaultedgetype": "directed", "mode": "dynamic", "timeformat": "date"}
        declared = {
            (group.get("class"), attribute.get("id"))
            for group in graph.iterfind(f"{GEXF}attributes")
            for attribute in group
        }
        nodes = {node.get("id") for node in graph.iter(f"{GEXF}node")}
        links = list(graph.iter(f"{GEXF}edge"))
        assert len({edge.get("id") for edge in links}) == len(links)
        for scope in ("node", "edge"):
            for part in graph.iter(f"{GEXF}{scope}"):
                start, end = (part.get(side) for side in ("start", "end"))
                days = [date.fromisoformat(day) for day in (start, end) if day]
                assert days == sorted(days)
                assert part.get("label")
                assert {(scope, v.get("for")) for v in part.iter(f"{GEXF}attvalue")} <= declared
        assert {end for edge in links for end in (edge.get("source"), edge.get("target"))} <= nodes


def _tag(element):
    return element.tag.rpartition("}")[2]


def test_a_release_has_the_networks_the_maps_and_the_entities(release):
    names = {
        f"filiation-{name}-"
        for name in ("affiliations", "followthemoney", "incidents", "lineage", "presences")
    }
    endings = {".gexf", ".geojson", ".graphml", ".ndjson"}
    files = [file for file in release.iterdir() if file.suffix in endings]
    assert {file.name.removesuffix(file.suffix).rpartition("-")[0] + "-" for file in files} == names
    assert len(files) == 7
    listed = (release / "SHA256SUMS").read_text("utf-8")
    assert all(file.name in listed for file in files)

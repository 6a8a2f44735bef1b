"""The entities of FollowTheMoney are valid, say no more than we hold, and name nobody without a reason."""

import json
import subprocess
from pathlib import Path

import pytest

from filiation import layout, questions, sanctions
from filiation.release import Release

JUDGE = Path(__file__).parent / "validators" / "entities.py"


@pytest.fixture(scope="module")
def file(material, tmp_path_factory) -> Path:
    release = Release(tmp_path_factory.mktemp("sanctions"))
    sanctions.write(material, release)
    (part,) = release.parts
    return release.folder / part.name


@pytest.fixture(scope="module")
def entities(file) -> dict[str, dict]:
    return {entity["id"]: entity for entity in map(json.loads, file.read_text("utf-8").splitlines())}


def of_village(village_material) -> dict[str, dict]:
    return {entity.id: json.loads(entity.line()) for entity in sanctions.entities(village_material.store)}


def called(material, place, stem: str) -> list[dict[str, str]]:
    """The rows of a question, by column."""
    (question,) = (q for q in questions.load(place) if q.stem == stem)
    names, rows = material.store.query(question.text).rows()
    return [dict(zip(names, row, strict=True)) for row in rows]


def ident(iri: str) -> str:
    return "filiation." + iri.removeprefix(layout.BASE).replace("/", ".")


@pytest.mark.validators
def test_followthemoney_takes_every_entity(file, validator):
    python = validator("followthemoney") / "python"
    result = subprocess.run([python, JUDGE, file], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout[:4000] + result.stderr[-2000:]
    assert result.stdout == f"{len(file.read_text('utf-8').splitlines())} entities\n"


@pytest.mark.validators
def test_the_judge_of_entities_finds_what_is_wrong(validator, tmp_path):
    """Else the test above could not fail."""
    python = validator("followthemoney") / "python"
    a_member = {"member": ["x"], "organization": ["filiation.a"]}
    a_number = {"holder": ["filiation.s"], "number": ["1"]}
    bad = {
        "no schema for entities: Militia": {"schema": "Militia"},
        "no schema for entities: Thing": {"schema": "Thing"},
        "has no properties ['leader']": {"properties": {"name": ["A"], "leader": ["B"]}},
        "name is missing": {"properties": {}},
        "topics: ['terror'] becomes []": {"properties": {"name": ["A"], "topics": ["terror"]}},
        "incorporationDate: ": {"properties": {"name": ["A"], "incorporationDate": ["2013~"]}},
        "wikidataId: ['12'] becomes []": {"properties": {"name": ["A"], "wikidataId": ["12"]}},
        "sourceUrl: ['a page'] becomes []": {"properties": {"name": ["A"], "sourceUrl": ["a page"]}},
        "name: [' A'] becomes ['A']": {"properties": {"name": [" A"]}},
        "the id is none": {"id": "group:a"},
        "member leads to x, which is not here": {"schema": "Membership", "properties": a_member},
        "leads to filiation.s, which is Sanction": {"schema": "Identification", "properties": a_number},
    }
    good = [
        {"id": "filiation.a", "schema": "Organization", "properties": {"name": ["A"]}},
        {"id": "filiation.s", "schema": "Sanction", "properties": {"entity": ["filiation.a"]}},
    ]
    wrong = [
        {"id": f"b{number}", "schema": "Organization", "properties": {"name": ["B"]}, **change}
        for number, change in enumerate(bad.values())
    ]
    file = tmp_path / "entities.ndjson"
    file.write_text("\n".join(map(json.dumps, [*good, *wrong])), encoding="utf-8")
    result = subprocess.run([python, JUDGE, file], capture_output=True, text=True, timeout=300)
    assert result.returncode == 1, result.stderr
    for entity, told in zip(wrong, bad, strict=True):
        lines = [line for line in result.stdout.splitlines() if line.startswith(f"{entity['id']}: ")]
        assert any(told in line for line in lines), (told, result.stdout)
    assert not [line for line in result.stdout.splitlines() if line.startswith("filiation.")]


def test_every_group_is_an_organization(entities, repository):
    groups = {iri for iri in map(str, repository.homes) if iri.startswith(layout.BASE + "group/")}
    assert len(groups) > 40
    assert {entities[ident(group)]["schema"] for group in groups} == {"Organization"}


def test_a_listing_gives_the_number_the_day_and_the_topic(entities):
    listing = entities["filiation.listing.mujao-un"]["properties"]
    assert listing["unscId"] == ["QDe.134"]
    assert listing["listingDate"] == ["2012-12-05"]
    assert listing["authority"] == ["United Nations Security Council 1267 Committee"]
    assert entities[listing["entity"][0]]["properties"]["topics"] == ["sanction"]


def test_only_who_is_held_to_be_listed_has_the_topic(entities, material):
    rows = material.store.query(
        "SELECT DISTINCT ?who WHERE { ?l fil:listed ?who ; fil:status status:held }", layout.PREFIXES
    ).rows()[1]
    topical = {entity["id"] for entity in entities.values() if "topics" in entity["properties"]}
    assert topical == {ident(who) for (who,) in rows}
    assert "filiation.listing.mujao-fto" not in entities  # rejected: the list itself does not have it


def test_splits_and_mergers_are_successions(entities, material, place):
    found = {
        (entity["properties"]["predecessor"][0], entity["properties"]["successor"][0])
        for entity in entities.values()
        if entity["schema"] == "Succession" and entity["properties"]["role"] == ["split"]
    }
    asked = called(material, place, "who-split-from-whom")
    assert found == {(ident(row["parent"]), ident(row["group"])) for row in asked} != set()


def test_positions_are_memberships_with_role_and_dates(entities, material, place):
    leadership = entities["filiation.leadership.jnim-n4gl.person.n4gl.group.jnim"]["properties"]
    assert (leadership["role"], leadership["startDate"]) == (["leader"], ["2017-03"])
    held = {
        (row["member"], row["organization"])
        for row in (
            dict(zip(("member", "organization"), row, strict=True))
            for row in material.store.query(
                "SELECT ?m ?o WHERE { ?p org:member ?m ; org:organization ?o ; fil:status status:held }",
                layout.PREFIXES,
            ).rows()[1]
        )
    }
    found = {
        (entity["properties"]["member"][0], entity["properties"]["organization"][0])
        for name, entity in entities.items()
        if name.startswith(("filiation.leadership.", "filiation.position."))
    }
    assert found == {(ident(member), ident(organization)) for member, organization in held}


def test_nothing_disputed_or_rejected_is_told(entities, material):
    rows = material.store.query(
        "SELECT ?s WHERE { ?s fil:status ?status FILTER (?status != status:held) }", layout.PREFIXES
    ).rows()[1]
    doubtful = {iri for (iri,) in rows}
    assert len(doubtful) > 30
    told = {page for entity in entities.values() for page in entity["properties"].get("sourceUrl", ())}
    assert not told & doubtful
    disputed_member = called_member(material)
    assert disputed_member and not disputed_member & entities.keys()


def called_member(material) -> set[str]:
    """People of whom it is disputed that they belong to a group, and nothing else is held."""
    rows = material.store.query(
        "SELECT ?m WHERE { ?p org:member ?m ; fil:status status:disputed FILTER NOT EXISTS {"
        " ?s org:member|fil:leader|fil:founder|fil:pledger|fil:pledgee|fil:listed ?m ; fil:status status:held"
        " } }",
        layout.PREFIXES,
    ).rows()[1]
    return {ident(member) for (member,) in rows}


def test_a_victim_is_nobody_to_screen(entities, material):
    rows = material.store.query(
        "SELECT DISTINCT ?who WHERE { ?s fil:victim|fil:target ?who . ?who a fil:Person FILTER NOT EXISTS {"
        " ?t org:member|fil:leader|fil:founder|fil:pledger|fil:pledgee|fil:listed ?who } }",
        layout.PREFIXES,
    ).rows()[1]
    assert len(rows) >= 3
    assert not {ident(who) for (who,) in rows} & entities.keys()


def test_a_rivalry_is_no_bond(entities):
    assert not [name for name in entities if ".rivalry." in name]


def test_names_keep_their_kind(entities):
    aqim = entities["filiation.group.aqim"]["properties"]
    assert "Salafist Group for Preaching and Combat" in aqim["previousName"]
    assert {"AQIM", "GSPC"} <= set(aqim["abbreviation"])
    assert "Al-Qaida in the Islamic Maghreb" in aqim["alias"]
    weak = {name for entity in entities.values() for name in entity["properties"].get("weakAlias", ())}
    assert len(weak) > 10
    leader = entities["filiation.person.p9kz"]["properties"]
    assert set(leader["weakAlias"]).isdisjoint(leader["name"])


def test_a_number_is_told_only_where_the_entry_is_the_same(entities):
    numbers = {
        (entity["properties"]["holder"][0], entity["properties"]["number"][0])
        for entity in entities.values()
        if entity["schema"] == "Identification"
    }
    assert ("filiation.group.aqim", "6897") in numbers
    # OFAC's entry 16446 stands for more than this battalion (skos:broadMatch).
    assert not [holder for holder, number in numbers if number == "16446"]
    page = entities["filiation.identifier.aqim-ofac"]["properties"]["sourceUrl"]
    assert page == ["https://sanctionssearch.ofac.treas.gov/Details.aspx?id=6897"]


def test_an_item_of_wikidata_is_told_only_where_the_match_is_confirmed(entities):
    items = [e["properties"]["wikidataId"] for e in entities.values() if "wikidataId" in e["properties"]]
    assert len(items) == 1


def test_a_date_that_is_not_sure_is_told_in_words(village_material):
    found = of_village(village_material)
    alliance = found["filiation.alliance.northern-front-1996.group.northern-front.group.river-guard"][
        "properties"
    ]
    assert alliance["startDate"] == ["1996"]
    assert "endDate" not in alliance
    assert alliance["summary"] == ["endDate 1998~ (EDTF)"]
    person = found["filiation.person.k7qd"]["properties"]
    assert "birthDate" not in person and person["notes"] == ["birthDate 1950~ (EDTF)"]
    assert person["deathDate"] == ["1999-06"]


def test_a_name_that_is_over_is_a_previous_one(village_material):
    front = of_village(village_material)["filiation.group.northern-front"]["properties"]
    assert front["previousName"] == ["Bande du Nord"]
    assert front["name"] == ["Northern Front"]


def test_an_ended_listing_gives_no_topic(village):
    from filiation import corpus, infer, oxigraph
    from filiation.dataset import quads

    file = village.data / "groups" / "northern-front.ttl"
    text = file.read_text("utf-8")
    ended = text.replace(
        "    fil:listed group:northern-front ;",
        '    fil:listed group:northern-front ;\n    fil:until "2005"^^edtf:EDTF ;',
    )
    assert ended != text
    for content, topics in ((text, ["sanction"]), (ended, None)):
        file.write_text(content, encoding="utf-8")
        world = corpus.load(village)
        store = oxigraph.Store(quads(world, infer.infer(world)))
        found = {entity.id: entity for entity in sanctions.entities(store)}
        own = found["filiation.group.northern-front"].properties.get("topics")
        assert (sorted(own) if own else None) == topics


def test_the_same_material_gives_the_same_bytes(material, file, tmp_path):
    release = Release(tmp_path)
    sanctions.write(material, release)
    (part,) = release.parts
    assert (tmp_path / part.name).read_bytes() == file.read_bytes()
    assert part.rows == len(file.read_bytes().splitlines())
    assert part.media_type == "application/x-ndjson"

"""The table of matches is SSSOM as its own tools read it, and has every match once."""

import logging
from collections import Counter
from urllib.parse import unquote

import pytest
from rdflib import Graph, URIRef
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

from filiation import layout, mappings
from filiation.dataset import Edition

EDITION = Edition("1.2.3", "2026-11-23")

#: sssom and pandas warn of each other.
pytestmark = pytest.mark.filterwarnings("ignore:The .* (option|keyword):Warning")


def faults(file, caplog) -> list[str]:
    """What the parser remarks and the validators find. The parser leaves a row out that it cannot
    read, so that the validators never see it; and its strict mode refuses every set, for sssom 0.4.21
    takes the answer of its check of the metadata for the opposite."""
    caplog.clear()
    try:
        found = validate(parse_sssom_table(file), fail_on_error=False)
    except Exception as problem:
        return [repr(problem)]
    remarks = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    return remarks + [result.message for report in found.values() for result in report.results]


@pytest.fixture(scope="module")
def text(repository) -> str:
    return mappings.table(repository.stated, EDITION)


def test_the_tools_of_sssom_find_no_fault(release, caplog):
    assert faults(release / mappings.FILE, caplog) == []
    found = parse_sssom_table(release / mappings.FILE)
    assert len(found.df)
    assert found.metadata["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found.metadata["mapping_set_id"].endswith(f"/{mappings.FILE}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\tskos:closeMatch\t", "\t\t"),
        ("\tsemapv:UnspecifiedMatching\t", "\tbecause\t"),
        ('#  wikidata: "http://www.wikidata.org/entity/"\n', ""),
        ('publication_date: "2026-11-23"', "publication_date: yesterday"),
        ("#license: ", "#licence: "),
    ],
)
def test_the_tools_of_sssom_would_find_a_fault(text, tmp_path, caplog, old, new):
    file = tmp_path / mappings.FILE
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert old in text
    assert faults(file, caplog)


def test_every_match_is_there_once(release, repository):
    facts = repository.stated
    stated = Counter()
    for subject, kind, match in mappings.matches(facts):
        number = facts.value(match, mappings.SKOS.notation) or str(match).removeprefix(mappings.WIKIDATA)
        stated[layout.curie(str(subject)), f"skos:{kind}Match", str(number)] += 1
    assert stated
    rows = parse_sssom_table(release / mappings.FILE).df
    columns = zip(rows["subject_id"], rows["predicate_id"], rows["object_id"], strict=True)
    found = Counter((s, p, unquote(o.partition(":")[2])) for s, p, o in columns)
    assert found == stated
    assert len(set(zip(rows["subject_id"], rows["object_id"], strict=True))) == len(rows)


def test_who_else_an_entry_stands_for_is_told(release):
    rows = parse_sssom_table(release / mappings.FILE).df
    rows = rows[rows["object_id"] == "wikidata:Q44810800"]
    assert set(rows["predicate_id"]) == {"skos:broadMatch"}
    assert set(rows["comment"]) == {
        "The entry is matched with group:al-mulathamun too.",
        "The entry is matched with group:al-muwaqiun too.",
    }


def test_an_identifier_belongs_to_the_list_in_its_stem(repository):
    """The list is read off the stem; the issuer that the identifier names must be the same for all."""
    facts = repository.stated
    issuers = {}
    for entity, identifier in facts.subject_objects(mappings.ADMS.identifier):
        own = layout.split_iri(str(identifier))[1].removeprefix(layout.split_iri(str(entity))[1] + "-")
        issuers.setdefault(own.rstrip("-0123456789"), set()).add(
            facts.value(identifier, mappings.DCTERMS.creator)
        )
    assert issuers.keys() <= mappings.LISTS.keys()
    assert {name for name, found in issuers.items() if len(found) != 1} <= {"un"}


WORLD = """
PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX group: <https://w3id.org/filiation/group/>
PREFIX identifier: <https://w3id.org/filiation/identifier/>
PREFIX organization: <https://w3id.org/filiation/organization/>
PREFIX review: <https://w3id.org/filiation/review/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX source: <https://w3id.org/filiation/source/>
PREFIX wd: <http://www.wikidata.org/entity/>

group:hill-league
    skos:prefLabel "Hill\tLeague"@en , "Ligue"@fr ;
    adms:identifier identifier:hill-league-gtd-2 ;
    skos:closeMatch wd:Q0 ;
    skos:narrowMatch identifier:hill-league-gtd-2 .

identifier:hill-league-gtd-2
    dcterms:creator organization:example-office ;
    dcterms:source source:example-list ;
    dcterms:title "\\"Hill League\\" | HL"@en ;
    skos:notation "\\"Hill League\\" | HL" ;
    adms:status review:confirmed .
"""


def test_a_name_with_any_sign_fits_into_a_row(tmp_path, caplog):
    file = tmp_path / mappings.FILE
    file.write_text(mappings.table(Graph().parse(data=WORLD), EDITION), "utf-8")
    assert faults(file, caplog) == []
    rows = parse_sssom_table(file).df.to_dict("records")
    assert [(row["subject_label"], row["object_id"], row.get("object_label")) for row in rows][1] == (
        "Hill League",
        "gtd:%22Hill%20League%22%20%7C%20HL",
        '"Hill League" | HL',
    )
    assert [row["other"] for row in rows] == ["review_status=unreviewed", "review_status=confirmed"]


def test_a_match_that_leads_nowhere_is_refused():
    facts = Graph().parse(data=WORLD)
    facts.add((URIRef("http://a/b"), mappings.SKOS.exactMatch, URIRef("http://a/c")))
    with pytest.raises(mappings.NoSuchList, match="<http://a/c> is matched"):
        mappings.table(facts, EDITION)


def test_the_same_facts_give_the_same_table(repository, text):
    again = Graph()
    for triple in sorted(repository.stated, reverse=True):
        again.add(triple)
    assert mappings.table(again, EDITION) == text

"""What somebody probably meant by a name: the right word comes before the similar one."""

import pytest
from rdflib import SKOS, URIRef

from filiation import suggest

KNOWN = suggest.Known(
    ["group:valley-army", "group:hill-league", "person:k7qd", "stance:affirms", "status:held", "fil:parent"],
    [("Armée de la vallée", "group:valley-army"), ("Somebody", "group:not-there")],
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("group:vallye-army", "group:valley-army"),
        ("group:Valley_Army", "group:valley-army"),
        ("group:armee-de-la-vallee", "group:valley-army"),
        ("group:k7qd", "person:k7qd"),
        ("status:affirms", "stance:affirms"),
        ("fil:parnet", "fil:parent"),
        ("group:somebody", None),
        ("group:quite-another", None),
    ],
)
def test_the_likeliest_slip_comes_first(name, meant):
    assert KNOWN.nearest(name) == meant


def test_thousands_of_wrong_names_do_not_take_thousands_of_comparisons(monkeypatch):
    compared = []
    monkeypatch.setattr(suggest, "get_close_matches", lambda *words, **options: compared.append(words) or [])
    known = suggest.Known(["group:valley-army"])
    for number in range(10_000):
        known.nearest(f"group:valley-amry-{number}")
    known.nearest("group:" + "x" * 10_000)
    assert len(compared) <= 3 * (suggest.MOST_COMPARED + 1)


def test_terms_of_well_known_vocabularies_are_known_whole():
    slip = URIRef(str(SKOS) + "preferredLabel")
    assert suggest.missing_elsewhere(slip)
    assert suggest.vocabulary_of(slip).nearest("skos:preferredLabel") == "skos:prefLabel"
    assert not suggest.missing_elsewhere(SKOS.prefLabel)
    assert not suggest.missing_elsewhere(URIRef("http://vocabulary.example/term"))

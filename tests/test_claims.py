"""What each source says in full: its own values, else the situation's, and nothing it is silent on."""

import pytest

from filiation import claims, layout, oxigraph

PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in layout.PREFIXES.items())
SPLIT = """
split:north-1994 a fil:Split ; fil:parent group:army ; fil:offshoot group:north ;
    fil:founder person:a1bc ; fil:date "1994"^^edtf:EDTF ; fil:status status:held .
attestation:north a fil:Attestation ; fil:attests split:north-1994 ; fil:stance stance:affirms ; %s
    dcterms:source source:report .
"""


def said(text: str) -> set[tuple[str, str]]:
    graph = oxigraph.to_rdflib(oxigraph.parse_turtle((PREFIXES + text).encode(), layout.BASE))
    return {
        (layout.curie(str(p)), layout.curie(str(o)) if o.startswith("http") else str(o))
        for _, p, o in claims.claims(graph)
    }


WHOLE = {
    ("fil:date", "1994"),
    ("fil:statedOriginal", "group:army"),
    ("fil:statedResult", "group:north"),
    ("fil:statedFounder", "person:a1bc"),
}


def without(*properties: str) -> set[tuple[str, str]]:
    return {claim for claim in WHOLE if claim[0] not in properties}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("", WHOLE),
        ('fil:date "1995"^^edtf:EDTF ;', without("fil:date")),
        ("fil:silentOn fil:date , fil:parent ;", without("fil:date", "fil:statedOriginal")),
        ("fil:statedFounder person:b2cd ;", without("fil:statedFounder")),
        ("fil:statedPartialOriginal group:army ;", without("fil:statedOriginal")),
        ('fil:until "1999"^^edtf:EDTF ;', without("fil:date")),
    ],
)
def test_a_source_says_what_the_situation_has_unless_it_says_otherwise(own, expected):
    assert said(SPLIT % own) == expected


@pytest.mark.parametrize("stance", ["denies", "doubts"])
def test_who_does_not_affirm_says_no_values(stance):
    assert said(SPLIT.replace("affirms", stance) % "") == set()


def test_one_figure_of_its_own_replaces_the_whole_range():
    strength = """
    strength:north a fil:Strength ; fil:about group:north ; fil:lowerBound 10 ; fil:upperBound 20 .
    attestation:north a fil:Attestation ; fil:attests strength:north ; fil:stance stance:affirms ; %s
        dcterms:source source:report .
    """
    assert said(strength % "") == {("fil:lowerBound", "10"), ("fil:upperBound", "20")}
    assert said(strength % "fil:count 15 ;") == set()

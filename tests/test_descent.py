"""Who descends from whom: no circle, and GIA to JNIM as one connected, dated graph."""

import pytest
from rdflib import Graph, URIRef

from filiation import corpus, layout
from filiation.dates import FIL, SEM

GROUP = layout.BASE + "group/"
GIA, JNIM = URIRef(GROUP + "gia"), URIRef(GROUP + "jnim")
#: From what was there before to what came of it, in one event.
STEPS = (("parent", "offshoot"), ("component", "union"), ("partialComponent", "union"))


@pytest.fixture(scope="module")
def whole(repository, inferred) -> Graph:
    return corpus.union([repository.stated, inferred])


def test_nobody_descends_from_an_own_descendant(whole):
    pairs = set(whole.subject_objects(FIL.descendsFrom))
    assert (JNIM, GIA) in pairs
    assert not [(one, other) for one, other in pairs if (other, one) in pairs or one == other]


def test_a_parent_is_never_said_to_descend_from_its_child(whole):
    pairs = set(whole.subject_objects(FIL.descendsFrom))
    for before, after in STEPS:
        for event, child in whole.subject_objects(FIL[after]):
            for parent in whole.objects(event, FIL[before]):
                assert (parent, child) not in pairs, event


def edges(whole: Graph) -> dict[tuple[URIRef, URIRef], URIRef]:
    """Older group, younger group -> the held event that made the younger of the older."""
    held = set(whole.subjects(FIL.status, URIRef(layout.BASE + "status/held")))
    return {
        (old, young): event
        for before, after in STEPS
        for event, young in whole.subject_objects(FIL[after])
        if event in held
        for old in whole.objects(event, FIL[before])
    }


def test_from_gia_to_jnim_runs_one_connected_graph_of_dated_events(whole):
    found = edges(whole)
    between = {
        pair: event
        for pair, event in found.items()
        if _reaches(found, GIA, pair[0]) and _reaches(found, pair[1], JNIM)
    }
    groups = {layout.curie(str(group)) for pair in between for group in pair}
    assert groups >= {"group:gia", "group:aqim", "group:mujao", "group:al-murabitun", "group:jnim"}
    for pair, event in between.items():
        assert (event, SEM.hasLatestEndTimeStamp, None) in whole, (pair, event)
        assert (pair[1], FIL.descendsFrom, pair[0]) in whole, event


def test_on_the_way_from_gia_to_jnim_no_step_ends_before_the_one_before_it_began(whole):
    found = edges(whole)
    for (_, middle), first in found.items():
        for (start, _), second in found.items():
            if start == middle:
                begun = whole.value(first, SEM.hasEarliestBeginTimeStamp)
                over = whole.value(second, SEM.hasLatestEndTimeStamp)
                assert begun is None or over is None or str(begun) <= str(over), (first, second)


def _reaches(found: dict[tuple[URIRef, URIRef], URIRef], start: URIRef, goal: URIRef) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        group = waiting.pop()
        following = {young for old, young in found if old == group} - seen
        seen |= following
        waiting.extend(following)
    return goal in seen

"""Whoever types a name finds who bears it, however the sources write it."""

import pytest

from filiation import layout, names


@pytest.fixture(scope="module")
def known(repository):
    return names.names(repository.stated)


def test_every_naming_finds_its_entity(repository, known):
    facts = repository.stated
    namings = list(facts.subject_objects(names.FIL.names))
    assert namings
    lost = [
        (layout.curie(str(entity)), str(form))
        for naming, entity in namings
        for form in facts.objects(naming, names.SKOSXL.literalForm)
        if layout.curie(str(entity)) not in {name.entity for name in names.find(str(form), known)}
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "entity"),
    [
        ("al-Qa‘ida", "group:al-qaida"),
        ("AL QA'IDA", "group:al-qaida"),
        ("alqaida", "group:al-qaida"),
        ("“gspc”", "group:aqim"),
        ("ALGERIAN  GOVERNMENT", "organization:algerian-government"),
        ("mokhtar bélmokhtar", "person:y2ya"),
    ],
)
def test_signs_and_case_do_not_count(known, typed, entity):
    assert names.find(typed, known)[0].entity == entity


def test_marks_of_arabic_do_not_count():
    assert names.folded("الجَماعَة الإسلاميّة") == names.folded("الجماعه الاسلاميـة")


def test_the_name_itself_comes_before_names_that_hold_its_words(known):
    found = [name.entity for name in names.find("Al-Qaida", known)]
    assert found[0] == "group:al-qaida"
    assert "group:aqim" in found


def test_half_a_word_is_no_word(known):
    assert names.find("qai", known) == []


@pytest.mark.parametrize("typed", ["", "’", " - "])
def test_of_signs_alone_nobody_is_found(known, typed):
    assert names.find(typed, known) == []


def test_a_slip_is_told(known):
    assert "MUJAO" in names.suggestions("mujoa", known)


def test_only_who_affirms_a_name_uses_it(known):
    assert all(not name.sources for name in known if name.kind == "label")
    assert all(name.sources for name in known if name.kind != "label" and name.status in ("", "held"))


def test_find_tells_form_kind_period_and_sources(run):
    result = run("find", "Salafist", "Group", "for", "preaching", "and combat")
    assert result.exit_code == 0
    assert "\n    Salafist Group for Preaching and Combat (en, official-name, from 1998" in result.stdout
    assert "until 2007-01): source:" in result.stdout and "source:nctc-aqim-profile" in result.stdout


def test_find_of_nobody_suggests(run):
    result = run("find", "mujoa")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "did you mean" in result.stderr and "`MUJAO`" in result.stderr


@pytest.mark.parametrize("words", [(), ("’",)])
def test_find_without_a_name_is_a_wrong_call(run, words):
    assert run("find", *words).exit_code == 2

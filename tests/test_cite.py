"""A few words find their passage, however they are typed; what comes out is a locator that is verified."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from filiation import corpus, evidence, turtle
from filiation.cite import Text

REPORT = (
    "The Northern Front\n\nIn 1994, Col. B. Sample’s men broke away from the Valley\nArmy – “for good”, "
    "as they said. They called themselves the\u00a0Front du Café. Others doubted it!\n\n"
    "In 1995 the Valley Army fought them. In 1996 they fought again"
)


def words(text: str, sought: str, **options: object) -> list[str]:
    return [passage.words for passage in Text(text).find(sought, **options)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("broke away", "broke away"),
        ("Broke  AWAY", "broke away"),
        ('valley army - "for good"', "Valley\nArmy – “for good”"),
        ("sample's men", "Sample’s men"),
        ("the front du cafe\u0301", "the\u00a0Front du Café"),
        ("  1994, col.", "1994, Col."),
    ],
)
def test_the_style_of_typing_does_not_count(typed, found):
    assert words(REPORT, typed) == [found]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_offsets_are_of_the_text_as_it_is(form):
    text = unicodedata.normalize(form, "Né à Café-sur-Mer, en été.\r\n  Né à nouveau.")
    (passage,) = Text(text).find("CAFÉ-SUR-MER,   en été")
    assert text[passage.start : passage.end] == passage.words
    assert evidence.normalized(passage.words) == "Café-sur-Mer, en été"
    assert passage.digest == evidence.digest("Café-sur-Mer, en été")


def test_accents_count():
    assert words(REPORT, "Front du Cafe") == []


def test_only_whole_words_are_found():
    assert words(REPORT, "ought them") == []
    assert words(REPORT, "fought") == ["fought", "fought"]


def test_letters_that_fold_to_several_are_found():
    assert words("Die Straße von ﬁnstern Höfen", "STRASSE VON FINSTERN") == ["Straße von ﬁnstern"]


def test_last_words_extend_a_passage_to_their_next_place():
    assert words(REPORT, "in 1995", to="fought") == ["In 1995 the Valley Army fought"]
    assert words(REPORT, "in 1996", to="Valley Army") == []


def test_a_whole_sentence_does_not_end_at_an_abbreviation():
    (found,) = words(REPORT, "broke away", whole_sentence=True)
    assert found.startswith("In 1994, Col. B. Sample’s") and found.endswith("as they said.")
    assert words(REPORT, "others doubted", whole_sentence=True) == ["Others doubted it!"]


def test_a_paragraph_and_the_end_of_the_text_end_a_sentence():
    assert words(REPORT, "northern front", whole_sentence=True) == ["The Northern Front"]
    assert words(REPORT, "fought again", whole_sentence=True) == ["In 1996 they fought again"]


def test_a_passage_over_two_sentences_becomes_both():
    (found,) = words(REPORT, "called themselves", to="Others", whole_sentence=True)
    assert found == "They called themselves the\u00a0Front du Café. Others doubted it!"


def test_the_nearest_passage_is_told():
    near = Text(REPORT).nearest("Samples men brok away from the Vally Army")
    assert near is not None
    assert near.words.startswith("Sample’s men broke away from the Valley")
    assert Text(REPORT).nearest("zymurgy in Quito") is None
    assert Text("").nearest("anything") is None


def test_the_same_words_have_their_surroundings():
    text = Text(REPORT)
    around = [text.around(passage, 12) for passage in text.find("fought")]
    assert around == ["… Valley Army [fought] them. In 19 …", "… n 1996 they [fought] again"]


@given(st.text(alphabet='aé e\u0301\u00a0\n\u0300.,“"ﬁß-–اأ\u0654', max_size=60), st.data())
def test_what_stands_in_a_text_is_found_where_it_stands(text, data):
    """Any run of whole words of any text is found at its own place, among others."""
    starts = [m.start() for m in re.finditer(r"(?<!\S)\S", text)]
    ends = [m.end() for m in re.finditer(r"\S(?!\S)", text)]
    if not starts:
        return
    start = data.draw(st.sampled_from(starts))
    end = data.draw(st.sampled_from([end for end in ends if end > start]))
    found = Text(text).find(text[start:end])
    for passage in found:
        assert text[passage.start : passage.end] == passage.words
    if re.match(r"\w", text[start]) and re.match(r"\w", text[end - 1]):
        assert (start, end) in {(passage.start, passage.end) for passage in found}


@pytest.fixture
def report(village, tmp_path):
    """The text of the source example-report of the village, whose digest its file has."""
    file = tmp_path / "example-report.txt"
    file.write_text(REPORT, "utf-8")
    source = village.data / "sources" / "example-report.ttl"
    text = source.read_text("utf-8")
    source.write_text(re.sub(r'textDigest "\w+"', f'textDigest "{evidence.digest(REPORT)}"', text), "utf-8")
    return file


def test_a_locator_is_printed_with_its_source(village, report, run):
    result = run("cite", report, "broke away", root=village.root)
    start = REPORT.index("broke away")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "dcterms:source source:example-report ;",
        f'fil:passageDigest "{evidence.digest("broke away")}" ;',
        f"fil:passageEnd {start + 10} ;",
        f"fil:passageStart {start} ;",
    ]
    assert "men [broke away] from" in result.stderr


def test_an_attestation_is_ready_to_paste_and_verified(village, report, run):
    said = ("--whole-sentence", "--attests", "split:northern-front-1994", "--hedge", "reportedly")
    result = run("cite", report, "broke away", *said, root=village.root)
    assert result.exit_code == 0
    # The first number that is free: the village has an attestation of this source.
    assert result.stdout.startswith(
        "attestation:northern-front-1994-split-example-report-2\n    a fil:Attest"
    )
    file = village.data / "groups" / "northern-front.ttl"
    assert "write it in data/groups/northern-front.ttl" in result.stderr
    header = "".join(f"{line[24:]}\n" for line in result.stderr.splitlines() if line.startswith("and at the"))
    file.write_text(f"{header}{file.read_text('utf-8')}\n{result.stdout}", "utf-8")
    assert turtle.read(file)
    held = evidence.verify(report, corpus.load(village))
    states = {str(f.locator.attestation).rpartition("/")[2]: f.state for f in held.findings}
    assert states["northern-front-1994-split-example-report-2"] == evidence.VERIFIED
    again = run("cite", report, "broke away", *said, root=village.root)
    assert "attestation:northern-front-1994-split-example-report-2 has the same passage" in again.stderr


def test_several_passages_are_listed_and_one_is_chosen(village, report, run):
    listed = run("cite", report, "fought", root=village.root)
    assert listed.exit_code == 0
    assert [line[:2] for line in listed.stdout.splitlines()] == ["1:", "  ", "2:", "  "]
    assert "[fought] again" in listed.stdout
    second = run("cite", report, "fought", "--nth", "2", root=village.root)
    assert f"fil:passageStart {REPORT.rindex('fought')} ;" in second.stdout
    assert run("cite", report, "fought", "--nth", "3", root=village.root).exit_code == 2
    unchosen = run("cite", report, "fought", "--attests", "split:northern-front-1994", root=village.root)
    assert unchosen.exit_code == 2 and "choose one with --nth" in unchosen.stderr


def test_words_that_do_not_stand_there_show_the_nearest(village, report, run):
    result = run("cite", report, "men brok away", root=village.root)
    assert result.exit_code == 1
    assert "[men broke away]" in result.stdout
    assert "`men brok away` does not stand there" in result.stderr
    result = run("cite", report, "broke away", "--to", "for evil", root=village.root)
    assert result.exit_code == 1 and "`for evil` does not follow `broke away`" in result.stderr


def test_a_text_of_no_source_has_a_locator_but_no_attestation(village, tmp_path, run):
    file = tmp_path / "letter.txt"
    file.write_text("They broke away in spring.", "utf-8")
    result = run("cite", file, "broke away", root=village.root)
    assert result.exit_code == 0 and "dcterms:source" not in result.stdout
    assert "no source in the dataset is this text" in result.stderr
    said = run("cite", file, "broke away", "--attests", "split:northern-front-1994", root=village.root)
    assert (said.exit_code, said.stdout) == (1, "")
    namesake = file.rename(tmp_path / "example-handbook.txt")
    result = run("cite", namesake, "broke away", root=village.root)
    assert (
        f'fil:textDigest "{evidence.digest("They broke away in spring.")}" in data/sources/' in result.stderr
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--attests", "split:northern-frnt-1994"), "did you mean `split:northern-front-1994`?"),
        (("--attests", "split:northern-front-1994", "--hedge", "reportdly"), "reportedly"),
        (("--attests", "split:northern-front-1994", "--stance", "affirm"), "affirms"),
        (("--stance", "affirms"), "add --attests"),
        (("--nth", "0"), "0 is not in the range"),
    ],
)
def test_a_wrong_call_says_what_to_type(village, report, run, said, told):
    result = run("cite", report, "broke away", *said, root=village.root)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_signs_alone_find_nothing(village, report, run):
    assert run("cite", report, "...", root=village.root).exit_code == 2


def test_a_text_that_moves_the_cursor_is_shown_harmless(village, tmp_path, run):
    file = tmp_path / "trick.txt"
    file.write_text("They \x1b[31mbroke away\u202e in spring.", "utf-8")
    result = run("cite", file, "broke away", root=village.root)
    assert "\x1b" not in result.output and "\u202e" not in result.output


def test_a_passage_that_shifted_in_a_decomposed_copy_is_found_whole(village, report):
    """`evidence` told the place without the accent of the last letter."""
    text = unicodedata.normalize("NFD", f"A heading\n{REPORT}")
    (passage,) = Text(REPORT).find("called themselves the front du café")
    locator = evidence.Locator(URIRef("x:s"), passage.start, passage.end, passage.digest, URIRef("x:a"))
    finding = evidence._finding(text, locator)
    assert finding.state == evidence.SHIFTED
    assert evidence.digest(text[finding.start : finding.end]) == passage.digest

"""Passages are verified, found when they have shifted, and missed when they are not there."""

import csv
import re
from pathlib import Path

import pytest

from filiation import corpus, evidence
from filiation.evidence import NOT_FOUND, SHIFTED, VERIFIED

TEXTS = Path(__file__).parents[2] / "shared" / "sources"
PROFILE = TEXTS / "nctc-aqim-profile.txt"
needs_the_text = pytest.mark.skipif(not PROFILE.is_file(), reason="the text of the profile is not at hand")
#: Where the sentences S1 to S22 begin and end.
SENTENCES = (33, 3171)


def test_a_digest_ignores_wrapping_and_composition():
    assert evidence.digest("Caf\u0065\u0301  de\n\tParis ") == evidence.digest("Caf\u00e9 de Paris")
    assert evidence.digest("Cafe de Paris") != evidence.digest("Caf\u00e9 de Paris")


@needs_the_text
def test_every_locator_into_the_profile_is_verified(repository):
    report = evidence.verify(PROFILE, repository)
    assert report.findings
    assert {finding.state for finding in report.findings} == {VERIFIED}
    cited = [locator for locator in evidence.locators(repository.stated) if locator.source == report.source]
    assert len(report.findings) == len(cited)


@needs_the_text
def test_nothing_that_states_a_fact_is_left_uncovered(repository):
    report = evidence.verify(PROFILE, repository)
    first, last = SENTENCES
    assert [run for run in report.uncovered if run[1] > first and run[0] < last] == []


@needs_the_text
def test_a_copy_that_is_wrapped_and_shifted_is_found(tmp_path, repository):
    text = PROFILE.read_text("utf-8")
    copy = tmp_path / "copy.txt"
    copy.write_text("A heading of the site\n\n" + re.sub(r" (?=\w+ \w+ \w+\.)", "\n", text), "utf-8")
    report = evidence.verify(copy, repository)
    assert {finding.state for finding in report.findings} == {SHIFTED}
    shifted = copy.read_text("utf-8")
    for finding in report.findings:
        assert evidence.digest(shifted[finding.start : finding.end]) == finding.locator.digest


@needs_the_text
def test_a_changed_passage_is_not_found(tmp_path, repository, run):
    copy = tmp_path / "copy.txt"
    copy.write_text(PROFILE.read_text("utf-8").replace("In August 2013", "In August 2014"), "utf-8")
    report = evidence.verify(copy, repository)
    assert report.count(NOT_FOUND) >= 1
    assert report.count(VERIFIED) > report.count(NOT_FOUND)
    result = run("evidence", copy)
    assert result.exit_code == 1
    assert "not found: attestation:al-murabitun-2013-merger" in result.output


def test_a_text_that_nobody_cites_is_said_to_be_so(tmp_path, run):
    text = tmp_path / "recipe.txt"
    text.write_text("Take two onions.")
    result = run("evidence", text)
    assert (result.exit_code, "no source in the dataset cites this text" in result.output) == (0, True)


def test_a_text_that_only_shares_names_is_not_the_source(tmp_path, repository):
    text = tmp_path / "other.txt"
    text.write_text("GSPC and al-Qa\u2018ida and Mokhtar Belmokhtar are named in many a text.", "utf-8")
    assert evidence.verify(text, repository).source is None


def test_bad_texts_are_wrong_calls(tmp_path, run):
    latin = tmp_path / "latin.txt"
    latin.write_bytes("é".encode("latin-1"))
    assert run("evidence", latin).exit_code == 2
    assert run("evidence", tmp_path / "none.txt").exit_code == 2
    latin.unlink()
    assert run("evidence", tmp_path).exit_code == 2


def claims() -> list[dict[str, str]]:
    with (Path(__file__).parent / "claims.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_claim_of_the_profile_is_stated_and_attested(repository):
    from filiation.layout import PREFIXES

    def iri(name: str) -> str:
        prefix, _, stem = name.partition(":")
        return PREFIXES[prefix] + stem

    assert {row["claim"] for row in claims()} == {f"C{number:03}" for number in range(2, 103)}
    links = {
        (str(attestation), str(situation))
        for attestation, situation in repository.stated.subject_objects(evidence.FIL.attests)
    }
    missing = [row for row in claims() if (iri(row["attestation"]), iri(row["situation"])) not in links]
    assert missing == []


def test_locators_are_read_from_the_data(repository: corpus.Corpus):
    assert all(locator.start < locator.end for locator in evidence.locators(repository.stated))


def described(copy, located):
    """A source of which no text is described, and as many attestations that only say where."""
    iri = "https://w3id.org/filiation/"
    said = "".join(
        f"<{iri}attestation/gia-{n}> fil:attests <{iri}split:x> ; dcterms:source <{iri}source/old-report> .\n"
        for n in range(located)
    )
    (copy.data / "groups" / "extra.ttl").write_text(
        f"PREFIX fil: <{iri}ontology#>\nPREFIX dcterms: <http://purl.org/dc/terms/>\n"
        f"<{iri}source/old-report> a fil:Source .\n{said}",
        "utf-8",
    )


def test_a_text_named_like_a_source_tells_what_could_be_verified_in_it(copy, run, tmp_path):
    described(copy, located=2)
    text = tmp_path / "old-report.txt"
    text.write_text("It was founded in the hills.", "utf-8")
    result = run("evidence", tmp_path, root=copy.root)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{text}: located only: attestation:gia-0: give it the passage that says so",
        f"{text}: located only: attestation:gia-1: give it the passage that says so",
        f"{text}: source:old-report, by its name: 2 attestations located only. If it is that text, write "
        f'fil:kind source-kind:text and fil:textDigest "{evidence.digest(text.read_text())}" '
        "in the file of source:old-report",
    ]


def test_a_text_named_like_a_source_without_attestations_is_no_text_of_it(copy, run, tmp_path):
    described(copy, located=0)
    text = tmp_path / "old-report.txt"
    text.write_text("It was founded in the hills.", "utf-8")
    result = run("evidence", text, root=copy.root)
    told = "named like source:old-report, but fewer than half of the passages of that source"
    assert (result.exit_code, told in result.stdout) == (0, True)

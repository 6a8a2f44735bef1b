"""Does each source say it where we say it does? Locators held against the texts at hand.

No sentence of a source is kept, only the place and the digest of each passage, so that whoever
has the text can verify it, also in a copy that is wrapped differently or has shifted.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rdflib import DCTERMS, Graph, Namespace, URIRef

from filiation import turtle
from filiation.corpus import Corpus
from filiation.layout import ONTOLOGY, PREFIXES

FIL = Namespace(ONTOLOGY)
VERIFIED, SHIFTED, NOT_FOUND = "verified", "shifted", "not found"

#: A passage in a copy that is wrapped otherwise can be shorter by the white space that is folded.
_MOST_FOLDED = 24
#: The share of its passages that makes a text a copy of a source: names alone are found anywhere.
_SAME_TEXT = 0.5
#: Words that join statements without stating anything themselves.
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        "a also and as at but by during for from has have however in it its of on or since that the to "
        "was were which who with",
    )
)


@dataclass(frozen=True, order=True)
class Locator:
    """Where an attestation stands in the text of its source: code points, end exclusive."""

    source: URIRef
    start: int
    end: int
    digest: str
    attestation: URIRef


@dataclass(frozen=True)
class Finding:
    """What became of one locator in one text."""

    locator: Locator
    state: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Report:
    """One text held against its source: findings, and the passages that no attestation covers.

    Where no passage tells the source, the name of the file may: its namesake, with the attestations
    that could be verified in this text and are only located so far."""

    text: Path
    source: URIRef | None
    digest: str
    findings: list[Finding] = field(default_factory=list)
    uncovered: list[tuple[int, int, str]] = field(default_factory=list)
    namesake: URIRef | None = None
    located: list[URIRef] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(finding.state == state for finding in self.findings)


def normalized(passage: str) -> str:
    """Unicode normal form C, each run of white space one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", passage).split())


def digest(passage: str) -> str:
    """SHA-256 of the normalized passage as UTF-8, in hexadecimal."""
    return hashlib.sha256(normalized(passage).encode()).hexdigest()


def locators(facts: Graph) -> list[Locator]:
    """Every locator that is a place in a text, in order of source and place."""
    found = []
    for attestation, start in facts.subject_objects(FIL.passageStart):
        end = facts.value(attestation, FIL.passageEnd)
        mark = facts.value(attestation, FIL.passageDigest)
        source = facts.value(attestation, DCTERMS.source)
        numbers = all(re.fullmatch("[0-9]{1,12}", str(place)) for place in (start, end))
        if numbers and mark is not None and isinstance(source, URIRef):
            found.append(Locator(source, int(str(start)), int(str(end)), str(mark), URIRef(str(attestation))))
    return sorted(found)


def read_text(file: Path) -> str:
    """The text of a source as it is, a byte order mark left out. Raises turtle.Unreadable."""
    return turtle.text_of(file)


def texts_in(paths: list[Path]) -> list[Path]:
    """The files named, and the `.txt` files of the folders named, in order."""
    return [file for path in paths for file in (sorted(path.rglob("*.txt")) if path.is_dir() else [path])]


def verify(file: Path, corpus: Corpus) -> Report:
    """One text held against the source that it is a copy of. Raises turtle.Unreadable."""
    text = read_text(file)
    source = source_of(text, corpus.stated)
    mark = digest(text)
    if source is None:
        namesake, located = _namesake(file, corpus.stated)
        return Report(file, None, mark, namesake=namesake, located=located)
    cited = [locator for locator in locators(corpus.stated) if locator.source == source]
    findings = [_finding(text, locator) for locator in cited]
    return Report(file, source, mark, findings, list(_uncovered(text, findings)))


def source_of(text: str, facts: Graph) -> URIRef | None:
    """The source that a text is a copy of: the one with its digest, or else the one of whose passages it
    holds the greatest share, and at least half."""
    by_source: dict[URIRef, list[Locator]] = {}
    for locator in locators(facts):
        by_source.setdefault(locator.source, []).append(locator)
    return _source_of(text, digest(text), facts, by_source)


def _namesake(file: Path, facts: Graph) -> tuple[URIRef | None, list[URIRef]]:
    """The source that bears the name of the file, and its attestations without a passage."""
    source = URIRef(PREFIXES["source"] + file.stem)
    if (source, None, None) not in facts:
        return None, []
    said = (node for node in facts.subjects(DCTERMS.source, source) if (node, FIL.attests, None) in facts)
    return source, sorted(URIRef(str(node)) for node in said if (node, FIL.passageDigest, None) not in facts)


def _source_of(text: str, mark: str, facts: Graph, known: dict[URIRef, list[Locator]]) -> URIRef | None:
    same = [str(s) for s, d in facts.subject_objects(FIL.textDigest) if str(d) == mark]
    if same:
        return URIRef(min(same))
    best, share = None, 0.0
    for source, passages in sorted(known.items()):
        found = sum(_finding(text, passage).state != NOT_FOUND for passage in passages)
        if found / len(passages) > share:
            best, share = source, found / len(passages)
    return best if share >= _SAME_TEXT else None


def _finding(text: str, locator: Locator) -> Finding:
    passage = text[locator.start : locator.end]
    if passage and digest(passage) == locator.digest:
        return Finding(locator, VERIFIED, locator.start, locator.end)
    place = _search(text, locator)
    return Finding(locator, SHIFTED, *place) if place else Finding(locator, NOT_FOUND)


def _search(text: str, locator: Locator) -> tuple[int, int] | None:
    """The first place, by code points of this text, where a passage with the digest stands."""
    folded, spans = normal_form(text)
    longest = locator.end - locator.start
    starts = [m.start() for m in re.finditer(r"(?<!\w)\w|[^\w\s]", folded)]
    ends = {m.end() for m in re.finditer(r"\w(?!\w)|[^\w\s]", folded)}
    for start in starts:
        for length in range(longest, max(0, longest - _MOST_FOLDED), -1):
            end = start + length
            if end not in ends:
                continue
            if hashlib.sha256(folded[start:end].encode()).hexdigest() == locator.digest:
                return spans[start][0], spans[end - 1][1]
    return None


def normal_form(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text in normal form C with each run of white space one space, and for each of its code points
    where what it stands for starts and ends in the text as it is."""
    characters: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in re.finditer(rf"[!-~]+(?![{_marks()}])|\s+|\S[{_marks()}]*", text):
        start, end = match.span()
        if match[0].isascii() and not match[0].isspace():
            characters.append(match[0])
            spans.extend((place, place + 1) for place in range(start, end))
            continue
        piece = " " if match[0].isspace() else unicodedata.normalize("NFC", match[0])
        characters.append(piece)
        spans.extend([(start, end)] * len(piece))
    return "".join(characters), spans


@cache
def _marks() -> str:
    """Every mark that combines with the letter before it, as ranges of a regular expression."""
    marks = [code for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code))]
    firsts = [code for code in marks if not unicodedata.combining(chr(code - 1))]
    lasts = [code for code in marks if not unicodedata.combining(chr(code + 1))]
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(firsts, lasts, strict=True))


def _uncovered(text: str, findings: list[Finding]) -> Iterator[tuple[int, int, str]]:
    """Start, end and words of the runs that no passage covers and that could state something."""
    covered = bytearray(len(text))
    for finding in findings:
        if finding.start is not None and finding.end is not None:
            covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
    for run in re.finditer(rb"\0+", bytes(covered)):
        passage = normalized(text[run.start() : run.end()])
        if any(word.lower() not in _FILLERS for word in re.findall(r"\w+", passage)):
            yield run.start(), run.end(), passage

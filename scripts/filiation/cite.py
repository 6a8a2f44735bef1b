"""Find a passage in the text of a source by a few of its words, and say where it stands.

Whoever types words copies them from a page: white space, capitals, the style of quotation marks and
dashes, and how a letter with an accent is composed do not count. The place and the digest are those of
the text as it is.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate

from filiation import evidence

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‵`´ʹʻʼʽʾʿ", "'"),
        **dict.fromkeys("“”„‟″‶«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        "…": "...",
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    }
)
#: The end of a sentence, or of a paragraph.
_END = re.compile(r"[.!?…؟。]+[\"'”’»)\]]*(?=\s|$)|\n[^\S\n]*\n\s*")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "al approx art c ca capt cf col dr ed eds eg et etc fig gen hon ie jr lt maj mr mrs ms mt nr no p "
        "para pp prof resp rev sgt sr st v vol vs",
    )
)
#: A passage is shown as the nearest where so much of it is the same.
_NEAR = 0.55
#: So many places that share letters with the words are looked at more closely.
_PLACES = 40


@dataclass(frozen=True, order=True)
class Passage:
    """A part of a text: code points from 0, the end not included."""

    start: int
    end: int
    words: str

    @property
    def digest(self) -> str:
        return evidence.digest(self.words)


class Text:
    """The text of a source, to be searched many times."""

    def __init__(self, text: str):
        self.text = text

    def find(self, words: str, to: str | None = None, whole_sentence: bool = False) -> list[Passage]:
        """Every passage that has the words, in order; with `to` as far as those last words, at their next
        place, and none where they do not follow; with `whole_sentence` the sentences that it is part of."""
        found = []
        for start, end in self._places(words):
            if to is not None:
                last = next((stop for _, stop in self._places(to, start)), None)
                if last is None:
                    continue
                end = max(end, last)
            if whole_sentence:
                start, end = self._sentence(start, end)
            found.append(Passage(start, end, self.text[start:end]))
        return list(dict.fromkeys(found))

    def nearest(self, words: str) -> Passage | None:
        """The passage of about the same length that is most like the words; None where none is."""
        sought, (text, spans) = _as_searched(words)[0], self._searched
        if len(sought) < 3 or not text:
            return None
        parts = {re.escape(sought[i : i + 3]) for i in range(len(sought) - 2)}
        shared = [0] * (len(text) + 1)
        for match in re.finditer(f"(?=(?:{'|'.join(sorted(parts))}))", text):
            shared[match.start() + 1] = 1
        until = list(accumulate(shared))
        starts = [match.start() for match in re.finditer(r"(?<!\w)[\w\"'(]", text)]
        ends = [min(len(text), start + len(sought)) for start in starts]
        likely = sorted(range(len(starts)), key=lambda i: until[starts[i]] - until[ends[i]])[:_PLACES]
        stops = [match.end() for match in re.finditer(r"\w(?!\w)", text)]
        best, likeness = None, _NEAR
        for i in likely:
            stop = stops[min(bisect_left(stops, ends[i]), len(stops) - 1)] if stops else ends[i]
            same = SequenceMatcher(None, sought, text[starts[i] : stop], autojunk=False).ratio()
            if same > likeness and stop > starts[i]:
                best, likeness = (starts[i], stop), same
        if best is None:
            return None
        start, end = spans[best[0]][0], spans[best[1] - 1][1]
        return Passage(start, end, self.text[start:end])

    def around(self, passage: Passage, width: int = 60) -> str:
        """The passage in square brackets with what stands before and after it, on one line."""
        start, end = max(0, passage.start - width), min(len(self.text), passage.end + width)
        before = ("… " if start else "") + self.text[start : passage.start]
        after = self.text[passage.end : end] + (" …" if end < len(self.text) else "")
        return " ".join(f"{before}[{passage.words}]{after}".split())

    @cached_property
    def _searched(self) -> tuple[str, list[tuple[int, int]]]:
        return _as_searched(self.text)

    def _places(self, words: str, since: int = 0) -> Iterator[tuple[int, int]]:
        """Where the words start and end, as whole words, from a place of the text on."""
        sought, (text, spans) = _as_searched(words)[0].strip(), self._searched
        if not sought:
            return
        first = r"(?<!\w)" if re.match(r"\w", sought) else ""
        last = r"(?!\w)" if re.search(r"\w\Z", sought) else ""
        for match in re.compile(first + re.escape(sought) + last).finditer(
            text, bisect_left(spans, (since, since))
        ):
            yield spans[match.start()][0], spans[match.end() - 1][1]

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        """The place widened to whole sentences; a paragraph ends one as well."""
        first, last = 0, len(self.text.rstrip())
        for match in _END.finditer(self.text):
            if self._ends_nothing(match):
                continue
            paragraph = match[0].startswith("\n")
            if match.end() <= start:
                first = match.end()
            elif (match.start() if paragraph else match.end()) >= end:
                last = match.start() if paragraph else match.end()
                break
        while first < start and self.text[first].isspace():
            first += 1
        return first, max(last, end)

    def _ends_nothing(self, match: re.Match[str]) -> bool:
        """Whether a full stop belongs to an abbreviation or an initial, or a small letter follows."""
        if match[0].startswith("\n"):
            return False
        following = self.text[match.end() : match.end() + 20].lstrip()[:1]
        if following.islower():
            return True
        before = re.search(r"[\w.]+\Z", self.text[max(0, match.start() - 20) : match.start()])
        word = before[0].replace(".", "").lower() if before else ""
        inner = before is not None and "." in before[0]
        initial = len(word) == 1 and word.isalpha()
        return match[0] == "." and (initial or inner or word in _ABBREVIATIONS) and bool(following)


def _as_searched(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text as it is compared, and where each of its characters starts and ends in the text as it is."""
    normal, spans = evidence.normal_form(text)
    if normal.isascii():
        return normal.lower().replace("`", "'"), spans
    folded = [sign.translate(_SIGNS).casefold() for sign in normal]
    return "".join(folded), [span for sign, span in zip(folded, spans, strict=True) for _ in sign]

"""What a review reads like: on the screen, as a comment on a pull request, and for programs.

A label may come from anybody. On the screen no character of it moves the cursor or turns the direction
of writing; in Markdown none is markup, a mention, a link or a reference.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict

from filiation import characters
from filiation.changes import ADDED, CHANGED, INFERRED, OPENED, REMOVED, SECTIONS, SETTLED, Change, Review

#: A comment on GitHub holds 65,536 characters; what stands around ours needs some of them.
COMMENT = 60_000
#: A sentence in a comment is cut here: a note can be as long as somebody likes.
_LONGEST = 700
#: So many changes of a section are seen without opening it.
_FEW = 12

_NO_DIFFERENCE = "no difference in meaning"
_MARKS = {ADDED: "+", OPENED: "!", CHANGED: "~", REMOVED: "-", SETTLED: "="}


def visible(text: str) -> str:
    """The text on one line, with each character that deceives a reader as its number."""
    return characters.visible(" ".join(text.split()))


def escaped(text: str) -> str:
    """The text as GitHub-flavoured Markdown that shows it and does nothing else: no markup, HTML, link,
    mention, reference to an issue, or formula.

    >>> escaped("*a* <b> @c #1")
    '\\\\*a\\\\* \\\\<b\\\\> @<!-- -->c #<!-- -->1'
    """
    plain = re.sub(r"[\\`*_{}\[\]<>()+!|~&$:.^=-]", r"\\\g<0>", visible(text))
    return re.sub(r"(?i)[@#]|\bGH(?=\\-\d)", r"\g<0><!-- -->", plain)


def text(review: Review) -> Iterator[str]:
    """The changes under the names of their sections, one a line."""
    if not review.changes:
        yield _nothing(review)
    for section in SECTIONS:
        changes = review.of(section)
        if changes:
            yield f"{section} ({len(changes):,})"
            yield from (f"  {_MARKS[change.action]} {visible(change.sentence)}" for change in changes)
            yield ""
    if review.changes:
        yield f"{review.before} → {review.after}: {_counted(review)}"


def markdown(review: Review, longest: int = COMMENT) -> str:
    """A comment of at most so many characters (and never less than its summary): a table of numbers,
    then each section to open, with a count of what is left out."""
    lines = [f"**What changes in meaning**, {escaped(review.before)} → {escaped(review.after)}", ""]
    if review.changes:
        lines += ["| | added | changed | removed |", "|---|--:|--:|--:|", *_rows(review), ""]
    else:
        lines += [f"{_nothing(review).partition(': ')[2].capitalize()}.", ""]
    lines += [f"- {escaped(_cut(remark[:1].upper() + remark[1:]))}" for remark in review.remarks]
    written = "\n".join(lines).rstrip() + "\n"
    sections = [section for section in SECTIONS if review.of(section)]
    for number, section in enumerate(sections):
        share = (longest - len(written)) // (len(sections) - number)
        written += _details(section, review.of(section), share)
    return written


def as_json(review: Review) -> str:
    """The two states, the changes, and the number of each action in each section."""
    counts: dict[str, dict[str, int]] = {}
    for change in review.changes:
        of_section = counts.setdefault(change.section, {})
        of_section[change.action] = of_section.get(change.action, 0) + 1
    told = {**asdict(review), "counts": counts}
    return json.dumps(told, indent=2, ensure_ascii=False)


def _nothing(review: Review) -> str:
    return f"{review.before} → {review.after}: {_NO_DIFFERENCE}"


def _counted(review: Review) -> str:
    total: dict[str, int] = {}
    for change in review.changes:
        total[change.action] = total.get(change.action, 0) + 1
    return ", ".join(f"{total[action]:,} {action}" for action in _MARKS if action in total)


def _rows(review: Review) -> Iterator[str]:
    for section in SECTIONS:
        changes = review.of(section)
        if changes:
            came = sum(change.action in (ADDED, OPENED) for change in changes)
            other = sum(change.action == CHANGED for change in changes)
            yield f"| {section} | {came:,} | {other:,} | {len(changes) - came - other:,} |"


def _details(section: str, changes: list[Change], room: int) -> str:
    """A section to open, with as many changes as there is room for."""
    opened = " open" if len(changes) <= _FEW or section == INFERRED else ""
    head = f"\n<details{opened}><summary>{section} ({len(changes):,})</summary>\n\n"
    foot = "\n</details>\n"
    room -= len(head) + len(foot) + len(_left_out(len(changes)))
    lines: list[str] = []
    for change in changes:
        line = f"- {escaped(_cut(change.sentence))}\n"
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    rest = len(changes) - len(lines)
    return head + "".join(lines) + (_left_out(rest) if rest else "") + foot


def _left_out(number: int) -> str:
    return f"- … and {number:,} more, which `filiation diff` lists\n"


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 1] + "…"

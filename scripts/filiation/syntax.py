"""What a parser's complaint about a Turtle text means to who wrote it: where the slip is, what to type.

A parser notices a slip where it cannot go on, which is often the line after: a full stop that is
missing is missing where the statement before ends.
"""

import re
from collections import deque
from difflib import get_close_matches
from itertools import islice

from filiation.layout import PREFIXES
from filiation.oxigraph import NotWellFormed
from filiation.positions import Place, Token, tokens

_DOT_EXPECTED, _NO_SUBJECT = "A dot is expected", "a is not a valid subject"
_NOT_AN_OBJECT = re.compile(r"^(.*) is not a valid RDF object$")
_QUOTES = "“”„«»‘’"


def slip(text: str, problem: NotWellFormed) -> tuple[Place, str]:
    """Where the slip is that a parser found in a text, and what to type."""
    here = Place(problem.line, problem.column, problem.line, problem.column + 1)
    reason = problem.reason
    if reason.startswith(("Line jumps", "Unexpected end")) and (opened := _opened(text)):
        return opened, "the quotation that begins here has no end: close it with the same mark"
    before, after = _around(text, here)
    if reason.startswith("No scheme found"):
        return here, "a relative IRI: write it whole, or with a prefix (`group:aqim`)"
    if reason.startswith("The prefix "):
        return (after[0].place if after else here), _prefix(reason)
    if len(before) > 1 and reason.startswith((_DOT_EXPECTED, _NO_SUBJECT)) and _begins_anew(before, after):
        return before[-2].place, _valueless(before[-2])
    if before and reason.startswith(_DOT_EXPECTED) and before[-1].kind not in ("punct", "other"):
        return _unfinished(before[-1], after)
    ended = before and before[-1].text == ";" and before[-1].place.end_line < here.line
    if len(before) > 1 and reason == "a is not a valid RDF object" and before[-2].text in ";,":
        last, subject = before[-2], before[-1]
        return last.place, f"the full stop is missing: write `.` on a line of its own before `{subject.text}`"
    if before and reason.startswith("Unexpected end") and _lacks_value(text):
        return before[-1].place, _valueless(before[-1])
    if before and reason.startswith("Unexpected end"):
        return before[-1].place, "the full stop is missing: write `.` at the end of the file"
    if after and after[0].text[:1] in _QUOTES:
        return after[0].place, 'typographic quotation marks: write straight ones, "…"'
    if before and before[-1].kind == "string" and re.fullmatch(r"\w+", after[0].text if after else ""):
        tag = after[0].text
        return after[0].place, f"a language is told with @: write `{before[-1].text}@{tag}`"
    if before and before[-1].kind == "number" and before[-1].place.end_column == here.column:
        return before[-1].place, 'a date needs quotes and its datatype: "2013-08"^^edtf:EDTF'
    if _NOT_AN_OBJECT.match(reason) and after and after[0].text in ";,." and not ended:
        return after[0].place, f"`{after[0].text}` where a value belongs: write one, or take it away"
    return (after[0].place if after else here), f"not Turtle: {reason}"


def _begins_anew(before: list[Token], after: list[Token]) -> bool:
    """Whether what a parser took for a value is the subject of the next statement: it stands at the
    beginning of a line, and says what it is."""
    verb, subject = before
    first = subject.place.column == 1 and verb.place.end_line < subject.place.line
    return first and bool(after) and after[0].text == "a"


def _lacks_value(text: str) -> bool:
    """Whether a text ends behind a predicate."""
    said, typed = 0, False
    for token in tokens(text):
        if token.text in (".", ";", ","):
            said = ".;,".index(token.text)
        elif token.text in ("[", "]", "(", ")"):
            return False
        elif not typed and token.kind not in ("lang", "datatype"):
            said += 1
        typed = token.kind == "datatype"
    return said == 2


def _valueless(verb: Token) -> str:
    if verb.text == ",":
        return "a value and the full stop are missing: write them, or `.` in place of `,`"
    return f"a value and the full stop are missing: write `{verb.text} … .`"


def _unfinished(last: Token, after: list[Token]) -> tuple[Place, str]:
    """A statement that is followed by something that cannot follow."""
    found = after[0].text if after else ""
    if len(after) < 2 or after[0].place.line == last.place.end_line:
        return last.place, f"`{found}` cannot follow `{last.text}`: write `;`, `,` or `.` between them"
    if after[0].place.column == 1:
        return last.place, f"the full stop is missing after `{last.text}`: write ` .` before `{found}` begins"
    if after[1].text in ";,.":
        return last.place, f"a comma is missing after `{last.text}`: write ` ,` before the next value"
    return last.place, f"a semicolon is missing after `{last.text}`: write ` ;` before `{found}`"


def _prefix(reason: str) -> str:
    prefix = reason.removeprefix("The prefix ").partition(":")[0]
    if prefix in PREFIXES:
        return f"unknown prefix `{prefix}:`: add `PREFIX {prefix}: <{PREFIXES[prefix]}>` at the top"
    near = get_close_matches(prefix, PREFIXES, n=1, cutoff=0.6)
    return f"unknown prefix `{prefix}:`" + (f": did you mean `{near[0]}:`?" if near else "")


def _opened(text: str) -> Place | None:
    """The first quotation mark that nothing closes; three of them look like an empty text and a mark."""
    last: Token | None = None
    for token in tokens(text):
        if token.kind == "other" and token.text in "\"'":
            return token.place
        follows = last and (last.place.end_line, last.place.end_column) == (
            token.place.line,
            token.place.column,
        )
        if last and follows and last.text in ('""', "''") and token.text[0] == last.text[0]:
            return last.place
        last = token
    return None


def _around(text: str, here: Place) -> tuple[list[Token], list[Token]]:
    """The last two tokens before a place, and the first two from there on."""
    before: deque[Token] = deque(maxlen=2)
    rest = tokens(text)
    for token in rest:
        if token.place >= here:
            return list(before), [token, *islice(rest, 1)]
        before.append(token)
    return list(before), []

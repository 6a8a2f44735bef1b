"""Which characters of a text deceive its reader: those that nobody sees, and those that turn its order.

A reviewer judges what the screen shows. Bidirectional controls, zero-width and other invisible
characters (Unicode Technical Report 36, section 2; "Trojan Source", CVE-2021-42574) make it show
something else than what the file says, so no file with one of them is read at all. The two joiners may
stand where the spelling needs them: between letters of a script that joins its letters.
"""

import re
import unicodedata

#: Control and format characters, line and paragraph separators, private and unassigned ones, and what
#: Unicode calls Default_Ignorable_Code_Point beside them, with the blank of Braille. Tab and line ends
#: are as they should be.
_SUSPECTS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\uffff\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_JOINERS = "\u200c\u200d"
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Scripts in which a joiner or its absence changes the shape of a word; the first word of a letter's name.
_JOINING = ("ARABIC", "SYRIAC", "MANDAIC", "MONGOLIAN", "NKO", "TIFINAGH", "DEVANAGARI", "BENGALI")
_NAMES = {"\x00": "NULL", "\x1b": "ESCAPE", "\x7f": "DELETE"}


def hidden(text: str) -> int | None:
    """The place (from 0) of the first character that deceives a reader; None where there is none.

    >>> hidden("Mouvement national"), hidden("a\\u202eb")
    (None, 1)
    """
    for match in _SUSPECTS.finditer(text):
        if match[0] not in _JOINERS or not _joins(text, match.start()):
            return match.start()
    return None


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands between two letters or marks of one script that joins."""
    around = [text[place - 1 : place], text[place + 1 : place + 2]]
    scripts = {unicodedata.name(letter, "?").split()[0] if letter else "?" for letter in around}
    return len(scripts) == 1 and scripts <= set(_JOINING)


def advice(character: str) -> str:
    """What is wrong with a character that `hidden` found, and what to do."""
    code = f"U+{ord(character):04X}"
    name = _NAMES.get(character) or unicodedata.name(character, "")
    what = f"{code} ({name})" if name else code
    if character in _TURNS:
        return f"{what} turns the order of what a reader sees: delete it"
    return f"{what} cannot be seen by a reader: delete it"


def visible(text: str) -> str:
    """The text with each character that deceives written as its number, for a screen or a log.

    >>> visible("a\\u202eb")
    'a<U+202E>b'
    """
    return _SUSPECTS.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)

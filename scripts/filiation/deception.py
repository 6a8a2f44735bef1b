"""Texts and names that look like others: letters of another script, stems that a reader takes for one.

After Unicode Technical Standard 39, with its table of confusable characters (the package
confusable-homoglyphs). Scripts written from right to left resemble no other, so Arabic beside Latin, also
in one word, is nobody's trick. What cannot be seen at all is refused when a file is read (`characters`).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from rdflib import Literal, URIRef

from filiation import layout
from filiation.findings import WARNING, Finding, Scope

#: Languages of ours that are written in Latin letters, unless their tag names another script.
_LATIN_LANGUAGES = frozenset({"de", "en", "es", "fr", "ha", "it", "nl", "pl", "pt"})
#: Arabic with every vowel has three marks on a letter; a heap of them hides the lines around it.
_HEAP = re.compile(r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff]{5,}")
#: Letters of the Berber alphabets that are often typed as the Greek ones.
_BERBER = {"γ": "ɣ", "ε": "ɛ"}
_WORD = re.compile(r"[^\W\d_]+")
#: Stems are lower-case ASCII: what looks alike among these letters and figures.
_ALIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("-", ""), ("0", "o"), ("1", "l"), ("i", "l"))


def disguised(scope: Scope) -> Iterator[Finding]:
    """Words with letters of another script that look like those around them, or like another word."""
    for path, graph in scope.data.items():
        for subject, predicate, value in graph:
            if not isinstance(value, Literal) or value.isascii():
                continue
            text = str(value)
            found = _disguise(text, value.language)
            if found:
                meant = _undisguised(text)
                instead = Literal(meant, lang=value.language) if value.language else Literal(meant)
                yield Finding(
                    path,
                    found,
                    "disguised",
                    subject,
                    predicate,
                    value,
                    instead=instead if meant != text and not _disguise(meant, value.language) else None,
                )


def _disguise(text: str, language: str | None) -> str | None:
    """What is wrong with a text, if it deceives."""
    if heap := _HEAP.search(text):
        return f"{len(heap[0])} marks above or below one letter: write the letter with its own"
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        for letter in word:
            if _is_styled(letter):
                return f"{_named(letter)} in `{word}` is a styled letter: write `{_like(letter)}`"
        letters = [letter for letter in word if unicodedata.bidirectional(letter) not in ("R", "AL")]
        scripts = {script for script in map(_script, letters) if script not in ("COMMON", "INHERITED")}
        if len(scripts) > 1:
            stranger = _stranger(letters)
            like = _like(stranger)
            mend = f": write `{like}`" if like else ": write the word in one script"
            return f"`{word}` mixes scripts: {_named(stranger)} is not of the script of the others{mend}"
        if (
            len(word) > 1
            and scripts
            and "LATIN" not in scripts
            and _is_latin(text, language)
            and all(map(_like, letters))
        ):
            return (
                f"`{word}` is written in letters of the script {scripts.pop().title()} that look Latin: "
                f"write `{''.join(map(_like, letters))}`"
            )
    return None


def _stranger(letters: list[str]) -> str:
    """The first letter of the script that is not that of most, or not Latin where there is Latin."""
    scripts = [_script(letter) for letter in letters]
    home = "LATIN" if "LATIN" in scripts else max(scripts, key=scripts.count)
    return next(x for x, s in zip(letters, scripts, strict=True) if s not in (home, "COMMON", "INHERITED"))


def _is_latin(text: str, language: str | None) -> bool:
    """Whether a text is meant to be in Latin letters: by its language, or by its other letters."""
    primary, *rest = (language or "").lower().split("-")
    if "latn" in rest or (primary in _LATIN_LANGUAGES and not any(len(part) == 4 for part in rest)):
        return True
    return not primary and any("a" <= letter <= "z" for letter in text.lower())


def _undisguised(text: str) -> str:
    """The text with the Latin letters that it seems to have."""
    return "".join(letter if letter.isascii() else _plain(letter) for letter in text)


def _plain(letter: str) -> str:
    if _is_styled(letter) or _script(letter) not in ("LATIN", "COMMON", "INHERITED", "ARABIC"):
        return _like(letter) or letter
    return letter


def _is_styled(letter: str) -> bool:
    """Whether a letter is one of ASCII in another dress: full width, mathematical, a Roman numeral."""
    if letter.isascii() or unicodedata.category(letter) not in ("Lu", "Ll", "Nl"):
        return False
    return unicodedata.normalize("NFKC", letter).isascii()


def _like(letter: str) -> str:
    """The Latin letter (or letters) that one of another script looks like; nothing where none does."""
    if letter.isascii() or letter in _BERBER:
        return _BERBER.get(letter, letter)
    plain = unicodedata.normalize("NFKC", letter)
    if plain.isascii():
        return plain
    from confusable_homoglyphs import confusables

    found = confusables.is_confusable(letter, preferred_aliases=["latin"]) or [{"homoglyphs": []}]
    alike = [str(each["c"]) for each in found[0]["homoglyphs"]]
    alike = [each for each in alike if each.isascii() and each.isalpha()]
    if letter.isupper():
        alike.sort(key=lambda each: not each.isupper())
    return alike[0] if alike else ""


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    from confusable_homoglyphs import categories

    return str(categories.alias(letter))


def _named(letter: str) -> str:
    return f"`{letter}` (U+{ord(letter):04X}, {unicodedata.name(letter, 'unnamed').lower()})"


def lookalike(scope: Scope) -> Iterator[Finding]:
    """Stems that a reader can take for another one of the same kind."""
    stems: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in scope.corpus.data:
        parts = layout.split_iri(layout.entity_iri(path) or "")
        if parts and parts[0] != "person":
            stems[parts[0], _skeleton(parts[1])].append(parts[1])
    for path in scope.data:
        prefix, stem = layout.split_iri(layout.entity_iri(path) or "") or ("", "")
        for other in sorted(stems.get((prefix, _skeleton(stem)), [])):
            if other != stem:
                message = (
                    f"{prefix}:{stem} can be taken for {prefix}:{other}: if they are one, say it there; "
                    "if not, choose a stem that differs more"
                )
                yield Finding(
                    path, message, "lookalike", URIRef(layout.PREFIXES[prefix] + stem), severity=WARNING
                )


def _skeleton(stem: str) -> str:
    for written, seen in _ALIKE:
        stem = stem.replace(written, seen)
    return stem


RULES = [disguised, lookalike]

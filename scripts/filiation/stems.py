"""What a new node is called: a stem made of what is said of it, or drawn, and one that is not taken."""

import re
import secrets
import string
import unicodedata
from collections.abc import Container, Iterable, Mapping

from rdflib import Literal, URIRef
from rdflib.term import Node

from filiation import layout
from filiation.corpus import Corpus

#: A stem is typed, read aloud and used as a file name.
LONGEST = 100

#: What entities are called by.
_NAMES = ("pref-label", "title")


def drawn(corpus: Corpus) -> str:
    """A letter, a digit and two letters that no person has, drawn at random."""
    letters, digits = string.ascii_lowercase, string.digits
    while True:
        code = "".join(map(secrets.choice, (letters, digits, letters, letters)))
        if URIRef(layout.PREFIXES["person"] + code) not in corpus.homes:
            return code


def slug(text: object) -> str:
    """A text as a stem: small ASCII letters and digits, hyphens between words."""
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['`’‘]", "", plain)))


def made(said: Mapping[str, list[Node]], few: Container[str], home: str | None) -> str:
    """A stem made of the values of a node: for an entity (no home) of its name or title; for a
    situation the stem of its home and what tells it from others, which is a name, a year, the other
    party or a concept. The fields named in `few` tell nothing: they have few values."""
    terms = [(name, term) for name, every in said.items() if name not in few for term in every]
    if home is None:
        names = [term for name, term in terms if name in _NAMES and isinstance(term, Literal)]
        in_english = sorted(names, key=lambda text: (text.language != "en", text))
        return next(filter(None, map(_short, in_english)), "unnamed")
    forms = [_short(term) for name, term in terms if name == "literal-form"]
    dates = (str(t) for wanted in ("date", "from", "until") for name, t in terms if name == wanted)
    years = [year for date in dates for year in re.findall(r"[0-9]{4}", date)]
    others = [str(term).rsplit("/", 1)[-1] for _, term in terms if isinstance(term, URIRef)]
    marks = (*forms, *years, *(stem for stem in others if stem != home))
    return "-".join(filter(None, (home, next(filter(None, marks), ""))))


def _short(text: object) -> str:
    """A stem of a text, of whole words as far as they fit in half the length of the longest."""
    words = slug(text)
    return words if len(words) <= LONGEST // 2 else words[: LONGEST // 2].rpartition("-")[0]


def of_attestation(situation: URIRef, sources: Iterable[Node]) -> URIRef:
    """What an attestation is called: after the situation, its kind, and the source."""
    kind, stem = str(situation).removeprefix(layout.BASE).split("/", 1)
    names = (str(source).rsplit("/", 1)[-1] for source in sources)
    return URIRef(layout.PREFIXES["attestation"] + "-".join((stem, kind, *names)))


def free(corpus: Corpus, node: URIRef) -> URIRef:
    """The IRI, or one with a number that is not taken: the first, where the numbers have no gap."""
    if node not in corpus.homes:
        return node
    taken, untaken = 1, 2
    while URIRef(f"{node}-{untaken}") in corpus.homes:
        taken, untaken = untaken, 2 * untaken
    while untaken - taken > 1:
        middle = (taken + untaken) // 2
        here = URIRef(f"{node}-{middle}") in corpus.homes
        taken, untaken = (middle, untaken) if here else (taken, middle)
    return URIRef(f"{node}-{untaken}")

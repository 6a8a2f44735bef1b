"""What somebody probably meant by a name that is not ours: from the ontology, the stems in use, the
concepts, and the names that people bear.

The likeliest slip comes first: the right name under a wrong prefix, a difference of capitals and
hyphens, a label written out as a stem; only then letters that differ.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, VOID, URIRef

from filiation.layout import curie

#: Comparing letters takes long, so that of a file with thousands of wrong names only the first get it.
MOST_COMPARED = 200
LONGEST = 80


class Known:
    """Names by which something may be called (`group:aqim`), and labels that lead to such names."""

    def __init__(self, names: Iterable[str], labels: Iterable[tuple[str, str]] = ()):
        self._names = sorted(set(names))
        self._exact = set(self._names)
        self._folded: dict[str, str] = {}
        self._by_local: dict[str, list[str]] = {}
        self._by_prefix: dict[str, list[str]] = {}
        for name in self._names:
            prefix, _, local = name.partition(":")
            self._folded.setdefault(_folded(name), name)
            self._by_local.setdefault(_folded(local), []).append(name)
            self._by_prefix.setdefault(prefix, []).append(name)
        self._by_label: dict[str, list[str]] = {}
        for label, name in labels:
            if name in self._exact:
                self._by_label.setdefault(_folded(label), []).append(name)
        self._answers: dict[str, str | None] = {}

    def nearest(self, name: str) -> str | None:
        """The known name that is meant; None where none is near."""
        if name not in self._answers:
            self._answers[name] = next((near for near in self._candidates(name) if near != name), None)
        return self._answers[name]

    def _candidates(self, name: str) -> Iterator[str]:
        prefix, _, local = name.partition(":")
        folded = _folded(local)
        if _folded(name) in self._folded:
            yield self._folded[_folded(name)]
        mine = [near for near in self._by_label.get(folded, ()) if near.startswith(prefix + ":")]
        yield from mine[:1]
        yield from self._by_local.get(folded, ())[:1]
        yield from self._by_label.get(folded, ())[:1]
        if len(name) > LONGEST or len(self._answers) > MOST_COMPARED:
            return
        yield from get_close_matches(name, self._by_prefix.get(prefix, []), n=1, cutoff=0.7)
        yield from get_close_matches(name, self._names, n=1, cutoff=0.75)
        yield from get_close_matches(name, self._by_prefix.get(prefix, []), n=1, cutoff=0.6)


def _folded(text: str) -> str:
    """Letters and figures only, without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^\w:]|_", "", "".join(c for c in plain if not unicodedata.combining(c)))


def missing_elsewhere(term: URIRef) -> bool:
    """Whether a term belongs to a well-known vocabulary that does not define it."""
    vocabulary = _vocabularies().get(_namespace(term))
    return vocabulary is not None and term not in vocabulary


def vocabulary_of(term: URIRef) -> Known:
    """The terms of the well-known vocabulary in whose namespace a term is, by the names people write."""
    return _terms(_namespace(term))


@cache
def _terms(namespace: str) -> Known:
    return Known(curie(str(term)) for term in dir(_vocabularies()[namespace]) if isinstance(term, URIRef))


@cache
def _vocabularies() -> dict[str, Any]:
    """The vocabularies of our prefixes that rdflib knows whole, by namespace."""
    known = (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, VOID)
    return {str(vocabulary): vocabulary for vocabulary in known}


def _namespace(term: URIRef) -> str:
    return re.sub(r"[^/#]*$", "", str(term))

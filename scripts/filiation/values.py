"""One value as people type it (`1994`, `group:valley-army`, `reportedly`, `"Front du Nord"@fr`), as RDF.

A name that is not known is refused with the nearest that is; nothing is made up and nothing is left
out. The prefix may be left out where only one thing has the name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from rdflib import RDF, RDFS, SKOS, Literal, URIRef
from rdflib.term import Node

from filiation import dates, forms, layout, suggest, turtle
from filiation.corpus import Corpus
from filiation.forms import Field

_TAGGED = re.compile(r'^("?)(?P<text>.*)\1@(?P<tag>[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)$', re.DOTALL)
_YES = {"true": True, "yes": True, "false": False, "no": False}


class NotAValue(ValueError):
    """The text is no value of the property; the message says what to type instead."""


def term(text: str, field: Field, corpus: Corpus) -> Node:
    """The RDF term that a text stands for. Raises NotAValue."""
    text = text.strip()
    if not text:
        raise NotAValue(field.message or "write a value")
    if field.sort in (forms.NODE, forms.CONCEPT):
        return _named(text, field, corpus)
    literal = _literal(text, field)
    if not all(re.search(pattern, str(literal)) for pattern in field.patterns):
        raise NotAValue(field.message or f"`{text}` is not what is asked for here")
    return literal


def _literal(text: str, field: Field) -> Node:
    match field.sort:
        case forms.DATE:
            return _date(text)
        case forms.NUMBER:
            if not re.fullmatch(r"[0-9]+", text):
                raise NotAValue(f"`{text}` is not a whole number: write figures only, such as 30000")
            return Literal(int(text))
        case forms.YES:
            if text.lower() not in _YES:
                raise NotAValue(f"`{text}` is neither true nor false: write `true`, or leave it out")
            return Literal(_YES[text.lower()])
        case forms.ADDRESS:
            address = text.removeprefix("<").removesuffix(">")
            if re.search(r'[\s<>"{}|\\^`\x00-\x20]', address) or ":" not in address:
                raise NotAValue(f"`{text}` is no address: write one such as https://example.org/report")
            return URIRef(address)
        case forms.TEXT:
            return Literal(_unquoted(text))
    return _tagged(text, field)


def _date(text: str) -> Literal:
    try:
        dates.parse(_unquoted(text))
    except dates.NotADate as problem:
        raise NotAValue(str(problem)) from problem
    return Literal(_unquoted(text), datatype=forms.EDTF)


def _tagged(text: str, field: Field) -> Literal:
    """A text with its language; the language may be left out where there is no choice."""
    found = _TAGGED.match(text)
    if found:
        tag = found["tag"].lower()
        if field.languages and tag not in field.languages:
            raise NotAValue(f"`@{found['tag']}`: write it in {' or '.join(field.languages)}")
        return Literal(found["text"].strip(), lang=found["tag"])
    plain = _unquoted(text)
    if len(field.languages) == 1:
        return Literal(plain, lang=field.languages[0])
    if field.sort == forms.LITERAL:
        return Literal(plain)
    raise NotAValue(f"`{text}` has no language: write `{plain}@en`, or another tag (`@fr`, `@ar`)")


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _named(text: str, field: Field, corpus: Corpus) -> URIRef:
    """The node or concept of a name. Raises NotAValue."""
    iri = expanded(text)
    if iri is not None and _fits(iri, field, corpus):
        return iri
    known = {layout.curie(str(node)): node for node in named(field, corpus)}
    if iri is None:
        matches = sorted(name for name in known if name.partition(":")[2] == text)
        if len(matches) == 1:
            return known[matches[0]]
        if matches:
            raise NotAValue(f"`{text}` may be {' or '.join(f'`{name}`' for name in matches)}: write which")
        near = _alike(text, known, corpus)
        raise NotAValue(f"`{text}` is nothing that may stand here{near or _advice(field)}")
    name = layout.curie(str(iri))
    home = corpus.homes.get(iri)
    if home is not None:
        types = ", ".join(sorted(layout.curie(str(t)) for t in corpus.graphs[home].objects(iri, RDF.type)))
        raise NotAValue(f"`{name}` is a {types}{_advice(field)}")
    raise NotAValue(f"`{name}` is nowhere described{_nearest(name, known, corpus) or _advice(field, name)}")


def _nearest(name: str, known: dict[str, URIRef], corpus: Corpus) -> str:
    """`: did you mean …?` with the nearest of the known, by its name or its label; or nothing."""
    labels = ((label(node, corpus), near) for near, node in known.items())
    near = suggest.Known(known, labels).nearest(name)
    return f": did you mean `{near}`?" if near else ""


def _alike(text: str, known: dict[str, URIRef], corpus: Corpus) -> str:
    """The same for a text without a prefix: a stem, or a label."""
    names = {label(node, corpus).casefold(): name for name, node in known.items()}
    names.update((name.partition(":")[2].casefold(), name) for name in known)
    near = get_close_matches(text.casefold(), names, n=1, cutoff=0.7)
    return f": did you mean `{names[near[0]]}`?" if near else ""


def label(node: URIRef, corpus: Corpus) -> str:
    """The English label of what is described, or else any; or nothing."""
    home = corpus.homes.get(node)
    labels = [] if home is None else list(corpus.graphs[home].objects(node, SKOS.prefLabel))
    labels.sort(key=lambda text: (getattr(text, "language", None) != "en", text))
    return str(labels[0]) if labels else ""


def _advice(field: Field, name: str = "") -> str:
    kind, _, stem = name.partition(":")
    begin = f": begin it with `filiation new {kind} {stem}`" if kind in forms.KINDS and stem else ""
    return begin or f": {field.message}" if field.message else begin


def expanded(text: str) -> URIRef | None:
    """The IRI of `prefix:stem` or `<…>`; None for a bare stem."""
    if text.startswith("<") and text.endswith(">"):
        return URIRef(text[1:-1])
    if text.startswith(layout.BASE):
        return URIRef(text)
    prefix, colon, stem = text.partition(":")
    if not colon:
        return None
    if prefix not in layout.PREFIXES:
        raise NotAValue(f"unknown prefix `{prefix}:`{turtle.did_you_mean(prefix, layout.PREFIXES)}")
    return URIRef(layout.PREFIXES[prefix] + stem)


def _fits(iri: URIRef, field: Field, corpus: Corpus) -> bool:
    if field.choices:
        return iri in field.choices
    if field.sort == forms.CONCEPT:
        schemes = set(corpus.vocabulary.objects(iri, SKOS.inScheme))
        return bool(schemes & field.schemes if field.schemes else schemes)
    home = corpus.homes.get(iri)
    types = set() if home is None else set(corpus.graphs[home].objects(iri, RDF.type))
    return not types.isdisjoint(_narrower(field, corpus))


def _narrower(field: Field, corpus: Corpus) -> set[Node]:
    """The classes whose members may be values, with all that are narrower."""
    vocabulary = corpus.vocabulary
    found = (each for wide in field.classes for each in vocabulary.transitive_subjects(RDFS.subClassOf, wide))
    return {each for each in found if each is not None}


def named(field: Field, corpus: Corpus) -> Iterator[URIRef]:
    """Everything that may be a value of a field of nodes or concepts."""
    if field.choices:
        yield from field.choices
    elif field.sort == forms.CONCEPT:
        for concept in sorted(set(corpus.vocabulary.subjects(SKOS.inScheme)), key=str):
            if isinstance(concept, URIRef) and _fits(concept, field, corpus):
                yield concept
    else:
        classes = _narrower(field, corpus)
        for node, path in corpus.homes.items():
            types = corpus.graphs[path].objects(node, RDF.type)
            if isinstance(node, URIRef) and not classes.isdisjoint(types):
                yield node


def in_use(field: Field, corpus: Corpus) -> list[str]:
    """The names of everything that may be a value, those that are used most often first."""
    used = Counter(value for graph in corpus.data.values() for value in graph.objects(None, field.path))
    return [
        layout.curie(str(node)) for node in sorted(set(named(field, corpus)), key=lambda n: (-used[n], n))
    ]


def written(node: Node) -> str:
    """A term as people type it."""
    if isinstance(node, Literal):
        return f'"{node}"@{node.language}' if node.language else str(node)
    return layout.curie(str(node))

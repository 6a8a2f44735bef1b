"""One cell of a table and the terms that it stands for, both ways.

A cell is written as `values` reads it; several values stand between bars, a text that must say its
language ends in it (`Front du Nord@fr`), and a node may be called by its name where only one thing
bears that name. Whether a name that nobody bears begins somebody new is for `intake` to say.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import SKOS, Literal, URIRef
from rdflib.term import Node

from filiation import forms, layout, names, turtle, values
from filiation.columns import SEPARATOR, Column
from filiation.corpus import Corpus
from filiation.forms import FIL

STEM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: What can be begun with no more than a name.
NAMED_ONLY = ("group", "organization", "person", "place")
_LITERAL_FORM = URIRef(layout.PREFIXES["skosxl"] + "literalForm")
_DAY_NUMBER = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")
_TAGGED_END = re.compile(r"@[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
_LONG_TEXT = ("editorial-note",)


class NotACell(ValueError):
    """The text is not what the column asks for; the message says what to type instead."""


@dataclass
class Known:
    """What there is to be named: the corpus, with what a table adds to it as it is read. `begin` makes
    the node of a kind and a name that nobody bears."""

    corpus: Corpus
    begin: Callable[[str, str], URIRef]
    added: dict[tuple[str, str], URIRef] = field(default_factory=dict)

    @cached_property
    def bearers(self) -> dict[str, set[URIRef]]:
        """Who bears a name, by the folded name; only forms that are held or labels count."""
        found: dict[str, set[URIRef]] = defaultdict(set)
        stated = self.corpus.stated
        pairs = list(stated.subject_objects(SKOS.prefLabel))
        for naming, entity in stated.subject_objects(FIL.names):
            pairs += [(entity, form) for form in stated.objects(naming, _LITERAL_FORM)]
        for entity, form in pairs:
            if isinstance(entity, URIRef):
                found[names.folded(str(form))].add(entity)
        return found

    def add(self, kind: str, name: str, node: URIRef) -> None:
        """Let an entity of the table be called by its name."""
        self.added[kind, names.folded(name)] = node

    def called(self, name: str, kinds: tuple[str, ...]) -> set[URIRef]:
        """The nodes of these kinds that bear the name."""
        key = names.folded(name)
        found = {node for kind in kinds if (node := self.added.get((kind, key)))}
        return found | {node for node in self.bearers.get(key, ()) if _kind(node) in kinds}


def _kind(node: Node) -> str:
    parts = layout.split_iri(str(node))
    return parts[0] if parts else ""


def terms(text: str, column: Column, known: Known) -> list[Node]:
    """What a cell says, in order. Raises NotACell."""
    parts = text.split(SEPARATOR) if column.several else [text]
    found: dict[Node, None] = {}
    for part in parts:
        term = _term(part.strip(), column, known)
        if term in found:
            raise NotACell(f"`{part.strip()}` stands twice: keep one")
        found[term] = None
    return list(found)


def _term(text: str, column: Column, known: Known) -> Node:
    asked = column.field
    if not text:
        raise NotACell(f"nothing stands between two `{SEPARATOR}`: take one away")
    if "\n" in text and asked.name not in _LONG_TEXT:
        raise NotACell(f"has a line break: write one line; several values stand between `{SEPARATOR}`")
    if asked.sort == forms.DATE and _DAY_NUMBER.fullmatch(text):
        raise NotACell(
            f"`{text}` is the number that a spreadsheet makes of a day: format the cell as text and write "
            "the date anew, as 2013-08-20, 2013-08 or 2013"
        )
    if asked.sort in (forms.NODE, forms.CONCEPT):
        text = _with_prefix(text, column, known)
    try:
        return values.term(text, asked, known.corpus)
    except values.NotAValue as problem:
        raise NotACell(str(problem)) from problem


def _with_prefix(text: str, column: Column, known: Known) -> str:
    """The name with its prefix, as `values` has it. Raises NotACell."""
    allowed = column.prefixes
    prefix, colon, rest = text.partition(":")
    prefixed = bool(colon) and prefix in layout.PREFIXES
    stem = rest.strip() if prefixed else text
    kinds = (prefix,) if prefixed else allowed
    if column.field.choices:
        return layout.curie(str(_chosen(text, column.field.choices)))
    found = [f"{each}:{stem}" for each in kinds if URIRef(layout.PREFIXES[each] + stem) in known.corpus.homes]
    if not found and column.field.sort == forms.NODE and not _is_address(text):
        bearers = known.called(stem, tuple(kind for kind in kinds if kind in allowed))
        found = sorted(layout.curie(str(node)) for node in bearers)
        if not found and _is_name(stem):
            found = [layout.curie(known.begin(_creatable(kinds, allowed, stem), stem))]
    if len(found) > 1:
        raise NotACell(f"`{stem}` may be {' or '.join(f'`{name}`' for name in found)}: write which")
    if not found and len(kinds) == 1 and not prefixed:
        return f"{kinds[0]}:{stem}"
    return found[0] if found else text


def _chosen(text: str, choices: tuple[URIRef, ...]) -> URIRef:
    """That of a few values which is meant. Raises NotACell."""
    for choice in choices:
        if text in (forms.name_of(choice), layout.curie(str(choice))):
            return choice
    known = list(map(forms.name_of, choices))
    near = turtle.did_you_mean(text, known) or f": write {', '.join(known)}"
    raise NotACell(f"`{text}` may not stand here{near}")


def _is_address(text: str) -> bool:
    """Whether the text is an address, which no name is."""
    return "://" in text or text.startswith("<")


def _is_name(text: str) -> bool:
    return not STEM.fullmatch(text) and any(sign.isalpha() for sign in text) and "/" not in text


def _creatable(kinds: tuple[str, ...], allowed: tuple[str, ...], name: str) -> str:
    """The kind of somebody new. Raises NotACell where it is not told or takes more than a name."""
    possible = [kind for kind in kinds if kind in allowed and kind in NAMED_ONLY]
    if len(possible) == 1:
        return possible[0]
    if not possible:
        raise NotACell(f"nobody here is called `{name}`: describe it first, or write its stem")
    ways = " or ".join(f"`{kind}:{name}`" for kind in possible)
    raise NotACell(f"nobody here is called `{name}`: mend the name, or say what is new, {ways}")


def written(node: Node, column: Column) -> str:
    """A term as `terms` reads it."""
    asked = column.field
    if isinstance(node, Literal):
        text, tag = str(node), node.language
        tagged = _TAGGED_END.search(text) is not None
        if tag and (tagged or list(asked.languages) != [tag]):
            return f"{_quoted(text)}@{tag}"
        return f'"{text}"' if tagged and not tag else _quoted(text)
    if asked.sort == forms.ADDRESS:
        return str(node)
    if asked.choices:
        return forms.name_of(node)
    name = layout.curie(str(node))
    return name.partition(":")[2] if len(column.prefixes) == 1 else name


def _quoted(text: str) -> str:
    """The text, in quotes where it begins and ends with some of its own."""
    return f'"{text}"' if len(text) > 1 and text[0] == text[-1] == '"' else text

"""Whether a JSON-LD text says by itself all that it seems to say.

JSON-LD drops what it cannot make sense of, silently: a key that the context does not know, a relative
IRI, a type that is none (JSON-LD 1.1 API, section 5.1.2). And a context may stand elsewhere, or change
from node to node. So a plain part of it is read: one context, at the top and in the text itself, and
nothing that would be dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_DEPTH = 50
_SIMPLE = {"@id", "@type", "@value", "@language", "@graph", "@set", "@list", "@index", "@context"}
_OF_CONTEXT = {"@vocab", "@language", "@version"}
_OF_TERM = {"@id", "@type", "@container", "@language"}
_CONTAINERS = {"@set", "@list", "@language"}


class Unfit(Exception):
    """What is not read, and what to write; `sign` is what to look for in the text."""

    def __init__(self, message: str, sign: str = ""):
        super().__init__(message)
        self.sign = sign


@dataclass
class _Context:
    """What the one context makes of a name: whether it is known, what its values are."""

    terms: dict[str, dict[str, Any]] = field(default_factory=dict)
    vocab: bool = False

    def knows(self, name: str) -> bool:
        """Whether a name stands for an IRI, where a property or a type is meant."""
        return self.vocab or name in self.terms or ":" in name


def check(text: str) -> None:
    """Raise Unfit for a text that is not plain; one that is no JSON at all is left to the parser."""
    try:
        # Numbers of a million digits take long to compute, and none is needed here.
        whole = json.loads(text, parse_int=str, parse_float=str)
    except RecursionError as problem:
        raise Unfit(f"goes deeper than {MAX_DEPTH} levels: write each node by itself", "[") from problem
    except ValueError:
        return
    nodes = whole if isinstance(whole, list) else [whole]
    if not all(isinstance(node, dict) for node in nodes):
        raise Unfit("something at the top that is no node: write objects, `{…}`")
    context = _Context()
    for node in nodes:
        _take(node.get("@context"), context)
    waiting = [(node, "", 1) for node in nodes]
    while waiting:
        value, key, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise Unfit(f"goes deeper than {MAX_DEPTH} levels: write each node by itself", key)
        if isinstance(value, dict):
            told = context.terms.get(key, {}).get("@container") == "@language"
            inner = [(part, key) for part in value.values()] if told else _node(value, context, depth)
        elif isinstance(value, list):
            inner = [(part, key) for part in value]
        else:
            _scalar(value, key, context)
            continue
        waiting += [(part, name, depth + 1) for part, name in inner]


def _take(said: Any, context: _Context) -> None:
    """Take in a context that stands at the top."""
    for part in said if isinstance(said, list) else [said]:
        if part is None:
            continue
        if isinstance(part, str):
            raise Unfit(
                f"a context elsewhere, `{part[:80]}`, which is not fetched: put it in the text itself", part
            )
        for name, meaning in _items(part):
            if name.startswith("@"):
                if name not in _OF_CONTEXT or not isinstance(meaning, str):
                    raise Unfit(f"`{name[:80]}` in a context is not read here: write IRIs whole", name)
                context.vocab |= name == "@vocab" and ":" in meaning
                continue
            term = {"@id": meaning} if isinstance(meaning, str) else dict(_items(meaning))
            if not term.keys() <= _OF_TERM or not all(isinstance(each, str) for each in term.values()):
                odd = next(iter(term.keys() - _OF_TERM), "@container")
                raise Unfit(f"`{odd[:80]}` in a context is not read here: say what `{name[:80]}` is", odd)
            if term.get("@container", "@set") not in _CONTAINERS:
                raise Unfit(f"the container `{term['@container'][:80]}` is not read here", "@container")
            if ":" not in term.get("@id", name) and not context.vocab:
                raise Unfit(f"the context does not say what `{name[:80]}` is: write an IRI", name)
            if context.terms.setdefault(name, term) != term:
                raise Unfit(f"`{name[:80]}` means two things: write the context once", name)


def _items(said: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(said, dict):
        raise Unfit("a context that is no object: write `{…}` with names and IRIs", "@context")
    yield from said.items()


def _node(node: dict[str, Any], context: _Context, depth: int) -> list[tuple[Any, str]]:
    """The values inside a node, by their keys."""
    inner = []
    for key, value in node.items():
        if key == "@context":
            if depth > 1:
                raise Unfit("a context inside a node: write one, at the top", "@context")
            continue
        if key.startswith("@") and key not in _SIMPLE:
            raise Unfit(f"`{key[:80]}` is not read here: write it in another way", key)
        if not key.startswith("@") and not context.knows(key):
            raise Unfit(f"the context does not say what `{key[:80]}` is, so it would be lost", f'"{key}"')
        inner.append((value, key))
    return inner


def _scalar(value: Any, key: str, context: _Context) -> None:
    """Raise Unfit for a value that would be dropped."""
    if not isinstance(value, str):
        return
    coerced = context.terms.get(key, {}).get("@type")
    if (key == "@id" or coerced == "@id") and ":" not in value:
        raise Unfit(f"`{value[:80]}` is a relative IRI: write it whole", f'"{value}"')
    if (key == "@type" or coerced == "@vocab") and not context.knows(value):
        raise Unfit(f"the context does not say what `{value[:80]}` is, so it would be lost", f'"{value}"')
    if key in ("", "@graph"):
        raise Unfit(f"`{value[:80]}` stands where a node belongs, so it would be lost", f'"{value}"')

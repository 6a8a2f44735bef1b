"""What the store says of each node, asked once, and what every node is called in a cell."""

import re
from unicodedata import normalize

from filiation import layout, oxigraph
from filiation.layout import PREFIXES

_FIL = layout.ONTOLOGY
#: Where the name of a node stands; the first that it has is taken.
_NAMES = tuple(
    f"?row <{name}> ?value"
    for name in (
        PREFIXES["skos"] + "prefLabel",
        PREFIXES["dcterms"] + "title",
        PREFIXES["skosxl"] + "literalForm",
        PREFIXES["rdfs"] + "label",
    )
)
#: Who does and who is done to, for the short form of a situation without a name.
_FIRST = (
    *("parent", "component", "partialComponent", "joiner", "partialJoiner", "renamed", "dissolved"),
    *("pledger", "subordinate", "ally", "partner", "rival", "leader", "listed", "about", "identified"),
    PREFIXES["org"] + "member",
)
_SECOND = (
    *("formed", "offshoot", "union", "host", "pledgee", "superior", "authority", "concept"),
    *("identifiedWith", "newName", PREFIXES["org"] + "organization"),
)
_WHEN = ("date", "from", "until")


class Answers:
    """A store, asked by patterns from `?row` to `?value`; every answer is kept."""

    def __init__(self, store: oxigraph.Store):
        self._store = store
        self._known: dict[str, dict[str, list[str]]] = {}
        self._texts: dict[str, str] = {}

    def __call__(self, pattern: str) -> dict[str, list[str]]:
        """The values by row, each once and in order."""
        if pattern not in self._known:
            self._known[pattern] = self._asked(pattern)
        return self._known[pattern]

    def nodes(self, pattern: str) -> set[str]:
        """Every `?row` of a pattern."""
        _, rows = self._store.query(f"SELECT DISTINCT ?row WHERE {{ {pattern} }}").rows()
        return {self._texts.setdefault(row, row) for (row,) in rows}

    def in_english(self, pattern: str) -> dict[str, str]:
        """One text for each row: the English one, or else the first of any language."""
        text = f"SELECT ?row (LANG(?value) AS ?tag) ?value WHERE {{ {pattern} }}"
        best: dict[str, tuple[bool, str, str]] = {}
        for row, tag, value in self._store.query(text).rows()[1]:
            mine = (tag != "en", value, tag)
            if row not in best or mine < best[row]:
                best[row] = mine
        return {row: value for row, (_, value, _) in best.items()}

    def _asked(self, pattern: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        same = self._texts.setdefault
        for row, value in self._store.query(f"SELECT ?row ?value WHERE {{ {pattern} }}").rows()[1]:
            found.setdefault(same(row, row), []).append(same(value, value))
        for row, values in found.items():
            if len(values) > 1:
                found[row] = sorted(set(values))
        return found


class Wording:
    """Gives each IRI a name in English; a value that is none stays as it is."""

    def __init__(self, ask: Answers):
        self._ask = ask
        self._names: dict[str, str] = {}
        for pattern in reversed(_NAMES):
            self._names |= ask.in_english(pattern)
        self._names = {node: normalize("NFC", " ".join(n.split())) for node, n in self._names.items()}

    def __call__(self, node: str) -> str:
        known = self._names.get(node)
        if known is None:
            known = self._names[node] = self._short(node)
        return known

    def _short(self, node: str) -> str:
        """A situation in short (`split: AQIM → MUJAO (2011-10)`), another IRI with its prefix."""
        parts = layout.split_iri(node)
        if parts is None or not self._ask(f"?row <{_FIL}status> ?value").get(node):
            return layout.curie(node).strip("<>") if re.match(r"\w+:", node) else node
        sides = (self._parties(node, roles) for roles in (_FIRST, _SECOND))
        between = " → ".join(side for side in sides if side)
        when = next((d for name in _WHEN for d in self._ask(f"?row <{_FIL}{name}> ?value").get(node, ())), "")
        told = f"{parts[0].replace('-', ' ')}: {between}" if between else layout.curie(node)
        return f"{told} ({when})" if when else told

    def _parties(self, node: str, roles: tuple[str, ...]) -> str:
        properties = (role if ":" in role else _FIL + role for role in roles)
        found = {v for p in properties for v in self._ask(f"?row <{p}> ?value").get(node, ())}
        return ", ".join(sorted(self(value) for value in found))

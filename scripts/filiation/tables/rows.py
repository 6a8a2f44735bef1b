"""The cells of a table, as the store answers them: column by column, each in order and of its type."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from filiation import layout, questions
from filiation.material import Material
from filiation.release import NotReleasable
from filiation.tables.columns import Column, Table
from filiation.tables.wording import Answers, Wording

Value = str | int | bool | date | Decimal
Cell = Value | list[Value] | None

#: The question whose rows are the table of disagreements.
DISAGREEMENTS = "disagreements"
_DEPRECATED = f"?row <{layout.PREFIXES['owl']}deprecated> ?value"
#: Who may be pointed to after it was given up.
_KEPT = frozenset({"entities", "groups", "sources"})


class NotTabular(NotReleasable):
    """A fact that does not fit its table; the message says which, and what to do."""


@dataclass(frozen=True)
class Filled:
    """A table with its cells: as many in each column, in the order of the key."""

    table: Table
    cells: dict[str, list[Cell]]

    @property
    def rows(self) -> int:
        return len(self.cells[self.table.columns[0].name])

    def lines(self) -> Iterator[tuple[Cell, ...]]:
        """The rows one by one."""
        return zip(*self.cells.values(), strict=True)


class Filler:
    """Fills tables from one release's matter; what several tables ask is asked once."""

    def __init__(self, material: Material):
        self._material = material
        self._ask = Answers(material.store)
        self._wording = Wording(self._ask)

    def fill(self, table: Table) -> Filled:
        """Raises NotTabular; NoSuchQuestion where the checkout lacks the question of a table."""
        given = self._by_question(table) if not table.pattern else self._by_pattern(table)
        cells: dict[str, list[Cell]] = {}
        for column in table.columns:
            if column.label_of is None:
                cells[column.name] = [_cell(table, column, v) for v in given[column.name]]
            else:
                told = given[column.label_of or table.key[0]]
                cells[column.name] = [self._called(column, values) for values in told]
        _complete(table, cells)
        return Filled(table, cells)

    def _by_pattern(self, table: Table) -> dict[str, list[list[str]]]:
        """The texts of each column, row by row: of nothing, of one value or of several."""
        rows = sorted(self._ask.nodes(table.pattern))
        if table.name not in _KEPT:
            gone = self._ask(_DEPRECATED)
            rows = [row for row in rows if "true" not in gone.get(row, ())]
        given: dict[str, list[list[str]]] = {}
        for column in table.columns:
            if column.name in table.key:
                given[column.name] = [[row] for row in rows]
            elif pattern := column.asks():
                found = self._ask(pattern)
                given[column.name] = [found.get(row, []) for row in rows]
        return given

    def _by_question(self, table: Table) -> dict[str, list[list[str]]]:
        question = questions.named(self._material.corpus.layout, DISAGREEMENTS)
        names, answer = self._material.store.query(question.text).rows()
        lines = sorted({tuple(line) for line in answer})
        return {
            column.name: [[line[names.index(column.name)]] for line in lines]
            for column in table.columns
            if column.label_of is None
        }

    def _called(self, column: Column, values: list[str]) -> Cell:
        """What the IRIs of another column are called, in the same order."""
        words: list[Value] = [self._wording(value) for value in values]
        if column.separator:
            return words or None
        return words[0] if words else None


def _cell(table: Table, column: Column, values: list[str]) -> Cell:
    """The typed value or values. Raises NotTabular."""
    if column.combine == "count":
        return len(values)
    if not values:
        return None
    if column.combine and len(values) > 1:
        values = [min(values) if column.combine == "least" else max(values)]
    try:
        typed = [_typed(column, value) for value in values]
    except (ValueError, ArithmeticError) as problem:
        message = f"{table.name}.{column.name}: `{values[0][:80]}` is no {column.datatype}: mend it in data/"
        raise NotTabular(message) from problem
    if column.separator:
        return typed
    if len(typed) > 1:
        told = " and ".join(f"`{value[:80]}`" for value in values[:3])
        raise NotTabular(
            f"{table.name}.{column.name}: one row has {told}, and can have one: keep one in data/"
        )
    return typed[0]


def _typed(column: Column, text: str) -> Value:
    match column.datatype:
        case "string":
            return normalize("NFC", text)
        case "integer":
            number = int(text)
            if not -(2**63) <= number < 2**63:
                raise ValueError(text)
            return number
        case "decimal":
            return Decimal(text)
        case "boolean":
            return {"true": True, "1": True, "false": False, "0": False}[text]
        case "date":
            return date.fromisoformat(text)
    return text


def _complete(table: Table, cells: dict[str, list[Cell]]) -> None:
    """Raises NotTabular where a row lacks what every row must have, or two rows have one key."""
    keys = list(zip(*(cells[name] for name in table.key), strict=True))
    for column in table.columns:
        if column.required and None in cells[column.name]:
            row = keys[cells[column.name].index(None)]
            raise NotTabular(f"{table.name}: {_told(row)} has no {column.name}: add it in data/")
    if len(set(keys)) != len(keys):
        raise NotTabular(f"{table.name}: two rows have one key ({', '.join(table.key)})")


def _told(key: Iterable[Cell]) -> str:
    return ", ".join(layout.curie(str(part)) for part in key)

"""`answers.json`: every ready question of a release with the answer that any store should give.

Whoever has loaded a release can ask the same and compare; `filiation load` and `filiation prove` do.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from filiation import layout, questions
from filiation.faults import Fault
from filiation.material import Material
from filiation.release import Release

NAME = "answers.json"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DECLARED = re.compile(r"^\s*PREFIX\s+([\w-]*):", re.IGNORECASE | re.MULTILINE)

Row = list[str | None]


@dataclass(frozen=True)
class Expected:
    """A question and its answer: cells as plain text, None where nothing is bound."""

    stem: str
    title: str
    #: SPARQL 1.1, its prefixes declared.
    query: str
    columns: list[str]
    rows: list[Row]


class NoAnswers(Fault):
    """The release tells no answers, or not so that they can be read; the message says why."""


def write(material: Material, release: Release) -> None:
    """Add the questions of the checkout with their answers to the release."""
    told: list[dict[str, Any]] = []
    for question in questions.load(material.corpus.layout):
        columns, rows = material.store.query(question.text, layout.PREFIXES).rows()
        told.append(
            {
                "question": question.stem,
                "title": question.title,
                "query": _whole(question.text),
                "columns": columns,
                "rows": sorted(rows),
            }
        )
    blocks = [json.dumps(entry, ensure_ascii=False) for entry in told]
    release.add(
        NAME,
        ("[\n" + ",\n".join(blocks) + "\n]\n").encode(),
        title="Every ready question with its answer, to check a loaded store by",
        role="schema",
        rows=len(told),
    )


def read(folder: Path) -> list[Expected]:
    """The questions of a release with their answers. Raises NoAnswers."""
    path = folder / NAME
    try:
        return [
            Expected(
                entry["question"],
                entry["title"],
                entry["query"],
                list(entry["columns"]),
                [[cell or None for cell in row] for row in entry["rows"]],
            )
            for entry in json.loads(path.read_text("utf-8"))
        ]
    except OSError as problem:
        raise NoAnswers(f"{path} cannot be read: {problem.strerror}") from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise NoAnswers(f"{path} is cut short or not of ours: {problem!r}") from problem


def difference(expected: Expected, columns: list[str], rows: Iterable[Row]) -> str | None:
    """In what an answer differs from the one expected, or None: rows in any order, numbers by value,
    truth values as they are spelt by any store."""
    if len(columns) != len(expected.columns) or set(columns) != set(expected.columns):
        return f"columns {', '.join(columns) or 'none'}, where {', '.join(expected.columns)} were expected"
    order = [columns.index(name) for name in expected.columns]
    found = Counter(tuple(_value(row[place]) for place in order) for row in rows)
    wanted = Counter(tuple(_value(cell) for cell in row) for row in expected.rows)
    if found == wanted:
        return None
    missing, more = wanted - found, found - wanted
    return (
        f"{found.total()} rows, where {wanted.total()} were expected: "
        f"{missing.total()} missing{_first(missing)}, {more.total()} too many{_first(more)}"
    )


def _first(rows: Counter[tuple[str | None, ...]]) -> str:
    first = min(rows, key=lambda row: [cell or "" for cell in row], default=None)
    return f" (such as {' | '.join(cell or '' for cell in first)[:160]})" if first else ""


def _value(cell: str | None) -> str | None:
    """The cell so that two spellings of one value are the same."""
    if cell and _NUMBER.fullmatch(cell):
        try:
            return f"{Decimal(cell).normalize():f}"
        except InvalidOperation:
            return cell
    return cell or None


def _whole(text: str) -> str:
    """The query with a declaration of every prefix that it uses."""
    declared = set(_DECLARED.findall(text))
    used = {
        prefix: namespace
        for prefix, namespace in sorted(layout.PREFIXES.items())
        if prefix not in declared and re.search(rf"(?<![\w:?-]){re.escape(prefix)}:[\w-]*", text)
    }
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in used.items()) + text

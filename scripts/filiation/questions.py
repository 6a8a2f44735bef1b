"""The competency questions: each a SPARQL file whose first comment is the question itself."""

from dataclasses import dataclass
from pathlib import Path

from filiation import turtle
from filiation.faults import Fault
from filiation.layout import Layout


class NoSuchQuestion(Fault):
    """No file of that stem; the message names the nearest ones."""


@dataclass(frozen=True)
class Question:
    """A question in words and in SPARQL 1.1."""

    stem: str
    title: str
    note: str
    text: str


def load(layout: Layout) -> list[Question]:
    """Every question in ontology/questions/, in order of stem."""
    return [read(file) for file in sorted(layout.questions.glob("*.rq"))]


def read(file: Path) -> Question:
    """One question; without a `# title:` line its stem is the title. Raises turtle.Unreadable."""
    text = turtle.text_of(file)
    header = {"title": file.stem, "note": ""}
    for line in text.splitlines():
        name, colon, value = line.lstrip("# ").partition(":")
        if line.startswith("#") and colon and name in header:
            header[name] = value.strip()
    return Question(file.stem, header["title"], header["note"], text)


def named(layout: Layout, stem: str) -> Question:
    """The question of that stem. Raises NoSuchQuestion."""
    file = layout.questions / f"{stem}.rq"
    stems = [path.stem for path in layout.questions.glob("*.rq")]
    if stem not in stems:
        hint = turtle.did_you_mean(stem, stems) or ": `filiation questions` lists them"
        raise NoSuchQuestion(f"there is no question `{stem}`{hint}")
    return read(file)

"""What is found wrong, and in what: the words that all rules share.

A rule is a function from a scope to findings. It never prints and never stops at the first finding;
the line is looked up afterwards, where the finding becomes a problem.
"""

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rdflib import Graph, URIRef
from rdflib.term import Node

from filiation.corpus import Corpus

VIOLATION, WARNING = "violation", "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where, what to do, and which rule asks for it."""

    file: PurePosixPath
    line: int
    severity: str
    message: str
    rule: str

    def __str__(self) -> str:
        mark = "warning: " if self.severity == WARNING else ""
        return f"{self.file}:{self.line}: {mark}{self.message} [{self.rule}]"


@dataclass(frozen=True)
class Finding:
    """What a rule finds, before its line is looked up: a statement, or a part of one."""

    file: PurePosixPath
    message: str
    rule: str
    subject: Node | None = None
    predicate: Node | None = None
    value: Node | None = None
    severity: str = VIOLATION


@dataclass
class Verdict:
    """The problems, and what they were found in: a verdict counts only with its coverage."""

    problems: list[Problem]
    files: int
    statements: int
    coverage: dict[str, int] = field(default_factory=dict)

    @property
    def violations(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == VIOLATION]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == WARNING]

    @property
    def unmet(self) -> list[str]:
        """The shapes that met no node."""
        return [shape for shape, nodes in self.coverage.items() if not nodes]


@dataclass
class Scope:
    """What a rule looks at: the corpus, and the files whose problems are asked for."""

    corpus: Corpus
    files: set[PurePosixPath]
    judged: Graph
    met: dict[URIRef, set[Node]]

    @property
    def data(self) -> dict[PurePosixPath, Graph]:
        return {path: graph for path, graph in self.corpus.data.items() if path in self.files}

"""What is found wrong, and in what: the words that all rules share.

A rule is a function from a scope to findings. It never prints and never stops at the first finding;
the line is looked up afterwards, where the finding becomes a problem.
"""

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rdflib import Graph, URIRef
from rdflib.term import Node

from filiation.corpus import Corpus
from filiation.positions import Place

VIOLATION, WARNING = "violation", "warning"


#: What editors and other readers of a compiler's output call the severities.
WORDS = {VIOLATION: "error", WARNING: "warning"}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where, what to do, and which rule asks for it. Lines and columns (in code
    points) count from 1; the end is the first column after it. `excerpt` is the line that is meant,
    and `instead` what to type for what stands there, where that is known."""

    file: PurePosixPath
    line: int
    severity: str
    message: str
    rule: str
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    excerpt: str = ""
    instead: str = ""

    def __str__(self) -> str:
        word = WORDS.get(self.severity, self.severity)
        return f"{self.file}:{self.line}:{self.column}: {word}: {self.message} [{self.rule}]"


@dataclass(frozen=True)
class Finding:
    """What a rule finds, before its line is looked up: a statement, or a part of one. `instead` is what
    should stand for the value, or for the predicate or subject where there is none; `place` is given by
    a rule that knows better where."""

    file: PurePosixPath
    message: str
    rule: str
    subject: Node | None = None
    predicate: Node | None = None
    value: Node | None = None
    severity: str = VIOLATION
    instead: Node | None = None
    place: Place | None = None


@dataclass
class Verdict:
    """The problems, and what they were found in: a verdict counts only with its coverage. `report` is
    what the shapes found, as a SHACL validation report."""

    problems: list[Problem]
    files: int
    statements: int
    coverage: dict[str, int] = field(default_factory=dict)
    report: Graph = field(default_factory=Graph)

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
    #: Of these files, the nodes that are judged; None: all that they describe or speak of.
    nodes: set[Node] | None = None
    report: Graph = field(default_factory=Graph)

    @property
    def data(self) -> dict[PurePosixPath, Graph]:
        # Not by `items()`: of a corpus that reads a file when it is asked for, only these are.
        return {path: self.corpus.data[path] for path in self.corpus.data if path in self.files}

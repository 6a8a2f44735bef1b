"""What each rule asks, why it exists, and what breaks it and what does not.

Rules are shapes, which say so themselves (sh:message, rdfs:comment) and have their cases in
`tests/shapes/`, or code, whose rules are told in `code_rules.toml`.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path, PurePosixPath

from rdflib import RDFS, SH, Graph, URIRef

from filiation import layout, shacl, turtle
from filiation.corpus import Corpus
from filiation.faults import Fault
from filiation.findings import VIOLATION, WARNING

_PROMISE = re.compile(r"# (breaks|passes): (\S+)\n")
#: Where the cases of the shapes stand in the repository, in a folder for each file of shapes.
CASES = PurePosixPath("tests/shapes")


class NoSuchRule(Fault):
    """Nobody has a rule of this name; the message tells names that are near."""


@dataclass(frozen=True)
class Rule:
    """A rule by the name that problems tell: what it asks, why, and how grave it is to break it."""

    name: str
    asks: str
    why: str
    severity: str = VIOLATION
    fails: str = ""
    passes: str = ""
    #: Names of the classes, or of the properties, whose subjects it judges.
    judges: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    written: str = ""


@cache
def code_rules() -> dict[str, Rule]:
    """The rules that are no shapes, by name."""
    text = resources.files("filiation").joinpath("code_rules.toml").read_text("utf-8")
    return {name: Rule(name, **said) for name, said in tomllib.loads(text).items()}


def shapes_of(place: layout.Layout) -> Corpus:
    """The shapes of a checkout, without its data. Raises turtle.Unreadable."""
    corpus = Corpus(place)
    for file in sorted(place.shapes.rglob("*.ttl")):
        path = place.relative(file)
        corpus.files[path], corpus.graphs[path] = file, turtle.read(file)
    return corpus


def every(shapes: Graph) -> Iterator[Rule]:
    """All rules, those of the code first, each without its text and examples."""
    yield from code_rules().values()
    yield from (_of_shape(shapes, shape) for shape in shacl.rules(shapes))


def find(name: str, corpus: Corpus) -> Rule:
    """The rule that is meant by `shape:Split-parent`, `Split-parent` or `unknown-term`, with its text
    and its examples. Raises NoSuchRule."""
    known = {rule.name: rule for rule in every(corpus.shapes)}
    wanted = name.strip().strip("[]<>").replace(layout.SHAPES, "shape:")
    folded = {key.casefold(): key for key in known}
    for guess in (wanted, f"shape:{wanted}", f"shape:{wanted.rpartition(':')[2]}"):
        if guess.casefold() in folded:
            rule = known[folded[guess.casefold()]]
            return _in_full(corpus, rule) if rule.name.startswith("shape:") else rule
    bare = {key.removeprefix("shape:").casefold(): key for key in known}
    near = get_close_matches(wanted.rpartition(":")[2].casefold(), bare, n=3, cutoff=0.5)
    advice = " or ".join(f"`{bare[key]}`" for key in near)
    raise NoSuchRule(f"there is no rule `{name}`" + (f": did you mean {advice}?" if near else ""))


def _of_shape(shapes: Graph, shape: URIRef) -> Rule:
    asks = _text(shapes, shape, SH.message)
    asks = re.sub(r"\{\?(\w+)\}", lambda match: f"(the {match[1]})", asks)
    why = _text(shapes, shape, RDFS.comment)
    severity = WARNING if shapes.value(shape, SH.severity) in (SH.Warning, SH.Info) else VIOLATION
    judges = tuple(sorted(layout.curie(target) for target in _targets(shapes, shape)))
    parts = tuple(
        sorted(layout.curie(part) for part in shapes.objects(shape, SH.property) if isinstance(part, URIRef))
    )
    return Rule(layout.curie(shape), asks or why, why, severity, judges=judges, parts=parts)


def _text(shapes: Graph, shape: URIRef, predicate: URIRef) -> str:
    return " ".join(sorted(map(str, shapes.objects(shape, predicate))))


def _targets(shapes: Graph, shape: URIRef) -> set[str]:
    """What is judged by a shape, or by those of which it is a part."""
    told = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    holders = [shape, *shapes.subjects(SH.property, shape)]
    return {str(target) for holder in holders for how in told for target in shapes.objects(holder, how)}


def _in_full(corpus: Corpus, rule: Rule) -> Rule:
    shape = layout.SHAPES + rule.name.removeprefix("shape:")
    path = corpus.homes.get(URIRef(shape))
    written = ""
    if path is not None:
        blocks = re.split(r"\n{2,}(?=\S)", turtle.text_of(corpus.files[path]))
        starts = re.compile(rf"{re.escape(rule.name)}\s")
        written = next((f"{path}\n{block.strip()}" for block in blocks if starts.match(block)), "")
    fails, passes = (_example(corpus.layout.root, word, rule) for word in ("breaks", "passes"))
    return Rule(
        rule.name, rule.asks, rule.why, rule.severity, fails, passes, rule.judges, rule.parts, written
    )


def _example(root: Path, word: str, rule: Rule) -> str:
    """The shortest case that promises this of the rule, without its prefixes; nothing where the
    checkout has no cases."""
    found = []
    for case in sorted((root / CASES).glob("*/*.ttl")):
        text = case.read_text("utf-8")
        promise = _PROMISE.match(text)
        if promise and promise.groups() == (word, rule.name):
            shown = re.sub(r"(?im)^(@?prefix|@?base|# (breaks|passes):).*\n", "", text).strip()
            found.append((len(shown), f"{case.relative_to(root).as_posix()}\n{shown}"))
    return min(found)[1] if found else ""

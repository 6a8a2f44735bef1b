"""What Apache makes of rewrite rules in an .htaccess: the part of mod_rewrite that ours use, and no more.

Follows https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html; a directive or a flag that is not known
here is an error, so that no rule is tested by being passed over.
"""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Answer:
    """The status, and for a redirect the place."""

    status: int
    location: str = ""


@dataclass
class _Condition:
    test: str
    pattern: re.Pattern
    negated: bool
    ornext: bool


@dataclass
class _Rule:
    pattern: re.Pattern
    target: str
    status: int | None
    last: bool
    variables: list[tuple[str, str]]
    conditions: list[_Condition] = field(default_factory=list)


class Rewriting:
    """The rules of one file."""

    def __init__(self, file: Path):
        self.rules: list[_Rule] = []
        self.headers: dict[str, str] = {}
        self.documents: dict[str, str] = {}
        waiting: list[_Condition] = []
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            name, _, rest = line.strip().partition(" ")
            match name:
                case "RewriteCond":
                    waiting.append(_condition(*rest.split()))
                case "RewriteRule":
                    rule = _rule(*rest.split())
                    rule.conditions, waiting = waiting, []
                    self.rules.append(rule)
                case "Header":
                    always, how, header, value = shlex.split(rest)
                    assert always == "always" and how in {"set", "merge"}, line
                    self.headers[header] = value
                case "ErrorDocument":
                    status, _, text = rest.partition(" ")
                    assert text.startswith('"') and text.endswith('"') and '"' not in text[1:-1], line
                    self.documents[status] = text.strip('"')
                case "RewriteEngine":
                    assert rest == "on"
                case "" | "#" | "Options" | "<IfModule" | "</IfModule>":
                    pass
                case _:
                    raise AssertionError(f"line {number} is of a directive not known here: {line}")
        assert not waiting, "conditions without a rule"

    def answer(self, path: str, accept: str | None = None) -> Answer:
        """What a GET for the path, below the folder of the file, is answered."""
        variables = {"HTTP_ACCEPT": accept or ""}
        for rule in self.rules:
            found = rule.pattern.search(path)
            if found is None:
                continue
            groups = _matched(rule.conditions, variables, found)
            if groups is None:
                continue
            for name, value in rule.variables:
                variables[f"ENV:{name}"] = _expanded(value, variables, found, groups)
            if rule.status == 406:
                return Answer(406)
            if rule.target != "-":
                location = _expanded(rule.target, variables, found, groups)
                assert rule.status and rule.last and location.startswith("https://"), location
                return Answer(rule.status, location)
        return Answer(404)


def _condition(test: str, pattern: str, flags: str = "[]") -> _Condition:
    known = set(flags.strip("[]").split(",")) - {""}
    assert known <= {"NC", "OR"}, flags
    negated = pattern.startswith("!")
    assert pattern.lstrip("!")[0] not in "-<>=", f"a comparison that is not known here: {pattern}"
    compiled = re.compile(pattern.removeprefix("!"), re.IGNORECASE if "NC" in known else 0)
    return _Condition(test, compiled, negated, "OR" in known)


def _rule(pattern: str, target: str, flags: str) -> _Rule:
    rule = _Rule(re.compile(pattern), target, None, False, [])
    for flag in flags.strip("[]").split(","):
        name, _, value = flag.partition("=")
        match name:
            case "R":
                rule.status = int(value)
            case "L":
                rule.last = True
            case "E":
                variable, _, text = value.partition(":")
                rule.variables.append((variable, text))
            case _:
                raise AssertionError(f"a flag that is not known here: {flag}")
    return rule


def _matched(conditions: list[_Condition], variables: dict[str, str], rule: re.Match) -> re.Match | None:
    """The match of the last condition that matched, of which %1 comes (that of the rule where there is no
    condition); None where the conditions do not hold. Those joined by OR are left at the first that holds."""
    groups: re.Match = rule
    place = 0
    while place < len(conditions):
        condition = conditions[place]
        found = condition.pattern.search(_expanded(condition.test, variables, rule, groups))
        if found and not condition.negated:
            groups = found
        holds = bool(found) != condition.negated
        if condition.ornext:
            if holds:
                while conditions[place].ornext:
                    place += 1
        elif not holds:
            return None
        place += 1
    return groups


def _expanded(text: str, variables: dict[str, str], rule: re.Match, condition: re.Match) -> str:
    def value(found: re.Match) -> str:
        if found[1]:
            return variables.get(found[1], "")
        return (rule if found[2] == "$" else condition)[int(found[3])] or ""

    return re.sub(r"%\{([\w:]+)\}|([$%])(\d)", value, text)

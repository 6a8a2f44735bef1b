"""Blank nodes that look alike: how much work it would be to tell them apart.

RDFC-1.0 tries all orders of the blank nodes that its first hash leaves alike, and those of their
neighbours, so that a graph of a hundred statements can keep it busy for a lifetime (section 7.1 of the
recommendation asks for a limit). Oxigraph's has none, so a graph is judged by this before it is given to it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

#: A statement: its subject, predicate, object and graph as N-Quads write them.
Written = tuple[str, str, str, str]
Look = tuple[str, ...]

#: Statements among blank nodes that are alike, in one piece; and neighbours alike of one of them.
#: Nothing that we found below both takes a second, and the hard cases of the W3C's suite are below them.
MOST_LINKS, MOST_NEIGHBOURS = 40, 5


def is_too_great(statements: Iterable[Written]) -> bool:
    """Whether the blank nodes of these statements are too many alike to be told apart in time."""
    about: dict[str, list[Written]] = defaultdict(list)
    for statement in statements:
        for node in {term for term in statement if _is_blank(term)}:
            about[node].append(statement)
    looks = {node: _look(node, found) for node, found in about.items()}
    number = Counter(looks.values())
    alike = {node for node, look in looks.items() if number[look] > 1}
    links: dict[str, set[Written]] = {}
    neighbours: Counter[tuple[str, str, int, Look]] = Counter()
    for node in alike:
        links[node] = set()
        for statement in about[node]:
            others = {(place, term) for place, term in enumerate(statement) if term in alike and term != node}
            for place, other in others:
                links[node].add(statement)
                neighbours[node, statement[1], place, looks[other]] += 1
    if any(count > MOST_NEIGHBOURS for count in neighbours.values()):
        return True
    return any(len(piece) > MOST_LINKS for piece in _pieces(links))


def _is_blank(term: str) -> bool:
    return term.startswith("_:")


def _look(node: str, about: list[Written]) -> Look:
    """What is said of a node, in which it is `a` and other blank nodes are `z` (section 4.6)."""
    lines = []
    for statement in about:
        terms = [("_:a" if term == node else "_:z") if _is_blank(term) else term for term in statement]
        lines.append(" ".join(terms))
    return tuple(sorted(lines))


def _pieces(links: dict[str, set[Written]]) -> Iterable[set[Written]]:
    """The statements of each connected piece."""
    waiting = set(links)
    while waiting:
        piece: set[Written] = set()
        front = [waiting.pop()]
        for node in front:
            piece |= links[node]
            near = {term for statement in links[node] for term in statement} & waiting
            waiting -= near
            front.extend(near)
        yield piece

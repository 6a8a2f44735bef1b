"""The parts of a shape as SHACL writes them: its property shapes, their paths, counts and messages.

Only walking (SHACL, section 2.3): what the parts mean for who fills something in is said in `forms`.
"""

from collections.abc import Iterator

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node


def parts(shapes: Graph, shape: Node) -> Iterator[Node]:
    """The property shapes of a node shape, also those that stand in its sh:and."""
    yield from sorted(shapes.objects(shape, SH.property), key=str)
    yield from (node for node in listed(shapes, shape, SH["and"]) if (node, SH.path, None) in shapes)


def conditions(shapes: Graph, part: Node) -> Iterator[Node]:
    """A property shape and the shapes in its sh:or and sh:and: what each value must be."""
    yield part
    yield from listed(shapes, part, SH["or"])
    yield from listed(shapes, part, SH["and"])


def listed(shapes: Graph, node: Node, predicate: URIRef) -> Iterator[Node]:
    """The members of the RDF list that a property leads to."""
    for head in shapes.objects(node, predicate):
        yield from Collection(shapes, head)


def paths(shapes: Graph, part: Node) -> list[URIRef]:
    """The properties of a shape: one, or the alternatives; none where the path leads further."""
    path = shapes.value(part, SH.path)
    if isinstance(path, URIRef):
        return [path]
    return [URIRef(str(each)) for each in listed(shapes, path, SH.alternativePath)] if path else []


def least(shapes: Graph, part: Node) -> int:
    """How many values a shape asks for; a warning asks for none."""
    if shapes.value(part, SH.severity) not in (None, SH.Violation):
        return 0
    counts = (*shapes.objects(part, SH.minCount), *shapes.objects(part, SH.qualifiedMinCount))
    return max((int(str(count)) for count in counts), default=0)


def is_barred(shapes: Graph, part: Node) -> bool:
    """Whether a shape allows no value at all."""
    return (part, SH.maxCount, Literal(0)) in shapes


def below(shapes: Graph, shape: Node) -> list[Node]:
    """Every shape inside the sh:or of a node shape."""
    waiting, found = list(listed(shapes, shape, SH["or"])), []
    while waiting:
        node = waiting.pop(0)
        found.append(node)
        waiting += [*listed(shapes, node, SH["and"]), *listed(shapes, node, SH["or"])]
        waiting += shapes.objects(node, SH["not"])
    return found


def path_list(shapes: Graph, node: Node) -> Iterator[Node]:
    """The steps of a path that leads over several nodes."""
    path = shapes.value(node, SH.path)
    if path is not None and (path, RDF.first, None) in shapes:
        yield from Collection(shapes, path)


def message(shapes: Graph, shape: Node) -> str:
    """What a shape tells the contributor to type."""
    return str(shapes.value(shape, SH.message) or "")

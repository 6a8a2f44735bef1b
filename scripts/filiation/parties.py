"""Are the parties of a situation the right way round? A situation stands in the file of the one whom
it is about: of the offshoot, the union, the subordinate, who pledges, who joins.

No shape can tell, for both parties are groups; but the file says whose situation it is.
"""

from collections.abc import Callable, Iterator

from rdflib import URIRef

from filiation import layout
from filiation.dates import FIL
from filiation.findings import Finding, Scope

#: What the entity of the file is in the situation, and what it is not alone.
WAYS = (
    (FIL.offshoot, FIL.parent),
    (FIL.union, FIL.component),
    (FIL.union, FIL.partialComponent),
    (FIL.subordinate, FIL.superior),
    (FIL.pledger, FIL.pledgee),
    (FIL.joiner, FIL.host),
    (FIL.partialJoiner, FIL.host),
)


def swapped(scope: Scope) -> Iterator[Finding]:
    """Situations in which the entity of the file is the parent and not the offshoot, and the like."""
    for path, graph in scope.data.items():
        entity = URIRef(layout.entity_iri(path) or "")
        for mine, other in WAYS:
            for situation in sorted(graph.subjects(other, entity), key=str):
                taken = set(graph.objects(situation, mine))
                if not taken or entity in taken:
                    continue
                name, role = layout.curie(entity), layout.curie(str(mine))
                rest = " ".join(sorted(layout.curie(str(node)) for node in taken))
                message = (
                    f"by its file, {layout.curie(str(situation))} is about {name} as {role}: write "
                    f"{role} {name} and {layout.curie(str(other))} {rest}, if the two changed places"
                )
                yield Finding(path, message, "swapped", situation, other, entity)


RULES: list[Callable[[Scope], Iterator[Finding]]] = [swapped]

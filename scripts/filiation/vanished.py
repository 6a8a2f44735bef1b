"""Released IRIs never vanish: those that a new release would drop, and what to write in their place.

Others have written our IRIs down. Whoever takes an entity, a situation, a term or a concept away leaves a
stub that says so (`retire`), and a stub stays for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from rdflib import OWL, RDF

from filiation import layout, oxigraph
from filiation.faults import FaultInData

#: So many are told one by one.
MOST = 20


@dataclass(frozen=True, order=True)
class Missing:
    """An IRI that was released and is described no more, and the file in which it stood."""

    file: PurePosixPath
    iri: str

    def __str__(self) -> str:
        name = layout.curie(self.iri)
        parts = layout.split_iri(self.iri)
        if self.iri.startswith(layout.ONTOLOGY):
            advice = "put the term back with `owl:deprecated true` below its successor (rdfs:subClassOf, …)"
        elif parts and parts[0] in layout.SCHEMES:
            advice = "put the concept back with `owl:deprecated true` and dcterms:isReplacedBy"
        elif parts and self.file.parts[0] == "data":
            advice = f'put it back, or run `filiation retire {name} --gone --because "…"`'
        else:
            advice = "put it back"
        return f"{self.file}: {name} is gone: {advice}"


class Vanished(FaultInData):
    """A release that would drop IRIs of the one before it; the message names them and says what to do."""

    def __init__(self, missing: list[Missing], version: str):
        self.missing = missing
        number = "an IRI that was" if len(missing) == 1 else f"{len(missing):,} IRIs that were"
        lines = [f"nothing was written: {number} released in {version} would vanish"]
        lines += map(str, missing[:MOST])
        if len(missing) > MOST:
            lines.append(f"… and {len(missing) - MOST:,} more")
        super().__init__("\n".join(lines))


def promised(quads: Iterable[oxigraph.Quad]) -> dict[str, str]:
    """Each IRI of ours that is described, and the named graph where: what has a class, or is deprecated.
    What is only inferred is no description, and the names for blank nodes promise nothing."""
    found: dict[str, str] = {}
    signs = {str(RDF.type), str(OWL.deprecated)}
    for quad in quads:
        if quad.predicate.value in signs:
            subject, graph = oxigraph.iri(quad.subject), oxigraph.iri(quad.graph_name)
            ours = subject.startswith(layout.BASE) and not subject.startswith(oxigraph.SKOLEM)
            if ours and graph != layout.INFERRED_GRAPH:
                found.setdefault(subject, graph)
    return found


def missing(before: Iterable[oxigraph.Quad], after: Iterable[oxigraph.Quad]) -> list[Missing]:
    """What was described in the quads of the release before and is not in those of the new one, by file."""
    old, new = promised(before), promised(after)
    return sorted(Missing(layout.graph_path(old[iri]), iri) for iri in old.keys() - new.keys())


def check(before: Iterable[oxigraph.Quad], after: Iterable[oxigraph.Quad], version: str) -> None:
    """Raises Vanished where the quads after drop an IRI of those before, which are of that version."""
    gone = missing(before, after)
    if gone:
        raise Vanished(gone, version)

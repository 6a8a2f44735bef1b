"""What each source says in full: the values of its own, and for the rest those of the situation.

In the files an attestation carries a value only where its source differs from the situation or is
less precise, so that to ask "who says what" one would need both nodes. The build writes the rest
beside it. Only who affirms a situation affirms its values; of what an attestation is silent on
(`fil:silentOn`), it says nothing.
"""

from collections.abc import Iterator

from rdflib import Graph, Namespace, URIRef
from rdflib.term import Node

from filiation.layout import BASE, ONTOLOGY, PREFIXES

FIL = Namespace(ONTOLOGY)
ORG = Namespace(PREFIXES["org"])
SKOSXL = Namespace(PREFIXES["skosxl"])
AFFIRMS = URIRef(BASE + "stance/affirms")

#: Property of a situation -> property by which an attestation says the same. Properties of one line
#: go together: who gives one of them anew has given them all.
TOGETHER: tuple[dict[Node, URIRef], ...] = (
    {FIL.date: FIL.date},
    {FIL["from"]: FIL["from"]},
    {FIL.until: FIL.until},
    {FIL.place: FIL.place},
    {FIL.purpose: FIL.purpose},
    {FIL.manner: FIL.manner},
    {FIL.nationality: FIL.nationality},
    {FIL.kind: FIL.kind},
    {FIL["count"]: FIL["count"], FIL.lowerBound: FIL.lowerBound, FIL.upperBound: FIL.upperBound},
    {
        **dict.fromkeys(
            (FIL.parent, FIL.component, FIL.joiner, FIL.renamed, FIL.dissolved), FIL.statedOriginal
        ),
        **dict.fromkeys((FIL.partialComponent, FIL.partialJoiner), FIL.statedPartialOriginal),
    },
    dict.fromkeys((FIL.offshoot, FIL.union, FIL.host, FIL.formed), FIL.statedResult),
    {FIL.founder: FIL.statedFounder},
    dict.fromkeys((FIL.leader, ORG.member), FIL.statedMember),
    {ORG.organization: FIL.statedOrganization},
    {SKOSXL.literalForm: FIL.statedForm},
)

Triple = tuple[Node, Node, Node]


def claims(stated: Graph) -> Iterator[Triple]:
    """The values that affirming attestations take over from their situations, as triples about the
    attestations; what they state themselves is not repeated."""
    for attestation in stated.subjects(FIL.stance, AFFIRMS):
        silent = set(stated.objects(attestation, FIL.silentOn))
        own = set(stated.predicates(attestation))
        if FIL.date in own:
            silent |= {FIL["from"], FIL.until}
        elif own & {FIL["from"], FIL.until}:
            silent.add(FIL.date)
        for situation in stated.objects(attestation, FIL.attests):
            values = list(stated.predicate_objects(situation))
            for line in TOGETHER:
                if own.isdisjoint(line.values()):
                    for predicate, value in values:
                        if predicate in line and predicate not in silent:
                            yield attestation, line[predicate], value

"""What a node says, in plain English: every situation, attestation and entity as a phrase.

The words are in `phrases`; so a fact reads the same in a review, on a page and on the screen. Labels are
given as they stand: whoever writes them into Markdown or HTML escapes them there.
"""

import re
from collections.abc import Collection, Iterable

from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from filiation import layout, phrases
from filiation.names import english_label
from filiation.phrases import ENTITIES, FIL, IDENTITY, LABELS, ORG, PHRASES, PRACTICE, VERBS

ADMS = Namespace(layout.PREFIXES["adms"])
GEO = Namespace(layout.PREFIXES["geo"])
SKOSXL = Namespace(layout.PREFIXES["skosxl"])
EDTF = URIRef(layout.PREFIXES["edtf"] + "EDTF")

#: Where in a source a statement stands: property, and the words before its value.
_WHERE = ((FIL.section, ""), (FIL.page, "page "), (FIL.record, "record "))
#: What an attestation says of itself; anything else that it carries is a value of its own.
_FRAME = frozenset(
    {
        *(RDF.type, DCTERMS.source, FIL.attests, FIL.stance, FIL.hedge, FIL.voice, FIL.silentOn),
        *(FIL.asOfWriting, FIL.section, FIL.page, FIL.record, SKOS.editorialNote),
        *(FIL.passageStart, FIL.passageEnd, FIL.passageDigest),
    }
)


def one_line(text: str) -> str:
    """The text with each run of white space one space."""
    return " ".join(text.split())


def listed(words: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B and C`.

    >>> listed(["A", "B", "C"])
    'A, B and C'
    """
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def sentence(text: str) -> str:
    """A phrase with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…", "?")) else ".")


def day(edtf: str) -> str:
    """An EDTF date (ISO 8601-2 levels 0 to 2, as far as the data uses it) as one says it.

    >>> day("[..2009-05]"), day("1950~"), day("1993/1994")
    ('2009-05 or before', 'about 1950', '1993 to 1994')
    """
    whole = re.fullmatch(r"[\[{](.*)[\]}]", edtf)
    inside = whole[1] if whole else edtf
    if whole and "," in inside:
        return f"{' and ' if edtf[0] == '{' else ' or '}".join(
            day(part.strip()) for part in inside.split(",")
        )
    first, between, last = inside.partition(".." if whole else "/")
    first, last = ("" if end == ".." else end for end in (first, last))
    if between:
        if first and last:
            return f"between {day(first)} and {day(last)}" if whole else f"{day(first)} to {day(last)}"
        open_end, open_start = ("or later", "or before") if whole else ("onwards", "at the latest")
        return f"{day(first)} {open_end}" if first else f"{day(last)} {open_start}"
    marks = {"~": "about", "?": "perhaps", "%": "perhaps about"}
    return f"{marks[inside[-1]]} {inside[:-1]}" if inside[-1:] in marks else inside


class Teller:
    """Puts the nodes of some facts into words; the facts hold the ontology, for its labels."""

    def __init__(self, facts: Graph):
        self.facts = facts

    def name(self, node: Node) -> str:
        """The English label, title or form of a node, or else its IRI in short."""
        if isinstance(node, Literal):
            return self.value(node)
        form = self.facts.value(node, SKOSXL.literalForm)
        if form is not None:
            return f"“{one_line(str(form))}”"
        for found in (english_label(self.facts, node), self.facts.value(node, DCTERMS.title)):
            if found:
                return one_line(str(found))
        return one_line(str(self.facts.value(node, RDFS.label) or layout.curie(str(node))))

    def label(self, predicate: Node) -> str:
        """What a property is called: its label, or the last step of its IRI in words."""
        if predicate in LABELS and isinstance(predicate, URIRef):
            return LABELS[predicate]
        known = self.facts.value(predicate, RDFS.label)
        if known is not None:
            return one_line(str(known))
        local = re.split(r"[/#]", str(predicate))[-1]
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower()

    def value(self, node: Node) -> str:
        """A value as one says it: dates and figures in words, texts quoted, situations as phrases."""
        if not isinstance(node, Literal):
            as_phrase = self.kind(node) in (*PHRASES, ADMS.Identifier, GEO.Geometry)
            return self.noun(node) if as_phrase else self.name(node)
        text = one_line(str(node))
        if node.datatype == EDTF:
            return day(text)
        if node.datatype == XSD.boolean:
            return {"true": "yes", "1": "yes"}.get(text, "no")
        if node.datatype == XSD.integer and re.fullmatch(r"\d{4,12}", text):
            return f"{int(text):,}"
        return text if node.datatype not in (None, XSD.string) else f"“{text}”"

    def kind(self, node: Node) -> URIRef | None:
        """The class by which a node is told: one of `PHRASES`, or else the first of its classes."""
        kinds = sorted(self.facts.objects(node, RDF.type), key=lambda kind: (kind not in PHRASES, str(kind)))
        return kinds[0] if kinds and isinstance(kinds[0], URIRef) else None

    def is_situation(self, node: Node) -> bool:
        return self.kind(node) in PHRASES or (node, FIL.status, None) in self.facts

    def noun(self, node: Node, without: Collection[Node] = ()) -> str:
        """The phrase for any node, without the values of some properties: `the split of Northern Front
        from Valley Army (1994)`, `the group Northern Front`."""
        kind = self.kind(node)
        if kind == FIL.Attestation:
            return self._attestation(node, without)
        if kind == ADMS.Identifier:
            number = self._of(node, SKOS.notation)
            bearers = sorted(self.name(bearer) for bearer in self.facts.subjects(ADMS.identifier, node))
            of = f" for {listed(bearers)}" if bearers else ""
            return f"the entry {number}{of} in the list of {self._of(node, DCTERMS.creator)}"
        if kind == GEO.Geometry:
            places = sorted(self.name(place) for place in self.facts.subjects(GEO.hasGeometry, node))
            return f"the geometry of {listed(places) or layout.curie(str(node))}"
        if kind in ENTITIES:
            name = self.name(node)
            return f"{ENTITIES[kind]} {name if kind != FIL.Source else f'“{name}”'}"
        if self.is_situation(node):
            return self._situation(node, kind, without)
        return layout.curie(str(node))

    def told(self, node: Node) -> str:
        """A node with everything that it says: `the split of Northern Front from Valley Army (1994), held,
        on the word of An example report (History)`; what the phrase has no place for follows it."""
        parts = [self.noun(node)]
        situation = self.is_situation(node)
        if self.kind(node) == FIL.Attestation:
            return parts[0]
        if situation and (status := self._of(node, FIL.status)):
            parts.append(status)
        told = (
            self._told_in_phrase(node)
            | {RDF.type, SKOS.editorialNote}
            | ({FIL.status} if situation else set())
        )
        for predicate in sorted(set(self.facts.predicates(node)) - told, key=str):
            parts.append(f"{self.label(predicate)} {self._of(node, predicate)}")
        by_stance: dict[str, list[str]] = {}
        for attestation in sorted(self.facts.subjects(FIL.attests, node), key=str):
            stance = str(self.facts.value(attestation, FIL.stance)).rpartition("/")[2]
            by_stance.setdefault(stance, []).append(self.witness(attestation))
        words = {"affirms": "on the word of", "denies": "denied by", "doubts": "doubted by"}
        parts += [f"{words.get(s, 'attested by')} {listed(by_stance[s])}" for s in sorted(by_stance)]
        notes = self._of(node, SKOS.editorialNote)
        return ", ".join(parts) + (f"; note: {notes}" if notes else "")

    def _told_in_phrase(self, node: Node) -> set[Node]:
        """The properties of a node that its phrase tells or takes its name from."""
        kind = self.kind(node)
        if kind == ADMS.Identifier:
            return {SKOS.notation, DCTERMS.creator}
        if kind == FIL.Source:
            return {DCTERMS.title}
        if kind not in PHRASES:
            return {RDFS.label, SKOS.prefLabel} if kind in ENTITIES else set()
        figures = {FIL["count"], FIL.lowerBound, FIL.upperBound} if kind == FIL.Strength else set()
        times = {FIL.date, FIL["from"], FIL.until, FIL.ended}
        return phrases.used(PHRASES[kind]) | figures | times | {FIL.kind, ORG.role, ORG.member}

    def witness(self, attestation: Node, without: Collection[Node] = ()) -> str:
        """Who says it, where, how surely, and what else than we hold: `An example report (History;
        reportedly; date 1993 to 1994; silent on the founder)`."""
        facts = self.facts

        def values(predicate: Node) -> list[Node]:
            return [] if predicate in without else self._sorted(attestation, predicate)

        notes = [f"{before}{one_line(str(value))}" for p, before in _WHERE for value in values(p)]
        if (place := self.passage(attestation)) and not notes and FIL.passageStart not in without:
            notes.append(place)
        notes += [self.name(hedge) for hedge in values(FIL.hedge)]
        notes += [f"in the words of {self.name(voice)}" for voice in values(FIL.voice)]
        for own in sorted(set(facts.predicates(attestation)) - _FRAME - set(without), key=str):
            notes.append(f"{self.label(own)} {self._of(attestation, own)}")
        silent = [f"the {self.label(topic)}" for topic in values(FIL.silentOn)]
        notes += [f"silent on {listed(silent)}"] if silent else []
        sources = listed(self.name(source) for source in self._sorted(attestation, DCTERMS.source))
        return (sources or "nobody") + (f" ({'; '.join(notes)})" if notes else "")

    def passage(self, attestation: Node) -> str:
        """`characters 84 to 144`, or nothing where no passage is given."""
        start, end = (self.facts.value(attestation, p) for p in (FIL.passageStart, FIL.passageEnd))
        return f"characters {start} to {end}" if start is not None and end is not None else ""

    def relation(self, subject: Node, predicate: URIRef, value: Node) -> str:
        """A direct relation: `Northern Front split from Valley Army`."""
        return f"{self.name(subject)} {VERBS.get(predicate, self.label(predicate))} {self.name(value)}"

    def _attestation(self, node: Node, without: Collection[Node]) -> str:
        about = listed(self.noun(situation) for situation in self._sorted(node, FIL.attests))
        stance = str(self.facts.value(node, FIL.stance)).rpartition("/")[2]
        words = {"denies": "the denial of {1} by {0}", "doubts": "the doubt of {0} about {1}"}
        return words.get(stance, "the word of {0} for {1}").format(self.witness(node, without), about)

    def _situation(self, node: Node, kind: URIRef | None, without: Collection[Node]) -> str:
        parts = PHRASES.get(kind) if kind else None
        if parts is None:
            return f"the {self.label(kind) if kind else 'situation'} {layout.curie(str(node))}"
        if kind == FIL.Practice:
            concept = str(self.facts.value(node, FIL.concept))
            parts = PRACTICE.get(concept.removeprefix(layout.BASE).partition("/")[0], parts)
        used = phrases.used(parts)
        told = " ".join(filter(None, (self._part(part, node, kind, set(without)) for part in parts)))
        figure = "" if {FIL["count"], FIL.lowerBound, FIL.upperBound} & set(without) else self._figure(node)
        told += f", {figure}" if figure and kind == FIL.Strength else ""
        notes = self._notes(node, kind, used | set(without))
        return told + (f" ({', '.join(notes)})" if notes else "")

    def _part(self, part: str, node: Node, kind: URIRef | None, without: set[Node]) -> str:
        """One part of a phrase; nothing where no role in it is filled."""
        text = part
        for role, predicates in zip(re.findall(r"\{[^}]+\}", part), phrases.roles(part), strict=True):
            fillers = [
                ("part of " if "partial" in str(predicate) else "") + self._filler(value, predicate)
                for predicate in predicates
                if predicate not in without
                for value in self._sorted(node, predicate)
            ]
            if not fillers:
                return {"the {kind}": f"the {self.label(kind) if kind else 'event'}"}.get(part, "")
            if kind == FIL.Identity and FIL.kind in predicates:
                stem = str(self.facts.value(node, FIL.kind)).rpartition("/")[2]
                return IDENTITY.get(stem, f"is the {fillers[0]}")
            text = text.replace(role, listed(sorted(fillers)))
        return text

    def _filler(self, value: Node, predicate: URIRef) -> str:
        name = self.name(value)
        return f"“{name}”" if predicate == SKOS.prefLabel and not name.startswith("“") else name

    def _notes(self, node: Node, kind: URIRef | None, used: set[Node]) -> list[str]:
        """What stands in the brackets: language, kind or role, and time."""
        form = self.facts.value(node, SKOSXL.literalForm)
        notes = [form.language] if isinstance(form, Literal) and form.language else []
        for predicate in (FIL.kind, ORG.role):
            if predicate not in used:
                names = [self.name(value) for value in self._sorted(node, predicate)]
                notes += [n for n in names if not (kind == FIL.Leadership and n == "leader")]
        times = {p: self._of(node, p) for p in (FIL.date, FIL["from"], FIL.until) if p not in used}
        words = {FIL["from"]: "from ", FIL.until: "until "}
        period = " ".join(f"{words.get(p, '')}{time}" for p, time in times.items() if time)
        if not period and FIL.ended not in used and self._of(node, FIL.ended) == "yes":
            period = "ended"
        return [*notes, period] if period else notes

    def _figure(self, node: Node) -> str:
        exactly, least, most = (self._of(node, FIL[p]) for p in ("count", "lowerBound", "upperBound"))
        if exactly or not (least or most):
            return exactly
        if least and most:
            return f"{least} to {most}"
        return f"at least {least}" if least else f"at most {most}"

    def _sorted(self, node: Node, predicate: Node) -> list[Node]:
        return sorted(self.facts.objects(node, predicate), key=str)

    def _of(self, node: Node, predicate: Node) -> str:
        return listed(sorted(self.value(value) for value in self.facts.objects(node, predicate)))

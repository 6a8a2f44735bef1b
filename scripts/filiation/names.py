"""Find who bears a name, however it is written.

Case, accents, apostrophes, hyphens and the marks of Arabic do not count: whoever types `Al Qaida`
means al-Qa‘ida. Labels, namings and the numbers of other lists are searched alike.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import DCTERMS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from filiation import layout

ADMS = Namespace(layout.PREFIXES["adms"])
FIL = Namespace(layout.ONTOLOGY)
SKOSXL = Namespace(layout.PREFIXES["skosxl"])

#: Letters that Unicode keeps apart and readers do not; the long stroke and the half rings are none.
LETTERS = str.maketrans("ٱىیکةøł", "اييكهol", "ـʿʾʻʼʹʺ")


@dataclass(frozen=True, order=True)
class Name:
    """One form of a name: whose, of which kind, when (from, until), not held, and who uses it."""

    entity: str
    label: str
    form: str
    language: str
    kind: str
    since: str
    until: str
    status: str
    sources: tuple[str, ...]


def folded(text: str) -> str:
    """The text as it is compared: small letters and figures, one space between words.

    >>> folded("al-Qa‘ida") == folded("AL QA'IDA")
    True
    """
    plain = []
    for sign in unicodedata.normalize("NFKD", text).casefold().translate(LETTERS):
        kind = unicodedata.category(sign)
        if kind[0] in "LN":
            plain.append(sign)
        elif not (kind == "Mn" or _joins(sign)):
            plain.append(" ")
    return " ".join("".join(plain).split())


def _joins(sign: str) -> bool:
    """Whether a sign stands inside a word: an apostrophe or a quotation mark of any style."""
    return sign in "'`´" or unicodedata.category(sign) in ("Pi", "Pf", "Sk")


def names(facts: Graph) -> list[Name]:
    """Every label, naming and identifier of the stated facts, in order."""
    return sorted({*_labels(facts), *_namings(facts), *_identifiers(facts)})


def find(sought: str, known: Iterable[Name]) -> list[Name]:
    """The names that are the one sought (spaces do not count either), then those of others that hold
    all its words; of nothing but signs, none."""
    words = set(folded(sought).split())
    if not words:
        return []
    known = list(known)
    same = [name for name in known if _run_together(name.form) == _run_together(sought)]
    whose = {name.entity for name in same}
    near = (name for name in known if name.entity not in whose)
    return same + [name for name in near if words <= set(folded(name.form).split())]


def _run_together(text: str) -> str:
    return folded(text).replace(" ", "")


def suggestions(sought: str, known: Iterable[Name]) -> list[str]:
    """Up to three forms that look like the one sought."""
    forms = {folded(name.form): name.form for name in known}
    near = difflib.get_close_matches(folded(sought), forms, n=3, cutoff=0.6)
    return [forms[form] for form in near]


def _labels(facts: Graph) -> Iterator[Name]:
    for entity, label in facts.subject_objects(SKOS.prefLabel):
        yield _name(facts, entity, label, "label")


def _namings(facts: Graph) -> Iterator[Name]:
    for naming, entity in facts.subject_objects(FIL.names):
        kind = layout.curie(str(facts.value(naming, FIL.kind))).removeprefix("naming-kind:")
        said = [a for a in facts.subjects(FIL.attests, naming) if _affirms(facts, a)]
        sources: dict[Node | None, set[Node | None]] = {facts.value(naming, SKOSXL.literalForm): set()}
        for attestation in said:
            stated = list(facts.objects(attestation, FIL.statedForm)) or list(sources)[:1]
            for form in stated:
                sources.setdefault(form, set()).add(facts.value(attestation, DCTERMS.source))
        for form, users in sources.items():
            yield _name(facts, entity, form, kind, naming, users)


def _affirms(facts: Graph, attestation: Node) -> bool:
    return (attestation, FIL.stance, URIRef(layout.PREFIXES["stance"] + "affirms")) in facts


def _identifiers(facts: Graph) -> Iterator[Name]:
    for entity, identifier in facts.subject_objects(ADMS.identifier):
        users = set(facts.objects(identifier, DCTERMS.source))
        yield _name(facts, entity, facts.value(identifier, SKOS.notation), "identifier", identifier, users)


def english_label(facts: Graph, entity: Node) -> str:
    """The label in English, or else the first of any language."""
    labels = sorted(facts.objects(entity, SKOS.prefLabel), key=lambda label: (_tag(label) != "en", label))
    return str(labels[0]) if labels else ""


def _tag(form: Node | None) -> str:
    return (form.language or "") if isinstance(form, Literal) else ""


def _name(
    facts: Graph,
    entity: Node,
    form: Node | None,
    kind: str,
    node: Node | None = None,
    users: Iterable[Node | None] = (),
) -> Name:
    def text(predicate: URIRef) -> str:
        return str(facts.value(node, predicate) or "") if node else ""

    return Name(
        entity=layout.curie(str(entity)),
        label=english_label(facts, entity),
        form=str(form),
        language=_tag(form),
        kind=kind,
        since=text(FIL["from"]),
        until=text(FIL.until),
        status=text(FIL.status).rpartition("/")[2],
        sources=tuple(sorted(layout.curie(str(user)) for user in users)),
    )

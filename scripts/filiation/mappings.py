"""The matches with other lists and datasets as one table in SSSOM/TSV.

One row for each skos:…Match that is stated. An entry elsewhere is written as its number or name
behind the prefix of the list, and not as our node for it, so that the table can be joined with the
list itself. See https://mapping-commons.github.io/sssom/.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from rdflib import DCTERMS, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

from filiation import layout
from filiation.dataset import Edition
from filiation.faults import FaultInData
from filiation.names import english_label

FILE = "mappings.sssom.tsv"
ADMS = Namespace(layout.PREFIXES["adms"])
WIKIDATA = layout.PREFIXES["wd"]

#: Prefix of a list in the table, and in the stems of our identifiers -> what its numbers follow.
#: Lists whose entries have no addresses of their own get one of ours.
LISTS = {
    "eu": f"{layout.BASE}entry/eu/",
    "fto": f"{layout.BASE}entry/fto/",
    "gtd": f"{layout.BASE}entry/gtd/",
    "ofac": "https://sanctionssearch.ofac.treas.gov/Details.aspx?id=",
    "ucdp": "https://ucdp.uu.se/actor/",
    "ucdp-old": f"{layout.BASE}entry/ucdp-old/",
    "un": f"{layout.BASE}entry/un/",
    "wikidata": WIKIDATA,
}
MATCHES = ("exact", "close", "broad", "narrow", "related")
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_source",
    "mapping_source",
    "other",
    "comment",
)


class NoSuchList(FaultInData):
    """A match leads to something that is no entry of a list we know (shape:Identifier-match)."""


@dataclass(frozen=True)
class Entry:
    """One entry elsewhere, by what we say of it: CURIE in the table, name there, issuer, source, review."""

    curie: str
    label: str
    issuer: str
    source: str
    review: str


def table(facts: Graph, edition: Edition) -> str:
    """The text of the file: the metadata of the set, the names of the columns, and the rows in order.
    Raises NoSuchList."""
    rows = sorted(_rows(facts))
    text = io.StringIO("".join(f"#{line}\n" for line in _header(rows, edition)))
    text.seek(0, io.SEEK_END)
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows((COLUMNS, *rows))
    return text.getvalue()


def matches(facts: Graph) -> Iterator[tuple[Node, str, Node]]:
    """Every match that is stated: the entity, its kind (`exact`), and what it leads to."""
    for kind in MATCHES:
        for subject, match in facts.subject_objects(SKOS[f"{kind}Match"]):
            yield subject, kind, match


def _rows(facts: Graph) -> Iterator[tuple[str, ...]]:
    found = [(subject, kind, _entry(facts, subject, match)) for subject, kind, match in matches(facts)]
    sharers = defaultdict(set)
    for subject, _, entry in found:
        sharers[entry.curie].add(layout.curie(str(subject)))
    for subject, kind, entry in found:
        name = layout.curie(str(subject))
        others = ", ".join(sorted(sharers[entry.curie] - {name}))
        checked = entry.review == "confirmed"
        yield (
            name,
            _plain(english_label(facts, subject)),
            f"skos:{kind}Match",
            entry.curie,
            entry.label,
            "semapv:ManualMappingCuration" if checked else "semapv:UnspecifiedMatching",
            entry.issuer,
            entry.source,
            f"review_status={entry.review}",
            f"The entry is matched with {others} too." if others else "",
        )


def _entry(facts: Graph, subject: Node, match: Node) -> Entry:
    """What a match leads to: an identifier of ours, or an item of Wikidata, for which the identifier
    with its number says who matched it."""
    node: Node | None = match
    if str(match).startswith(WIKIDATA):
        number = str(match).removeprefix(WIKIDATA)
        own = (n for n in facts.objects(subject, ADMS.identifier) if _notation(facts, n) == number)
        node, prefix = next(own, None), "wikidata"
    else:
        number, prefix = _notation(facts, match), _list_of(match)

    def named(predicate: URIRef) -> str:
        value = facts.value(node, predicate) if node else None
        return layout.curie(str(value)) if value else ""

    return Entry(
        curie=f"{prefix}:{quote(number, safe='')}",
        label=_plain(facts.value(node, DCTERMS.title)) if node else "",
        issuer=named(DCTERMS.creator),
        source=named(DCTERMS.source),
        review=named(ADMS.status).removeprefix("review:") or "unreviewed",
    )


def _list_of(identifier: Node) -> str:
    """The prefix of the list, with which the stem of an identifier ends. Raises NoSuchList."""
    lists = "|".join(sorted(LISTS.keys() - {"wikidata"}))
    found = re.fullmatch(rf"{layout.PREFIXES['identifier']}.+?-({lists})(-\d+)?", str(identifier))
    if found is None:
        raise NoSuchList(f"{layout.curie(str(identifier))} is matched, but is no entry of a list we know")
    return found[1]


def _notation(facts: Graph, identifier: Node) -> str:
    return str(facts.value(identifier, SKOS.notation) or "")


def _plain(text: object) -> str:
    """The text in one line, without tabs."""
    return " ".join(str(text or "").split())


def _header(rows: list[tuple[str, ...]], edition: Edition) -> Iterator[str]:
    """The metadata of the set as YAML, and of the prefixes those that the rows use."""
    used = {value.partition(":")[0] for row in rows for value in (row[0], row[3], row[6], row[7]) if value}
    known = {**layout.PREFIXES, **LISTS, "filiation": layout.BASE}
    yield "curie_map:"
    for prefix in sorted({*used, "filiation", "organization"}):
        yield f'  {prefix}: "{known[prefix]}"'
    yield f'mapping_set_id: "{layout.BASE}release/{edition.version}/{FILE}"'
    yield f'mapping_set_version: "{edition.version}"'
    yield 'mapping_set_title: "Filiation: matches of armed groups and people with other lists and datasets"'
    yield (
        'mapping_set_description: "broadMatch: the entry elsewhere stands for more than our entity. '
        "review_status: whether more than one source supports the match. Prefixes below "
        f'{layout.BASE}entry/ are ours, for lists without addresses of single entries."'
    )
    yield "creator_id:"
    yield "  - organization:filiation-contributors"
    yield 'license: "https://creativecommons.org/licenses/by/4.0/"'
    yield "subject_source: filiation:dataset"
    yield f'subject_source_version: "{edition.version}"'
    yield f'publication_date: "{edition.date}"'

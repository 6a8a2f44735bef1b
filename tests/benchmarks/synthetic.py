"""A made-up dataset of any size that our shapes call valid: the same seed gives the same files.

Run `python tests/benchmarks/synthetic.py FOLDER TRIPLES [SEED]` to write a checkout: the ontology and
the shapes of this one, and data/ with at least that many statements. A group with its split or
formation, leader, strength, base, names and a raid has about 170 statements, as in the real data;
sources and places are shared by dozens. Nothing in it is about anybody.
"""

import hashlib
import random
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from filiation.layout import PREFIXES

ROOT = Path(__file__).parents[2]
SHARED = 40
LETTERS = "abcdefghijklmnopqrstuvwxyz"

#: Predicate and values as they are written, by subject; the first is what the file is about.
Nodes = dict[str, dict[str, list[str]]]


def write(folder: Path, triples: int, seed: int = 0) -> int:
    """Write a checkout with at least so many statements in data/; how many there are."""
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    count = 0
    for path, nodes in _files(random.Random(seed)):
        if path.startswith("people/") and count >= triples:
            break
        file = folder / "data" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_turtle(nodes), "utf-8")
        count += sum(len(values) for about in nodes.values() for values in about.values())
    return count


def _files(dice: random.Random) -> Iterator[tuple[str, Nodes]]:
    """Paths below data/ and what stands there, without an end: a person opens each group."""
    office = "organization:synthetic-office"
    yield "organizations/synthetic-office.ttl", {office: {"a": ["org:Organization"], **_label("Office")}}
    born: list[int] = []
    while True:
        number = len(born)
        shared = number // SHARED
        if number % SHARED == 0:
            yield from _shared(shared, office)
        source = f"source:report-{shared}"
        born.append(1950 + number % 60)
        older = [other for other in range(max(0, number - 50), number) if born[other] < born[number] - 1]
        parent = dice.choice(older) if older else None
        yield f"people/{_code(number)}.ttl", _person(number, source, born[number], f"place:region-{shared}")
        yield f"groups/group-{number}.ttl", _group(dice, number, source, born[number], parent, shared)
        yield f"incidents/raid-{number}.ttl", _raid(number, source, born[number], shared)


def _shared(number: int, office: str) -> Iterator[tuple[str, Nodes]]:
    about = {
        "a": ["fil:Source"],
        "dcterms:publisher": [office],
        "dcterms:rights": ['"Terms not established."@en'],
        "dcterms:title": [f'"Report {number}"@en'],
        "fil:kind": ["source-kind:text"],
        "fil:textDigest": [f'"{_digest(number)}"'],
    }
    yield f"sources/report-{number}.ttl", {f"source:report-{number}": about}
    place, geometry = f"place:region-{number}", f"geometry:region-{number}"
    point = f"POINT({number % 180}.5 {number % 80}.25)"
    wkt = f'"<http://www.opengis.net/def/crs/EPSG/0/4326> {point}"^^geo:wktLiteral'
    yield (
        f"places/region-{number}.ttl",
        {
            place: {"a": ["fil:Place"], **_label(f"Region {number}"), "geo:hasGeometry": [geometry]},
            geometry: {"a": ["geo:Geometry"], "geo:asWKT": [wkt]},
        },
    )


def _person(number: int, source: str, year: int, place: str) -> Nodes:
    code = _code(number)
    birth = {"fil:about": [f"person:{code}"], "fil:kind": ["life-event-kind:birth"], "fil:place": [place]}
    return {
        f"person:{code}": {"a": ["fil:Person"], **_label(f"Person {number}")},
        **_told(f"life-event:{code}-birth", "fil:LifeEvent", f"{year - 30}~", birth, source),
    }


def _group(
    dice: random.Random, number: int, source: str, year: int, parent: int | None, shared: int
) -> Nodes:
    stem, group = f"group-{number}", f"group:group-{number}"
    nodes: Nodes = {group: {"a": ["fil:Group"], **_label(f"Group {number}")}}
    if parent is None:
        nodes |= _told(f"formation:{stem}-{year}", "fil:Formation", year, {"fil:formed": [group]}, source)
    else:
        parties = {"fil:offshoot": [group], "fil:parent": [f"group:group-{parent}"]}
        nodes |= _told(f"split:{stem}-{year}", "fil:Split", year, parties, source)
    for when in range(year + 1, year + 4):
        least = dice.randrange(10, 400)
        figures = {
            "fil:about": [group],
            "fil:kind": ["strength-kind:peak"],
            "fil:lowerBound": [str(least)],
            "fil:upperBound": [str(2 * least)],
        }
        nodes |= _told(f"strength:{stem}-{when}", "fil:Strength", when, figures, source)
    led = {
        "fil:from": [_date(year + 1)],
        "fil:leader": [f"person:{_code(number)}"],
        "org:organization": [group],
        "org:role": ["role:leader"],
    }
    nodes |= _told(f"leadership:{stem}-{year + 1}", "fil:Leadership", None, led, source)
    base = {
        "fil:about": [group],
        "fil:from": [_date(year + 1)],
        "fil:kind": ["presence-kind:base"],
        "fil:place": [f"place:region-{shared}"],
    }
    nodes |= _told(f"presence:{stem}-base", "fil:Presence", None, base, source)
    for kind, form in (("official-name", f'"Group {number}"@en'), ("alias", f'"Groupe {number}"@fr')):
        named = {
            "fil:kind": [f"naming-kind:{kind}"],
            "fil:names": [group],
            "skosxl:literalForm": [form],
        }
        nodes |= _told(f"naming:{stem}-{kind}", "fil:Naming", None, named, source)
    return nodes


def _raid(number: int, source: str, year: int, shared: int) -> Nodes:
    incident = f"incident:raid-{number}"
    about = {
        **_label(f"Raid {number}"),
        "fil:kind": ["incident-kind:raid"],
        "fil:perpetrator": [f"group:group-{number}"],
        "fil:place": [f"place:region-{shared}"],
    }
    return _told(incident, "fil:Incident", year + 2, about, source)


def _told(node: str, kind: str, when: object, about: dict[str, list[str]], source: str) -> Nodes:
    """A held situation, and the attestation of a source that affirms it."""
    date = {} if when is None else {"fil:date": [_date(when)]}
    what, _, stem = node.partition(":")
    place = int(_digest(node)[:4], 16)
    attestation = {
        "a": ["fil:Attestation"],
        "dcterms:source": [source],
        "fil:attests": [node],
        "fil:passageDigest": [f'"{_digest(node)}"'],
        "fil:passageEnd": [str(place + 60)],
        "fil:passageStart": [str(place)],
        "fil:stance": ["stance:affirms"],
    }
    return {
        node: {"a": [kind], **about, **date, "fil:status": ["status:held"]},
        f"attestation:{stem}-{what}-{source.partition(':')[2]}": attestation,
    }


def _label(text: str) -> dict[str, list[str]]:
    return {"skos:prefLabel": [f'"{text}"@en']}


def _date(when: object) -> str:
    return f'"{when}"^^edtf:EDTF'


def _digest(what: object) -> str:
    return hashlib.sha256(str(what).encode()).hexdigest()


def _code(number: int) -> str:
    """The stem of a person: a letter, a digit, two letters."""
    number, last = divmod(number, 26)
    number, third = divmod(number, 26)
    first, digit = divmod(number, 10)
    return f"{LETTERS[first]}{digit}{LETTERS[third]}{LETTERS[last]}"


def _turtle(nodes: Nodes) -> str:
    """The nodes in the house format."""
    entity = next(iter(nodes))
    blocks = []
    for subject in sorted(nodes, key=lambda node: (node != entity, _iri(node))):
        lines = [subject]
        for predicate in sorted(nodes[subject], key=_order):
            lines.append(f"    {predicate} {', '.join(nodes[subject][predicate])} ;")
        blocks.append("\n".join([*lines, ".\n"]))
    text = "\n".join(blocks)
    used = {match[1] for match in re.finditer(r"(?:^|[ ^])([a-z-]+):", text, re.MULTILINE)} & PREFIXES.keys()
    if re.search(r" [0-9]+ ;$", text, re.MULTILINE):
        # A plain number has a datatype too, and the house format declares the prefix of each.
        used.add("xsd")
    head = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in sorted(used))
    return f"{head}\n{text}"


def _order(predicate: str) -> tuple[int, str]:
    first = ("a", "skos:prefLabel")
    return first.index(predicate) if predicate in first else 2, _iri(predicate)


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES.get(prefix, "") + local


if __name__ == "__main__":
    target, size = Path(sys.argv[1]), int(sys.argv[2])
    print(write(target, size, int(sys.argv[3]) if len(sys.argv) > 3 else 0), "statements in", target / "data")

"""All descriptions of a release tell the same hashes, sizes, counts, versions, days and licences.

Each reader below takes from one description what it tells, as pairs of a key and a value; the files
themselves tell the truth. A key with two values is a disagreement. That the readers would notice one is
shown by altering each description in each thing that it tells.
"""

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from rdflib import DCTERMS, OWL, RDF, VOID, Graph, Namespace, URIRef

from filiation import layout, manifest
from filiation.describe.about import DATA, SPDX

DCAT = Namespace(layout.PREFIXES["dcat"])
PROV = Namespace(layout.PREFIXES["prov"])
CHECKSUM = Namespace("http://spdx.org/rdf/terms#")
DATASET = URIRef(layout.DATASET)
LICENCES = {name: iri for iri, name in SPDX.items()}

#: ("sha256", "void.ttl") or ("version", ""), and what is told of it.
Key = tuple[str, str]
Fact = tuple[Key, str]


def _file(name: str, sha256: str | None = None, size: object = None, **more: object) -> Iterator[Fact]:
    told = {"sha256": sha256 and sha256.lower(), "size": size, **more}
    for kind, value in told.items():
        if value is not None:
            yield (kind, name), str(value)


def _whole(version: object, licence: object = None, date: object = None, **more: object) -> Iterator[Fact]:
    told = {"version": version, "licence": licence, "date": date, **more}
    yield from (((kind, ""), str(value)) for kind, value in told.items() if value is not None)


def _name(iri: object) -> str:
    return str(iri).rpartition("/")[2]


def read_manifest(text: str) -> Iterator[Fact]:
    whole = json.loads(text)
    yield from _whole(whole["version"], whole["licence"], whole["date"], triples=whole["triples"])
    yield (("quads", ""), str(whole["quads"]))
    for file in whole["files"]:
        counts = {kind: file.get(kind) for kind in ("statements", "rows")}
        yield from _file(file["name"], file["sha256"], file["size"], **counts)


def read_sums(text: str) -> Iterator[Fact]:
    for line in text.splitlines():
        sha256, name = line.split("  ")
        yield from _file(name, sha256)


def read_void(text: str) -> Iterator[Fact]:
    graph = Graph().parse(data=text, format="turtle")
    yield from _whole(
        graph.value(DATASET, OWL.versionInfo),
        graph.value(DATASET, DCTERMS.license),
        graph.value(DATASET, DCTERMS.modified),
        triples=graph.value(DATASET, VOID.triples),
    )
    for subset in set(graph.subjects(VOID.dataDump)):
        for file in graph.objects(subset, VOID.dataDump):
            if not _name(file).endswith((".nq", ".trig", ".nq.gz", ".trig.gz")):
                yield ("statements", _name(file)), str(graph.value(subset, VOID.triples))


def read_dcat(text: str) -> Iterator[Fact]:
    graph = Graph().parse(data=text, format="turtle")
    (release,) = (node for node in graph.objects(DATASET, DCAT.hasCurrentVersion))
    yield from _whole(
        graph.value(release, DCAT.version),
        graph.value(release, DCTERMS.license),
        graph.value(release, DCTERMS.issued),
    )
    for part in graph.objects(release, DCAT.distribution):
        digest = str(graph.value(graph.value(part, CHECKSUM.checksum), CHECKSUM.checksumValue))
        name = _name(graph.value(part, DCAT.downloadURL))
        yield from _file(name, digest, graph.value(part, DCAT.byteSize))
        yield (("licence", ""), str(graph.value(part, DCTERMS.license)))


def read_prov(text: str) -> Iterator[Fact]:
    graph = Graph().parse(data=text, format="turtle")
    (build,) = graph.subjects(RDF.type, PROV.Activity)
    for file in graph.subjects(PROV.wasGeneratedBy, build):
        if checksum := graph.value(file, CHECKSUM.checksum):
            yield from _file(_name(file), str(graph.value(checksum, CHECKSUM.checksumValue)))
        else:
            yield from _whole(_name(file), date=graph.value(file, DCTERMS.issued))


def _schema(whole: dict, licence: object) -> Iterator[Fact]:
    yield from _whole(whole["version"], licence, whole["datePublished"])


def read_schema(text: str) -> Iterator[Fact]:
    whole = json.loads(text)
    yield from _schema(whole, whole["license"])
    for file in whole["distribution"]:
        size = file["contentSize"].removesuffix(" B")
        yield from _file(_name(file["contentUrl"]), file["sha256"], size)
        yield (("licence", ""), file["license"])


def read_croissant(text: str) -> Iterator[Fact]:
    whole = json.loads(text)
    yield from _schema(whole, whole["license"])
    for file in whole["distribution"]:
        size = file["contentSize"].removesuffix(" B")
        yield from _file(_name(file["contentUrl"]), file["sha256"], size)


def read_crate(text: str) -> Iterator[Fact]:
    entities = {entity["@id"]: entity for entity in json.loads(text)["@graph"]}
    root = entities["./"]
    yield from _schema(root, root["license"]["@id"])
    for part in root["hasPart"]:
        file = entities[part["@id"]]
        yield from _file(file["@id"], file.get("sha256"), file.get("contentSize"))


def read_package(text: str) -> Iterator[Fact]:
    whole = json.loads(text)
    (licence,) = whole["licenses"]
    yield from _whole(whole["version"], licence["path"])
    for file in whole["resources"]:
        digest = file["hash"].removeprefix("sha256:")
        yield from _file(file["path"], digest, file["bytes"])


def read_linkset(text: str) -> Iterator[Fact]:
    landing, *others = json.loads(text)["linkset"]
    (cited,) = landing["cite-as"]
    yield from _whole(_name(cited["href"]))
    for entry in (landing, *others):
        for link in entry.get("license", ()):
            yield ("licence", ""), link["href"]


def read_citation(text: str) -> Iterator[Fact]:
    whole = yaml.safe_load(text)
    yield from _whole(whole["version"], LICENCES[whole["license"]], whole["date-released"])


def read_readme(text: str) -> Iterator[Fact]:
    (version,) = re.findall(r"^# \w+ (\S+)$", text, re.MULTILINE)
    (date,) = re.findall(r"^Released on (\S+)", text, re.MULTILINE)
    ((spdx, iri),) = re.findall(r"used under (\S+) \(`LICENSE-DATA`, <(\S+)>\)", text)
    ((quads, triples),) = re.findall(r"answers (\d+); the union of the graphs has (\d+)", text)
    yield from _whole(version, iri, date, triples=triples, quads=quads)
    yield ("licence", ""), LICENCES[spdx]
    row = r"^\| `(\S+)` \| .+? \| (?:([\d,]+) (\w+))? ?\| (\d+) \| `(\w{8})` \|$"
    for name, number, unit, size, digest in re.findall(row, text, re.MULTILINE):
        yield from _file(name, None, size, sha8=digest)
        if number:
            kind = "statements" if unit == "statements" else "rows"
            yield (kind, name), number.replace(",", "")


def read_page(text: str) -> Iterator[Fact]:
    (version,) = re.findall(r"<h1>\w+ (\S+)</h1>", text)
    (date,) = re.findall(r'<time datetime="(\S+?)">', text)
    licence = re.findall(r'<link rel="license" href="(\S+?)">', text)[0]
    (triples,) = re.findall(r"<dd>([\d,]+) statements about", text)
    yield from _whole(version, licence, date, triples=triples.replace(",", ""))
    row = r'<a href="([^"]+)">[^<]+</a></th><td>[^<]*</td><td class="number">([\d,]+) (\w+)</td>'
    for name, number, unit in re.findall(row, text):
        yield (("statements" if unit == "statements" else "rows"), name), number.replace(",", "")
    (embedded,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', text, re.DOTALL)
    yield from read_schema(embedded)


READERS: dict[str, Callable[[str], Iterator[Fact]]] = {
    "manifest.json": read_manifest,
    "SHA256SUMS": read_sums,
    "void.ttl": read_void,
    "dcat.ttl": read_dcat,
    "prov.ttl": read_prov,
    "schema.jsonld": read_schema,
    "croissant.json": read_croissant,
    "ro-crate-metadata.json": read_crate,
    "datapackage.json": read_package,
    "linkset.json": read_linkset,
    "CITATION.cff": read_citation,
    "README.md": read_readme,
    "index.html": read_page,
}
#: What each description is known to tell, so that none falls silent.
TELLS = {
    "manifest.json": {
        "version",
        "licence",
        "date",
        "triples",
        "quads",
        "sha256",
        "size",
        "statements",
        "rows",
    },
    "SHA256SUMS": {"sha256"},
    "void.ttl": {"version", "licence", "date", "triples", "statements"},
    "dcat.ttl": {"version", "licence", "date", "sha256", "size"},
    "prov.ttl": {"version", "date", "sha256"},
    "schema.jsonld": {"version", "licence", "date", "sha256", "size"},
    "croissant.json": {"version", "licence", "date", "sha256", "size"},
    "ro-crate-metadata.json": {"version", "licence", "date", "sha256", "size"},
    "datapackage.json": {"version", "licence", "sha256", "size"},
    "linkset.json": {"version", "licence"},
    "CITATION.cff": {"version", "licence", "date"},
    "README.md": {"version", "licence", "date", "triples", "quads", "size", "sha8", "statements", "rows"},
    "index.html": {"version", "licence", "date", "triples", "statements", "rows", "sha256", "size"},
}


@cache
def _told(name: str, text: str) -> tuple[Fact, ...]:
    return tuple(READERS[name](text))


@cache
def _truth(path: Path, changed: int) -> tuple[Fact, ...]:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return tuple(_file(path.name, digest, len(content), sha8=digest[:8]))


def facts(folder: Path) -> Iterator[tuple[str, Fact]]:
    for path in sorted(folder.iterdir()):
        for fact in _truth(path, path.stat().st_mtime_ns):
            yield "the file itself", fact
        if path.name in READERS:
            for fact in _told(path.name, path.read_text("utf-8")):
                yield path.name, fact


def disagreements(folder: Path) -> dict[Key, dict[str, set[str]]]:
    """Key -> value -> who tells it, for each key of which more than one value is told."""
    found: dict[Key, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for who, (key, value) in facts(folder):
        found[key][value].add(who)
    return {key: dict(values) for key, values in found.items() if len(values) > 1}


def test_all_descriptions_agree(release):
    assert disagreements(release) == {}


@pytest.mark.parametrize("name", READERS)
def test_each_description_tells_what_it_should(release, name):
    told = {kind for (kind, _), _ in _told(name, (release / name).read_text("utf-8"))}
    assert told == TELLS[name]


def test_no_file_is_left_out(release):
    names = {path.name for path in release.iterdir()}
    files = {part.name: part for part in manifest.read(release).files}
    data = {name for name, part in files.items() if part.role in DATA}
    told = defaultdict(set)
    for who, ((kind, name), _) in facts(release):
        if kind in ("sha256", "sha8"):
            told[who].add(name)
    assert told["SHA256SUMS"] == names - {"SHA256SUMS"}
    assert told["manifest.json"] == files.keys() == names - {"SHA256SUMS", "manifest.json"}
    assert told["README.md"] == files.keys() - {"README.md"}
    assert told["dcat.ttl"] == told["schema.jsonld"] == told["index.html"] == data
    assert data < told["ro-crate-metadata.json"]
    assert data < told["prov.ttl"]
    tables = {name for name in data if name.endswith(".csv")}
    assert tables
    assert told["croissant.json"] == tables
    assert tables <= told["datapackage.json"]


def _other(kind: str, value: str) -> str:
    """A value of the same form that is not the same."""
    if kind in ("sha256", "sha8"):
        return ("0" if value[0] != "0" else "1") + value[1:]
    if kind == "version":
        return "9.9.9"
    if kind == "date":
        return "1999-12-31"
    if kind == "licence":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return str(int(value) + 1)


CASES = [(name, kind) for name, kinds in TELLS.items() for kind in sorted(kinds)]


@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name}-{kind}" for name, kind in CASES])
def test_an_altered_description_is_found_out(release, tmp_path, name, kind):
    for path in release.iterdir():
        if path.name != name:
            os.link(path, tmp_path / path.name)
    text = (release / name).read_text("utf-8")
    key, value = next(fact for fact in _told(name, text) if fact[0][0] == kind)
    for form in _forms(kind, value):
        changed = _altered(text, form, _other(kind, value), name)
        if changed != text and (key, value) not in _told(name, changed):
            break
    (tmp_path / name).write_text(changed, "utf-8")
    found = disagreements(tmp_path)
    # A manifest or a list of sums tells of the altered file too; what counts is the altered thing.
    assert any(
        who == {name} or name in who
        for (one, _), values in found.items()
        if one == kind
        for who in values.values()
    ), found
    assert [one for one, _ in found if one == kind]


def _forms(kind: str, value: str) -> list[str]:
    """How a value may be written."""
    if kind == "licence":
        return [value, SPDX[value]]
    return [value, f"{int(value):,}"] if value.isdigit() else [value]


def _altered(text: str, form: str, other: str, name: str) -> str:
    """The text with a value changed wherever it stands alone; a version also stands in the names of
    files and graphs, which stay."""
    if form in SPDX.values():
        other = SPDX[other]
    end = r"(?![\w.-])" if name == "linkset.json" else r"(?![\w./-])"
    start = r"(?<![\w.])" if name in ("linkset.json", "prov.ttl") else r"(?<![\w./-])"
    if "://" in form:
        start, end = "", ""
    return re.sub(start + re.escape(form) + end, other, text)

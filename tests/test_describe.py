"""Each description says what is really in the release: every count is counted again, every link leads."""

import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdflib import DCTERMS, FOAF, OWL, RDF, VOID, Graph, Literal, Namespace, URIRef

from filiation import configurations, corpus, describe, layout, manifest
from filiation.describe import about, citation, counts, dcat, linkset, prov, readme, void
from filiation.material import Material
from filiation.release import Release

DCAT = Namespace(layout.PREFIXES["dcat"])
PROV = Namespace(layout.PREFIXES["prov"])
EXT = Namespace("http://ldf.fi/void-ext#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
DATASET = URIRef(layout.DATASET)
SUITES = Path(__file__).parents[2] / "shared" / "suites"


@pytest.fixture(scope="module")
def version(release) -> str:
    return manifest.read(release).version


@pytest.fixture(scope="module")
def union(release, version) -> Graph:
    """All that is in the release, read back by another program than the one that counted."""
    return Graph().parse(release / f"filiation-{version}.nt")


@pytest.fixture(scope="module")
def told(release) -> Graph:
    return Graph().parse(release / "void.ttl")


@pytest.fixture
def own(excerpt, tmp_path) -> tuple[Material, Release]:
    """The matter of a release of a few files, with an empty folder for it."""
    from filiation.dataset import Edition

    place = layout.find(excerpt)
    edition = Edition("2.0.0", "2026-11-23", "0123456789abcdef0123456789abcdef01234567")
    return Material(corpus.load(place), Graph(), edition), Release(tmp_path)


# VoID


def test_void_counts_the_whole(told, union):
    subjects = set(union.subjects())
    assert _number(told, DATASET, VOID.triples) == len(union)
    assert _number(told, DATASET, VOID.distinctSubjects) == len(subjects)
    assert _number(told, DATASET, VOID.distinctObjects) == len(set(union.objects()))
    assert _number(told, DATASET, VOID.properties) == len(set(union.predicates()))
    assert _number(told, DATASET, VOID.classes) == len(set(union.objects(None, RDF.type)))
    assert _number(told, DATASET, VOID.entities) == sum(str(s).startswith(layout.BASE) for s in subjects)


def test_every_partition_of_void_holds_when_it_is_counted_again(told, union):
    kinds: dict[object, set[object]] = {}
    for node, kind in union.subject_objects(RDF.type):
        kinds.setdefault(node, set()).add(kind)
    again: Counter[tuple[object, ...]] = Counter()
    for subject, predicate, value in union:
        for kind in kinds.get(subject, ()):
            again[kind, predicate] += 1
            for other in kinds.get(value, ()):
                again[kind, predicate, VOID["class"], other] += 1
            if isinstance(value, Literal):
                datatype = RDF.langString if value.language else value.datatype or XSD_STRING
                again[kind, predicate, EXT.datatype, datatype] += 1
    found: Counter[tuple[object, ...]] = Counter()
    for part in told.objects(DATASET, VOID.classPartition):
        kind = told.value(part, VOID["class"])
        assert _number(told, part, VOID.entities) == sum(kind in found for found in kinds.values())
        for within in told.objects(part, VOID.propertyPartition):
            predicate = told.value(within, VOID.property)
            found[kind, predicate] = _number(told, within, VOID.triples)
            for link, tells in ((VOID.classPartition, VOID["class"]), (EXT.datatypePartition, EXT.datatype)):
                for last in told.objects(within, link):
                    key = kind, predicate, tells, told.value(last, tells)
                    found[key] = _number(told, last, VOID.triples)
    assert found == again
    assert len(again) > 1000


XSD_STRING = URIRef("http://www.w3.org/2001/XMLSchema#string")


def test_an_editor_of_queries_learns_what_can_be_asked(told):
    """The pattern by which editors read VoID: class, property, and class or datatype of the object."""
    rows = told.query(
        """PREFIX void: <http://rdfs.org/ns/void#>
        PREFIX ext: <http://ldf.fi/void-ext#>
        PREFIX fil: <https://w3id.org/filiation/ontology#>
        SELECT ?property ?class ?datatype WHERE {
            ?part void:class fil:Attestation ; void:propertyPartition ?within .
            ?within void:property ?property .
            { ?within void:classPartition [ void:class ?class ] }
            UNION { ?within ext:datatypePartition [ ext:datatype ?datatype ] }
        }"""
    )
    found = {tuple(str(cell) if cell else None for cell in row) for row in rows}
    assert (str(DCTERMS.source), layout.ONTOLOGY + "Source", None) in found
    edtf = layout.PREFIXES["edtf"] + "EDTF"
    assert (layout.ONTOLOGY + "date", None, edtf) in found
    assert not any(kind == layout.ONTOLOGY + "Group" and "source" in name for name, kind, _ in found)


def test_the_links_to_each_list_are_counted(told, union):
    found = {}
    for part in told.subjects(RDF.type, VOID.Linkset):
        target = told.value(part, VOID.objectsTarget)
        keeper = told.value(target, DCTERMS.publisher) or told.value(target, FOAF.homepage)
        assert told.value(part, VOID.subjectsTarget) == DATASET
        found[str(keeper), str(told.value(part, VOID.linkPredicate))] = _number(told, part, VOID.triples)
    again = Counter(
        (str(union.value(match, DCTERMS.creator) or "https://www.wikidata.org/"), str(predicate))
        for name in counts.MATCHES
        for predicate in (URIRef(name),)
        for match in union.objects(None, predicate)
    )
    assert found == again
    assert ("https://www.wikidata.org/", layout.PREFIXES["skos"] + "closeMatch") in found


def test_void_names_every_dump_where_it_belongs(told, release, version):
    dumps = {part.name for part in manifest.read(release).files if part.role == "dump"}
    dumps = {name for name in dumps if void._syntax(name) in void.FEATURES}
    whole = {name for name in dumps if name.startswith(f"filiation-{version}.")}
    assert _names(told.objects(DATASET, VOID.dataDump)) == whole
    assert _names(told.objects(None, VOID.dataDump)) == dumps
    for subset in set(told.subjects(VOID.dataDump)) - {DATASET}:
        assert (DATASET, VOID.subset, subset) in told
        for name in _names(told.objects(subset, VOID.dataDump)):
            part = manifest.read(release).named(name)
            assert part.statements == _number(told, subset, VOID.triples)


def test_the_examples_of_void_are_there(told, union):
    shown = set(told.objects(DATASET, VOID.exampleResource))
    assert len(shown) == len(void.SHOWN)
    assert all((node, None, None) in union for node in shown)


def test_names_of_partitions_never_meet():
    terms = [
        "https://w3id.org/filiation/ontology#Group",
        "https://w3id.org/filiation/shapes#Group",
        "http://example.org/a#Group",
        "http://example.org/b#Group",
        "http://example.org/Group/",
        "https://w3id.org/filiation/ontology#Gröup",
    ]
    assert len({void._short(term) for term in terms}) == len(terms)
    assert all(re.fullmatch(r"[\w.-]+", void._short(term), re.ASCII) for term in terms)


# DCAT, PROV


def test_each_file_of_data_is_a_distribution_with_its_size_and_hash(release):
    graph = Graph().parse(release / "dcat.ttl")
    whole = manifest.read(release)
    node = URIRef(about.release_iri(whole.version))
    files = {part.name: part for part in whole.files if part.role in about.DATA}
    found = {str(graph.value(part, DCTERMS.title)): part for part in graph.objects(node, DCAT.distribution)}
    assert found.keys() == files.keys()
    for name, part in found.items():
        content = (release / name).read_bytes()
        assert _number(graph, part, DCAT.byteSize) == len(content)
        told = graph.value(graph.value(part, SPDX.checksum), SPDX.checksumValue)
        assert str(told) == hashlib.sha256(content).hexdigest()
        assert str(graph.value(part, DCAT.downloadURL)) == f"{node}/{name}"
        assert bool(graph.value(part, DCAT.compressFormat)) == name.endswith((".gz", ".zst"))
    assert not list(graph.subjects(RDF.type, DCAT.DataService))


@pytest.mark.skipif(not SUITES.is_dir(), reason="the shapes of DCAT-AP are not at hand")
@pytest.mark.parametrize("name", ["shapes", "range", "shapes_recommended"])
def test_dcat_conforms_to_the_profile_of_europe(release, name):
    from pyshacl import validate

    graph = Graph().parse(release / "dcat.ttl")
    shapes = Graph().parse(SUITES / "dcat-ap" / f"{name}.ttl")
    conforms, report, text = validate(graph, shacl_graph=shapes, inference="none")
    sh = Namespace("http://www.w3.org/ns/shacl#")
    open_ends = {
        (type_of(graph, report.value(result, sh.focusNode)), str(report.value(result, sh.resultPath)))
        for result in report.subjects(RDF.type, sh.ValidationResult)
    }
    # What nobody can say: when the first catalogue was, where exactly a place ends, of what legal form the
    # contributors are; and the dataset of all releases has files only through its versions.
    known = {
        ("Agent", str(DCTERMS.type)),
        ("LicenseDocument", str(DCTERMS.type)),
        ("Catalog", str(DCTERMS.issued)),
        ("Catalog", str(DCTERMS.spatial)),
        ("Dataset", str(DCAT.distribution)),
        ("Location", str(DCAT.bbox)),
        ("Location", str(DCAT.centroid)),
    }
    assert open_ends - (known if name == "shapes_recommended" else set()) == set()
    assert conforms == (not open_ends), text


def type_of(graph: Graph, node: object) -> str:
    return str(graph.value(node, RDF.type)).replace("#", "/").rpartition("/")[2]


def test_a_release_names_the_one_before_it(own, monkeypatch):
    material, release = own
    told = about.of(material)
    follower = about.About(**{**vars(told), "previous": "1.9.0"})
    counted = counts.of(material.quads)
    node = URIRef(layout.BASE + "release/2.0.0")
    before = URIRef(layout.BASE + "release/1.9.0")
    graph = dcat.description(follower, counted, release)
    assert (node, DCAT.previousVersion, before) in graph
    assert set(graph.objects(DATASET, DCAT.hasVersion)) == {node, before}
    assert (node, PROV.wasRevisionOf, before) in prov.description(follower, material, release)
    assert not list(dcat.description(told, counted, release).objects(node, DCAT.previousVersion))


def test_prov_names_every_file_that_was_read_and_written(own):
    material, release = own
    release.add("a.txt", b"a", title="A file", role="dump")
    graph = prov.description(about.of(material), material, release)
    build = next(graph.subjects(RDF.type, PROV.Activity))
    used = {str(graph.value(file, DCTERMS.title)): file for file in graph.objects(build, PROV.used)}
    root = material.corpus.layout.root
    files = [*root.rglob("*.ttl"), *root.rglob("*.rq")]
    assert used.keys() == {file.relative_to(root).as_posix() for file in files}
    for path, file in used.items():
        digest = graph.value(graph.value(file, SPDX.checksum), SPDX.checksumValue)
        assert str(digest) == hashlib.sha256((root / path).read_bytes()).hexdigest()
    written = set(graph.subjects(PROV.wasGeneratedBy, build))
    assert written == {URIRef(layout.BASE + "release/2.0.0"), URIRef(layout.BASE + "release/2.0.0/a.txt")}
    plan = next(graph.subjects(RDF.type, PROV.Plan))
    assert str(graph.value(plan, DCTERMS.identifier)) == material.edition.revision
    assert "Time" not in " ".join(str(predicate) for predicate in graph.predicates())


def test_the_commit_is_told_where_it_is_known(own):
    material, release = own
    describe.write(material, release)
    files = {part.name: (release.folder / part.name).read_text("utf-8") for part in release.parts}
    told = {name for name, text in files.items() if material.edition.revision in text}
    assert told == {"prov.ttl", "CITATION.cff", "ro-crate-metadata.json", "index.html", "README.md"}


def test_the_same_matter_is_described_the_same(own, tmp_path):
    material, release = own
    describe.write(material, release)
    again = Release(tmp_path / "again")
    again.folder.mkdir()
    describe.write(Material(corpus.load(material.corpus.layout), Graph(), material.edition), again)
    assert again.parts == release.parts


# What people and machines read


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.leads: list[str] = []
        self.embedded = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "link":
            self.links.append(told)
        if tag == "a":
            self.leads.append(told["href"] or "")
        self._inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        self.embedded += data if self._inside else ""


@pytest.fixture(scope="module")
def page(release) -> _Page:
    parser = _Page()
    parser.feed((release / "index.html").read_text("utf-8"))
    return parser


def test_every_link_of_the_page_leads_to_a_file(page, release):
    names = {lead for lead in page.leads if not lead.startswith(("https://", "../"))}
    assert names == {file.name for file in release.iterdir()} - {"index.html"}


def test_the_page_holds_the_description_for_search_engines(page, release):
    assert json.loads(page.embedded) == json.loads((release / "schema.jsonld").read_text("utf-8"))


def test_text_cannot_break_out_of_the_page(own):
    material, release = own
    from filiation.describe import page as pages

    evil = '</script><script>alert("1")</script>'
    told = about.About(**{**vars(about.of(material)), "title": evil, "rights": evil})
    links = linkset.landing(told, release, [])
    text = pages.text(told, counts.of([]), release, links, {"name": evil}, []).decode()
    assert text.count("<script") == 1
    assert text.count("</script") == 1
    assert "alert(" in text


def test_the_links_of_the_page_are_those_of_the_link_set(page, release):
    whole = json.loads((release / "linkset.json").read_text("utf-8"))["linkset"]
    relations = {
        (relation, link["href"])
        for relation, links in whole[0].items()
        if relation != "anchor"
        for link in links
    }
    found = {(link["rel"], link["href"]) for link in page.links if link["rel"] != "linkset"}
    assert found == relations
    version = manifest.read(release).version
    needed = {"cite-as", "type", "describedby", "license", "item", "author"}
    assert {relation for relation, _ in relations} == needed
    home = about.release_iri(version) + "/"
    for relation, href in relations:
        if relation in ("item", "describedby"):
            assert (release / href.removeprefix(home)).is_file(), href
    assert whole[0]["anchor"] == home
    for entry in whole[1:]:
        (back,) = entry.get("collection") or entry["describes"]
        assert back["href"] == home


def test_the_citation_of_the_repository_is_that_of_its_next_release(place, repository):
    import tomllib

    version = tomllib.loads((place.root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    from filiation.dataset import Edition

    told = about.of(Material(repository, Graph(), Edition(version, "2026-11-23")))
    expected = citation.text(told, released=False).decode()
    assert (place.root / citation.NAME).read_text("utf-8") == expected


def test_the_readme_loads_as_the_configurations_explain(release):
    text = (release / "README.md").read_text("utf-8")
    for recipe in readme.RECIPES:
        if recipe.needs in configurations.FILES and recipe.needs != "oxigraph.sh":
            _, explained = configurations.FILES[recipe.needs]
            for line in recipe.commands.splitlines():
                assert line.replace("filiation-V.nq.gz", "{nquads}") in explained
        assert f"{recipe.program}:\n" in text


def test_the_python_of_the_readme_gives_the_counts_that_it_promises(release, monkeypatch, capsys):
    monkeypatch.chdir(release)
    text = (release / "README.md").read_text("utf-8")
    (promise,) = re.findall(r"answers (\d+); the union of the graphs has (\d+) triples", text)
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert tuple(capsys.readouterr().out.split()) == promise


def test_a_dataset_without_a_licence_is_not_described(copy):
    file = copy.root / "data" / "dataset.ttl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "dcterms:license" not in line), "utf-8")
    from filiation.dataset import Edition

    material = Material(corpus.load(copy), Graph(), Edition("1.0.0", "2026-11-23"))
    with pytest.raises(about.NotDescribed, match=r"data/dataset\.ttl: add dcterms:license"):
        about.of(material)


@pytest.mark.parametrize(("name", "spdx"), [("LICENSE", "Apache-2.0"), ("LICENSE-DATA", "CC-BY-4.0")])
def test_the_terms_that_hosts_look_for_are_those_that_reuse_looks_for(place, name, spdx):
    assert (place.root / name).read_bytes() == (place.root / "LICENSES" / f"{spdx}.txt").read_bytes()


def test_counting_nothing_gives_nothing():
    empty = counts.of([])
    assert (empty.triples, empty.classes, empty.period) == (0, Counter(), ("", ""))


def test_a_statement_in_two_graphs_counts_once(own):
    material, _ = own
    twice = [*material.quads, *Material(material.corpus, Graph(), material.edition).quads]
    assert counts.of(twice) == counts.of(material.quads)


def _number(graph: Graph, node: object, predicate: URIRef) -> int:
    return int(graph.value(node, predicate))


def _names(files: object) -> set[str]:
    return {str(file).rpartition("/")[2] for file in files}


def test_the_version_is_told(told, version):
    assert str(told.value(DATASET, OWL.versionInfo)) == version

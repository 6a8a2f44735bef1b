"""Every IRI of ours leads from w3id.org to a file that tells of it, of the type that is accepted most."""

import http.client
import itertools
import json
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rewriting import Rewriting

from filiation import layout, redirects
from filiation.folder import CannotWrite

PLACE = redirects.NOWHERE

#: File name extension -> the type that it is served as.
TYPES = {
    ".ttl": "text/turtle",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".html": "text/html",
    "linkset.json": "application/linkset+json",
}
RDF = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples")
#: Kind of IRI -> one of it, and the types in which it is told, the default first.
KINDS = {
    "entity": ("group/aqim", (*RDF, "application/trig", "application/n-quads", "text/html")),
    "situation": ("split/mujao-2011", (*RDF, "application/trig", "application/n-quads", "text/html")),
    "graph": ("graph/groups/aqim", ("application/trig", "application/n-quads", "text/html")),
    "inferred": ("graph/inferred", ("application/trig", "application/n-quads", "text/html")),
    "ontology": ("ontology", (*RDF, "text/html")),
    "version of the ontology": ("ontology/{version}", (*RDF, "text/html")),
    "concept": ("status/held", (*RDF, "text/html")),
    "scheme": ("scheme/status", (*RDF, "text/html")),
    "shapes": ("shapes", ("text/turtle", "application/n-triples", "text/html")),
    "dataset": ("dataset", ("text/turtle", "application/ld+json", "application/linkset+json", "text/html")),
    "base": ("", ("text/turtle", "application/ld+json", "application/linkset+json", "text/html")),
    "release": (
        "release/{version}",
        ("text/turtle", "application/ld+json", "application/linkset+json", "text/html"),
    ),
    "page": (
        "release/{version}/",
        ("text/turtle", "application/ld+json", "application/linkset+json", "text/html"),
    ),
    "question": ("question/ancestors-of-al-murabitun", ("text/turtle", "text/html")),
}
#: What clients send.
ACCEPT = {
    "curl": "*/*",
    "Firefox": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Chrome": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7",
    "Jena": "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
    "application/rdf+xml;q=0.7,*/*;q=0.3",
    "rdflib": "application/rdf+xml,text/html;q=0.9,application/xhtml+xml;q=0.9,text/turtle,"
    "application/n-triples;q=0.8",
    "RDF4J": "application/rdf+xml;q=0.8, application/trig, application/n-quads;q=0.9, text/turtle;q=0.5",
    "Virtuoso": "application/ld+json; q=1.0, text/turtle; q=1.0, text/html; q=0.6, */*; q=0.1",
    "JSON-LD loader": 'application/ld+json;profile="http://www.w3.org/ns/json-ld#context", '
    "application/json;q=0.9",
    "Protege": "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09",
    "not Turtle": "text/turtle;q=0, */*",
    "Turtle last": "text/turtle;q=0.1, */*;q=0.2",
    "shouting": "APPLICATION/LD+JSON;Q=0.5",
    "any text": "text/*",
    "any application": "application/*;q=0.5, text/plain",
    "none": "image/png, text/plain;q=0.5",
    "refused": "text/html;q=0, text/turtle;q=0.0",
    "a name within a name": "text/turtle-star, application/n-quadsy, x-application/trig",
    "least": "text/turtle;q=0.01, text/plain;q=0.02",
    **{media: media for media in sorted({*TYPES.values()})},
    **{f"{media}, or not": f"{media};q=0.4, text/html;q=0.3" for media in sorted({*TYPES.values()})},
}


@pytest.fixture(scope="module")
def told(release) -> dict:
    return json.loads((release / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def rewriting(release) -> Rewriting:
    return Rewriting(release / redirects.NAME)


def qualities(accept: str, offered: tuple[str, ...]) -> dict[str, float]:
    """What each type is worth to the client: by the most specific range that holds it (RFC 9110, 12.5.1)."""
    ranges: dict[str, float] = {}
    for entry in accept.lower().split(","):
        name, *parameters = (word.strip() for word in entry.split(";"))
        quality = next((float(word[2:]) for word in parameters if word.startswith("q=")), 1.0)
        ranges[name] = max(quality, ranges.get(name, 0.0)) if name in ranges else quality
    found = {}
    for media in offered:
        names = (media, media.partition("/")[0] + "/*", "*/*")
        found[media] = next((ranges[name] for name in names if name in ranges), 0.0)
    if "text/html" in found and "application/xhtml+xml" in ranges:
        found["text/html"] = max(found["text/html"], ranges["application/xhtml+xml"])
    return found


def file_of(location: str, version: str) -> str:
    start = f"{PLACE}{version}/"
    assert location.startswith(start), location
    return location.removeprefix(start)


def type_of(name: str) -> str:
    return TYPES.get(name) or TYPES[Path(name).suffix]


@pytest.mark.parametrize("client", ACCEPT)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_is_what_the_client_likes_best(rewriting, release, told, kind, client):
    path, offered = KINDS[kind][0].format(version=told["version"]), KINDS[kind][1]
    answer = rewriting.answer(path, ACCEPT[client])
    worth = qualities(ACCEPT[client], offered)
    if not any(worth.values()):
        assert answer.status == 406
        return
    assert answer.status == 303
    name = file_of(answer.location, told["version"])
    assert (release / name).is_file()
    assert type_of(name) in offered
    assert worth[type_of(name)] == max(worth.values()), (answer.location, worth)


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_that_is_offered_is_given(rewriting, told, kind):
    path, offered = KINDS[kind][0].format(version=told["version"]), KINDS[kind][1]
    for media in offered:
        assert type_of(file_of(rewriting.answer(path, media).location, told["version"])) == media


@pytest.mark.parametrize("accept", [None, "", "*/*"])
@pytest.mark.parametrize("kind", KINDS)
def test_who_says_nothing_gets_the_default(rewriting, told, kind, accept):
    path, offered = KINDS[kind][0].format(version=told["version"]), KINDS[kind][1]
    name = file_of(rewriting.answer(path, accept).location, told["version"])
    assert type_of(name) == offered[0]


ONE_DECIMAL = st.integers(1, 10).map(lambda n: n / 10)


@given(
    st.dictionaries(st.sampled_from(sorted({*TYPES.values(), "text/plain"})), ONE_DECIMAL, max_size=7),
    st.data(),
)
def test_any_order_of_liking_is_followed(rewriting, told, wishes, data):
    order = data.draw(st.permutations(sorted(wishes)))
    words = [f"{media};q={wishes[media]}" if wishes[media] < 1 else media for media in order]
    accept = data.draw(st.sampled_from([", ", ",", " , "])).join(words)
    path, offered = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    path = path.format(version=told["version"])
    answer = rewriting.answer(path, accept)
    worth = qualities(accept, offered) if accept else {offered[0]: 1.0}
    if not any(worth.values()):
        assert answer.status == 406
    else:
        assert worth[type_of(file_of(answer.location, told["version"]))] == max(worth.values()), accept


def test_every_iri_of_the_release_leads_to_a_file_that_tells_of_it(rewriting, release, told):
    """Not only the kinds that we thought of: whatever stands as an IRI of ours in a dump or a description."""
    texts = {
        p.name: p.read_text("utf-8")
        for p in release.iterdir()
        if p.suffix in {".nt", ".ttl", ".trig", ".rdf"}
    }
    version = told["version"]
    names = [f"filiation-{version}.nt", "ontology.nt", "shapes.nt"]
    found = {iri for name in names for iri in re.findall(rf"<{layout.BASE}([^>]*)>", texts[name])}
    found |= {graph["graph"].removeprefix(layout.BASE) for graph in told["graphs"]}
    assert len(found) > 2000
    lost = []
    for iri in sorted(found):
        path = iri.partition("#")[0]
        answer = rewriting.answer(path, "text/turtle, application/trig;q=0.9, */*;q=0.1")
        name = file_of(answer.location, version) if answer.status == 303 else ""
        text = texts.get(name) or ((release / name).read_text("utf-8") if name else "")
        last = re.split(r"[/#]", iri)[-1]
        if not name or last not in text:
            lost.append((iri, answer.status, name))
    assert lost == []


def test_every_file_of_the_release_has_its_iri(rewriting, release, told):
    for file in release.iterdir():
        for accept in ("*/*", "text/turtle", "image/png", None):
            answer = rewriting.answer(f"release/{told['version']}/{file.name}", accept)
            assert (answer.status, file_of(answer.location, told["version"])) == (303, file.name)


def test_the_context_is_given_to_everybody(rewriting, release, told):
    for path, accept in itertools.product(
        ("context", "context.jsonld"), ("application/json", "*/*", "text/turtle")
    ):
        answer = rewriting.answer(path, accept)
        assert (release / file_of(answer.location, told["version"])).name == "context.jsonld"


@pytest.mark.parametrize(
    "path", ["ontology/9.8.7", "ontology/9.8.7-rc.1", "release/9.8.7/", "release/9.8.7/void.ttl"]
)
def test_another_version_leads_to_that_version(rewriting, path):
    version = path.split("/")[1]
    location = rewriting.answer(path, "text/turtle").location
    assert location.startswith(f"{PLACE}{version}/") and location.endswith(".ttl")


@pytest.mark.parametrize(
    "path", ["nothing", "group/", "release/1.0/void.ttl", "release/1.0.0/a/b", "ontology/x", "group/a/b"]
)
def test_what_is_no_iri_of_ours_leads_nowhere(rewriting, path):
    assert rewriting.answer(path, "text/turtle").status == 404


@pytest.mark.parametrize(
    "path", ["release/1.0.0/../../evil", "release/1.0.0/%2e%2e", "release/1.0.0/.htaccess"]
)
def test_nobody_is_led_out_of_the_release(rewriting, path):
    assert rewriting.answer(path, "*/*").status == 404


def test_caches_and_scripts_of_other_sites_are_told(rewriting):
    assert rewriting.headers == {"Access-Control-Allow-Origin": "*", "Vary": "Accept"}
    for media in {media for _, offered in KINDS.values() for media in offered}:
        assert media in rewriting.documents["406"]


def test_the_place_of_the_releases_is_said_in_one_file(tmp_path):
    assert redirects.place_of_releases(tmp_path) == redirects.NOWHERE
    (tmp_path / "pyproject.toml").write_text('[tool.filiation]\nreleases = "https://example.org/v"\n')
    assert redirects.place_of_releases(tmp_path) == "https://example.org/v"


@pytest.mark.parametrize(
    "place",
    ["http://example.org/", "example.org", "https://e.org/a,b", "https://e.org/[L]", "https://e.org/ x"],
)
def test_a_place_that_would_break_a_rule_is_refused(tmp_path, place):
    (tmp_path / "pyproject.toml").write_text(f'[tool.filiation]\nreleases = "{place}"\n')
    with pytest.raises(CannotWrite, match="https address"):
        redirects.place_of_releases(tmp_path)


SERVER = """
ServerName 127.0.0.1
ServerRoot "{folder}"
PidFile "{folder}/pid"
ErrorLog "{folder}/error.log"
Listen 127.0.0.1:{port}
{modules}
DocumentRoot "{folder}/www"
<Directory "{folder}/www">
    AllowOverride All
    Require all granted
</Directory>
"""


@pytest.fixture(scope="module")
def apache(release, tmp_path_factory):
    """A server of our own with the rules in the folder that w3id.org would have for us."""
    program = shutil.which("apache2") or shutil.which("httpd") or shutil.which("/usr/sbin/apache2")
    if program is None:
        pytest.skip("Apache is not installed (Debian's apache2)")
    folder = tmp_path_factory.mktemp("apache")
    (folder / "www" / "filiation").mkdir(parents=True)
    shutil.copy(release / redirects.NAME, folder / "www" / "filiation" / ".htaccess")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    for above in folder.parents[:2]:
        above.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = next(
        path for path in map(Path, ("/usr/lib/apache2/modules", "/usr/libexec/apache2")) if path.is_dir()
    )
    wanted = ("mpm_event", "authz_core", "env", "headers", "rewrite", "unixd", "dir")
    modules = "\n".join(
        f"LoadModule {name}_module {home}/mod_{name}.so"
        for name in wanted
        if (home / f"mod_{name}.so").is_file()
    )
    (folder / "httpd.conf").write_text(SERVER.format(folder=folder, port=port, modules=modules))
    process = subprocess.Popen(
        [program, "-f", str(folder / "httpd.conf"), "-DFOREGROUND"], stderr=subprocess.PIPE
    )
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None, process.stderr.read().decode()
            time.sleep(0.1)
    yield port, folder
    process.terminate()
    process.wait(10)


def test_apache_itself_answers_as_the_simulation(apache, rewriting, told):
    port, folder = apache
    paths = [path.format(version=told["version"]) for path, _ in KINDS.values()]
    paths += [
        "context",
        "nothing",
        "release/9.8.7/void.ttl",
        f"release/{told['version']}/LICENSE",
        "entry/un/QDe.014",
    ]
    for path, accept in itertools.product(paths, [*ACCEPT.values(), None]):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Accept": accept} if accept is not None else {}
        connection.putrequest("GET", f"/filiation/{path}", skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        body = response.read().decode()
        expected = rewriting.answer(path, accept)
        found = (response.status, response.headers.get("Location", ""))
        log = (folder / "error.log").read_text() if response.status == 500 else ""
        assert found == (expected.status, expected.location), (path, accept, log)
        assert "Accept" in response.headers["Vary"]
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        if response.status == 406:
            assert "text/turtle" in body
        connection.close()

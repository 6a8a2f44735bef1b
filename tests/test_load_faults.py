"""A store that is not there, refuses, breaks off or lies: clear words, a known state, no secret told."""

import subprocess
import threading

import httpx
import pytest
import servers
from faulty import Answer, proxy
from test_load import QUADS, THEIRS, quads, released

from filiation.load import transport

SECRET = "correct-horse-battery"
PAGE = Answer(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Welcome</title>")
EARLIER = (
    '<https://w3id.org/filiation/group/old> <https://w3id.org/p> "x" <https://w3id.org/filiation/graph/old> .'
)


@pytest.fixture
def store(tmp_path):
    with servers.oxigraph(tmp_path) as url:
        yield url


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    """Every test loads with a password, which must never be seen."""
    monkeypatch.setenv("FILIATION_USER", "loader")
    monkeypatch.setenv("FILIATION_PASSWORD", SECRET)
    monkeypatch.setattr(transport.time, "sleep", lambda seconds: None)


def attempt(run, release, url, *words):
    """Load, and see that no secret is told."""
    result = run("load", release, "--to", url, "--store", "oxigraph", "--no-questions", *words)
    assert SECRET not in result.output
    return result


def test_a_store_that_is_not_there(run, town_release):
    result = attempt(run, town_release, f"http://127.0.0.1:{servers.free_port()}")
    assert result.exit_code == 2
    assert "cannot be reached: is the store running" in result.stderr


def test_a_host_that_has_no_address(run, town_release):
    result = attempt(run, town_release, "http://no-such-host.invalid")
    assert result.exit_code == 2
    assert "cannot be reached" in result.stderr


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "refused this user and password (401)"),
        (403, "does not allow this (403)"),
        (404, "knows nothing at this address (404)"),
        (405, "is it read-only"),
        (429, "has had enough requests"),
        (500, "failed with status 500"),
        (503, "is not available for now (503): try again later"),
        (507, "is out of space (507)"),
    ],
)
@pytest.mark.parametrize("when", ["at once", "when it changes"])
def test_a_refusal_is_put_in_words_and_leaves_the_store_as_it_was(
    status, told, when, run, town_release, store
):
    httpx.post(f"{store}/store", content=f"{THEIRS}\n{EARLIER}\n", headers=QUADS).raise_for_status()
    before = quads(store)
    with proxy(store, lambda r: Answer(status) if r.changes or when == "at once" else None) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "partial" not in result.stderr
    assert quads(store) == before


def test_what_the_store_says_is_repeated_without_control_characters_and_secrets(run, town_release, store):
    body = f"no \x1b[31mroom\x07 for {SECRET} here\nTraceback of the store".encode()
    fault = lambda r: Answer(500, {"Content-Type": "text/plain"}, body) if r.changes else None  # noqa: E731
    with proxy(store, fault) as (url, _):
        result = attempt(run, town_release, url)
    assert "it says: no  [31mroom  for *** here" in result.stderr
    assert "Traceback" not in result.stderr


def test_of_a_page_of_failure_only_what_the_store_said_is_repeated(run, town_release, store):
    """As Virtuoso answers."""
    body = b"<!DOCTYPE html><title>Failed</title><h3>Error</h3>\n<xmp>RDFGE: no &lt;box&gt;</xmp></html>"
    fault = lambda r: Answer(500, {"Content-Type": "text/html"}, body) if r.changes else None  # noqa: E731
    with proxy(store, fault) as (url, _):
        result = attempt(run, town_release, url)
    assert result.stderr.rstrip().endswith("failed with status 500; it says: RDFGE: no <box>")


def test_a_store_that_does_not_answer_one_question_in_time_is_told_so(town_release, store):
    from filiation import answers, manifest
    from filiation.load import verification
    from filiation.load.endpoint import opened
    from filiation.load.transport import Credentials

    expected = answers.read(town_release)[:3]

    def fault(request):
        if request.path.startswith("/query") and request.earlier == 2:
            threading.Event().wait(3)
        return None

    with proxy(store, fault) as (url, _):
        endpoint = opened(url, "oxigraph", Credentials(), answer=1.0)
        found = verification.Verification()
        verification.answers(endpoint, manifest.read(town_release), expected, found)
        endpoint.connection.close()
    assert list(found.unanswered) == [expected[1].stem]
    assert "has not answered it" in found.unanswered[expected[1].stem]


def test_a_busy_store_is_asked_again_after_the_time_it_names(run, town_release, store, monkeypatch):
    waits = []
    monkeypatch.setattr(transport.time, "sleep", waits.append)
    busy = [Answer(503, {"Retry-After": "7"}), Answer(429, {"Retry-After": "2"})]
    with proxy(store, lambda r: busy.pop() if r.changes and busy else None) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 0, result.output
    assert waits == [2.0, 7.0]
    assert "is busy (503): asking again in 7 s" in result.stderr
    assert quads(store) == released(town_release)


def test_a_web_page_is_no_store(run, town_release, store):
    with proxy(store, lambda r: PAGE) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 2
    assert "answers with a web page" in result.stderr


@pytest.mark.parametrize("bytes_read", [0, 1000, 20000])
def test_a_connection_that_closes_in_the_middle_of_the_first_load(bytes_read, run, town_release, store):
    fault = lambda r: Answer(close=bytes_read) if r.changes else None  # noqa: E731
    with proxy(store, fault) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 2
    assert "broke the connection off" in result.stderr
    assert "partial" not in result.stderr
    assert quads(store) == set()


def test_a_graph_that_breaks_off_while_it_is_read_changes_nothing(run, town_release, store):
    attempt(run, town_release, store)
    httpx.post(f"{store}/store", content=EARLIER, headers=QUADS).raise_for_status()
    before = quads(store)
    short = Answer(200, {"Content-Type": "application/n-triples"}, b"<https://w3id.org/a> <https://w3id")
    with proxy(store, lambda r: short if r.method == "GET" and r.earlier == 5 else None) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 2
    assert "broken N-Triples" in result.stderr
    assert quads(store) == before


def test_a_request_that_is_too_large_is_sent_in_pieces(run, town_release, store):
    """A gateway that takes a megabyte at most, and not a byte more."""
    httpx.post(f"{store}/store", content=THEIRS, headers=QUADS).raise_for_status()
    limit = 1_000_000 // 5

    def fault(request):
        size = int(request.headers.get("content-length", 0))
        whole = request.path.startswith("/store") and request.method == "POST"
        return Answer(413) if request.changes and (whole or size > limit) else None

    with proxy(store, fault) as (url, seen):
        result = attempt(run, town_release, url)
    assert result.exit_code == 0, result.output
    assert "not in one transaction" in result.stdout
    assert quads(store) == released(town_release) | {THEIRS}
    assert sum(request.path.startswith("/update") for request in seen) > 5


def test_a_load_in_pieces_that_breaks_off_says_what_carries_it_on(run, town_release, store):
    def fault(request):
        if request.path.startswith("/store") and request.method == "POST":
            return Answer(413)
        if request.path.startswith("/update"):
            if int(request.headers["content-length"]) > 100_000:
                return Answer(413)
            fault.taken += 1
            return Answer(500) if fault.taken > 3 else None
        return None

    fault.taken = 0
    with proxy(store, fault) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 2
    assert "so the store is partial" in result.stderr
    assert f"to carry on: filiation load {town_release} --to {url} --store oxigraph" in result.stderr
    assert set() < quads(store) < released(town_release)
    assert attempt(run, town_release, store).exit_code == 0
    assert quads(store) == released(town_release)


def test_the_password_does_not_follow_to_another_host(run, town_release, store):
    with proxy(store, lambda r: None) as (other, reached):
        away = Answer(307, {"Location": other.replace("127.0.0.1", "localhost") + "/store"})
        with proxy(store, lambda r: away) as (url, _):
            result = attempt(run, town_release, url)
    assert result.exit_code == 2
    assert "sends on to http://localhost/" in result.stderr
    assert not reached


def test_a_redirection_on_the_same_host_is_followed(run, town_release, store):
    def fault(request):
        if request.path.startswith("/query") and "moved" not in request.path:
            return Answer(307, {"Location": "/query?moved"})
        return None

    with proxy(store, fault) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 0, result.output


def test_a_redirection_without_end_is_told(run, town_release, store):
    with proxy(store, lambda r: Answer(308, {"Location": "/again"})) as (url, _):
        result = attempt(run, town_release, url)
    assert result.exit_code == 2
    assert "from one address to the next" in result.stderr


@pytest.fixture
def certificate(tmp_path):
    """A key and a certificate that nobody vouches for, for 127.0.0.1."""
    import ssl

    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    try:
        subprocess.run(
            [*words, "-addext", "subjectAltName=IP:127.0.0.1", *files], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not here to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context, tmp_path / "cert.pem"


def test_a_certificate_that_nobody_vouches_for_is_refused_until_it_is_named(
    certificate, run, town_release, store
):
    context, file = certificate
    with proxy(store, lambda r: None, context) as (url, seen):
        result = attempt(run, town_release, url)
        assert result.exit_code == 2
        assert "has a certificate that nobody here vouches for" in result.stderr
        assert "--ca-file" in result.stderr
        assert not seen
        result = attempt(run, town_release, url, "--ca-file", file)
    assert result.exit_code == 0, result.output


def test_tls_where_there_is_none(run, town_release, store):
    with proxy(store, lambda r: None) as (url, _):
        result = attempt(run, town_release, url.replace("http:", "https:"))
    assert result.exit_code == 2
    assert "does not speak TLS: should it be http?" in result.stderr


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"http://loader:{SECRET}@127.0.0.1:1/", "is seen by others on this machine"),
        ("ftp://127.0.0.1/", "write the store's address"),
        ("localhost:7878", "write the store's address"),
        ("http://", "write the store's address"),
        ("http://127.0.0.1:99999/", "write the store's address"),
        ("http://127.0.0.1/?graph=x", "write the store's address"),
    ],
)
def test_an_address_that_is_none_is_refused(url, told, run, town_release):
    result = run("load", town_release, "--to", url)
    assert result.exit_code == 2
    assert told in result.stderr
    assert SECRET not in result.output


def test_a_store_that_nobody_knows(run, town_release):
    result = run("load", town_release, "--to", "http://127.0.0.1:1", "--store", "oxygraph")
    assert result.exit_code == 2
    assert "oxigraph" in result.stderr


def test_no_password_and_nobody_to_ask(run, town_release, monkeypatch):
    monkeypatch.delenv("FILIATION_PASSWORD")
    result = run("load", town_release, "--to", "http://127.0.0.1:1")
    assert result.exit_code == 2
    assert "put it in FILIATION_PASSWORD" in result.stderr


def test_a_store_that_can_only_be_asked(run, town_release, store):
    result = run("load", town_release, "--to", f"{store}/query", "--store", "generic", "--no-questions")
    assert result.exit_code == 2
    assert "--update-url" in result.stderr
    result = run(
        *("load", town_release, "--to", f"{store}/query", "--store", "generic"),
        *("--graphs-url", f"{store}/store", "--no-questions"),
    )
    assert result.exit_code == 0, result.output
    assert quads(store) == released(town_release)

"""A contribution that means harm is refused, or told with its line; nothing is fetched and nothing written.

What could take memory or time for ever is judged and laid out by a process of its own with 1 GiB and 10 s
of processor time. Every attempt to connect, or to look up a host, is a failure; what names an address names
one where a listener waits.
"""

import contextlib
import io
import os
import random
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import RDFS, SH, Graph, Literal, URIRef

from filiation import characters, corpus, deception, layout, oxigraph, positions, reserved, turtle, validate
from filiation.cli import main
from filiation.findings import Scope

GIB = 1 << 30
SECONDS = 10
#: Mutated files: `scripts/test --all` asks for all of them.
MUTATIONS = 10_000 if os.environ.get("FILIATION_TEST_ALL") else 1_000

NAMES = (
    "group",
    "attestation",
    "source",
    "fil",
    "skos",
    "owl",
    "sh",
    "rdf",
    "rdfs",
    "xsd",
    "edtf",
    "dcterms",
)
PREFIXES = "".join(f"PREFIX {name}: <{layout.PREFIXES[name]}>\n" for name in NAMES)
#: The line on which a statement after the prefixes stands.
FIRST = len(NAMES) + 1
MINE = 'group:mine a fil:Group ; skos:prefLabel "Mine"@en '


@pytest.fixture
def listener():
    """The port of a listener on this machine, and the list of who connected."""
    met: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError, OSError):
                    connection, whence = server.accept()
                    met.append(whence)
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], met
        done.set()
        thread.join()


CONFINED = textwrap.dedent(
    """
    import resource, socket, sys
    resource.setrlimit(resource.RLIMIT_AS, ({gib}, {gib}))
    resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
    def refuse(*args, **options):
        print("CONNECTED", args[1:], file=sys.stderr)
        raise OSError("no network here")
    socket.socket.connect = socket.socket.connect_ex = refuse
    socket.getaddrinfo = socket.gethostbyname = refuse
    from filiation.cli import run
    run()
    """
).format(gib=GIB, seconds=SECONDS)


def confined(*words, root):
    """What a command says and its exit code, within the limits and cut off from every network."""
    environment = {**os.environ, "PYTHONPATH": str(Path(layout.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, "--root", str(root), *map(str, words)],
        capture_output=True,
        timeout=120,
        env={**environment, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said, said[-2000:]
    assert "CONNECTED" not in said, said[-2000:]
    assert done.returncode in (0, 1, 2), (done.returncode, said[-500:])
    return done.returncode, said


def inside(*words, root):
    """The same without a process of its own, for what is refused before it can take anything."""

    def refuse(*args, **options):
        raise AssertionError(f"connected: {args[1:]}")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        done = CliRunner().invoke(main, ["--root", str(root), *map(str, words)], catch_exceptions=False)
    assert "Traceback" not in done.output
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def small(place, tmp_path_factory):
    """A checkout with the rules and next to no data, which is read at once."""
    root = tmp_path_factory.mktemp("small")
    for folder in ("ontology", "shapes"):
        shutil.copytree(place.root / folder, root / folder)
    (root / "data" / "groups").mkdir(parents=True)
    return layout.find(root)


@pytest.fixture
def plant(small):
    """Put a hostile file in a checkout, which is as before afterwards."""
    planted = []

    def put(content, name="mine.ttl"):
        file = small.data / "groups" / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        planted.append(file)
        return file

    yield put
    for file in planted:
        file.unlink(missing_ok=True)


def judge(small, file, call=inside):
    """Validate, lay out, and look whether anything was written; what validation said of the file."""
    before = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    code, said = call("validate", file, root=small.root)
    assert code == 1, said
    formatted, told = call("format", file, root=small.root)
    after = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    assert before.keys() == after.keys()
    if formatted:
        assert before == after, told
    return [line for line in said.splitlines() if line.startswith("data/groups/")]


def literal(text):
    return f"{PREFIXES}{MINE}; skos:editorialNote {text} ."


# What reads a file or reaches the network.

REACHING = {
    "owl:imports": (
        MINE + "; owl:imports <http://127.0.0.1:{port}/x.ttl> .",
        FIRST,
        "`owl:imports` has no place",
    ),
    "a file as an import": (
        MINE + "; owl:imports <file:///etc/passwd> .",
        FIRST,
        "`owl:imports` has no place",
    ),
    "a file as a value": (
        MINE + "; skos:relatedMatch <file:///etc/passwd> .",
        FIRST,
        "no address on the web",
    ),
    "a script as a value": (
        MINE + "; skos:relatedMatch <javascript:alert(1)> .",
        FIRST,
        "no address on the web",
    ),
    "a base that is a file": (
        "@base <file:///etc/> .\n" + MINE + "; skos:relatedMatch <passwd> .",
        FIRST,
        "a base makes one IRI mean another",
    ),
    "a base without need": ("BASE <https://w3id.org/filiation/>\n" + MINE + ".", FIRST, "a base makes"),
    "a relative IRI": (MINE + ";\n skos:relatedMatch <../../../etc/passwd> .", FIRST + 1, "a relative IRI"),
    "XML in a literal": (
        MINE + '; skos:editorialNote """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""'
        "^^rdf:XMLLiteral .",
        FIRST,
        "XMLLiteral> is not used here",
    ),
    "HTML in a literal": (
        MINE + '; skos:editorialNote "<img src=http://127.0.0.1:{port}/>"^^rdf:HTML .',
        FIRST,
        "HTML> is not used here",
    ),
    "an IRI in other letters": (
        MINE + "; skos:relatedMatch <https://ехаmple.org/> .",
        FIRST,
        "write an address in ASCII",
    ),
}


@pytest.mark.parametrize("name", REACHING)
def test_what_reaches_out_is_told_and_nothing_is_fetched(small, plant, listener, name):
    port, met = listener
    content, line, message = REACHING[name]
    content = PREFIXES + content.replace("{port}", str(port))
    told = judge(small, plant(content))
    assert any(f"mine.ttl:{line}:" in each and message in each for each in told), told
    assert not met


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.trig", "GRAPH <http://127.0.0.1:{port}/g> { <x:a> <x:b> <x:c> }"),
        ("mine.jsonld", '{"@context": "http://127.0.0.1:{port}/context.jsonld", "@id": "x:a"}'),
        ("mine.rdf", '<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/">]><r>&x;</r>'),
        (
            "mine.owl",
            '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
            '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><r>&c;</r>',
        ),
        ("mine.nq", "<x:a> <x:b> <x:c> <http://127.0.0.1:{port}/g> ."),
    ],
)
def test_no_other_syntax_is_read_and_the_advice_is_to_convert(small, plant, listener, name, content):
    port, met = listener
    file = plant(content.replace("{port}", str(port)), name)
    for words in (("validate", file), ("format", file), ("format", "--check", file)):
        code, said = inside(*words, root=small.root)
        assert (code, "convert it to Turtle, and name it mine.ttl" in said) == (1, True), said
    code, said = inside("validate", root=small.root)
    assert f"data/groups/{name}:1:" in said
    assert "no file of the dataset" in said
    assert not met


@pytest.mark.parametrize("content", ['{"@context": "http://127.0.0.1:9/"}', "<?xml version='1.0'?><a/>"])
def test_another_syntax_under_the_name_of_turtle_is_not_read(small, plant, content):
    assert any("not Turtle" in line for line in judge(small, plant(content)))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this FROM <http://127.0.0.1:{port}/x.ttl> WHERE { $this ?p ?o }",
        "SELECT $this FROM NAMED <http://127.0.0.1:{port}/x.ttl> WHERE { GRAPH ?g { $this ?p ?o } }",
        "SELECT $this WHERE { SERVICE <http://127.0.0.1:{port}/x> { $this ?p ?o } }",
        "SELECT $this WHERE { S\\\\u0045RVICE <http://127.0.0.1:{port}/x> { $this ?p ?o } }",
    ],
)
def test_a_shape_that_fetches_is_told_or_refused(small, plant, listener, query):
    port, met = listener
    plant(PREFIXES + MINE + ".")
    file = small.shapes / "evil.ttl"
    file.write_text(f"""{PREFIXES}<{layout.SHAPES}Evil> a sh:NodeShape ; sh:targetClass fil:Group ;
        sh:sparql [ sh:select "{query.replace("{port}", str(port))}" ] .""")
    try:
        code, said = inside("validate", root=small.root)
    finally:
        file.unlink()
    assert code in (1, 2), said
    reasons = ("would fetch something", "SERVICE", "cannot be applied")
    assert any(reason in said for reason in reasons), said[-999:]
    assert not met


@pytest.mark.parametrize(
    "power", ["sh:deactivated true", "owl:imports <http://127.0.0.1:9/x>", "sh:rule [ ]"]
)
def test_a_shape_that_is_switched_off_or_runs_something_is_told(copy, run, power):
    file = copy.shapes / "group.ttl"
    file.write_text(
        f"{file.read_text('utf-8')}\nPREFIX owl: <{layout.PREFIXES['owl']}>\nshape:Group {power} .\n"
    )
    result = run("validate", file, root=copy.root)
    assert (result.exit_code, "is not used here" in result.stdout) == (1, True), result.output


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://127.0.0.1:{port}/x> WHERE { ?s ?p ?o }",
        "SELECT * { SERVICE <http://127.0.0.1:{port}/> { } }",
        "LOAD <http://127.0.0.1:{port}/x>",
    ],
)
def test_a_query_reaches_nothing(small, plant, listener, query):
    port, met = listener
    plant(PREFIXES + MINE + ".")
    code, _ = inside("query", "--tree", "-e", query.replace("{port}", str(port)), root=small.root)
    assert code == (0 if "FROM" in query else 2)
    assert not met


# What takes memory or time for ever.

BOMBS = {
    "nested nodes": (
        lambda: "group:mine fil:date " + "[ fil:date " * 100_000 + "1" + " ]" * 100_000 + " .",
        "blank nodes",
    ),
    "nested lists": (
        lambda: "group:mine fil:date " + "( " * 100_000 + "1" + " )" * 100_000 + " .",
        "blank nodes",
    ),
    "brackets without end": (lambda: "group:mine fil:date " + "[" * 100_000, "not Turtle"),
    "lists without end": (lambda: "group:mine fil:date " + "(" * 300_000, "[unreadable]"),
    "quoted triples": (lambda: "group:mine fil:date " + "<<(" * 100_000, "not Turtle"),
    "a statement about a statement": (lambda: "group:mine fil:date <<( group:a fil:date 1 )>> .", "RDF 1.2"),
    "an annotation": (lambda: "group:mine fil:date 1 {| fil:date 2 |} .", "RDF 1.2"),
    "a direction": (lambda: MINE + '; skos:editorialNote "x"@en--rtl .', "RDF 1.2"),
    "a text of 2 MB": (
        lambda: MINE + '; skos:editorialNote """' + 'a" ' * 800_000 + '""" .',
        "at most 20,000",
    ),
    "a text of 15 MB": (
        lambda: MINE + '; skos:editorialNote "' + "a" * 15_000_000 + '" .',
        "larger than 3 MB",
    ),
    "escapes": (lambda: MINE + '; skos:editorialNote "' + "\\u0041" * 400_000 + '" .', "at most 20,000"),
    "a text of 100 MB": (
        lambda: MINE + '; skos:editorialNote "' + "a" * 100_000_000 + '" .',
        "larger than 20 MB",
    ),
    "a number of a million digits": (
        lambda: "group:mine fil:count " + "9" * 1_000_000 + " .",
        "1,000,000 characters",
    ),
    "a number with a huge exponent": (
        lambda: 'group:mine fil:count "1e999999999"^^xsd:decimal .',
        "not a number",
    ),
    "no number at all": (lambda: 'group:mine fil:count "NaN"^^xsd:double .', "not a number"),
    "a word as a number": (lambda: 'group:mine fil:count "many"^^xsd:integer .', "not a number"),
    "a date of a million digits": (
        lambda: f'group:mine fil:date "{"2" * 1_000_000}"^^edtf:EDTF .',
        "1,000,000 characters",
    ),
    "a language tag": (lambda: 'group:mine skos:prefLabel "x"@' + "abcdefgh-" * 10_000 + "a .", "not Turtle"),
    "an IRI of 2 MB": (lambda: f"<{layout.BASE}group/{'a' * 2_000_000}> a fil:Group .", "at most 2,000"),
    "a comment of 10 MB": (lambda: "#" * 10_000_000 + "\n" + MINE + ".", "larger than 3 MB"),
    "a graph hard to put in order": (
        lambda: "".join(
            f"_:n{i} fil:date _:n{(i + 1) % 200}, _:n{(i * 7 + 3) % 200} .\n" for i in range(200)
        ),
        "blank node",
    ),
    "a circle of blank nodes": (lambda: "_:a fil:date _:b . _:b fil:date _:a .", "blank node"),
    "many blank nodes": (lambda: "".join(f"[] fil:count {n} .\n" for n in range(100_000)), "blank nodes"),
    "many wrong names": (
        lambda: "".join(f"group:mine fil:parnet{n} group:aqmi{n} .\n" for n in range(2_000)),
        "is not a term of the ontology",
    ),
    "many prefixes": (
        lambda: (
            "".join(f"PREFIX p{n}: <http://example.org/{n}>\n" for n in range(50_000))
            + "group:other a fil:Group ."
        ),
        "group:mine",
    ),
    "many lines": (lambda: "".join(f"group:mine fil:count {n} .\n" for n in range(20_000)), "mine.ttl"),
}


LAID_OUT = ("nested nodes", "a text of 2 MB", "a graph hard to put in order", "many lines")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_within_a_gibibyte_and_ten_seconds(small, plant, name):
    make, message = BOMBS[name]
    content = PREFIXES + make()
    file = plant(content)
    code, said = confined("validate", file, root=small.root)
    assert code == 1
    assert message in said, said[:999]
    if name in LAID_OUT:
        assert confined("format", file, root=small.root)[0] == (0 if name == "many lines" else 1)
        assert name == "many lines" or file.read_text("utf-8") == content


@pytest.mark.parametrize("seed", range(3))
def test_blank_nodes_of_ontology_files_cannot_stop_the_layout(small, seed, tmp_path):
    """Also files that may have blank nodes are laid out in no time: the nodes that cannot be told apart."""
    file = small.ontology / "alignments" / "hard.ttl"
    nested = "[ a owl:Class ; " * (seed * 30 + 1) + "rdfs:label 1" + " ]" * (seed * 30 + 1)
    rows = "".join(f"rdfs:seeAlso {nested} ;\n" for _ in range(280 // (seed * 30 + 1)))
    file.write_text(f"{PREFIXES}<{layout.BASE}alignment/hard> {rows} rdfs:label 2 .")
    try:
        assert confined("format", "--check", file, root=small.root)[0] == 1
    finally:
        file.unlink()


EVIL_VALUES = [
    "a" * 19_000 + "!",
    " " * 19_000 + "x",
    "a-" * 9_000 + "!",
    ".A " * 6_000,
    "[" * 900 + "2011" + "]" * 5,
    ",".join(["2011"] * 190),
    "2011-" * 180,
    "~?%" * 300,
    "y1e999999999",
    f"{layout.BASE}group/" + "a-" * 900,
    "https://" + "a." * 900,
]


def test_no_pattern_of_the_shapes_takes_its_time(repository):
    """Each in a process of its own: a pattern that backtracks does not let go."""
    patterns = sorted({str(pattern) for pattern in repository.shapes.objects(None, SH.pattern)})
    assert len(patterns) > 20
    program = (
        "import re, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (10, 10))\n"
        f"for pattern in {patterns!r}:\n"
        f"    for value in {EVIL_VALUES!r}:\n"
        "        re.search(pattern, value)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=60)
    assert done.returncode == 0


def test_no_date_takes_its_time(small, plant):
    dates = " , ".join(
        f'"{value}"^^edtf:EDTF' for value in EVIL_VALUES if len(value) < 1_000 and '"' not in value
    )
    content = f"{PREFIXES}{MINE}; fil:date {dates} ."
    assert any("EDTF" in line for line in judge(small, plant(content)))


def test_a_locator_that_is_no_number_stops_no_evidence(small, plant, tmp_path):
    passage = "fil:passageStart {} ; fil:passageEnd {} ; fil:passageDigest 'x' ; dcterms:source source:s"
    rows = "".join(
        f"attestation:mine-{n} a fil:Attestation ; {passage.format(start, end)} .\n"
        for n, (start, end) in enumerate([('"abc"', "-5"), ("0", '"' + "9" * 900 + '"'), ("-3", "2")])
    )
    plant(PREFIXES + rows)
    (tmp_path / "text.txt").write_text("Some words of a text.\n" * 1_000)
    assert confined("evidence", tmp_path / "text.txt", root=small.root)[0] in (0, 1)


# What smuggles something in.

SMUGGLED = {
    "a shape": ("shape:Group-source sh:deactivated true .", "not ours to describe"),
    "a rule on one's own node": (MINE + "; sh:deactivated true .", "`sh:deactivated` has no place in data"),
    "a shape under one's own name": (
        "group:mine a sh:NodeShape ; sh:targetClass fil:Group ; sh:property group:mine .",
        "`sh:NodeShape` has no place in data",
    ),
    "a term": ("fil:newTerm a owl:ObjectProperty .", "not ours to describe"),
    "an axiom": ("fil:Group rdfs:subClassOf fil:Person .", "not ours to describe"),
    "an axiom about one's own node": (
        MINE + "; rdfs:subClassOf fil:Person .",
        "`rdfs:subClassOf` has no place",
    ),
    "an identity of everything": (MINE + "; owl:sameAs group:other .", "write a `skos:exactMatch`"),
    "a concept": ("<https://w3id.org/filiation/stance/perhaps> a skos:Concept .", "no place in data"),
    "a foreign subject": ("<http://www.wikidata.org/entity/Q1> a fil:Group .", "not ours to describe"),
    "a foreign word": (MINE + "; <http://example.org/secretly> 1 .", "of no vocabulary that we use"),
    "a reserved graph": (
        MINE + "; skos:relatedMatch <https://w3id.org/filiation/graph/inferred> .",
        "no IRI of ours",
    ),
    "somebody else's node": (
        MINE + ".\ngroup:other a fil:Group .",
        "move group:other to data/groups/other.ttl",
    ),
    "dots in a name": (MINE + ".\n<https://w3id.org/filiation/group/../../x> a fil:Group .", "group"),
    "a derived relation": (MINE + "; fil:splitFrom group:mine .", "Take the direct relation away"),
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_what_is_smuggled_in_is_told(small, plant, name):
    content, message = SMUGGLED[name]
    content = f"PREFIX shape: <{layout.SHAPES}>\n{PREFIXES}{content}"
    told = judge(small, plant(content))
    assert any(message in line and "warning" not in line for line in told), told


def test_shapes_in_data_judge_nothing(small, plant):
    """Switched off in a file of data, a rule of shapes/ still holds there."""
    content = f"PREFIX shape: <{layout.SHAPES}>\n{PREFIXES}group:mine a fil:Group .\n"
    off = "shape:Organization-englishLabel sh:deactivated true .\nfil:Group rdfs:subClassOf owl:Nothing .\n"
    assert any("englishLabel" in line for line in judge(small, plant(content + off)))


def test_a_link_is_not_followed(small, tmp_path):
    secret = tmp_path / "secret.ttl"
    secret.write_text("root:x:0:0 the password")
    for link, target in (
        ("link.ttl", secret),
        ("passwd.ttl", Path("/etc/passwd")),
        ("loop.ttl", Path("loop.ttl")),
    ):
        file = small.data / "groups" / link
        file.symlink_to(target)
        try:
            for words in (("validate",), ("validate", file), ("format", file)):
                code, said = inside(*words, root=small.root)
                # Named by hand, a link that leads nowhere is a wrong call.
                assert code == (2 if link == "loop.ttl" and file in words else 1), said
                assert "a link to another place" in said or code == 2
                assert "password" not in said
                assert ":x:" not in said
            assert file.is_symlink()
        finally:
            file.unlink()
    assert secret.read_text() == "root:x:0:0 the password"


def test_a_folder_that_is_a_link_leads_nowhere(small, tmp_path):
    (tmp_path / "mine.ttl").write_text(PREFIXES + MINE + ".")
    link = small.data / "groups" / "more"
    link.symlink_to(tmp_path)
    try:
        code, said = inside("validate", root=small.root)
        assert (code, "data/groups/more:1:" in said) == (1, True), said
    finally:
        link.unlink()


@pytest.mark.parametrize("name", ["../../outside.ttl", "{tmp}/outside.ttl"])
def test_a_file_outside_is_judged_as_one_that_belongs_inside(small, tmp_path, name):
    named = Path(name.format(tmp=tmp_path))
    file = named if named.is_absolute() else small.data / "groups" / named
    file.write_text(PREFIXES + MINE + ".")
    try:
        code, said = inside("validate", file, root=small.root)
        assert (code, "a file in the wrong place: move it to data/groups/mine.ttl" in said) == (1, True)
    finally:
        file.unlink()


# What deceives a reader.

UNSEEN = {
    "an override of the direction": ("Mi\u202ene", "U+202E (RIGHT-TO-LEFT OVERRIDE) turns the order"),
    "an isolate": ("Mi\u2066ne\u2069", "U+2066"),
    "a mark of direction": ("Mi\u200fne", "U+200F"),
    "a zero-width space": ("Mi\u200bne", "U+200B (ZERO WIDTH SPACE) cannot be seen"),
    "a joiner between Latin letters": ("Mi\u200dne", "U+200D"),
    "a soft hyphen": ("Mi\u00adne", "U+00AD"),
    "a byte order mark inside": ("Mi\ufeffne", "U+FEFF"),
    "a filler": ("Mi\u3164ne", "U+3164"),
    "a tag": ("Mi\U000e0041ne", "U+E0041"),
    "a line separator": ("Mi\u2028ne", "U+2028"),
    "a private letter": ("Mi\ue000ne", "U+E000"),
    "a variation selector": ("Mi\ufe0fne", "U+FE0F"),
    "an escape of the terminal": ("Mi\x1b[31mne", "U+001B (ESCAPE)"),
    "a NUL": ("Mi\x00ne", "U+0000 (NULL)"),
    "a C1 control": ("Mi\x9bne", "U+009B"),
}


def escaped(text):
    """The text as a contributor may write it in Turtle, every odd character as an escape."""
    return "".join(c if c.isascii() and c.isprintable() else f"\\U{ord(c):08X}" for c in text)


@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.parametrize("where", ["label", "comment", "escape", "iri"])
def test_what_nobody_sees_is_told_with_its_line(tmp_path, name, where):
    text, message = UNSEEN[name]
    content = {
        "label": f'group:mine skos:prefLabel\n"{text}"@en .',
        "comment": f"group:mine a fil:Group .\n# {text}",
        "escape": f'group:mine skos:prefLabel\n"{escaped(text)}"@en .',
        "iri": f"group:mine skos:closeMatch\n<http://example.org/{escaped(text).replace('[', '')}> .",
    }[where]
    file = tmp_path / "mine.ttl"
    file.write_text(PREFIXES + content, "utf-8")
    with pytest.raises(turtle.Unreadable) as caught:
        turtle.read(file)
    # The grammar itself keeps some of them out of IRIs.
    assert message in caught.value.message or (where == "iri" and "not Turtle" in caught.value.message)
    assert caught.value.line == FIRST + 1
    assert characters.hidden(str(caught.value)) is None


@pytest.mark.parametrize("words", [("validate",), ("validate", "--format", "github"), ("format",)])
def test_what_nobody_sees_is_never_shown(small, plant, words):
    for text in ("Mi\u202ene", "Mi\x1b[31mne", "Mi\u200bne", "Mi\u3164ne"):
        _, said = inside(*words, plant(f'{PREFIXES}group:mine skos:prefLabel "{text}"@en .'), root=small.root)
        assert "mine.ttl" in said
        assert characters.hidden(said) is None, said


def test_invalid_utf8_is_told_with_its_line(run, small, plant):
    for wrong in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
        file = plant(f"{PREFIXES}# one\n# ".encode() + wrong)
        assert f"mine.ttl:{FIRST + 1}:" in run("validate", file, root=small.root).stdout


DISGUISED = {
    "a Cyrillic letter among Latin ones": ("\u0430qim", "en", "`aqim`"),
    "a Greek letter among Latin ones": ("Gr\u03bfup", "en", "`Group`"),
    "a word that only looks Latin": ("The \u0410\u0421\u0420\u041e", "en", "`The ACPO`"),
    "full width": ("\uff27roup", "fr", "`Group`"),
    "mathematical letters": ("\U0001d40covement", "fr", "`Movement`"),
    "a Greek gamma in Tamasheq": ("Imuha\u03b3", "tmh", "`Imuha\u0263`"),
    "a heap of marks": ("Z" + "\u0301" * 9, "en", ""),
}


@pytest.mark.parametrize("name", DISGUISED)
def test_a_letter_in_disguise_is_told_with_what_to_write(small, plant, run, name):
    text, language, mend = DISGUISED[name]
    file = plant(f'{PREFIXES}group:mine a fil:Group ;\n    skos:altLabel "{text}"@{language} .')
    result = run("validate", file, root=small.root)
    told = [line for line in result.stdout.splitlines() if "[disguised]" in line]
    assert told and f"mine.ttl:{FIRST + 1}:" in told[0], result.output
    assert mend.strip("`") in result.stdout


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("جماعة نصرة الإسلام والمسلمين", "ar"),
        ("مُحَمَّدٌ", "ar"),
        ("حركة الـMNLA في أزواد", "ar"),
        ("می\u200cخواهم", "fa"),
        ("ʿAbd al-Mālik Drūkdāl", "ar-latn"),
        ("ʻAbd al-Ḥamīd Abū Zayd", "und"),
        ("Mouvement pour l’unicité et le jihad « en Afrique de l’Ouest », n° 1", "fr"),
        ("Ɣarɣar n tmurt ɛ", "tmh"),
        ("ⵉⵎⵓⵂⴰⵖ (Imuhagh)", "tmh"),
        ("Аль-Каида в странах исламского Магриба", "ru"),
        ("¿Quién? Straße, Łódź, Ƙungiyar Ɗan", "ha"),
        ("α and β branch", "en"),
        ("JNIM (جماعة نصرة الإسلام) 🏴", "en"),
    ],
)
def test_names_as_people_write_them_raise_no_alarm(text, language):
    assert deception._disguise(text, language) is None
    assert characters.hidden(text) is None


def test_the_dataset_raises_no_alarm(repository):
    scope = Scope(repository, set(repository.files), Graph(), {})
    assert [*deception.disguised(scope), *deception.lookalike(scope)] == []


def test_a_stem_that_looks_like_another_is_told(small, plant, run):
    for stem in ("northern-front", "northem-front", "southern-front"):
        plant(f'{PREFIXES}group:{stem} a fil:Group ; skos:prefLabel "N"@en .', f"{stem}.ttl")
    told = [line for line in run("validate", root=small.root).stdout.splitlines() if "[lookalike]" in line]
    assert {line.split(":")[0].split("/")[-1] for line in told} == {"northern-front.ttl", "northem-front.ttl"}


@pytest.mark.parametrize(
    "name", ["mi\u202ene.ttl", "mi\x1b[31mne.ttl", "Mine.TTL", "mine.ttl.exe", ".mine.ttl.swp"]
)
def test_a_file_name_cannot_deceive(small, plant, run, name):
    plant(PREFIXES + MINE + ".", name)
    result = run("validate", root=small.root)
    assert result.exit_code == 1
    assert "data/groups/" in result.stdout
    assert characters.hidden(result.stdout) is None


# What is merely broken.

INSERTS = [
    *"<>\"'()[]{}.;,@^\\:#_\n\r\t",
    "\u202e",
    "\x00",
    "<<(",
    "{|",
    '"""',
    "'''",
    "PREFIX",
    "@base",
    "\\u",
    "é",
    "𐀀",
]


def mutated(texts, chance):
    """A file with bytes cut, doubled, swapped, or put in."""
    data = bytearray(chance.choice(texts).encode())
    for _ in range(chance.randint(1, 6)):
        place, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        end = min(end, place + 60)
        match chance.randrange(5):
            case 0:
                del data[place:end]
            case 1:
                data[place:place] = data[place:end]
            case 2:
                data[place:place] = chance.choice(INSERTS).encode()
            case 3:
                data[place:place] = bytes([chance.randrange(256)])
            case 4:
                data[place:end] = bytes(reversed(data[place:end]))
    return bytes(data)


def test_mutated_files_are_read_or_refused_and_nothing_else(tmp_path):
    world = Path(__file__).parent / "world"
    texts = [path.read_text("utf-8") for path in sorted(world.glob("*.ttl"))]
    texts += [PREFIXES + make().replace("100_000", "10") for make, _ in REFUSED_SMALL]
    chance = random.Random(20261123)
    file, ends = tmp_path / "mutated.ttl", {"read": 0, "refused": 0}
    for _ in range(MUTATIONS):
        content = mutated(texts, chance)
        try:
            text = turtle.decoded(content, file)
            graph = turtle.parse(text, file)
        except turtle.Unreadable as problem:
            ends["refused"] += 1
            assert 1 <= problem.line <= content.count(b"\n") + content.count(b"\r") + 1
            assert characters.hidden(str(problem)) is None
            continue
        ends["read"] += 1
        positions.locate(text, layout.BASE)
        if not turtle.has_blank_nodes(graph):
            again = turtle.house_format(graph, None)
            assert len(oxigraph.parse_turtle(again.encode(), layout.BASE)) == len(graph)
    assert ends["read"] > MUTATIONS // 100 and ends["refused"] > MUTATIONS // 10, ends


REFUSED_SMALL = [
    (lambda: 'group:mine fil:date [ fil:date ( 1 [ ] "a"@en ) ] .', ""),
    (lambda: 'group:mine skos:prefLabel """a " b""" , \'c\' ; fil:count 1, 2.5, -3e4, true .', ""),
    (lambda: "<https://w3id.org/filiation/group/mine> a <x:y> ; <x:p> _:b . _:b <x:p> <x:q> .", ""),
]


def test_rules_survive_every_kind_of_value(small, plant):
    """Values of every type in every place that a rule looks at: told, and no rule falls over."""
    values = [
        '"x"',
        '"x"@en',
        "1",
        "-1",
        "1.5",
        "true",
        '"2013"^^xsd:gYear',
        '"x"^^edtf:EDTF',
        "[ ]",
        "( 1 )",
        "group:mine",
    ]
    terms = sorted(
        {
            layout.curie(str(p))
            for p in corpus.load(small).shapes.objects(None, SH.path)
            if isinstance(p, URIRef)
        }
    )
    names = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in layout.PREFIXES.items())
    for value in values:
        said = " ;\n".join(f"{term} {value}" for term in terms)
        content = f"{names}group:mine a fil:Group , fil:Split , fil:Attestation , fil:Naming ;\n{said} ."
        judge(small, plant(content))


def test_a_literal_that_no_shape_looks_at_leaves_no_trace(caplog):
    """rdflib logs a traceback for a value that is not of its datatype; people are told by a line."""
    graph = oxigraph.to_rdflib(
        oxigraph.parse_turtle(b'<x:a> <x:b> "x"^^<http://www.w3.org/2001/XMLSchema#date> .')
    )
    assert (len(graph), caplog.records) == (1, [])
    assert Literal("x") not in graph.objects()
    assert (None, RDFS.label, None) not in graph


def test_every_rule_of_ours_runs_in_validate():
    assert {*deception.RULES, *reserved.RULES} <= {*validate.RULES}


def test_what_cannot_be_seen_is_written_out():
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print(characters.visible("a\u202eb\x1b[0m"))
    assert out.getvalue() == "a<U+202E>b<U+001B>[0m\n"

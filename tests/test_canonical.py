"""The canonical form of a dataset is that of RDFC-1.0, and its hash that of another implementation.

The cases of the W3C are those of https://github.com/w3c/rdf-canon (`tests/`), in the folder that
RDF_CANON_SUITE names, or in `shared/suites/rdf-canon` beside the checkout.
"""

import hashlib
import itertools
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from filiation import oxigraph, symmetry

SUITE = Path(
    os.environ.get("RDF_CANON_SUITE") or Path(__file__).parents[2] / "shared" / "suites" / "rdf-canon"
)
CASES = json.loads((SUITE / "manifest.jsonld").read_text("utf-8"))["entries"] if SUITE.is_dir() else []
#: We publish SHA-256 alone.
OURS = [case for case in CASES if case.get("hashAlgorithm", "SHA256") == "SHA256"]

suite = pytest.mark.skipif(not CASES, reason=f"the suite of the W3C is not at {SUITE}")


def of_kind(name: str) -> list:
    return [pytest.param(case, id=case["id"]) for case in OURS if case["type"] == f"rdfc:RDFC10{name}Test"]


def canonical(text: str) -> str:
    return "".join(oxigraph.canonical(oxigraph.read_quads(text.encode())))


@suite
def test_the_suite_is_whole():
    numbers = [len(of_kind(kind)) for kind in ("Eval", "Map", "NegativeEval")]
    assert (numbers, len(CASES)) == ([63, 20, 1], 86)


@suite
@pytest.mark.parametrize("case", of_kind("Eval"))
def test_the_form_is_that_of_the_suite(case):
    wanted = (SUITE / case["result"]).read_text("utf-8")
    assert canonical((SUITE / case["action"]).read_text("utf-8")) == wanted


@suite
@pytest.mark.parametrize("case", of_kind("Map"))
def test_the_labels_are_those_of_the_suite(case):
    """Whoever gives the blank nodes the labels of the suite has our form."""
    labels = json.loads((SUITE / case["result"]).read_text("utf-8"))
    text = (SUITE / case["action"]).read_text("utf-8")
    relabelled = re.sub(r"_:(\w+)", lambda found: f"_:{labels[found[1]]}", text)
    lines = {f"{quad} .\n" for quad in oxigraph.read_quads(relabelled.encode())}
    assert canonical(text) == "".join(sorted(lines))


@suite
@pytest.mark.parametrize("case", of_kind("NegativeEval"))
def test_a_poisonous_case_of_the_suite_is_refused(case):
    with pytest.raises(oxigraph.Refused, match="look alike"):
        canonical((SUITE / case["action"]).read_text("utf-8"))


def linked(*pairs: tuple[object, object]) -> str:
    return "".join(f"_:n{one} <http://example.org/p> _:n{other} .\n" for one, other in pairs)


POISON = {
    "everyone with everyone": linked(*itertools.permutations(range(10), 2)),
    "two camps": linked(*itertools.product(range(6), range(6, 12))),
    "a long ring": linked(*((i, (i + 1) % 5000) for i in range(5000))),
    "a ladder": linked(*(p for i in range(40) for p in ((i, (i + 1) % 40), (i, (i + 20) % 40)))),
    "two stars": linked(*((f"{hub}", f"{hub}x{i}") for hub in "ab" for i in range(20))),
    "graphs": "".join(
        f"_:n{i} <http://example.org/p> _:n{j} _:n{(i + j) % 10} .\n"
        for i, j in itertools.permutations(range(10), 2)
    ),
}


@pytest.mark.parametrize("name", POISON)
def test_poison_is_refused_before_it_works(name):
    with pytest.raises(oxigraph.Refused, match="look alike"):
        canonical(POISON[name])


def test_many_blank_nodes_that_differ_are_no_poison():
    text = "".join(
        f'_:n{i} <http://example.org/p> "{i}" .\n_:n{i} <http://example.org/q> _:n{i + 1} .\n'
        for i in range(3000)
    )
    assert canonical(text).count("_:c14n") >= 6000


def test_many_small_symmetries_are_no_poison():
    text = linked(*((f"{i}a", f"{i}b") for i in range(200)), *((f"{i}b", f"{i}a") for i in range(200)))
    assert len(canonical(text).splitlines()) == 400


def test_the_measure_does_not_hang_on_labels():
    statements = [(f"_:{i}", "<p>", f"_:{j}", "") for i, j in itertools.permutations(range(9), 2)]
    other = [tuple(term.replace("_:", "_:x") for term in statement) for statement in reversed(statements)]
    assert symmetry.is_too_great(statements) and symmetry.is_too_great(other)
    assert not symmetry.is_too_great(statements[:8])


TEXT = """
_:x <http://example.org/p> "tab \\t, quote \\", bell \\u0007, é" <http://example.org/g> .
<http://example.org/a> <http://example.org/p> "1"@en .
<http://example.org/a> <http://example.org/p> _:x <http://example.org/h> .
"""


def test_the_form_does_not_hang_on_order_labels_or_repetition():
    other = "\n".join(reversed(TEXT.replace("_:x", "_:another").splitlines() * 2))
    assert canonical(TEXT) == canonical(other)
    assert canonical(TEXT) != canonical(TEXT.replace("@en", "@fr"))


def test_without_blank_nodes_sorted_n_quads_are_the_form(release):
    """So anybody can check the hash of a release with sort(1) and sha256sum(1)."""
    told = json.loads((release / "manifest.json").read_text("utf-8"))
    dump = release / f"filiation-{told['version']}.nq"
    lines = dump.read_bytes().splitlines(keepends=True)
    assert not any(b"_:" in re.sub(rb'"(\\.|[^"\\])*"|<[^>]*>', b"", line) for line in lines)
    digest = hashlib.sha256(b"".join(sorted(lines))).hexdigest()
    assert told["canonicalHash"] == {"algorithm": "RDFC-1.0, SHA-256", "value": digest}
    assert oxigraph.canonical_hash(oxigraph.read_quads(dump.read_bytes())) == digest


SECOND = """
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const { canonize } = createRequire(process.argv[2] + '/')('rdf-canonize');
const text = readFileSync(process.argv[3], 'utf8');
const form = await canonize(text, { algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads' });
console.log(createHash('sha256').update(form).digest('hex'));
"""


@pytest.fixture
def second(validator, tmp_path):
    """The hash that rdf-canonize finds for a file of N-Quads."""
    home = validator("rdf-canonize")
    script = tmp_path / "second.mjs"
    script.write_text(SECOND, "utf-8")

    def call(file: Path) -> str:
        command = ["node", str(script), str(home), str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    return call


@pytest.mark.validators
def test_a_second_implementation_finds_the_same_hash(second, release):
    told = json.loads((release / "manifest.json").read_text("utf-8"))
    assert second(release / f"filiation-{told['version']}.nq") == told["canonicalHash"]["value"]


@pytest.mark.validators
def test_a_second_implementation_agrees_where_there_are_blank_nodes(second, tmp_path):
    (tmp_path / "some.nq").write_text(TEXT, "utf-8")
    assert second(tmp_path / "some.nq") == hashlib.sha256(canonical(TEXT).encode()).hexdigest()

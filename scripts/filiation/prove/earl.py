"""`earl.ttl`: the proofs as data (EARL 1.0), and a table of them for people.

Each store is asserted about once for the numbers of triples in all graphs and once for each question.
Nothing in it comes from the clock: its day is that of the release.
"""

import re
from collections.abc import Sequence

from rdflib import DCTERMS, DOAP, RDF, XSD, Graph, Literal, Namespace, URIRef

from filiation import layout, oxigraph
from filiation.answers import Expected
from filiation.examples import QUESTION
from filiation.manifest import Manifest
from filiation.prove.proof import Outcome, Proof

NAME, TABLE = "earl.ttl", "proof.md"
EARL = Namespace("http://www.w3.org/ns/earl#")
TITLE = "Into which stores this release was loaded, and what they answered (EARL 1.0)"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def graph(manifest: Manifest, expected: list[Expected], proofs: Sequence[Proof]) -> Graph:
    """The assertions, without blank nodes."""
    home = f"{layout.BASE}release/{manifest.version}/{NAME}#"
    tool, counting = URIRef(home + "filiation"), URIRef(home + "graph-counts")
    found = Graph()

    def say(subject: URIRef, *pairs: tuple[URIRef, URIRef | Literal]) -> None:
        for predicate, value in pairs:
            found.add((subject, predicate, value))

    say(
        tool,
        (RDF.type, EARL.Software),
        (DCTERMS.title, Literal("filiation prove", lang="en")),
        (DCTERMS.hasVersion, Literal(manifest.version)),
    )
    count = Literal("Every named graph has as many triples as in the manifest of the release", lang="en")
    say(counting, (RDF.type, EARL.TestCase), (DCTERMS.title, count))
    for question in expected:
        test = URIRef(QUESTION + question.stem)
        say(test, (RDF.type, EARL.TestCase), (DCTERMS.title, Literal(question.title, lang="en")))
    for proof in proofs:
        store = URIRef(home + proof.kind.name)
        say(
            store,
            (RDF.type, EARL.TestSubject),
            (RDF.type, DOAP.Project),
            (DOAP.name, Literal(proof.kind.title)),
            (DOAP.homepage, URIRef(proof.kind.homepage)),
        )
        if proof.version:
            release = URIRef(f"{store}-version")
            say(store, (DOAP.release, release))
            say(release, (RDF.type, DOAP.Version), (DOAP.revision, Literal(proof.version)))
        tests = [(counting, "graph-counts", proof.counts())]
        tests += [(URIRef(QUESTION + q.stem), q.stem, proof.answer(q.stem)) for q in expected]
        for test, name, (outcome, reason) in tests:
            assertion = URIRef(f"{store}-{name}")
            result = URIRef(f"{assertion}-result")
            say(
                assertion,
                (RDF.type, EARL.Assertion),
                (EARL.assertedBy, tool),
                (EARL.mode, EARL.automatic),
                (EARL.result, result),
                (EARL.subject, store),
                (EARL.test, test),
            )
            say(
                result,
                (RDF.type, EARL.TestResult),
                (EARL.outcome, EARL[outcome]),
                (DCTERMS.date, Literal(manifest.date, datatype=XSD.date)),
            )
            if reason:
                say(result, (EARL.info, Literal(_lasting(reason), lang="en")))
    return found


def text(manifest: Manifest, expected: list[Expected], proofs: Sequence[Proof]) -> tuple[bytes, int]:
    """The file, and how many statements it holds."""
    found = graph(manifest, expected, proofs)
    home = f"{layout.BASE}release/{manifest.version}/{NAME}"
    prefixes = {
        "": f"{home}#",
        "dcterms": str(DCTERMS),
        "doap": str(DOAP),
        "earl": str(EARL),
        "question": QUESTION,
        "xsd": str(XSD),
    }
    return oxigraph.serialize(oxigraph.from_rdflib(found, home), "ttl", prefixes), len(found)


def table(manifest: Manifest, expected: list[Expected], proofs: Sequence[Proof]) -> str:
    """The same for people, in Markdown: a row for each store."""
    words: dict[Outcome, str] = {
        "passed": "passed",
        "failed": "differs",
        "untested": "not tested",
        "cantTell": "failed to run",
    }
    rows = [("store", "version", "graphs", "triples", "questions", ""), ("---",) * 6]
    for proof in proofs:
        found = proof.verification
        numbers = ("–", "–", "–")
        if found:
            graphs = len(manifest.graphs)
            numbers = (
                f"{graphs - len(found.wrong.keys() & manifest.graphs.keys()):,} of {graphs:,}",
                f"{found.triples:,}",
                f"{found.equal:,} of {len(expected):,}",
            )
        rows.append((proof.kind.title, proof.version or "–", *numbers, words[proof.outcome]))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _lasting(reason: str) -> str:
    """A reason without what differs from run to run: the port."""
    return _ADDRESS.sub("http://localhost", reason)

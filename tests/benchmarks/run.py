"""How long the commands take from a cold process, beside a peer in the same run.

Run on demand: `.venv/bin/python tests/benchmarks/run.py [RUNS]`. Prints the median wall seconds of
each command and of its peer, and their ratio. The peer of `--help` is an interpreter that does
nothing; the peer of validation is pySHACL's own command on the same graph and shapes; the peer of
`publish` is the naive pipeline on the same graph: pySHACL, the whole closure of owlrl, and four
syntaxes written by rdflib.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FILIATION = [str(BIN / "filiation"), "--root", str(ROOT)]
NAIVE = """
import sys
import pyshacl
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import Graph
graph, shapes = Graph().parse(sys.argv[1]), Graph().parse(sys.argv[2])
pyshacl.validate(graph, shacl_graph=shapes)
DeductiveClosure(OWLRL_Semantics).expand(graph)
for syntax in ("nt", "longturtle", "json-ld", "xml"):
    graph.serialize(f"{sys.argv[3]}/dump.{syntax}", format=syntax)
"""


def median(command: list[str], runs: int) -> float:
    """The median wall seconds of a command; its exit code may be 0 or 1."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        result = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
        found.append(time.perf_counter() - start)
        assert result.returncode in (0, 1), result.stderr.decode()
    return statistics.median(found)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / "release"
        publish = [*FILIATION, "publish", "--out", str(release), "--date", "2026-11-23"]
        subprocess.run(publish, check=True, capture_output=True, cwd=ROOT)
        judged, shapes = Path(folder) / "judged.ttl", release / "shapes.ttl"
        _write_judged(judged)
        idle = [sys.executable, "-c", ""]
        pyshacl = [str(BIN / "pyshacl"), "-s", str(shapes), "-f", "turtle", str(judged)]
        naive = [sys.executable, "-c", NAIVE, str(judged), str(shapes), folder]
        rows = [
            ("--help", [*FILIATION, "--help"], "python -c ''", idle),
            ("validate (largest file)", [*FILIATION, "validate", "data/groups/aqim.ttl"], "pyshacl", pyshacl),
            ("validate (usual file)", [*FILIATION, "validate", "data/groups/mujao.ttl"], "pyshacl", pyshacl),
            ("validate (everything)", [*FILIATION, "validate"], "pyshacl", pyshacl),
            ("publish", publish, "naive", naive),
        ]
        print(f"median of {runs} runs, wall seconds, {os.cpu_count()} cores")
        peers: dict[str, float] = {}
        for name, command, peer, other in rows:
            took = median(command, runs)
            if peer not in peers:
                peers[peer] = median(other, runs)
            print(f"{name:<26}{took:6.2f}   {peer:<14}{peers[peer]:6.2f}   ratio {took / peers[peer]:5.2f}")


def _write_judged(file: Path) -> None:
    """The graph that the shapes see, for the peer."""
    from filiation import corpus, layout, turtle, validate

    whole = validate.judged(corpus.load(layout.find(ROOT)))
    file.write_text(turtle.house_format(whole, None), "utf-8")


if __name__ == "__main__":
    main()

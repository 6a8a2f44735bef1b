"""How long `validate --changed` takes from a cold process, and how much memory, beside a full pySHACL.

Run on demand: `.venv/bin/python tests/benchmarks/changed.py [TRIPLES] [RUNS]`. One statement of one file
is changed in a copy of the real dataset, and in a synthetic one of 100,000 statements (or of as many as
are named). The peer is pySHACL's own command on the graph that the shapes see, with the same shapes.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import synthetic

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
WRITE = """
import sys
from pathlib import Path
from filiation import corpus, layout, validate
whole = corpus.load(layout.find(Path(sys.argv[1])))
validate.judged(whole).serialize(sys.argv[2], format="nt")
whole.shapes.serialize(sys.argv[3], format="turtle")
"""


def measured(command: list[str], runs: int) -> tuple[float, int]:
    """The median wall seconds of a command, and its peak memory in MiB; its exit code may be 0 or 1."""
    took, most = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        took.append(time.perf_counter() - start)
        most = max(most, used.ru_maxrss // 1024)
        assert os.waitstatus_to_exitcode(status) in (0, 1), command
    return statistics.median(took), most


def committed(folder: Path) -> None:
    """Put a checkout under git."""
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "As it was"]):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, file
    file.write_text(text.replace(old, new, 1), "utf-8")


def main() -> None:
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as temporary:
        real, made = Path(temporary) / "real", Path(temporary) / "synthetic"
        for name in ("data", "ontology", "shapes"):
            shutil.copytree(ROOT / name, real / name)
        synthetic.write(made, triples)
        committed(real)
        committed(made)
        changed(real / "data/groups/mujao.ttl", "stance:affirms", "stance:doubts")
        changed(made / "data/groups/group-7.ttl", "stance:affirms", "stance:doubts")
        print(f"median of {runs} runs, wall seconds, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        took = {}
        for name, folder in (("real dataset", real), (f"{triples:,} statements", made)):
            command = [str(BIN / "filiation"), "--root", str(folder), "validate", "--changed"]
            took[name], most = measured(command, runs)
            print(f"--changed, {name:<22}{took[name]:8.2f} s {most:6} MiB", flush=True)
        judged, shapes = Path(temporary) / "judged.nt", Path(temporary) / "shapes.ttl"
        subprocess.run([sys.executable, "-c", WRITE, str(made), str(judged), str(shapes)], check=True)
        pyshacl = [str(BIN / "pyshacl"), "-s", str(shapes), "-f", "turtle", "-df", "nt", str(judged)]
        full, most = measured(pyshacl, 1)
        ratio = full / took[f"{triples:,} statements"]
        print(f"pyshacl, the same statements    {full:8.2f} s {most:6} MiB   {ratio:.0f} times as long")


if __name__ == "__main__":
    main()

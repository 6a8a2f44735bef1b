"""How long `validate --changed` takes from a cold process, and how much memory, beside a full pySHACL.

Run on demand: `.venv/bin/python tests/benchmarks/changed.py [TRIPLES] [RUNS]`. One statement of one file
is changed in a copy of the real dataset, and in a synthetic one of 100,000 statements (or of as many as
are named). The peer is pySHACL's own command on the graph that the shapes see, with the same shapes; when
it has taken 25 times as long, it is stopped. What counts is the processor's time, which other work on the
machine does not lengthen as it does that of the clock.
"""

import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import synthetic

ROOT = Path(__file__).parents[2]
#: So many times as long as `--changed` the peer is waited for.
STOPPED_AT = 25
BIN = Path(sys.executable).parent
WRITE = """
import sys
from pathlib import Path
from filiation import corpus, layout, validate
whole = corpus.load(layout.find(Path(sys.argv[1])))
validate.judged(whole).serialize(sys.argv[2], format="nt")
whole.shapes.serialize(sys.argv[3], format="turtle")
"""


@dataclass(frozen=True, order=True)
class Cost:
    """Seconds of the processor and of the clock, peak memory in MiB, and whether it was stopped."""

    processor: float
    clock: float
    memory: int
    stopped: bool

    def __str__(self) -> str:
        return f"{self.processor:8.2f} s CPU {self.clock:8.2f} s wall {self.memory:6} MiB"


def measured(command: list[str], runs: int, most: float = float("inf")) -> Cost:
    """What a command costs, its exit code being 0 or 1, if it is stopped after so many processor seconds;
    of several runs the median."""
    costs = []
    limit = resource.RLIM_INFINITY if most == float("inf") else math.ceil(most)
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY)),
        )
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        assert code in (0, 1, -signal.SIGXCPU), (command, code)
        stopped = code == -signal.SIGXCPU
        costs.append(Cost(used.ru_utime + used.ru_stime, took, used.ru_maxrss // 1024, stopped))
    return sorted(costs)[len(costs) // 2]


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
        print(f"median of {runs} runs, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for name, folder in (("real dataset", real), (f"{triples:,} statements", made)):
            command = [str(BIN / "filiation"), "--root", str(folder), "validate", "--changed"]
            cost = measured(command, runs)
            print(f"--changed, {name:<22}{cost}", flush=True)
        judged, shapes = Path(temporary) / "judged.nt", Path(temporary) / "shapes.ttl"
        subprocess.run([sys.executable, "-c", WRITE, str(made), str(judged), str(shapes)], check=True)
        pyshacl = [str(BIN / "pyshacl"), "-s", str(shapes), "-f", "turtle", "-df", "nt", str(judged)]
        # The system stops it somewhat early, for it counts in ticks.
        full = measured(pyshacl, 1, most=1.1 * STOPPED_AT * cost.processor)
        ratio = full.processor / cost.processor
        more = "more than " if full.stopped else ""
        print(f"pyshacl, {name:<24}{full}   {more}{ratio:.0f} times as long")


if __name__ == "__main__":
    main()

"""What a release of many statements costs, beside Oxigraph's own `convert` on the same statements.

Run on demand: `.venv/bin/python tests/benchmarks/publish.py [TRIPLES]` (a million where none is given).
Publishes a synthetic checkout, inference and validation left out, in a process of its own; then lets
`oxigraph convert` write the same RDF files from the sorted dumps, and `gzip` their compressed forms.
Prints the CPU seconds (user and system, for others may use the machine) of each step and of each peer,
the peak memory, and two ratios: of the reading and the RDF files alone, which are what the peer can write,
and of the release in all, with the tables, networks and descriptions that it cannot. The targets are for
the first: 4 times, and 4 GiB in all.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import synthetic

ROOT = Path(__file__).parents[2]
OXIGRAPH = Path(sys.executable).with_name("oxigraph")
TIMES, GIB = 4, 4
#: The steps of `publish` that make what the peer makes; steps that read for it come first.
SHARED = ("read", "dumps")


def main() -> None:
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = checkout(folder / "checkout", triples)
        print(f"{written:,} statements in {folder / 'checkout'}", file=sys.stderr)
        command = [sys.executable, __file__, "--child", str(folder / "checkout"), str(folder / "release")]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        steps: dict[str, float] = told["steps"]
        peers = dict(peer(folder / "release", folder / "peer"))
        release = sum(file.stat().st_size for file in (folder / "release").iterdir())
    shared, whole = sum(steps[step] for step in SHARED), sum(steps.values())
    convert, gzip = (
        sum(s for n, s in peers.items() if n.endswith(".gz") == zipped) for zipped in (False, True)
    )
    print(f"{written:,} statements, {release / 1e6:,.0f} MB in the release; CPU seconds")
    for step, seconds in steps.items():
        print(f"  {step:<16}{seconds:8.2f}")
    print(f"  {'oxigraph convert':<16}{convert:8.2f}")
    print(f"  {'gzip':<16}{gzip:8.2f}")
    for what, seconds in (("read and RDF files", shared), ("the whole release", whole)):
        ratio = seconds / (convert + gzip)
        print(f"{what:<20}{seconds:8.2f} against {convert + gzip:.2f}: {ratio:.2f} times (target {TIMES})")
    print(f"peak memory {told['peak'] / 2**30:.2f} GiB (target {GIB}), {told['wall']:.0f} s by the clock")


def checkout(folder: Path, triples: int) -> int:
    """A synthetic checkout with what a release takes from one besides the data."""
    written = synthetic.write(folder, triples)
    for file in ("LICENSE", "LICENSE-DATA", "CHANGELOG.md", "pyproject.toml", "data/dataset.ttl"):
        shutil.copy(ROOT / file, folder / file)
    return written


def child(checkout: Path, out: Path) -> None:
    """Publish in this process, and print how long each step took, and the most memory that it had."""
    import gc

    from rdflib import Graph

    from filiation import corpus, layout, publish
    from filiation.dataset import Edition
    from filiation.findings import Verdict

    # As the command line has it.
    gc.set_threshold(200_000, 50, 50)
    starts: list[tuple[str, float]] = []
    publish.validate = lambda corpus, **options: Verdict([], 0, 0)  # type: ignore[assignment]
    publish.infer.infer = lambda corpus: Graph()
    begun = time.perf_counter()
    publish.publish(
        lambda: corpus.load(layout.find(checkout)),
        out,
        Edition("1.0.0", "2026-11-23"),
        lambda step: starts.append((step, cpu(resource.RUSAGE_SELF))),
    )
    ends = [start for _, start in starts[1:]] + [cpu(resource.RUSAGE_SELF)]
    steps = {step: end - start for (step, start), end in zip(starts, ends, strict=True)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"steps": steps, "peak": peak, "wall": time.perf_counter() - begun}))


def peer(release: Path, folder: Path) -> Iterator[tuple[str, float]]:
    """What Oxigraph and gzip need for each RDF dump of the release: file name, CPU seconds."""
    folder.mkdir()
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    for file in manifest["files"]:
        name = file["name"]
        if file["role"] != "dump" or file.get("compression") or name.endswith(".tar"):
            continue
        quads = name.endswith((".nq", ".trig"))
        # From lines, which are what Oxigraph reads fastest; a part from itself, the rest from the whole.
        lines = release / (name.rpartition(".")[0] + (".nq" if quads else ".nt"))
        yield name, spent([str(OXIGRAPH), "convert", "-f", str(lines), "-t", str(folder / name)])
        shutil.copy(release / name, folder / name)
        if (release / f"{name}.gz").exists():
            yield f"{name}.gz", spent(["gzip", "-6", "-n", str(folder / name)])


def spent(command: list[str]) -> float:
    before = cpu(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    return cpu(resource.RUSAGE_CHILDREN) - before


def cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()

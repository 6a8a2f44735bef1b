"""What loading a large release costs, beside the stores' own bulk loaders on the same file.

Run on demand: `.venv/bin/python tests/benchmarks/load.py [TRIPLES [STORE ...]]` (a million triples, and
Oxigraph and Fuseki, where nothing is given). Makes a synthetic release (its inference left out), then loads
it into each store, by turns with `filiation load` into a running server, its counting included, and with the
store's bulk loader into a folder of its own. Prints the best wall seconds of each, the ratio, and the peak
memory of `load` itself. The targets: 1.5 times, 300 MiB.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import synthetic

ROOT = Path(__file__).parents[2]
TIMES, MIB, ROUNDS = 1.5, 300, 2
BULK = {
    "oxigraph": [str(Path(sys.executable).with_name("oxigraph")), "load", "--location", "{to}", "--file"],
    "fuseki": ["java", "-cp", "{jar}", "tdb2.tdbloader", "--loc", "{to}"],
}


def main() -> None:
    from filiation.prove import stores

    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    names = sys.argv[2:] or list(BULK)
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        release = folder / "release"
        command = [
            sys.executable,
            __file__,
            "--release",
            str(folder / "checkout"),
            str(release),
            str(triples),
        ]
        subprocess.run(command, check=True)
        dump = next(release.glob("*.nq.gz"))
        print(f"{dump.name}: {dump.stat().st_size / 1e6:,.0f} MB; best of {ROUNDS}, seconds", flush=True)
        for name in names:
            kind = stores.named(name)
            found = kind.find(ROOT / stores.TOOLS)
            if found is None:
                print(f"{kind.title}: not at hand: {kind.install}")
                continue
            rounds = [measured(kind, found, release, dump, folder / f"{name}-{n}") for n in range(ROUNDS)]
            ours, theirs = min(r[0] for r in rounds), min(r[1] for r in rounds)
            peak = max(r[2] for r in rounds)
            print(
                f"{kind.title:<28} load {ours:7.2f}  bulk loader {theirs:7.2f}  ratio {ours / theirs:5.2f} "
                f"(target {TIMES})  peak memory of load {peak:4.0f} MiB (target {MIB})",
                flush=True,
            )


def measured(kind, found, release: Path, dump: Path, folder: Path) -> tuple[float, float, float]:  # type: ignore[no-untyped-def]
    """Wall seconds of `load` and of the bulk loader, and the peak memory of `load` in MiB."""
    from filiation.prove.stores import TOOLS, started

    server, bulk = folder / "server", folder / "bulk"
    for made in (server, bulk):
        made.mkdir(parents=True)
    with started(kind, found, server) as url:
        words = ["load", str(release), "--to", url, "--no-questions"]
        child = [sys.executable, __file__, "--load", *words]
        with clock() as ours:
            result = subprocess.run(child, check=True, capture_output=True, text=True)
    peak = float(result.stdout.split()[-1])
    jar = next((ROOT / TOOLS / "fuseki").glob("*.jar"), "")
    command = [word.format(to=bulk / "data", jar=jar) for word in BULK[kind.name]]
    with clock() as theirs:
        subprocess.run([*command, str(dump)], check=True, capture_output=True)
    return ours[0], theirs[0], peak


@contextmanager
def clock() -> Iterator[list[float]]:
    """The seconds that the block takes, once it is done."""
    taken: list[float] = []
    start = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - start)


def make(checkout: Path, out: Path, triples: int) -> None:
    """Write a release of a synthetic checkout: the dump and the manifest that `load` reads."""
    from rdflib import Graph

    from filiation import corpus, layout, manifest, publish
    from filiation.dataset import Edition
    from filiation.material import Material
    from filiation.release import Release

    synthetic.write(checkout, triples)
    out.mkdir()
    material = Material(corpus.load(layout.find(checkout)), Graph(), Edition("1.0.0", "2026-11-23"))
    release = Release(out)
    lines = (f"{line} <{graph}> .\n" for graph, some in material.lines.items() for line in some)
    blocks = (line.encode() for line in lines)
    release.add("filiation-1.0.0.nq", blocks, title="All graphs", role="dump", compressed=True)
    (out / manifest.NAME).write_bytes(manifest.text(publish.manifest_of(material, release)))


def load(words: list[str]) -> None:
    """Run the command in this process, and print the most memory that it had, in MiB."""
    from filiation.cli import main as command

    command(words, standalone_mode=False)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--release"]:
        make(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["--load"]:
        load(sys.argv[2:])
    else:
        main()

"""A difference as a program carries it out: a SPARQL 1.1 Update, and an RDF Patch, written and applied.

Both turn the quads of the old release, loaded with their graphs into any store, into those of the new one
in place. Nothing in them needs a prefix, so that each operation and each row stands by itself.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from filiation import layout, oxigraph
from filiation.difference import Difference
from filiation.manifest import Manifest

#: Quads in one operation: Virtuoso compiles each as a whole and gives up beyond some thousands.
MOST_QUADS = 1_000

_ROW = re.compile(r"([A-Z]{1,2})(?:[ \t]+(.*?))?[ \t]*\.[ \t]*")
_HEADER = re.compile(r"([A-Za-z]\w*|\"[^\"]+\")[ \t]+(\S.*)")


class NotAPatch(Exception):
    """A text that is no RDF Patch, or one that cannot be applied; line counts from 1."""

    def __init__(self, line: int, reason: str):
        super().__init__(f"line {line}: {reason}")


def update(difference: Difference, old: Manifest, new: Manifest, most: int = MOST_QUADS) -> str:
    """The request that takes the old release to the new one: quads are taken away, then graphs that hold
    nothing more, then quads added, at most so many an operation."""
    operations = [
        *(_operation("DELETE", part) for part in _portions(difference.removed, most)),
        *(f"DROP SILENT GRAPH <{graph}>" for graph in difference.emptied),
        *(_operation("INSERT", part) for part in _portions(difference.added, most)),
    ]
    head = (
        f"# Filiation {old.version} to {new.version}: {len(difference.removed)} quads go, "
        f"{len(difference.added)} come.\n"
        "# For a store that holds all graphs of the old release. Carry out all operations, in this order;\n"
        "# each ends with a semicolon in a line of its own, for whoever must send them one by one.\n"
    )
    return head + "".join(f"{operation}\n;\n" for operation in operations)


def _portions(quads: Sequence[oxigraph.Quad], most: int) -> Iterator[Sequence[oxigraph.Quad]]:
    for start in range(0, len(quads), most):
        yield quads[start : start + most]


def _operation(verb: str, quads: Sequence[oxigraph.Quad]) -> str:
    lines = [f"{verb} DATA {{"]
    for graph, group in groupby(quads, key=lambda quad: oxigraph.iri(quad.graph_name)):
        lines += [f"GRAPH <{graph}> {{", *(f"{_in_sparql(str(quad.triple))} ." for quad in group), "}"]
    return "\n".join([*lines, "}"])


def _in_sparql(statement: str) -> str:
    """A statement of N-Triples as SPARQL has it. SPARQL resolves `\\u0041` before it looks at strings
    (section 19.2), and so may take the backslash of a text for the beginning of such a number: a `u`
    behind one is written as its own number."""
    return re.sub(r"\\\\([uU])|\\.", _apart, statement, flags=re.DOTALL) if "\\" in statement else statement


def _apart(escape: re.Match[str]) -> str:
    return f"\\\\\\u{ord(escape[1]):04X}" if escape[1] else escape[0]


def rdf_patch(difference: Difference, old: Manifest, new: Manifest) -> str:
    """The same as an RDF Patch: one transaction, whose header names the state that it leads to and the
    one that it starts from, as a patch log (RDF Delta) wants them."""
    rows = [
        f"H id <{state_id(new)}> .",
        f"H prev <{state_id(old)}> .",
        f'H from "{old.version}" .',
        f'H to "{new.version}" .',
        "TX .",
        *(f"D {quad} ." for quad in difference.removed),
        *(f"A {quad} ." for quad in difference.added),
        "TC .",
    ]
    return "\n".join(rows) + "\n"


def state_id(release: Manifest) -> str:
    """The identifier of the state of a store that holds a release and nothing else: the same for the
    same quads (a UUID of version 5, RFC 9562)."""
    return f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{layout.DATASET}#{release.canonical_hash}')}"


def apply(store: oxigraph.Store, patch: str) -> dict[str, str]:
    """Carry out an RDF Patch (version 2, as Jena and RDF Delta write it) of quads, each of its transactions
    whole or not at all; its header comes back. Prefixes are passed over, for the store keeps none. Raises
    NotAPatch; transactions before the faulty one have then been carried out."""
    header: dict[str, str] = {}
    pending: list[tuple[int, str, str]] | None = None
    begun = False
    number = 0
    for number, line in enumerate(patch.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        row = _ROW.fullmatch(line)
        if not row:
            raise NotAPatch(number, "not a row that ends with a full stop")
        code, rest = row[1], row[2] or ""
        field = _HEADER.fullmatch(rest)
        if code == "H" and field and not begun:
            header[field[1].strip('"')] = field[2]
        elif code == "TX" and pending is None:
            pending, begun = [], True
        elif code in ("A", "D", "PA", "PD") and pending is not None:
            pending += [(number, code, rest)] if len(code) == 1 else []
        elif code == "TC" and pending is not None:
            _carry_out(store, pending)
            pending = None
        elif code == "TA" and pending is not None:
            pending = None
        else:
            raise NotAPatch(number, f"{code} has no place here")
    if pending is not None:
        raise NotAPatch(number, "cut short: the transaction is not ended by TC")
    return header


def _carry_out(store: oxigraph.Store, rows: Iterable[tuple[int, str, str]]) -> None:
    """The rows of a transaction, in their order, once all of them can be read."""
    changes = []
    for code, group in groupby(rows, key=lambda row: row[1]):
        run = list(group)
        try:
            content = "".join(f"{rest} .\n" for _, _, rest in run).encode()
            changes.append((code, oxigraph.read_quads(content)))
        except oxigraph.NotWellFormed as problem:
            raise NotAPatch(run[min(problem.line, len(run)) - 1][0], problem.reason) from problem
    for code, quads in changes:
        store.change(*((quads, ()) if code == "D" else ((), quads)))
    store.drop_empty()

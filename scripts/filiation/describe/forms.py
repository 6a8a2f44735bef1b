"""How a description becomes a file: Turtle in the order of its statements, or JSON."""

import json
from typing import Any

from rdflib import Graph

from filiation import layout, oxigraph

#: Prefixes that only descriptions need, beside those of the house.
PREFIXES = {
    **layout.PREFIXES,
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "voidext": "http://ldf.fi/void-ext#",
}


def turtle(graph: Graph, home: str) -> bytes:
    """A graph without blank nodes, for the file with the IRI `home`, behind whose `#` its own names
    stand. The house format would take longer than all the counting."""
    own = home + "#"
    return oxigraph.serialize(oxigraph.from_rdflib(graph, home), "ttl", {**PREFIXES, "": own})


def json_text(whole: Any) -> bytes:
    """JSON in UTF-8, in the order given."""
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()

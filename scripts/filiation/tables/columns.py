"""What a table and a column are, and the usual kinds of column.

A column is one narrow question, so that two properties with several values each never multiply, and the
whole costs as much as the data has statements.
"""

from dataclasses import dataclass
from typing import Literal

from filiation import layout

Datatype = Literal["string", "edtf", "date", "integer", "decimal", "boolean", "anyURI"]
#: Between the values of one cell in CSV. No IRI holds it (RFC 3987).
SEPARATOR = "|"
FIL = layout.ONTOLOGY
ORG, SEM, SKOS = (layout.PREFIXES[prefix] for prefix in ("org", "sem", "skos"))
DCTERMS, ADMS, XL = (layout.PREFIXES[prefix] for prefix in ("dcterms", "adms", "skosxl"))
RDF, OWL, GEO, FOAF = (layout.PREFIXES[prefix] for prefix in ("rdf", "owl", "geo", "foaf"))


@dataclass(frozen=True)
class Column:
    """One column: what is in it, and the graph pattern from `?row` to `?value` that fills it."""

    name: str
    datatype: Datatype
    title: str
    #: The property that a cell states of the row's node, where it is one property.
    property: str | None = None
    required: bool = False
    #: Where a cell may hold several values: what stands between them.
    separator: str | None = None
    #: The table whose key the values are.
    references: str | None = None
    #: The pattern, where it is not `?row <property> ?value`.
    pattern: str | None = None
    #: The column whose IRIs this one names in words.
    label_of: str | None = None
    #: What becomes of several values where a cell holds one.
    combine: Literal["count", "least", "greatest"] | None = None

    def asks(self) -> str | None:
        """The pattern, or nothing where the cells come from elsewhere."""
        if self.pattern or not self.property:
            return self.pattern
        return f"?row <{self.property}> ?value"


@dataclass(frozen=True)
class Table:
    """One table: the pattern of its rows, its columns, and those that tell one row from another."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    #: Which nodes are rows; empty where a ready question gives the rows.
    pattern: str = ""

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]


Columns = tuple[Column, ...]


def key_column(name: str, title: str, references: str | None = None) -> Columns:
    """The IRI of the node that a row is about."""
    return (Column(name, "anyURI", title, required=True, references=references),)


def label(title: str) -> Columns:
    """What a row is called, from the names that the other columns use."""
    return (Column("label", "string", title, required=True, label_of=""),)


def one(name: str, datatype: Datatype, title: str, path: str, required: bool = False) -> Columns:
    """One column of plain values."""
    return (Column(name, datatype, title, path, required),)


def node(
    name: str,
    title: str,
    path: str | None,
    references: str | None = None,
    *,
    several: bool = False,
    required: bool = False,
    pattern: str | None = None,
) -> Columns:
    """IRIs, and beside them what they are called."""
    separator = SEPARATOR if several else None
    return (
        Column(name, "anyURI", title, path, required, separator, references, pattern),
        Column(f"{name}_label", "string", f"{title}: in words", separator=separator, label_of=name),
    )


def nodes(
    name: str, title: str, path: str | None, references: str | None = None, *, pattern: str | None = None
) -> Columns:
    """The same for any number of IRIs in a cell."""
    return node(name, title, path, references, several=True, pattern=pattern)


def roles(name: str, title: str, references: str, *roles: str) -> Columns:
    """Who takes part in any of some roles, each a term of the ontology or a whole IRI."""
    terms = [role if ":" in role else FIL + role for role in roles]
    if len(terms) == 1:
        return nodes(name, title, terms[0], references)
    path = "|".join(f"<{term}>" for term in terms)
    return nodes(name, title, None, references, pattern=f"?row {path} ?value")


def dated(name: str, title: str, begin: str, end: str) -> Columns:
    """A date as EDTF and the first and last day that it can mean, by two of SEM's bounds."""
    told = FIL + name
    bounds = (("earliest", begin, "first"), ("latest", end, "last"))
    return (
        Column(name, "edtf", title, told),
        *(
            Column(
                f"{name}_{side}",
                "date",
                f"{title}: the {word} day that it can mean; empty where that is open",
                pattern=f"?row <{told}> ?told ; <{SEM}{bound}> ?value",
            )
            for side, bound, word in bounds
        ),
    )


def of_classes(*names: str) -> str:
    """The pattern of what has one of some classes."""
    return " UNION ".join(f"{{ ?row a <{name}> }}" for name in names)

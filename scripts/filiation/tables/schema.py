"""Which tables there are, in the order of a reader's interest.

The first nine are for people; the last three are those to which they point: entities, situations and
sources have an IRI each, and one row each.
"""

from filiation.tables import bearers, happenings, sayings
from filiation.tables.columns import SEPARATOR, Column, Datatype, Table

__all__ = ["SEPARATOR", "TABLES", "Column", "Datatype", "Table"]

_ALL = (
    bearers.GROUPS,
    bearers.NAMES,
    happenings.CHANGES,
    happenings.AFFILIATIONS,
    happenings.POSITIONS,
    happenings.INCIDENTS,
    sayings.ATTESTATIONS,
    sayings.DISAGREEMENTS,
    bearers.IDENTIFIERS,
    bearers.ENTITIES,
    happenings.SITUATIONS,
    sayings.SOURCES,
)

#: The tables by name.
TABLES: dict[str, Table] = {table.name: table for table in _ALL}

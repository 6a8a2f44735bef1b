"""Flat tables of a release, for people who do not speak SPARQL: CSV and Parquet with one schema.

`schema` says which tables and columns there are and by which pattern each is filled, `rows` asks the
store, `text` and `arrow` write CSV and Parquet, and `description` tells programs what is in them (CSV on
the Web, Frictionless Data Package).
"""

from filiation.tables.outputs import write
from filiation.tables.rows import NotTabular
from filiation.tables.schema import TABLES, Column, Table

__all__ = ["TABLES", "Column", "NotTabular", "Table", "write"]

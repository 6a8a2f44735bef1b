"""The description of a table for programs: CSV on the Web (W3C Recommendation, 17 December 2015).

It says of each column what is in it, so that a table can be checked without us and its rows be read as
the very statements that `intake` makes. We only write such descriptions: one that comes with a table
could name other addresses, and is never read.
"""

import json
import re
from typing import Any

from filiation import forms, layout
from filiation.columns import ATTESTATION, CLASS, SEPARATOR, STEM, Column, Plan
from filiation.forms import FIL

_DATATYPES: dict[str, Any] = {
    forms.DATE: {"base": "string", "@id": str(forms.EDTF), "dc:title": "EDTF"},
    forms.NUMBER: "nonNegativeInteger",
    forms.YES: "boolean",
    forms.ADDRESS: "anyURI",
}
_STEM_FORMAT = "[a-z0-9]+(-[a-z0-9]+)*"


def description(plans: list[Plan], header: list[str], url: str) -> str:
    """The metadata (JSON) of a table with these columns in the file `url`."""
    single = plans[0] if len(plans) == 1 else None
    described = [_described(name, plans, single) for name in header]
    about: dict[str, Any] = {"columns": described}
    if single:
        about["aboutUrl"] = f"{layout.PREFIXES[single.kind]}{{stem}}"
        about["columns"] += _unseen(single)
    kinds = ", ".join(plan.kind for plan in plans)
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": f"Filiation: {kinds}",
        "dc:description": f"One row is one {single.kind if single else 'entity or situation'}"
        + (" with what one source says of it." if any(plan.is_situation for plan in plans) else "."),
        "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\n", "\r\n"]},
        "tableSchema": about,
    }
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def _described(name: str, plans: list[Plan], single: Plan | None) -> dict[str, Any]:
    base: dict[str, Any] = {"name": name.replace("-", "_"), "titles": name}
    if name == CLASS:
        kinds = "|".join(plan.kind for plan in plans)
        about = {"datatype": {"base": "string", "format": kinds}, "required": True, "suppressOutput": True}
        return {**base, "dc:description": "Of what kind the row is.", **about}
    if name in (STEM, ATTESTATION):
        about = {"datatype": {"base": "string", "format": _STEM_FORMAT}, "suppressOutput": True}
        whose = "attestation" if name == ATTESTATION else "node that the row describes"
        return {
            **base,
            "dc:description": f"The stem of the {whose}; it is made where none is given.",
            **about,
        }
    having = [plan for plan in plans if name in plan.columns]
    column = having[0].columns[name]
    base |= _values(column, single)
    if column.required and len(having) == len(plans):
        base["required"] = True
    if single and column.of_source:
        base["aboutUrl"] = f"{layout.PREFIXES['attestation']}{{{ATTESTATION}}}"
    return base


def _values(column: Column, single: Plan | None) -> dict[str, Any]:
    """What the cells of a column hold; the property only where all rows are of one kind."""
    asked = column.field
    found: dict[str, Any] = {"datatype": _DATATYPES.get(asked.sort, "string")}
    if advice := " ".join(filter(None, (asked.about, asked.message))):
        found["dc:description"] = advice
    if column.several:
        found["separator"] = SEPARATOR
    if single:
        found["propertyUrl"] = str(asked.path)
    if asked.sort == forms.TAGGED and len(asked.languages) == 1:
        found["lang"] = asked.languages[0]
    if asked.choices:
        names = sorted({forms.name_of(choice) for choice in asked.choices})
        found["datatype"] = {"base": "string", "format": "|".join(map(re.escape, names))}
    one_iri = not column.several and asked.sort in (forms.NODE, forms.CONCEPT) and len(column.prefixes) == 1
    if single and one_iri:
        found["valueUrl"] = f"{layout.PREFIXES[column.prefixes[0]]}{{{column.name.replace('-', '_')}}}"
    return found


def _unseen(plan: Plan) -> list[dict[str, Any]]:
    """The statements that every row makes without a cell of its own."""
    rdf_type = layout.PREFIXES["rdf"] + "type"
    node = f"{layout.PREFIXES[plan.kind]}{{stem}}"
    found = [_virtual("type", node, rdf_type, str(plan.form.type))]
    if plan.is_situation:
        attestation = f"{layout.PREFIXES['attestation']}{{{ATTESTATION}}}"
        found.append(_virtual("attestation_type", attestation, rdf_type, str(FIL.Attestation)))
        found.append(_virtual("attests", attestation, str(FIL.attests), node))
    return found


def _virtual(name: str, about: str, path: str, value: str) -> dict[str, Any]:
    return {"name": name, "virtual": True, "aboutUrl": about, "propertyUrl": path, "valueUrl": value}


def header(plans: list[Plan], every: bool) -> list[str]:
    """The columns of a template: the usual ones of all kinds, or all of them."""
    names: dict[str, None] = {}
    for plan in plans:
        names |= dict.fromkeys(plan.header(plan.columns if every else ()))
    if ATTESTATION in names:
        names |= {ATTESTATION: names.pop(ATTESTATION)}
    return [*([CLASS] if len(plans) > 1 else []), *names]

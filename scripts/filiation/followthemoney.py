"""An entity of FollowTheMoney as it is written down: its id, its values, its line of JSON.

See https://followthemoney.tech/docs/fragments/. What an entity says is the business of `sanctions`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from filiation import layout
from filiation.situations import Situation

#: A date that FollowTheMoney can hold: a year, month or day, sure and by itself.
_SURE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


@dataclass(frozen=True)
class Entity:
    """One line: values are kept once and in order."""

    id: str
    schema: str
    caption: str = ""
    properties: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str, values: Iterable[str]) -> None:
        """Add the values that say something."""
        known = {" ".join(value.split()) for value in values} - {""}
        if known:
            self.properties.setdefault(name, set()).update(known)

    def date(self, situation: Situation, date: str, since: str, until: str) -> None:
        """Add the dates that are sure to the properties of these names, and to the summary in words what
        is not: other dates, the hedges and doubts of the sources."""
        unsure = []
        for name, value in ((date, situation.date), (since, situation.since), (until, situation.until)):
            if is_sure(value):
                self.add(name, [value])
            elif value:
                unsure.append(f"{name} {value} (EDTF)")
        if situation.ended and not situation.until:
            unsure.append("said to be over")
        if situation.hedges:
            unsure.append(f"hedged as {', '.join(situation.hedges)}")
        if situation.denials:
            unsure.append(f"doubted or denied by {len(situation.denials)} of the sources")
        self.add("summary", ["; ".join(unsure)])

    def line(self) -> bytes:
        """As JSON, with a line end."""
        whole: dict[str, Any] = {"id": self.id, "schema": self.schema}
        if self.caption:
            whole["caption"] = self.caption
        whole["datasets"] = ["filiation"]
        whole["properties"] = {name: sorted(values) for name, values in sorted(self.properties.items())}
        return json.dumps(whole, ensure_ascii=False).encode() + b"\n"


def is_sure(date: str) -> bool:
    """Whether an EDTF text is a year, month or day and no more.

    >>> is_sure("2013-08"), is_sure("2013~")
    (True, False)
    """
    return bool(_SURE.match(date))


def identity(*iris: str) -> str:
    """The id of an entity: the IRI without its host, with stops for what an id may not have. Of a pair
    in a situation, the three one after another: another party does not change the id.

    >>> identity("https://w3id.org/filiation/group/aqim")
    'filiation.group.aqim'
    """
    return ".".join(["filiation", *(iri.removeprefix(layout.BASE).replace("/", ".") for iri in iris)])

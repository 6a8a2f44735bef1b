"""What a change is, and a review: the words that all who compare states share."""

from dataclasses import dataclass, field

FACTS, SAID, NAMES = "Facts", "What sources say", "Names"
ENTITIES, TERMS = "Entities and sources", "Terms and concepts"
DISAGREEMENTS, INFERRED = "Disagreements", "Inferred"
#: In the order in which a reviewer reads them.
SECTIONS = (FACTS, SAID, DISAGREEMENTS, INFERRED, NAMES, ENTITIES, TERMS)
ADDED, REMOVED, CHANGED, OPENED, SETTLED = "added", "removed", "changed", "opened", "settled"
ACTIONS = (ADDED, OPENED, CHANGED, REMOVED, SETTLED)


@dataclass(frozen=True)
class Change:
    """One thing that differs: what became of it, in words; the node, its file, and for a value that
    changed the property with the values before and after."""

    section: str
    action: str
    sentence: str
    node: str = ""
    file: str = ""
    property: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Review:
    """The changes between two states in the order of the sections, and what could not be compared."""

    before: str
    after: str
    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, section: str) -> list[Change]:
        return [change for change in self.changes if change.section == section]

"""Tables of who says so: attestations, where they disagree, and the sources."""

from filiation.tables.columns import (
    DCTERMS,
    FIL,
    FOAF,
    SEPARATOR,
    Column,
    Table,
    key_column,
    label,
    node,
    nodes,
    one,
    roles,
)
from filiation.tables.common import (
    CIRCUMSTANCES,
    COUNTS,
    DATE,
    NOTE,
    PERIOD,
)

_STATED = (
    *("date", "from", "until", "ended", "place", "manner", "purpose", "nationality", "kind", "after"),
    *("count", "lowerBound", "upperBound", "statedOriginal", "statedPartialOriginal", "statedResult"),
    *("statedFounder", "statedMember", "statedOrganization", "statedForm"),
)
#: Properties by which an attestation may say other than its situation does (see `claims`).
_OWN = (
    f"VALUES ?value {{ {' '.join(f'<{FIL}{name}>' for name in _STATED)} }} "
    f"GRAPH ?graph {{ ?row a <{FIL}Attestation> ; ?value ?own }}"
)

ATTESTATIONS = Table(
    "attestations",
    "Attestations: what each source says of each situation, where it says so, and with which values",
    (
        *key_column("attestation", "The attestation"),
        *node("situation", "Of what it speaks", FIL + "attests", "situations", required=True),
        *node("source", "Who says so", DCTERMS + "source", "sources", required=True),
        *node("stance", "Whether the source affirms, doubts or denies it", FIL + "stance", required=True),
        *nodes("hedges", "How the source qualifies it", FIL + "hedge"),
        *nodes("voice", "Whose words the source reports", FIL + "voice", "entities"),
        *one("as_of_writing", "boolean", "Told in the present tense of the source", FIL + "asOfWriting"),
        Column("section", "string", "In which section", FIL + "section", separator=SEPARATOR),
        Column("page", "string", "On which page", FIL + "page", separator=SEPARATOR),
        Column("record", "string", "In which record of a list", FIL + "record", separator=SEPARATOR),
        *one("passage_start", "integer", "First character of the passage, from 0", FIL + "passageStart"),
        *one("passage_end", "integer", "Character after the passage", FIL + "passageEnd"),
        *one("passage_digest", "string", "SHA-256 of the passage", FIL + "passageDigest"),
        *nodes("silent_on", "What of the situation the source does not say", FIL + "silentOn"),
        Column(
            "own_values",
            "anyURI",
            "In which properties the source's own values are other or vaguer than those held",
            separator=SEPARATOR,
            pattern=_OWN,
        ),
        Column("own_values_label", "string", "The same in words", separator=SEPARATOR, label_of="own_values"),
        *DATE,
        *PERIOD,
        *COUNTS,
        *nodes("nationality", "The countries of those counted", FIL + "nationality", "entities"),
        *CIRCUMSTANCES,
        *nodes("after", "Situations after which it came", FIL + "after", "situations"),
        *nodes("kind", "The kind, by this source", FIL + "kind"),
        *roles("originals", "Groups that went into the change", "entities", "statedOriginal"),
        *roles(
            "partial_originals",
            "Groups of which a part went into it",
            "entities",
            "statedPartialOriginal",
        ),
        *roles("results", "Groups that came of the change", "entities", "statedResult"),
        *roles("founders", "Who founded the group", "entities", "statedFounder"),
        *roles("member", "Who holds the position", "entities", "statedMember"),
        *roles("organization", "In which organization", "entities", "statedOrganization"),
        *one("form", "string", "How the name is written", FIL + "statedForm"),
        Column(
            "form_language",
            "string",
            "The language of that form (BCP 47)",
            pattern=f"?row <{FIL}statedForm> ?form . BIND (LANG(?form) AS ?value)",
        ),
        *NOTE,
    ),
    ("attestation",),
    f"?row a <{FIL}Attestation>",
)

DISAGREEMENTS = Table(
    "disagreements",
    "Disagreements: the same question, different answers, and who says which",
    (
        Column("kind", "string", "In what they disagree", required=True),
        *node("question", "The situation or entity in question", None, required=True),
        *node("situation", "The situation that answers", None, "situations", required=True),
        Column("answer", "string", "The answer: a date, a figure, a name or an IRI", required=True),
        Column("answer_label", "string", "The answer in words", label_of="answer"),
        *node("source", "Whose answer it is", None, "sources", required=True),
        Column("attestation", "anyURI", "Where it is given", required=True, references="attestations"),
    ),
    ("kind", "question", "situation", "answer", "attestation"),
)

SOURCES = Table(
    "sources",
    "Sources: who says so",
    (
        *key_column("source", "The source"),
        *label("Its title"),
        *nodes("kind", "Text, document, list or dataset", FIL + "kind"),
        *nodes("publisher", "Who published it", DCTERMS + "publisher", "entities"),
        *one("issued", "edtf", "When it came out", DCTERMS + "issued"),
        Column("language", "string", "Its languages (BCP 47)", DCTERMS + "language", separator=SEPARATOR),
        Column("page", "anyURI", "Where it stands", FOAF + "page", separator=SEPARATOR),
        Column("copy", "anyURI", "Archived copies", DCTERMS + "hasVersion", separator=SEPARATOR),
        Column("licence", "anyURI", "Its licence", DCTERMS + "license", separator=SEPARATOR),
        Column("text_digest", "string", "SHA-256 of its text", FIL + "textDigest", separator=SEPARATOR),
        Column(
            "attestations",
            "integer",
            "How many attestations rest on it",
            required=True,
            pattern=f"?value <{DCTERMS}source> ?row ; <{FIL}attests> ?situation",
            combine="count",
        ),
        *NOTE,
    ),
    ("source",),
    f"?row a <{FIL}Source>",
)

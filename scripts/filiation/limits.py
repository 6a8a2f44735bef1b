"""What no term of a file may be, whoever sends it: hidden, endless, or of a kind that runs code.

Every later step (the shapes, the layout, the dumps) takes such a term at its word: a number of a million
digits is computed with, a literal of XML is parsed. So each is refused while the file is read. The
longest text of ours has 5,000 characters, the longest IRI 160.
"""

import re

from filiation.characters import advice, hidden

MAX_TEXT = 20_000
MAX_TYPED = 1_000
MAX_IRI = 2_000
MAX_LANGUAGE = 35
#: A file of this size is no contribution but an accident: people edit these files by hand.
MAX_CHARACTERS = 3_000_000
#: Putting nodes without an IRI in order can take any time (RDF Dataset Canonicalization, section 7.1).
MAX_BLANK_NODES = 300

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES = (_XSD, "http://id.loc.gov/datatypes/edtf/", "http://www.opengis.net/ont/geosparql#wktLiteral")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
#: XML Schema 1.1, part 2; infinity and no-number, which no comparison survives, are left out.
_NUMBERS = {"decimal": _DECIMAL, "double": _DOUBLE, "float": _DOUBLE}
_INTEGERS = re.compile(
    r"(?:positive|negative|nonPositive|nonNegative|unsigned)?(?:[iI]nteger|[lL]ong|[iI]nt|"
    r"[sS]hort|[bB]yte)"
)


def of_text(value: str, language: str | None) -> str | None:
    """Why a text cannot be taken in; None where it can."""
    if len(value) > MAX_TEXT:
        return f"a text of {len(value):,} characters: say it in at most {MAX_TEXT:,}"
    if language and len(language) > MAX_LANGUAGE:
        return f"a language tag of {len(language):,} characters: write one such as `en`, `fr`, `ar-latn`"
    place = hidden(value)
    return None if place is None else advice(value[place])


def of_typed(value: str, datatype: str) -> str | None:
    """Why a literal of a datatype cannot be taken in; None where it can."""
    if not datatype.startswith(_DATATYPES):
        return f"the datatype <{datatype}> is not used here: write a plain text, a date or a number"
    if len(value) > MAX_TYPED:
        return f"a value of {len(value):,} characters: nothing but a text is longer than {MAX_TYPED:,}"
    place = hidden(value)
    if place is not None:
        return advice(value[place])
    name = datatype.removeprefix(_XSD)
    form = _INTEGER if _INTEGERS.fullmatch(name) else _NUMBERS.get(name)
    if form and not form.fullmatch(value):
        return f"`{value[:40]}` is not a number of the datatype xsd:{name}"
    return None


def of_iri(value: str) -> str | None:
    """Why an IRI cannot be taken in; None where it can."""
    if len(value) > MAX_IRI:
        return f"an IRI of {len(value):,} characters: at most {MAX_IRI:,} can be used elsewhere"
    place = hidden(value)
    return None if place is None else advice(value[place])

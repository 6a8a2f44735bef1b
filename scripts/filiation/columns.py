"""The columns of a kind: one for each field of its form, and those of what one source says of it.

A row is one situation with one attestation, so its columns come from two forms. Where both have a
property of one name, the column of the attestation is called `said-date`: what this source says in
place of what we hold. A row of a group, person, place, organization or source has no second part.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rdflib import DCTERMS, RDFS, Graph, URIRef
from rdflib.term import Node

from filiation import forms, layout, sayable
from filiation.claims import TOGETHER
from filiation.corpus import Corpus
from filiation.forms import FIL

CLASS, STEM, ATTESTATION = "class", "stem", "attestation"
#: What stands between two values of one cell.
SEPARATOR = "|"
SAID = "said-"

#: The kinds that a table can have: an attestation has no rows of its own.
KINDS = tuple(kind for kind in forms.KINDS if kind != "attestation")
_ALWAYS = {"date", "from", "until", "place", "kind", "pref-label", "editorial-note", "status"}
_LATER = ("place", "purpose", "manner", "status", "editorial-note")
_SOURCE_FIRST = ("source", "stance", "hedge", "section", "page", "record", "voice")


@dataclass(frozen=True)
class Column:
    """One column: its name, its field, whether it tells of the attestation, and the prefixes that its
    nodes or concepts may have; where there is but one, a cell needs none."""

    name: str
    field: forms.Field
    of_source: bool
    usual: bool
    required: bool
    prefixes: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether a cell may hold several values."""
        return self.field.most != 1


@dataclass(frozen=True)
class Plan:
    """All that a table of a kind may have, in order."""

    kind: str
    form: forms.Form
    columns: dict[str, Column]

    @property
    def is_situation(self) -> bool:
        return any(column.of_source for column in self.columns.values())

    def header(self, used: Iterable[str] | None = None) -> list[str]:
        """The names of the columns for a template, or of those and the ones `used`."""
        wanted = set(used or ())
        named = [name for name, column in self.columns.items() if column.usual or name in wanted]
        return [STEM, *named, *([ATTESTATION] if self.is_situation else [])]

    def column(self, path: URIRef, of_source: bool) -> Column | None:
        """The column of a property."""
        found = (c for c in self.columns.values() if c.field.path == path and c.of_source == of_source)
        return next(found, None)


def plan(corpus: Corpus, kind: str) -> Plan:
    """The columns of a kind. Raises forms.NoSuchKind."""
    if kind not in KINDS:
        raise forms.NoSuchKind(f"`{kind}` has no table: choose one of {', '.join(KINDS)}")
    form = forms.form(corpus.shapes, corpus.vocabulary, kind)
    needed = {name for need in form.needs for name in need.names}
    situation = FIL.Situation in corpus.vocabulary.transitive_objects(form.type, RDFS.subClassOf)
    found = [
        Column(
            f.name,
            f,
            False,
            not situation or _usual(corpus, f, needed),
            f.least > 0 and f.usual is None,
            _prefixes(corpus, f),
        )
        for f in sorted(form.fields.values(), key=lambda f: _rank(f, needed))
    ]
    if situation:
        found += _said(corpus, form, {column.field.path: column for column in found})
    return Plan(kind, form, {column.name: column for column in found})


def kind_named(name: str) -> str | None:
    """The kind that the name of a file or a sheet begins with: `leaderships-2012` tells of leaderships."""
    plain = name.strip().lower().replace("_", "-").replace(" ", "-")
    spelt = {
        **{kind: kind for kind in KINDS},
        **{f"{kind}s": kind for kind in KINDS},
        **layout.ENTITY_FOLDERS,
    }
    found = [word for word in spelt if plain == word or plain.startswith((f"{word}-", f"{word}."))]
    return spelt[max(found, key=len)] if found else None


def _usual(corpus: Corpus, field: forms.Field, needed: set[str]) -> bool:
    """Whether a template has the field: all that is needed or of this kind alone, and the times."""
    domain = corpus.vocabulary.value(field.path, RDFS.domain)
    common = domain in (FIL.Assertion, FIL.Situation) or domain is None
    return bool(field.least) or field.name in needed | _ALWAYS or not common


def _rank(field: forms.Field, needed: set[str]) -> tuple[int, int, str]:
    later = _LATER.index(field.name) + 1 if field.name in _LATER else 0
    wanted = (field.least > 0 or field.name in needed) and not later and field.sort != forms.DATE
    ranks = (
        wanted and field.sort == forms.NODE,
        wanted,
        field.sort == forms.NODE and not later,
        field.sort == forms.DATE,
        not later,
    )
    return ranks.index(True) if True in ranks else len(ranks), later, field.name


def _said(corpus: Corpus, form: forms.Form, held: dict[Node, Column]) -> list[Column]:
    """What a source can say of a situation of this form."""
    own = sayable.of(corpus, form)
    told = {said: held[path] for line in TOGETHER for path, said in line.items() if path in held}
    # A property that several classes share has no field of the attestation: its values are the same.
    known = {field.path for field in own.values()}
    shared = [held[path].field for path in sorted(told.keys() & held.keys() - known)]
    found = []
    for field in sorted([*own.values(), *shared], key=_source_rank):
        twin = field.path in held or field.name in form.fields
        answered = told.get(field.path) or held.get(field.path)
        usual = answered.usual if answered else True
        needed = field.path == DCTERMS.source
        name = (SAID if twin else "") + field.name
        found.append(Column(name, field, True, usual, needed, _prefixes(corpus, field)))
    return found


def _source_rank(field: forms.Field) -> tuple[int, str]:
    first = field.name in _SOURCE_FIRST
    return (_SOURCE_FIRST.index(field.name) if first else len(_SOURCE_FIRST), field.name)


def _prefixes(corpus: Corpus, field: forms.Field) -> tuple[str, ...]:
    if field.sort == forms.CONCEPT:
        schemes = {str(scheme).rpartition("/")[2] for scheme in field.schemes}
        chosen = {layout.curie(str(choice)).partition(":")[0] for choice in field.choices}
        return tuple(sorted(schemes or chosen))
    return tuple(
        sorted(
            k for k, classes in _wider(corpus.shapes, corpus.vocabulary).items() if field.classes & classes
        )
    )


@lru_cache(maxsize=8)
def _wider(shapes: Graph, vocabulary: Graph) -> dict[str, set[Node]]:
    """Each kind with its class and all that are wider."""
    types = {kind: forms.form(shapes, vocabulary, kind).type for kind in forms.KINDS}
    wider = vocabulary.transitive_objects
    return {kind: {c for c in wider(t, RDFS.subClassOf) if c} for kind, t in types.items()}

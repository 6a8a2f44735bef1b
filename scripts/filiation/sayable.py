"""What a source can say of a situation of some form: those fields of an attestation that mean something."""

from rdflib import RDFS

from filiation import forms
from filiation.claims import TOGETHER
from filiation.corpus import Corpus
from filiation.forms import FIL, Field, Form

#: The properties by which an attestation answers for those of its situation.
_ANSWERS = frozenset(said for line in TOGETHER for said in line.values())


def of(corpus: Corpus, form: Form) -> dict[str, Field]:
    """The fields, by name; nothing for what has no attestation. Of what a situation cannot have, no source
    says something else."""
    if "status" not in form.fields:
        return {}
    held = {field.path for field in form.fields.values()}
    meant = held | {said for line in TOGETHER for path, said in line.items() if path in held}
    fields = forms.form(corpus.shapes, corpus.vocabulary, "attestation").fields
    return {
        name: field
        for name, field in fields.items()
        if field.path != FIL.attests and (field.path in meant or not _is_answer(corpus, field))
    }


def _is_answer(corpus: Corpus, field: Field) -> bool:
    """Whether a field of an attestation speaks of what its situation has, or could have."""
    return field.path in _ANSWERS or corpus.vocabulary.value(field.path, RDFS.domain) == FIL.Assertion

"""The questions as data that query editors read: each a sh:SPARQLExecutable with its title.

The vocabulary is that of the published example queries of SIB (`spex`), which editors show beside a query.
"""

import re

from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, Namespace, URIRef

from filiation import layout, turtle
from filiation.corpus import Corpus
from filiation.questions import Question

SCHEMA = Namespace("https://schema.org/")
SPEX = Namespace("https://purl.expasy.org/sparql-examples/ontology#")
#: Where the questions have their IRIs: the stem of the file follows.
QUESTION = layout.BASE + "question/"

#: Form of a query -> the property that holds its text, and its class.
FORMS = {
    "SELECT": (SH.select, SH.SPARQLSelectExecutable),
    "ASK": (SH.ask, SH.SPARQLAskExecutable),
    "CONSTRUCT": (SH.construct, SH.SPARQLConstructExecutable),
    "DESCRIBE": (SPEX.describe, SPEX.SPARQLDescribeExecutable),
}
_PROLOGUE = re.compile(r"(?:\s|#[^\n]*|PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>)*(\w+)", re.IGNORECASE)
_HEADER = re.compile(r"\A(?:#[^\n]*\n|\s*\n)+")


class NotAnExample(Exception):
    """A question of which no example can be made; the message says why."""


def graph(corpus: Corpus, asked: list[Question]) -> Graph:
    """The questions, with their titles and notes, as keywords the labels of the terms that they use, and
    the dataset that answers them. Raises NotAnExample."""
    found = Graph()
    turtle.bind(found)
    for question in asked:
        node = URIRef(QUESTION + question.stem)
        holder, kind = FORMS[form(question)]
        for type_ in (SH.SPARQLExecutable, kind):
            found.add((node, RDF.type, type_))
        found.add((node, RDFS.comment, Literal(question.title, lang="en")))
        if question.note:
            found.add((node, SKOS.note, Literal(question.note, lang="en")))
        found.add((node, holder, Literal(_HEADER.sub("", question.text))))
        found.add((node, SCHEMA.target, URIRef(layout.DATASET)))
        for word in keywords(corpus, question):
            found.add((node, SCHEMA.keywords, Literal(word)))
    return found


def form(question: Question) -> str:
    """`SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`. Raises NotAnExample."""
    match = _PROLOGUE.match(question.text)
    word = match[1].upper() if match else ""
    if word not in FORMS:
        raise NotAnExample(f"ontology/questions/{question.stem}.rq is no query: it begins with `{word}`")
    return word


def keywords(corpus: Corpus, question: Question) -> list[str]:
    """The English labels of our terms in the text of a question."""
    terms = {URIRef(layout.ONTOLOGY + name) for name in re.findall(r"\bfil:([A-Za-z]\w*)", question.text)}
    labels = {str(label) for term in terms for label in corpus.vocabulary.objects(term, RDFS.label)}
    return sorted(label.strip() for label in labels)

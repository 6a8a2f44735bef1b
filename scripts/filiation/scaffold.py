"""Begin something new: the statements of an entity, a situation or an attestation, in the right file.

    graphs = scaffold.situation(corpus, "split", "northern-front-1994",
        {"parent": ["group:valley-army"], "offshoot": ["northern-front"], "date": ["1994"]},
        {"source": ["source:example-report"], "section": ["History"], "hedge": ["reportedly"]})
    faults, steps = trial.judge(corpus, graphs)
    scaffold.write(corpus.layout, graphs)

Of several, each is given the corpus with those before it, `corpus = trial.taken_in(corpus, graphs)`;
the files of all are judged together, and written if there is no fault.

What is asked for comes from `forms`, so from the shapes. Values are named after the properties
(`pref-label`, or `skos:prefLabel`) and written as `values` reads them. A situation stands in the file
of the entity that it is about, by homes.PARTIES; where the entity is not said, the stem tells it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Node

from filiation import forms, homes, journal, layout, positions, sayable, stems, turtle, values
from filiation.corpus import Corpus
from filiation.forms import FIL, Field, Form, Need

#: Values by name, each as it is typed; one text stands for a list of one.
Values = Mapping[str, Iterable[str] | str]

#: The stem that is made of the values, or drawn.
ANY = "-"
STEM = "stem"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what was given: the name of the value (`stem`, or none where it is
    the whole), and what to give instead."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}" if self.name else self.message


class Faulty(Exception):
    """What was given cannot be written; `faults` are all that is wrong with it."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class _Draft:
    """A node on the way: what is said of it by field name, and what is wrong with that."""

    corpus: Corpus
    form: Form
    said: dict[str, list[Node]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, name: str, message: str) -> None:
        self.faults.append(Fault(name, message))

    def triples(self, node: URIRef) -> Iterator[tuple[Node, Node, Node]]:
        yield node, RDF.type, self.form.type
        for name, terms in self.said.items():
            yield from ((node, self.form.fields[name].path, term) for term in terms)


def situation(
    corpus: Corpus, kind: str, stem: str, given: Values, attestation: Values | None = None
) -> dict[PurePosixPath, Graph]:
    """The file that a node of any kind goes into, with all that it will say: what it says now, the new
    node, and the attestation of the node where one is given. Nothing is written.

    The stem `-` is made of the values; that of a person is drawn, also where a readable name is given
    in its place. Of a needed value that is one of few (the status, the stance, the role of a
    leadership) the first is meant where none is given. Raises Faulty, and forms.NoSuchKind."""
    draft = _read(corpus, kind, given)
    home = _home(draft, stem)
    node = _node(draft, stem, home)
    home = home or homes.own(node)
    _complete(draft)
    drafts = {node: draft}
    if attestation is not None:
        second = _read(corpus, "attestation", attestation, attests=node)
        _complete(second)
        drafts[_attestation(node, second)] = second
    faults = [fault for each in drafts.values() for fault in each.faults]
    if faults or home is None:
        raise Faulty(faults)
    whole = Graph(bind_namespaces="none")
    whole += corpus.graphs.get(home, ())
    for subject, each in drafts.items():
        for triple in each.triples(subject):
            whole.add(triple)
    turtle.bind(whole)
    return {home: whole}


def beside(corpus: Corpus, form: Form) -> dict[str, Field]:
    """What can be said by the attestation that is written with a node of this kind, and not by the node
    itself; nothing where the kind is no situation."""
    said = sayable.of(corpus, form)
    return {name: each for name, each in said.items() if name not in form.fields}


def write(place: layout.Layout, graphs: Mapping[PurePosixPath, Graph]) -> None:
    """Put the files in their places, in the house format: all or none. Raises turtle.Unreadable."""
    texts = {}
    for path, graph in graphs.items():
        # To lay a graph out gives it all our prefixes, which of thousands would take half a gigabyte.
        passing = Graph(bind_namespaces="none")
        passing += graph
        texts[path] = turtle.house_format(passing, layout.entity_iri(path))
    journal.write(place, texts)


def added(corpus: Corpus, graphs: Mapping[PurePosixPath, Graph]) -> Graph:
    """What the files will say that they do not say now."""
    fresh = Graph(bind_namespaces="none")
    for path, graph in graphs.items():
        old = corpus.graphs.get(path, Graph())
        for triple in graph:
            if triple not in old:
                fresh.add(triple)
    return fresh


def begun(corpus: Corpus, graph: Graph, path: PurePosixPath) -> dict[str, int]:
    """The nodes that a file has not described so far, with their lines in its new text."""
    places = positions.locate(turtle.house_format(graph, layout.entity_iri(path)), layout.BASE)
    new = set(graph.subjects()) - set(corpus.graphs.get(path, Graph()).subjects())
    return {layout.curie(str(node)): places.line(str(node)) for node in sorted(new, key=str)}


def _read(corpus: Corpus, kind: str, given: Values, **known: Node) -> _Draft:
    """What is given, as terms by field; what cannot be one is a fault."""
    draft = _Draft(corpus, forms.form(corpus.shapes, corpus.vocabulary, kind))
    fields = draft.form.fields
    draft.said.update({name: [term] for name, term in known.items()})
    for name, given_texts in given.items():
        texts = [given_texts] if isinstance(given_texts, str) else list(given_texts)
        short = forms.name_of(URIRef(name.replace(":", "/")))
        if short not in fields:
            advice = turtle.did_you_mean(short, fields) or f": it has {', '.join(sorted(fields))}"
            draft.add(name, f"{kind} has no such value{advice}")
            continue
        for text in texts:
            try:
                draft.said.setdefault(short, []).append(values.term(text, fields[short], corpus))
            except values.NotAValue as problem:
                draft.said.setdefault(short, [])
                draft.add(short, str(problem))
    for name, each in fields.items():
        if name not in draft.said and each.usual is not None:
            draft.said[name] = [each.usual]
    return draft


def _complete(draft: _Draft) -> None:
    """Faults for what is missing, and for what is there too often."""
    faulty = {fault.name for fault in draft.faults}
    for name, each in draft.form.fields.items():
        have = len(set(draft.said.get(name, ())))
        if have < each.least and name not in faulty:
            draft.add(name, f"is needed: {each.message}")
        elif each.most is not None and have > each.most:
            draft.add(name, f"{have} values: {each.message}")
    for need in missing(draft.corpus, draft.form, draft.said):
        if faulty.isdisjoint(need.names):
            draft.add(" or ".join(need.names), f"is needed: {need.message}")


def missing(corpus: Corpus, form: Form, said: Mapping[str, list[Node]]) -> Iterator[Need]:
    """What is needed among several values, by the kind of the node or of its source, and not said."""
    kinds = list(said.get("kind", ()))
    for source in said.get("source", ()):
        kinds += corpus.graphs[corpus.homes[source]].objects(source, FIL.kind)
    for need in form.applying(kinds):
        if len({(name, term) for name in need.names for term in said.get(name, ())}) < need.least:
            yield need


def _home(draft: _Draft, stem: str) -> PurePosixPath | None:
    """The file of another entity that the node goes into, known by its party or by its stem."""
    kind, corpus = draft.form.kind, draft.corpus
    if _is_entity(kind):
        return None
    parties = [name for name in homes.PARTIES if name in draft.form.fields]
    found = [corpus.homes[t] for name in parties for t in draft.said.get(name, ()) if t in corpus.homes]
    if found:
        return next(homes.by_stem(stem, found), found[0])
    said = any(name in draft.said for name in parties)
    each = draft.form.fields[parties[0]]
    for path in homes.by_stem(stem, corpus.data) if not said and each.least <= 1 else ():
        try:
            draft.said[parties[0]] = [values.term(f"<{layout.entity_iri(path)}>", each, corpus)]
            return path
        except values.NotAValue:
            continue
    return None


def _is_entity(kind: str) -> bool:
    return kind in layout.ENTITY_FOLDERS.values()


def _node(draft: _Draft, stem: str, home: PurePosixPath | None) -> URIRef:
    """The IRI of the node; faults where the stem is no stem, stands in another's file, or is taken."""
    kind, corpus = draft.form.kind, draft.corpus
    base = f"{layout.BASE}{kind}/"
    if kind == "person" and (stem == ANY or re.search(r"[A-Z\s]|[^\x00-\x7f]", stem)):
        if stem != ANY and "pref-label" not in draft.said:
            draft.said["pref-label"] = [Literal(stem.strip(), lang="en")]
        return URIRef(base + stems.drawn(corpus))
    if stem == ANY:
        few = {name for name, each in draft.form.fields.items() if each.usual is not None}
        stem = stems.made(draft.said, few, home.stem if home else None)
        if kind == "attestation" and (of := draft.said.get("attests")):
            return _attestation(URIRef(str(of[0])), draft)
        return stems.free(corpus, URIRef(base + stem))
    node = URIRef(base + stem)
    wrong = [message for pattern, message in draft.form.patterns if not re.fullmatch(pattern, str(node))]
    if wrong or "\n" in stem:
        draft.add(STEM, f"`{stem}`: {wrong[0] if wrong else 'write it on one line'}")
    elif len(stem) > stems.LONGEST:
        draft.add(STEM, f"`{stem[:20]}…` has {len(stem)} characters: {stems.LONGEST} are enough")
    elif node in corpus.homes:
        another = layout.curie(stems.free(corpus, node))
        draft.add(STEM, f"{_described(corpus, node)}: give another, such as {another}")
    elif (own := homes.own(node)) and (corpus.layout.root / own).exists():
        name = layout.curie(node)
        draft.add(STEM, f"{own}:1 is there already and does not describe {name}: mend it, or give another")
    elif home and not any(homes.by_stem(stem, (home,))):
        message = f"what is told here stands in {home}: call it {kind}:{home.stem}-…, not {kind}:{stem}"
        draft.add(STEM, message)
    elif home is None and not _is_entity(kind) and not draft.faults:
        entity = "the stem of the entity that it is about"
        draft.add(STEM, f"`{stem}` begins with the stem of no entity: begin it with {entity}")
    return node


def _described(corpus: Corpus, node: URIRef) -> str:
    path = corpus.homes[node]
    text = turtle.text_of(corpus.files[path]) if path in corpus.files else ""
    line = positions.locate(text, layout.BASE).line(str(node))
    return f"{layout.curie(node)} is described already, in {path}:{line}"


def _attestation(situation: URIRef, draft: _Draft) -> URIRef:
    return stems.free(draft.corpus, stems.of_attestation(situation, draft.said.get("source", ())))

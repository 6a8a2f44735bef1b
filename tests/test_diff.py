"""A review says what a change means: each kind of change is told, and nothing else is."""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from filiation import changes, comment, corpus, dataset, layout, oxigraph, questions, states
from filiation.changes import Change, Review
from filiation.consequences import _answers
from filiation.relations import _is_entity, relations
from filiation.review import review

FRONT = "data/groups/northern-front.ttl"


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=A. Example", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def versioned(village) -> layout.Layout:
    """The village under git, with everything committed."""
    git(village.root, "init", "-q")
    commit(village)
    return village


def commit(place: layout.Layout) -> None:
    git(place.root, "add", "-A")
    git(place.root, "commit", "-q", "-m", "A state")


def edit(place: layout.Layout, path: str, old: str, new: str) -> None:
    file = place.root / path
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    file.write_text(text.replace(old, new), "utf-8")


def add(place: layout.Layout, path: str, text: str) -> None:
    file = place.root / path
    needed = {*re.findall(r"\b([a-z][\w-]*):", re.sub(r'"[^"]*"|<[^>]*>', "", text))} & set(layout.PREFIXES)
    header = "".join(f"PREFIX {name}: <{layout.PREFIXES[name]}>\n" for name in sorted(needed))
    old = file.read_text("utf-8") if file.exists() else ""
    file.write_text(f"{header}{old}\n{text}\n", "utf-8")


def told(place: layout.Layout) -> list[str]:
    return [change.sentence for change in review(place, "HEAD").changes]


SPLIT = """
split:sand-company-1988
    a fil:Split ;
    fil:date "1988"^^edtf:EDTF ;
    fil:offshoot group:sand-company ;
    fil:parent group:valley-army ;
    fil:status status:held ;
.
attestation:sand-company-1988-split-example-handbook
    a fil:Attestation ;
    dcterms:source source:example-handbook ;
    fil:attests split:sand-company-1988 ;
    fil:section "History" ;
    fil:stance stance:affirms ;
.
"""


def test_no_difference_is_said_plainly(versioned, run):
    result = run("diff", "HEAD", root=versioned.root)
    assert (result.exit_code, result.stdout) == (0, "HEAD → the work tree: no difference in meaning\n")
    result = run("diff", "HEAD", "HEAD", "--format", "markdown", root=versioned.root)
    assert "No difference in meaning." in result.stdout


def test_layout_comments_and_place_are_no_difference(versioned):
    file = versioned.root / FRONT
    file.write_text("# a remark\n\n" + re.sub(r"(?m)^ +", "  ", file.read_text("utf-8")), "utf-8")
    (versioned.data / "groups" / "sand-company.ttl").rename(versioned.data / "groups" / "sand-unit.ttl")
    assert told(versioned) == []


def test_an_added_fact_is_told_with_its_source_and_what_follows(versioned):
    add(versioned, "data/groups/sand-company.ttl", SPLIT)
    assert told(versioned) == [
        "Added: the split of Sand Company from Valley Army (1988), held, on the word of An example handbook "
        "(History).",
        "Now inferred: Sand Company descends from Valley Army.",
        "Now inferred: Sand Company split from Valley Army.",
    ]


def test_a_removed_fact_is_told_with_what_no_longer_follows(versioned):
    add(versioned, "data/groups/sand-company.ttl", SPLIT)
    commit(versioned)
    git(versioned.root, "checkout", "-q", "HEAD~1", "--", ".")
    assert [sentence.partition(":")[0] for sentence in told(versioned)] == [
        "Removed",
        "No longer inferred",
        "No longer inferred",
    ]


def test_a_changed_date_is_told_from_and_to(versioned):
    edit(versioned, FRONT, 'fil:Split ;\n    fil:date "1994"', 'fil:Split ;\n    fil:date "1994-03"')
    (change,) = review(versioned, "HEAD").changes
    assert change == Change(
        changes.FACTS,
        "changed",
        "Changed: the date of the split of Northern Front from Valley Army, from 1994 to 1994-03.",
        "split:northern-front-1994",
        FRONT,
        "fil:date",
        ('"1994"^^edtf:EDTF',),
        ('"1994-03"^^edtf:EDTF',),
    )


def test_a_status_changes_what_is_inferred(versioned):
    edit(
        versioned,
        FRONT,
        "parent group:valley-army ;\n    fil:status status:held",
        "parent group:valley-army ;\n    fil:status status:disputed",
    )
    sentences = told(versioned)
    assert sentences[0] == (
        "Changed: the status of the split of Northern Front from Valley Army (1994), from held to disputed."
    )
    assert "No longer inferred: Northern Front split from Valley Army." in sentences
    assert "No longer inferred: Plain Union descends from Valley Army." in sentences


def test_parties_are_told_by_their_names(versioned):
    edit(versioned, FRONT, "group:hill-league ,\n        group:northern-front ;", "group:northern-front ;")
    assert told(versioned)[0] == (
        "Removed from the cooperation of Northern Front (from 1999): partner Hill League."
    )


OTHER = """
attestation:northern-front-1994-split-example-handbook
    a fil:Attestation ;
    dcterms:source source:example-handbook ;
    fil:attests split:northern-front-1994 ;
    fil:date "1992"^^edtf:EDTF ;
    fil:page "3" ;
    fil:stance stance:affirms ;
.
"""


def test_a_disagreement_is_opened_and_settled(versioned):
    add(versioned, FRONT, OTHER)
    assert told(versioned) == [
        "Added: the word of An example handbook (page 3; date 1992) for the split of Northern Front from "
        "Valley Army (1994).",
        "Opened: the sources disagree on the date of the split of Northern Front from Valley Army (1994): "
        "1992 (An example handbook); 1994 (An example report).",
    ]
    commit(versioned)
    edit(versioned, FRONT, 'fil:date "1992"', 'fil:date "1994-05"')
    assert told(versioned) == [
        "Changed: the date of the word of An example handbook (page 3) for the split of Northern Front from "
        "Valley Army (1994), from 1992 to 1994-05.",
        "Settled: the sources no longer disagree on the date of the split of Northern Front from Valley Army "
        "(1994): 1992 (An example handbook); 1994 (An example report).",
    ]


def test_another_answer_to_an_open_question_is_told(versioned):
    add(versioned, FRONT, OTHER)
    commit(versioned)
    edit(versioned, FRONT, 'fil:date "1992"', 'fil:date "1991"')
    assert told(versioned)[1].startswith("Changed: the sources disagree otherwise on the date of the split")


def test_a_passage_that_moves_is_one_change(versioned):
    edit(
        versioned,
        FRONT,
        "fil:passageEnd 144 ;\n    fil:passageStart 84 ",
        "fil:passageEnd 9 ; fil:passageStart 2 ",
    )
    assert told(versioned) == [
        "Changed: the passage of the word of An example report for the split of Northern Front from Valley "
        "Army (1994), from characters 84 to 144 to characters 2 to 9."
    ]


def test_names_entities_and_identifiers_have_their_places(versioned):
    edit(versioned, FRONT, 'skos:prefLabel "Northern Front"@en', 'skos:prefLabel "Front of the North"@en')
    edit(versioned, FRONT, '"Bande du Nord"@fr', '"Bandes du Nord"@fr')
    add(versioned, "data/places/new-town.ttl", 'place:new-town a fil:Place ; skos:prefLabel "New Town"@en .')
    add(
        versioned,
        "data/groups/hill-league.ttl",
        "group:hill-league adms:identifier identifier:hill-league-example-list .\n"
        'identifier:hill-league-example-list a adms:Identifier ; skos:notation "EX.13" ;\n'
        "    dcterms:creator organization:example-office .",
    )
    found = [(change.section, change.sentence) for change in review(versioned, "HEAD").changes]
    assert found == [
        (changes.NAMES, "Added: the entry “EX.13” for Hill League in the list of Example Office."),
        (
            changes.NAMES,
            "Changed: the label of the group Front of the North, from “Northern Front” (en) to “Front of the "
            "North” (en).",
        ),
        (
            changes.NAMES,
            "Changed: the literal form of the name of Front of the North (fr, alias, until 1997-03), from "
            "“Bande du Nord” (fr) to “Bandes du Nord” (fr).",
        ),
        (changes.ENTITIES, "Added: the place New Town."),
    ]


def test_an_iri_that_changes_alone_is_told_as_that(versioned):
    for path in (FRONT,):
        file = versioned.root / path
        text = file.read_text("utf-8")
        file.write_text(
            text.replace("rivalry:", "rivalry:").replace("northern-front-1999", "northern-front-u")
        )
    assert told(versioned) == [
        "Changed: the IRI of the cooperation of Hill League and Northern Front (from 1999), held, on the "
        "word of An example report (characters 748 to 808), from cooperation:northern-front-1999 to "
        "cooperation:northern-front-u."
    ]


def test_a_value_that_differs_in_its_datatype_alone_is_told_in_full(versioned):
    edit(versioned, FRONT, 'fil:until "1998~"^^edtf:EDTF', 'fil:until "1998~"')
    (sentence,) = told(versioned)
    assert "from “1998~” to about 1998" not in sentence and "“1998~”" in sentence


def test_terms_concepts_and_rules_are_told(versioned, run):
    edit(versioned, "ontology/concepts/tactic.ttl", '"ambush"@en', '"surprise attack"@en')
    edit(versioned, "shapes/group.ttl", "PREFIX sh:", "# a remark\nPREFIX sh:")
    result = run("diff", "HEAD", root=versioned.root)
    assert (
        "~ Changed: the label of the concept surprise attack, from “ambush” (en) to “surprise attack” (en)."
        in result.stdout
    )
    assert "rules and alignments that differ, too: shapes/group.ttl" in result.stderr


def test_two_revisions_are_compared_without_touching_the_work_tree(versioned, run):
    edit(versioned, FRONT, '"1994"^^edtf:EDTF ;\n    fil:offshoot', '"1993"^^edtf:EDTF ;\n    fil:offshoot')
    commit(versioned)
    (versioned.root / FRONT).write_text("not Turtle at all", "utf-8")
    before = {path: path.stat().st_mtime_ns for path in versioned.root.rglob("*") if path.is_file()}
    result = run("diff", "HEAD~1", "HEAD", root=versioned.root)
    assert (result.exit_code, "from 1994 to 1993" in result.stdout) == (0, True)
    assert before == {path: path.stat().st_mtime_ns for path in versioned.root.rglob("*") if path.is_file()}
    assert (versioned.root / FRONT).read_text("utf-8") == "not Turtle at all"
    result = run("diff", "HEAD", root=versioned.root)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{FRONT}:1: not Turtle" in result.stderr


def test_an_old_revision_that_does_not_parse_is_told_by_file_and_line(versioned, run):
    edit(versioned, FRONT, "fil:renamed", "fil:renamed fil:renamed fil:renamed ;;")
    commit(versioned)
    git(versioned.root, "checkout", "-q", "HEAD~1", "--", ".")
    line = 1 + (versioned.root / FRONT).read_text("utf-8").split("fil:renamed")[0].count("\n")
    result = run("diff", "HEAD", root=versioned.root)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"HEAD:{FRONT}:{line}: `fil:renamed` cannot follow" in result.stderr


def test_a_wrong_revision_is_a_wrong_call(versioned, village, run):
    result = run("diff", "no-such-branch", root=versioned.root)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no-such-branch: there is no such revision" in result.stderr
    assert run("diff", "--output=x", root=versioned.root).exit_code == 2


def test_values_that_are_not_valid_are_compared_all_the_same(versioned):
    edit(versioned, FRONT, '"1994"^^edtf:EDTF ;\n    fil:offshoot', '"2013-8"^^edtf:EDTF ;\n    fil:offshoot')
    edit(versioned, FRONT, "fil:lowerBound 200", 'fil:lowerBound "many", [ fil:kind "x" ]')
    edit(
        versioned,
        FRONT,
        "fil:parent group:valley-army",
        'fil:parent "Valley Army", split:northern-front-1994',
    )
    assert any("from 1994 to 2013-8" in sentence for sentence in told(versioned))


def test_relations_are_those_of_the_whole_closure(repository, inferred):
    found = relations(repository.stated, repository.ontology)
    whole = {
        triple
        for triple in inferred
        if triple[1].startswith(layout.ONTOLOGY) and _is_entity(triple[0]) and _is_entity(triple[2])
    }
    assert found
    assert {(frozenset((s, o)), p) for s, p, o in found} == {(frozenset((s, o)), p) for s, p, o in whole}


def test_disagreements_are_those_of_the_question(place, repository, inferred):
    asked = questions.named(place, "disagreements").text
    names, rows = oxigraph.Store(dataset.quads(repository, inferred)).query(asked, layout.PREFIXES).rows()
    wanted: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in rows:
        cell = dict(zip(names, row, strict=True))
        wanted.setdefault((cell["kind"], cell["question"]), set()).add((cell["answer"], cell["source"]))
    assert wanted
    assert _answers(states.State("now", {}, repository), asked) == wanted


def test_json_has_every_change_and_their_numbers(versioned, run):
    add(versioned, "data/groups/sand-company.ttl", SPLIT)
    told = json.loads(run("diff", "HEAD", "--format", "json", root=versioned.root).stdout)
    assert (told["before"], told["after"]) == ("HEAD", "the work tree")
    assert told["counts"] == {"Facts": {"added": 1}, "Inferred": {"added": 2}}
    assert told["changes"][1] == {
        "section": "Inferred",
        "action": "added",
        "sentence": "Now inferred: Sand Company descends from Valley Army.",
        "node": "group:sand-company",
        "file": "data/groups/sand-company.ttl",
        "property": "fil:descendsFrom",
        "before": [],
        "after": ["group:valley-army"],
    }


class _Shown(HTMLParser):
    """What a browser shows of a page, and which elements and attributes it has."""

    def __init__(self, html: str):
        super().__init__()
        self.text, self.tags = "", set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, *(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text += data


def shown(markdown: str) -> _Shown:
    return _Shown(
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details></summary><h1>Approved</h1>",
    "[click](javascript:alert(1)) ![x](http://example.org/x.png)",
    "**bold** _it_ ~~no~~ `code` ``` # head",
    "a | b |\n|---|\n# heading\n- item\n> quote",
    "&lt;b&gt; &amp; \\* \\<b>",
    "$x^2$ $$y$$ :smile: <!-- --> --> <b",
    "<https://example.org> a@example.org",
    "1. one\n2. two\n===\n---",
]


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_does_nothing_in_a_comment(label):
    plain = " ".join(label.split())
    told = Review("main", "the work tree", [Change(changes.FACTS, "added", f"Added: {label}.")])
    page = shown(comment.markdown(told))
    assert f"Added: {plain}." in page.text
    known = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li"}
    assert {tag for tag, *_ in page.tags} <= known
    assert {name for _, *names in page.tags for name in names} <= {"open", "style"}


@given(st.text(max_size=80))
def test_no_text_does_anything_in_a_comment(text):
    page = shown(f"- {comment.escaped(f'Added: {text}.')}\n")
    assert {tag for tag, *_ in page.tags} == {"ul", "li"}
    assert " ".join(page.text.split()) == " ".join(comment.visible(f"Added: {text}.").split())


@pytest.mark.parametrize("text", ["@octocat", "see #12", "org/repo#5", "GH-12 @a-b/team"])
def test_nobody_is_called_and_no_issue_is_linked(text):
    assert not re.search(r"@\w|#\d|GH\\?-\d", comment.escaped(text))


@pytest.mark.parametrize("text", ["http://example.org", "https://example.org", "www.example.org", "x@y.org"])
def test_no_address_becomes_a_link(text):
    assert not re.search(r"\w://|www\.\w|\w@\w", comment.escaped(text))


def test_characters_that_deceive_are_shown_by_their_number():
    told = Review("a", "b", [Change(changes.FACTS, "added", "Added: the group \x1b[2J A\u202eB.")])
    for text in (*comment.text(told), comment.markdown(told)):
        assert "\x1b" not in text and "\u202e" not in text
    assert any("A<U+202E>B" in line for line in comment.text(told))


@pytest.mark.parametrize("limit", [3_000, 20_000, comment.COMMENT])
def test_a_comment_has_its_length_and_counts_what_it_leaves_out(limit):
    many = [
        Change(section, action, f"{action.capitalize()}: fact *{number}* of {'many ' * (number % 400)}.")
        for section in changes.SECTIONS
        for action in ("added", "removed")
        for number in range(500)
    ]
    text = comment.markdown(Review("main", "the work tree", many), limit)
    assert len(text) <= limit
    assert text.count("<details") == text.count("</details>") == len(changes.SECTIONS)
    left_out = sum(int(found.replace(",", "")) for found in re.findall(r"and ([\d,]+) more", text))
    lines = len(re.findall(r"^- (?!…)", text, re.MULTILINE))
    assert lines + left_out == len(many)
    assert "| Facts | 500 | 0 | 500 |" in text


def test_a_short_review_leaves_nothing_out():
    told = Review("main", "x", [Change(changes.FACTS, "added", f"Added: fact {n}.") for n in range(12)])
    text = comment.markdown(told)
    assert "more, which" not in text and "<details open><summary>Facts (12)</summary>" in text


def test_the_real_data_is_told_between_its_first_and_last_day(repository):
    """Every situation of the dataset can be told as added, against nothing."""
    empty = states.State(
        "nothing", {}, corpus.Corpus(repository.layout, {PurePosixPath("x"): repository.ontology})
    )
    now = states.State("now", {}, repository)
    from filiation.review import _statements

    found = list(_statements(empty, now, set(), set(now.stated)))
    assert len([change for change in found if change.section == changes.FACTS]) > 300
    assert all(change.sentence.startswith("Added: ") and change.file for change in found)

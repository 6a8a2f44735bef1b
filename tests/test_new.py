"""Whoever begins something gets a file that is valid, or hears everything that is wrong, and nothing is
written."""

import re
import shlex
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from filiation import corpus, forms, layout, scaffold, trial, turtle, values
from filiation.cli import main

WORLD = sorted((Path(__file__).parent / "world").glob("*.ttl"))
BY_HANDBOOK = ("--source", "example-handbook", "--section", "Groups of the north")


def words_of(line: str) -> list[str]:
    """The words of a command line; `@handbook` is the source and the place in it."""
    words = shlex.split(line)
    return [each for word in words for each in (BY_HANDBOOK if word == "@handbook" else [word])]


#: What each kind needs, the file that it goes into, and what that file then says.
CASES = {
    "group": (
        "grey-column --pref-label 'Grey Column@en'",
        "groups/grey-column",
        "a fil:Group ;",
    ),
    "organization": (
        "grey-bureau --pref-label '\"Grey Bureau\"@en'",
        "organizations/grey-bureau",
        None,
    ),
    "place": (
        "- --pref-label 'Grey Hills@en'",
        "places/grey-hills",
        "place:grey-hills",
    ),
    "person": (
        "q3xy --pref-label 'C. Specimen@en'",
        "people/q3xy",
        '"C. Specimen"@en',
    ),
    "source": (
        "- --title 'The grey book@en' --kind document --publisher example-office --rights "
        "'Terms not established.' --issued 2003 --page https://example.org/grey",
        "sources/the-grey-book",
        "foaf:page <https://example.org/grey> ;",
    ),
    "incident": (
        "raid-on-the-hills-2001 --kind raid --pref-label 'Raid on the hills@en' --count 3 @handbook",
        "incidents/raid-on-the-hills-2001",
        "fil:count 3 ;",
    ),
    "formation": (
        "river-guard-1991 --formed river-guard --date 1990~ --founder k7qd @handbook",
        "groups/river-guard",
        'fil:date "1990~"^^edtf:EDTF ;',
    ),
    "split": (
        "northern-front-1995 --parent group:valley-army --offshoot group:northern-front --date 1994 "
        "--hedge reportedly --status held @handbook",
        "groups/northern-front",
        "fil:parent group:valley-army ;",
    ),
    "merger": (
        "plain-union-2004 --union plain-union --component sand-company --component hill-league @handbook",
        "groups/plain-union",
        "merger:plain-union-2004\n    a fil:Merger ;",
    ),
    "joining": (
        "sand-company-2006 --host plain-union --partial-joiner sand-company @handbook",
        "groups/sand-company",
        "fil:partialJoiner group:sand-company ;",
    ),
    "renaming": (
        "northern-front-1998 --former-name northern-front-northern-band @handbook",
        "groups/northern-front",
        "fil:renamed group:northern-front ;",
    ),
    "dissolution": (
        "- --dissolved river-guard @handbook",
        "groups/river-guard",
        None,
    ),
    "pledge": (
        "sand-company-2001 --pledger sand-company --pledgee k7qd @handbook",
        "groups/sand-company",
        "fil:pledgee person:k7qd ;",
    ),
    "subordination": (
        "- --subordinate sand-company --superior river-guard --kind faction @handbook",
        "groups/sand-company",
        "subordination:sand-company-river-guard\n",
    ),
    "alliance": (
        "sand-company-2000 --ally river-guard --ally sand-company --from 2000 @handbook",
        "groups/sand-company",
        "fil:ally\n        group:river-guard ,\n        group:sand-company ;",
    ),
    "cooperation": (
        "sand-company-2001 --partner sand-company --partner k7qd --until '[..2003]' @handbook",
        "groups/sand-company",
        None,
    ),
    "rivalry": (
        "- --rival river-guard --rival sand-company @handbook",
        "groups/river-guard",
        None,
    ),
    "position": (
        "sand-company-2002 --member b2mx --role member --as-of-writing @handbook",
        "groups/sand-company",
        "org:organization group:sand-company ;",
    ),
    "leadership": (
        "sand-company-2002 --leader b2mx --stance doubts --status disputed @handbook",
        "groups/sand-company",
        "org:role role:leader ;",
    ),
    "naming": (
        "- --names sand-company --kind official-name --literal-form 'Compagnie des sables@fr' @handbook",
        "groups/sand-company",
        "naming:sand-company-compagnie-des-sables\n",
    ),
    "strength": (
        "sand-company-2001 --lower-bound 100 --upper-bound 300 --date 2001 @handbook",
        "groups/sand-company",
        "fil:upperBound 300 ;",
    ),
    "presence": (
        "sand-company-green-valley --place green-valley --kind presence-kind:base @handbook",
        "groups/sand-company",
        None,
    ),
    "practice": (
        "- --about sand-company --concept ambush @handbook",
        "groups/sand-company",
        None,
    ),
    "listing": (
        "sand-company-example-list --authority example-office --date 2002-03-01 --listed-name 'SAND "
        "COMPANY' --identifier EX.77 --source example-list --record EX.77",
        "groups/sand-company",
        'dcterms:identifier "EX.77" ;',
    ),
    "identity": (
        "sand-company-river-guard --identified-with river-guard --kind same-as --status rejected "
        "--stance denies @handbook",
        "groups/sand-company",
        None,
    ),
    "life-event": (
        "b2mx-birth --kind birth --date '[1960..1965]' @handbook",
        "people/b2mx",
        "fil:about person:b2mx ;",
    ),
    "attestation": (
        "- --attests split:northern-front-1994 --date 1993/1994 @handbook",
        "groups/northern-front",
        "attestation:northern-front-1994-split-example-handbook\n",
    ),
}

#: A call, and what it answers.
WRONG = {
    "a kind that is none": (
        "spilt x",
        "`spilt` is no kind: did you mean `split`?",
    ),
    "an option that is none": (
        "split x --parnet y",
        "No such option",
    ),
    "no stem": (
        "group --pref-label X@en",
        "give a stem, or `-`",
    ),
    "a missing party": (
        "split northern-front-1995 --offshoot northern-front",
        "--parent: is needed: Name the group from which part breaks away",
    ),
    "too few parties": (
        "merger plain-union-2004 --union plain-union --component hill-league",
        "--component or --partial-component: is needed: Name at least two groups that merged",
    ),
    "too many parties": (
        "joining hill-league-2006 --joiner hill-league --host plain-union --host river-guard",
        "--host: 2 values: Name the group that is joined",
    ),
    "a date that is none": (
        "formation river-guard-1991 --formed river-guard --date 1990-8",
        "--date: `1990-8` is not EDTF: write `1990-08`",
    ),
    "an unknown party": (
        "formation river-gard-1990 --formed group:river-gard",
        "--formed: `group:river-gard` is nowhere described: did you mean `group:river-guard`?",
    ),
    "a party of another kind": (
        "formation k7qd-1990 --formed person:k7qd",
        "--formed: `person:k7qd` is a fil:Person: Name the group that comes to be",
    ),
    "an unknown concept": (
        "practice river-guard-x --concept tactic:ambsh",
        "--concept: `tactic:ambsh` is nowhere described: did you mean `tactic:ambush`?",
    ),
    "no language": (
        "group grey-column --pref-label 'Grey Column'",
        "--pref-label: `Grey Column` has no language: write `Grey Column@en`",
    ),
    "no label in English": (
        "group grey-column --pref-label 'Colonne grise@fr'",
        "Add an English label",
    ),
    "a figure in words": (
        "strength river-guard-1991 --count 'about 30'",
        "--count: `about 30` is not a whole number",
    ),
    "no locator": (
        "formation river-guard-1991 --formed river-guard --source example-handbook",
        "--section or --page: is needed: Say where in the document it stands",
    ),
    "no passage": (
        "formation river-guard-1991 --formed river-guard --source example-report",
        "--passage-digest: is needed",
    ),
    "a hedge without a source": (
        "formation river-guard-1991 --formed river-guard --hedge reportedly",
        "--source: is needed",
    ),
    "another's stem": (
        "formation hill-league-1990 --formed river-guard",
        "STEM: what is told here stands in data/groups/river-guard.ttl: call it formation:river-guard-…",
    ),
    "a stem in capitals": (
        "group 'Grey Column' --pref-label 'Grey Column@en'",
        "STEM: `Grey Column`: Rename it to group:… with a stem of lower-case ASCII letters",
    ),
    "a stem that leads elsewhere": (
        "place ../../x --pref-label X@en",
        "STEM: `../../x`: Rename it",
    ),
    "a stem that no file can bear": (
        f"group {'grey-' * 100}column --pref-label 'Grey Column@en'",
        "STEM: `grey-grey-grey-grey-…` has 506 characters: 100 are enough",
    ),
    "a readable code of a person": (
        "person specimen --pref-label 'C. Specimen@en'",
        "STEM: `specimen`: Rename the person to a letter, a digit and two letters",
    ),
    "a party that is its own": (
        "split river-guard-1 --parent river-guard --offshoot river-guard",
        "Name two groups: fil:offshoot is the new one",
    ),
    "a time that cannot be": (
        "dissolution northern-front-1980 --dissolved northern-front --date 1980",
        "is held to have begun or ended after the group was dissolved",
    ),
}


@pytest.fixture
def valley(copy) -> layout.Layout:
    """A checkout of one's own, with the small world in it."""
    for file in WORLD:
        folder = next(
            f for f, p in layout.ENTITY_FOLDERS.items() if f"\n{p}:{file.stem}\n" in file.read_text()
        )
        (copy.data / folder).mkdir(exist_ok=True)
        (copy.data / folder / file.name).write_text(file.read_text(), encoding="utf-8")
    return copy


def content(place: layout.Layout) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in place.root.rglob("*") if file.is_file()}


def test_every_kind_has_a_case():
    assert CASES.keys() == set(forms.KINDS)


@pytest.mark.parametrize("kind", CASES)
def test_a_begun_file_is_valid(kind, valley, run):
    call, file, line = CASES[kind]
    path = valley.data / f"{file}.ttl"
    before = path.read_text("utf-8").splitlines() if path.exists() else []

    begun = run("new", kind, *words_of(call), root=valley.root)
    assert begun.exit_code == 0, begun.output
    judged = run("validate", path, root=valley.root)
    assert judged.exit_code == 0, judged.output
    assert "house format" not in judged.output
    assert set(before) <= set(path.read_text("utf-8").splitlines())
    assert (line or f"{kind}:") in path.read_text("utf-8")
    assert f"data/{file}.ttl:" in begun.stdout
    assert f"next: filiation validate data/{file}.ttl" in begun.stdout


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_call_is_told_and_writes_nothing(call, valley, run):
    line, message = WRONG[call]
    before = content(valley)
    result = run("new", *words_of(line), root=valley.root)
    assert result.exit_code == 2, result.output
    assert message in " ".join(result.stderr.split())
    assert content(valley) == before


def test_all_that_is_wrong_is_told_at_once(valley, run):
    words = [
        "split",
        "northern-front-1995",
        "--parent",
        "valey-army",
        "--date",
        "1994-13",
        "--status",
        "hold",
    ]
    result = run("new", *words, root=valley.root)
    told = [line.split(":")[0] for line in result.stderr.splitlines()]
    assert sorted(told) == ["--date", "--parent", "--status", "3 problems"]


def test_an_existing_stem_is_named_with_its_file_and_line(valley, run):
    path = valley.data / "groups/northern-front.ttl"
    line = path.read_text("utf-8").splitlines().index("split:northern-front-1994") + 1
    words = ["split", "northern-front-1994", "--parent", "valley-army", "--offshoot", "northern-front"]
    result = run("new", *words, root=valley.root)
    assert result.exit_code == 2
    assert f"is described already, in data/groups/northern-front.ttl:{line}" in result.stderr
    assert "such as split:northern-front-1994-2" in result.stderr


def test_a_file_that_describes_something_else_is_not_overwritten(valley, run):
    path = valley.data / "groups/grey-column.ttl"
    path.write_text("PREFIX group: <https://w3id.org/filiation/group/>\ngroup:grey-colum a group:x .\n")
    before = content(valley)
    result = run("new", "group", "grey-column", "--pref-label", "Grey Column@en", root=valley.root)
    assert result.exit_code == 2
    assert "data/groups/grey-column.ttl:1 is there already" in result.stderr
    assert content(valley) == before


def test_comments_are_not_lost(valley, run):
    path = valley.data / "groups/river-guard.ttl"
    path.write_text("# to be checked\n" + path.read_text("utf-8"), encoding="utf-8")
    before = content(valley)
    result = run("new", "formation", "river-guard-1991", "--formed", "river-guard", root=valley.root)
    assert result.exit_code == 2
    assert "comments would be lost: `filiation format data/groups/river-guard.ttl`" in result.stderr
    assert content(valley) == before


def test_what_was_wrong_with_the_file_before_hinders_nobody(valley, run):
    path = valley.data / "groups/river-guard.ttl"
    text = path.read_text("utf-8").replace('skos:prefLabel "River Guard"@en', 'skos:prefLabel "Garde"@fr')
    path.write_text(text, encoding="utf-8")
    assert run("validate", path, root=valley.root).exit_code == 1
    words = ["formation", "river-guard-1991", "--formed", "river-guard", *BY_HANDBOOK]
    assert run("new", *words, root=valley.root).exit_code == 0


def test_without_a_source_the_next_step_is_an_attestation(valley, run):
    words = ["formation", "river-guard-1991", "--formed", "river-guard"]
    begun = run("new", *words, root=valley.root)
    assert begun.exit_code == 0, begun.output
    assert "Add an attestation beside the situation" in begun.stdout
    assert "taken for granted: --status held" in begun.stdout
    (step,) = re.findall(r"next: filiation (new .*) --source source:…", begun.stdout)
    done = run(*step.split(), *BY_HANDBOOK, root=valley.root)
    assert done.exit_code == 0, done.output
    assert run("validate", valley.data / "groups/river-guard.ttl", root=valley.root).exit_code == 0


def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(valley, run):
    before = content(valley)
    words = ["formation", "river-guard-1991", "--formed", "river-guard", *BY_HANDBOOK, "--dry-run"]
    result = run("new", *words, root=valley.root)
    assert result.exit_code == 0
    assert "formation:river-guard-1991\n    a fil:Formation ;" in result.stdout
    assert "group:river-guard\n    a fil:Group" not in result.stdout
    assert content(valley) == before


def test_the_command_of_the_guide_writes_what_the_guide_shows(valley, run, place):
    guide = (place.root / "CONTRIBUTING.md").read_text("utf-8")
    shown = re.search(r"```turtle\n(split:.*?)```", guide, re.DOTALL)[1]
    command = re.search(r"scripts/run (new split .*?)```", guide, re.DOTALL)[1].replace("\\\n", " ")
    source = valley.data / "sources/example-report.ttl"
    text = source.read_text("utf-8").replace("source-kind:text", "source-kind:document")
    source.write_text(re.sub(r".*textDigest.*\n", "", text), encoding="utf-8")
    group = valley.data / "groups/northern-front.ttl"
    head = group.read_text("utf-8").partition("alliance:northern-front-1996")[0]
    group.write_text(re.sub(r".*adms:identifier.*\n", "", head), encoding="utf-8")
    assert run("format", group, root=valley.root).exit_code == 0

    result = run(*shlex.split(command), root=valley.root)
    assert result.exit_code == 0, result.output
    written = group.read_text("utf-8")
    for node in shown.split("\n\n"):
        assert node.strip() in written


@pytest.mark.parametrize("stem", ["-", "C. Specimen", "Špecimen"])
def test_a_person_gets_a_code_and_hears_which(stem, valley, run):
    options = ["--pref-label", "C. Specimen@en"] if stem == "-" else []
    begun = run("new", "person", stem, *options, root=valley.root)
    assert begun.exit_code == 0, begun.output
    code, name = re.findall(r'person:([a-z]\d[a-z]{2}) stands for "(.*)"@en', begun.stdout)[0]
    assert name == ("C. Specimen" if stem == "-" else stem)
    assert (valley.data / f"people/{code}.ttl").exists()


def test_interactively_one_is_asked_until_it_is_right(valley):
    answers = [
        *("northern-frnt", "northern-front", ""),
        *("valley-army", "", "held"),
        *("1994-13", "1994"),
        *("example-handbook", "affirms", "History", "", "reportedly"),
        "northern-front-1995",
    ]
    arguments = ["--root", str(valley.root), "new", "split", "-i"]
    result = CliRunner().invoke(main, arguments, input="\n".join(answers) + "\n", catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "did you mean `group:northern-front`?" in result.stderr
    assert "there is no month 13" in result.stderr
    text = (valley.data / "groups/northern-front.ttl").read_text("utf-8")
    assert 'split:northern-front-1995\n    a fil:Split ;\n    fil:date "1994"^^edtf:EDTF ;' in text
    assert "attestation:northern-front-1995-split-example-handbook\n" in text


def test_interactively_one_way_of_several_is_enough(valley):
    answers = ["plain-union", "held", "hill-league", "sand-company", "", "", "", "", "", "-"]
    arguments = ["--root", str(valley.root), "new", "merger", "-i", "--dry-run"]
    result = CliRunner().invoke(main, arguments, input="\n".join(answers) + "\n", catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "Name at least two groups that merged" in result.stderr
    assert "fil:component\n        group:hill-league ,\n        group:sand-company ;" in result.stdout


def test_who_stops_answering_has_written_nothing(valley):
    before = content(valley)
    arguments = ["--root", str(valley.root), "new", "split", "-i"]
    result = CliRunner().invoke(main, arguments, input="northern-front\n", catch_exceptions=False)
    assert result.exit_code == 130
    assert "nothing was written" in result.stderr
    assert content(valley) == before


def test_a_form_follows_the_shapes(valley):
    """A rule that is added is asked for; nobody keeps a second list."""
    shapes = valley.shapes / "split.ttl"
    rule = """
shape:Split sh:property shape:Split-manner .
shape:Split-manner
    a sh:PropertyShape ;
    sh:message "Say how it came about."@en ;
    sh:minCount 1 ;
    sh:path fil:manner .
"""
    shapes.write_text(shapes.read_text("utf-8") + rule, encoding="utf-8")
    whole = corpus.load(valley)
    given = {"parent": "valley-army", "offshoot": "northern-front"}
    with pytest.raises(scaffold.Faulty, match=r"manner: is needed: Say how it came about\."):
        scaffold.situation(whole, "split", "northern-front-1995", given)


def test_each_of_several_sees_those_before_it(valley):
    whole = corpus.load(valley)
    graphs = scaffold.situation(whole, "group", "grey-column", {"skos:prefLabel": "Grey Column@en"})
    together = trial.taken_in(whole, graphs)
    given = {"parent": ["sand-company"], "offshoot": ["grey-column"]}
    more = scaffold.situation(together, "split", "-", given, {"source": "example-handbook", "page": "3"})
    assert not (valley.data / "groups/grey-column.ttl").exists()
    assert trial.judge(whole, more)[0] == []
    scaffold.write(valley, more)
    text = (valley.data / "groups/grey-column.ttl").read_text("utf-8")
    assert text == turtle.house_format(more.popitem()[1], layout.BASE + "group/grey-column")
    assert "split:grey-column-sand-company" in text and '"Grey Column"@en' in text


@pytest.mark.parametrize(
    ("kind", "name", "text", "written"),
    [
        ("group", "pref-label", '"Front du Nord"@fr', '"Front du Nord"@fr'),
        ("group", "pref-label", "a@b.example@en", '"a@b.example"@en'),
        ("listing", "listed-name", "SAND", "SAND"),
        ("source", "rights", "None known.", '"None known."@en'),
        ("position", "ended", "yes", "true"),
        ("attestation", "silent-on", "date", "fil:date"),
        ("split", "parent", "<https://w3id.org/filiation/group/aqim>", "group:aqim"),
        ("source", "license", "<https://example.org/by>", "<https://example.org/by>"),
    ],
)
def test_a_value_is_read_as_people_type_it(kind, name, text, written, repository):
    field = forms.form(repository.shapes, repository.vocabulary, kind).fields[name]
    assert values.written(values.term(text, field, repository)) == written


def test_options_are_completed_with_what_is_described(valley):
    words = ["--root", str(valley.root), "new", "split", "--parent"]
    found = ShellComplete(main, {}, "filiation", "_FILIATION_COMPLETE").get_completions(words, "group:vall")
    assert [item.value for item in found] == ["group:valley-army"]


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\x1b[2J"])
def test_what_deceives_readers_is_not_written(sign, valley, run):
    before = content(valley)
    result = run("new", "group", "grey-column", "--pref-label", f"Grey{sign}Column@en", root=valley.root)
    assert result.exit_code == 2, result.output
    assert "nothing was written" in result.stderr
    assert content(valley) == before


def test_a_stem_that_is_made_is_short_and_free(valley, run):
    title = " ".join(["The long annual report on the groups of the valley"] * 9)
    words = "--title", f"{title}@en", "--kind", "list", "--publisher", "example-office", "--rights", "None."
    for stem in (
        "the-long-annual-report-on-the-groups-of-the",
        "the-long-annual-report-on-the-groups-of-the-2",
    ):
        result = run("new", "source", "-", *words, root=valley.root)
        assert result.exit_code == 0, result.output
        assert (valley.data / f"sources/{stem}.ttl").exists()

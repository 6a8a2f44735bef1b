"""What is held beyond its sources is told, and what a source says in other words is left in peace."""

from pathlib import PurePosixPath

import pytest
from rdflib import Graph

from filiation import corpus, layout, truth
from filiation.findings import WARNING, Scope

PREFIXES = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in layout.PREFIXES.items())
FRONT = PurePosixPath("data/groups/northern-front.ttl")


def dataset(repository, **files):
    """The texts as files of groups, over the real vocabulary."""
    graphs = {
        PurePosixPath(f"data/groups/{name.replace('_', '-')}.ttl"): Graph().parse(data=PREFIXES + text)
        for name, text in files.items()
    }
    return corpus.Corpus(repository.layout, {**graphs, **repository.below("ontology")})


def found(whole, *files):
    """What the rules find in these files, or else in all, as `rule: message`."""
    scope = Scope(whole, set(files) or set(whole.graphs), whole.stated, {})
    findings = [finding for rule in truth.RULES for finding in rule(scope)]
    assert {finding.severity for finding in findings} <= {WARNING}
    assert {finding.file for finding in findings} <= scope.files
    return [f"{finding.rule}: {finding.message}" for finding in findings]


def attested(situation, *says):
    """The situation, and an attestation for each of what its sources say: `date "1994"`, for instance,
    from the sources example-1, example-2, …."""
    node = situation.split()[0]
    text = situation if "fil:status" in situation else f"{situation} ; fil:status status:held"
    text += " .\n"
    for number, own in enumerate(says, 1):
        stance = "" if "fil:stance" in own else " ; fil:stance stance:affirms"
        text += (
            f"attestation:northern-front-{number} a fil:Attestation ; fil:attests {node} ; "
            f"dcterms:source source:example-{number}{stance}{' ; ' * bool(own)}{own} .\n"
        )
    return text


def told(repository, situation, *says):
    return found(dataset(repository, northern_front=attested(situation, *says)), FRONT)


def dated(text, predicate="fil:date"):
    return f'{predicate} "{text}"^^edtf:EDTF'


SILENT = "fil:silentOn fil:date"
SPLIT = "split:northern-front-1994 a fil:Split ; fil:offshoot group:northern-front"


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ("1994-03", [""]),
        ("1994-03", [dated("1994"), ""]),
        ("1994-03", [dated("1994"), SILENT, dated("1994-03-08")]),
        ("1994", [dated("1994-03-08")]),
        ("1994~", [dated("1994")]),
        ("[..1994-05]", [dated("1994-03")]),
        ("[1994..]", [dated("[1994-05..]")]),
        ("1993/1995", [dated("1994")]),
        ("1994", [dated("1996"), dated("1994")]),
        ("1994", ["fil:stance stance:denies"]),
        ("soon", [dated("later")]),
    ],
)
def test_a_date_that_some_source_supports_is_left_in_peace(repository, held, says):
    assert told(repository, f"{SPLIT} ; {dated(held)}", *says) == []


@pytest.mark.parametrize(
    ("held", "says", "rule", "best"),
    [
        ("1994-03", [dated("1994")], "too-precise", "1994"),
        ("1994-03", [dated("1994"), dated("[1990..1999]"), SILENT], "too-precise", "1994"),
        ("1994-03-08", [dated("1994"), dated("1994-03")], "too-precise", "1994-03"),
        ("1994", [dated("1994~")], "too-precise", "1994~"),
        ("[..1994-05]", [dated("[..1995]")], "too-precise", "[..1995]"),
        ("1994", [dated("[1993..]"), "fil:stance stance:denies"], "too-precise", "[1993..]"),
        ("1994", [dated("1994~"), "fil:stance stance:doubts"], "too-precise", "1994~"),
        ("1994", [dated("1996")], "unaffirmed", "1996"),
    ],
)
def test_a_date_beyond_its_sources_is_told_with_what_they_support(repository, held, says, rule, best):
    (message,) = told(repository, f"{SPLIT} ; {dated(held)}", *says)
    assert message.startswith(f'{rule}: `fil:date "{held}"^^edtf:EDTF` is ')
    assert f'write fil:date "{best}"^^edtf:EDTF, or add' in message


def test_the_source_that_is_most_precise_is_named(repository):
    (message,) = told(repository, f"{SPLIT} ; {dated('1994-03')}", dated("[1990..1999]"), dated("1994"))
    assert "of which source:example-2 is the most precise" in message


def test_a_date_on_which_all_are_silent_is_told(repository):
    (message,) = told(repository, f"{SPLIT} ; {dated('1994')}", SILENT, SILENT)
    assert message.startswith('unaffirmed: `fil:date "1994"^^edtf:EDTF` is given by no source')
    assert message.endswith("without fil:silentOn fil:date")


def test_a_date_is_judged_also_where_the_situation_is_disputed(repository):
    situation = f"{SPLIT} ; {dated('1994-03')} ; fil:status status:disputed"
    assert len(told(repository, situation, dated("1994"))) == 1


@pytest.mark.parametrize(
    ("says", "silent"),
    [
        ([""], []),
        ([dated("1995", "fil:from")], ["fil:from"]),
        ([dated("1995", "fil:from"), dated("1994", "fil:from") + " ; fil:silentOn fil:until"], []),
        ([dated("1996")], ["fil:from", "fil:until"]),
        ([dated("1996"), "fil:silentOn fil:until"], ["fil:until"]),
    ],
)
def test_begin_and_end_are_judged_each_by_itself(repository, says, silent):
    situation = (
        "presence:northern-front-valley a fil:Presence ; "
        f"fil:about group:northern-front ; {dated('1994', 'fil:from')} ; {dated('1999', 'fil:until')}"
    )
    assert [message.split("`")[1].split()[0] for message in told(repository, situation, *says)] == silent


PLACES = "place:green-valley dcterms:isPartOf place:far-country .\n"
RAID = "incident:northern-front-raid a fil:Incident ; fil:perpetrator group:northern-front"
HEAD = "leadership:northern-front-1994 a fil:Leadership ; org:organization group:northern-front"
NAME = "naming:northern-front-1 a fil:Naming ; fil:names group:northern-front"
UNION = "merger:northern-front-2001 a fil:Merger ; fil:union group:northern-front"


@pytest.mark.parametrize(
    ("situation", "says"),
    [
        (f"{SPLIT} ; fil:founder person:k7qd", ["", "fil:silentOn fil:founder"]),
        (f"{SPLIT} ; fil:founder person:k7qd", ["fil:statedFounder person:k7qd, person:b2mx"]),
        (f"{SPLIT} ; fil:parent group:valley-army", ["fil:statedOriginal group:valley-army"]),
        (f"{SPLIT} ; fil:parent group:valley-army", ["fil:statedResult group:northern-front"]),
        (f"{SPLIT} ; fil:parent group:valley-army", ["fil:stance stance:denies"]),
        (
            f"{SPLIT} ; fil:parent group:valley-army ; fil:status status:disputed",
            ["fil:silentOn fil:parent"],
        ),
        (f"{UNION} ; fil:component group:river-guard", ["fil:statedOriginal group:river-guard"]),
        (
            f"{UNION} ; fil:component group:river-guard ; fil:partialComponent group:hill-league",
            ["fil:silentOn fil:component", "fil:silentOn fil:partialComponent"],
        ),
        (f"{HEAD} ; fil:leader person:k7qd", ["fil:statedMember person:k7qd"]),
        (f"{NAME} ; skosxl:literalForm 'Northern Front'@en", ["fil:statedForm 'NORTHERN  FRONT'@en"]),
        (f"{RAID} ; fil:place place:far-country", ["fil:place place:green-valley"]),
        (f"{RAID} ; fil:count 50", ["fil:lowerBound 40 ; fil:upperBound 60", "fil:count 50"]),
        (f"{RAID} ; fil:count 50", ["fil:lowerBound 50 ; fil:upperBound 50"]),
        (f"{RAID} ; fil:lowerBound 40 ; fil:upperBound 60", ["fil:count 50"]),
        (f"{RAID} ; fil:lowerBound 40 ; fil:upperBound 60", ["fil:lowerBound 45", "fil:upperBound 60"]),
        (f"{RAID} ; fil:kind incident-kind:verdict", ["fil:kind incident-kind:death-sentence"]),
        (f"{RAID} ; fil:ended true", ["", "fil:ended false"]),
        (f"{RAID} ; fil:count 'many' ; skos:editorialNote 'Ours.'@en", [""]),
    ],
)
def test_a_value_that_some_source_gives_is_left_in_peace(repository, situation, says):
    whole = dataset(repository, northern_front=attested(situation, *says), places=PLACES)
    assert found(whole, FRONT) == []


@pytest.mark.parametrize(
    ("situation", "says", "value"),
    [
        (f"{SPLIT} ; fil:founder person:k7qd", ["fil:silentOn fil:founder"], "fil:founder person:k7qd"),
        (f"{SPLIT} ; fil:founder person:k7qd", ["fil:statedFounder person:b2mx"], "fil:founder person:k7qd"),
        (
            f"{SPLIT} ; fil:parent group:valley-army",
            ["fil:statedOriginal group:hill-league", "fil:silentOn fil:parent"],
            "fil:parent group:valley-army",
        ),
        (f"{SPLIT}", ["fil:statedResult group:hill-league"], "fil:offshoot group:northern-front"),
        (
            f"{UNION} ; fil:component group:river-guard ; fil:partialComponent group:hill-league",
            ["fil:statedOriginal group:river-guard, group:hill-league"],
            "fil:partialComponent group:hill-league",
        ),
        (f"{HEAD} ; fil:leader person:k7qd", ["fil:statedMember person:b2mx"], "fil:leader person:k7qd"),
        (
            f"{HEAD} ; org:role role:leader",
            ["fil:statedOrganization group:hill-league"],
            "org:organization group:northern-front",
        ),
        (
            f"{NAME} ; skosxl:literalForm 'Northern Front'@en",
            ["fil:statedForm 'The Front'@en"],
            'skosxl:literalForm "Northern Front"@en',
        ),
        (
            f"{RAID} ; fil:place place:green-valley",
            ["fil:place place:far-country"],
            "fil:place place:green-valley",
        ),
        (
            f"{RAID} ; fil:manner manner:shooting",
            ["fil:manner manner:beheading"],
            "fil:manner manner:shooting",
        ),
        (
            f"{RAID} ; fil:purpose aim:retaliation",
            ["fil:silentOn fil:purpose"],
            "fil:purpose aim:retaliation",
        ),
        (f"{RAID} ; fil:count 50", ["fil:lowerBound 40 ; fil:upperBound 60"], "fil:count 50"),
        (f"{RAID} ; fil:lowerBound 60", ["fil:lowerBound 40"], "fil:lowerBound 60"),
        (f"{RAID} ; fil:upperBound 60", ["fil:count 70"], "fil:upperBound 60"),
        (f"{RAID} ; fil:ended true", ["fil:ended false"], "fil:ended true"),
    ],
)
def test_a_value_that_no_source_gives_is_told(repository, situation, says, value):
    whole = dataset(repository, northern_front=attested(situation, *says), places=PLACES)
    (message,) = found(whole, FRONT)
    assert message.startswith(f"unaffirmed: `{value}` is given by no")


def test_what_the_sources_say_instead_is_told(repository):
    says = [f"fil:statedFounder person:{code}" for code in ("b2mx", "c3nx", "d4px", "e5rx")]
    (message,) = told(repository, f"{SPLIT} ; fil:founder person:k7qd", *says)
    assert "(source:example-1 says person:b2mx, source:example-2 says person:c3nx, " in message
    assert "source:example-3 says person:d4px, …): hold what a source says" in message


SOURCE = "source:example-office-list a fil:Source .\n"


def test_a_source_that_nothing_refers_to_is_told(repository):
    (message,) = found(dataset(repository, northern_front=SOURCE))
    assert message.startswith("unused: nothing refers to source:example-office-list: attest what it says")


@pytest.mark.parametrize(
    "use",
    [
        "attestation:x dcterms:source source:example-office-list .",
        "identifier:x a adms:Identifier ; dcterms:source source:example-office-list .",
        "source:example-copy dcterms:isVersionOf source:example-office-list .",
        "source:example-office-list owl:deprecated true .",
    ],
)
def test_a_source_that_something_refers_to_is_left_in_peace(repository, use):
    assert found(dataset(repository, northern_front=SOURCE, other=use)) == []


def numbered(one, other, creator="organization:example-office", text="EX.12"):
    return (
        f"{one} adms:identifier identifier:one . {other} adms:identifier identifier:other .\n"
        "identifier:one skos:notation 'EX.12' ; dcterms:creator organization:example-office .\n"
        f"identifier:other skos:notation '{text}' ; dcterms:creator {creator} .\n"
    )


FRONT_AND_LEAGUE = ("group:northern-front", "group:hill-league")
MATCHED = "group:northern-front skos:exactMatch wd:Q1 . group:hill-league skos:{} wd:Q1 ."


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (numbered(*FRONT_AND_LEAGUE), "the number EX.12 of organization:example-office"),
        (numbered("group:northern-front", "organization:hill-league"), "the number EX.12 of"),
        (numbered("person:k7qd", "person:b2mx"), "the number EX.12 of"),
        (
            "group:one adms:identifier identifier:x . group:other adms:identifier identifier:x .",
            "identifier:x",
        ),
        (MATCHED.format("closeMatch"), "the match wd:Q1"),
    ],
)
def test_what_two_have_in_common_is_told_of_both(repository, text, what):
    messages = found(dataset(repository, northern_front=text))
    assert len(messages) == 2
    assert all(message.startswith(f"shared-identifier: {what}") for message in messages)
    assert all("is also that of " in message for message in messages)


@pytest.mark.parametrize(
    "text",
    [
        numbered(*FRONT_AND_LEAGUE, text="EX.13"),
        numbered(*FRONT_AND_LEAGUE, creator="organization:example-court"),
        numbered("group:northern-front", "person:k7qd"),
        numbered("place:far-country", "organization:far-country"),
        MATCHED.format("narrowMatch"),
        MATCHED.format("exactMatch") + " group:hill-league owl:deprecated true .",
        numbered(*FRONT_AND_LEAGUE)
        + "identity:x fil:identified group:hill-league ; fil:identifiedWith group:northern-front .",
        numbered(*FRONT_AND_LEAGUE)
        + "naming:league fil:names group:hill-league . naming:front fil:names group:northern-front . "
        "identity:x fil:identified naming:front ; fil:identifiedWith naming:league .",
    ],
)
def test_what_is_decided_or_no_match_is_left_in_peace(repository, text):
    assert found(dataset(repository, northern_front=text)) == []


def test_one_file_gets_what_the_whole_gets_of_it(repository):
    files = {
        "northern_front": attested(f"{SPLIT} ; {dated('1994-03')}", dated("1994"))
        + "group:northern-front skos:exactMatch wd:Q1 .",
        "hill_league": "group:hill-league skos:exactMatch wd:Q1 .",
        "example_list": SOURCE,
    }
    whole = dataset(repository, **files)
    alone = [found(whole, path) for path in whole.data]
    assert [len(messages) for messages in alone] == [2, 1, 1]
    assert sorted(message for messages in alone for message in messages) == sorted(found(whole))


def test_a_warning_names_its_line_and_leaves_the_exit_code(copy, run):
    file = copy.data / "groups" / "hill-league.ttl"
    file.write_text(
        PREFIXES
        + "group:hill-league a fil:Group ; skos:prefLabel 'Hill League'@en .\n"
        + "formation:hill-league-1992 a fil:Formation ; fil:formed group:hill-league ;\n"
        + "    fil:status status:held ;\n"
        + "    fil:date '1992-05'^^edtf:EDTF .\n"
        + "attestation:hill-league-1992 a fil:Attestation ; fil:attests formation:hill-league-1992 ;\n"
        + "    fil:date '1992'^^edtf:EDTF ; fil:stance stance:affirms ; fil:section 'text' ;\n"
        + "    dcterms:source source:example-report .\n",
        "utf-8",
    )
    (copy.data / "sources" / "example-report.ttl").write_text(
        PREFIXES
        + "source:example-report a fil:Source ; dcterms:publisher organization:nctc ; "
        + "dcterms:title 'A report'@en ; fil:kind source-kind:document ; "
        + "dcterms:rights 'Terms not established.'@en .\n",
        "utf-8",
    )
    result = run("validate", file, root=copy.root)
    line = len(PREFIXES.splitlines()) + 4
    assert f"data/groups/hill-league.ttl:{line}:14: warning: `fil:date " in result.stdout
    assert result.exit_code == 0, result.output

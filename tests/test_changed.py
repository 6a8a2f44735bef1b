"""What `validate --changed` judges is what a run over everything finds there, and nothing new escapes it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, SKOS, Graph, Literal, URIRef

from filiation import changed, corpus, dates, history, layout, patterns, shacl, turtle, validate, view
from filiation.automaton import Automaton

HERE = Path(__file__).parent
FIL = dates.FIL
FRONT = PurePosixPath("data/groups/northern-front.ttl")


@pytest.fixture(scope="module")
def world(place, tmp_path_factory) -> corpus.Corpus:
    """The fictional world in a checkout of its own."""
    root = tmp_path_factory.mktemp("world")
    for folder in ("ontology", "shapes"):
        shutil.copytree(place.root / folder, root / folder, ignore=shutil.ignore_patterns("questions"))
    for file in sorted((HERE / "world").glob("*.ttl")):
        graph = turtle.read(file)
        folder = next(
            folder
            for folder, prefix in layout.ENTITY_FOLDERS.items()
            if (URIRef(f"{layout.BASE}{prefix}/{file.stem}"), None, None) in graph
        )
        (root / "data" / folder).mkdir(parents=True, exist_ok=True)
        _write(root, PurePosixPath("data", folder, file.name), graph)
    return corpus.load(layout.find(root))


@pytest.fixture(scope="module")
def before(world) -> set:
    """What a run over everything finds before any change."""
    return set(validate.validate(world).problems)


def _write(root: Path, path: PurePosixPath, graph: Graph) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(turtle.house_format(graph, layout.entity_iri(path)), "utf-8")


def _reread(world: corpus.Corpus) -> corpus.Corpus:
    """The checkout as it is now; what nobody edits here is not read again."""
    fresh = corpus.Corpus(world.layout)
    for file in world.layout.turtle_files():
        path = world.layout.relative(file)
        fresh.files[path] = file
        try:
            fresh.graphs[path] = turtle.read(file) if layout.is_data(path) else world.graphs[path]
        except turtle.Unreadable as problem:
            fresh.unreadable.append(problem)
    fresh.vocabulary, fresh.shapes = world.vocabulary, world.shapes
    return fresh


def _compare(world: corpus.Corpus, before: set, edited: dict[PurePosixPath, str | None]) -> None:
    """Put these texts in place, judge the change and everything, and put back what was there."""
    root = world.layout.root
    held = {path: (root / path).read_bytes() if (root / path).exists() else None for path in edited}
    try:
        for path, text in edited.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).unlink(missing_ok=True) if text is None else (root / path).write_text(text, "utf-8")
        now = _reread(world)
        files = {path for path, content in held.items() if content != _content(root / path)}
        change = changed.between(now, {path: c for path, c in held.items() if c is not None}, files)
        told = changed.judge(now, change)
        everything = set(validate.validate(_reread(world)).problems)
        assert set(told.problems) <= everything, "no run over everything finds this"
        assert everything - before <= set(told.problems), "this is new, and was not told"
    finally:
        for path, content in held.items():
            (root / path).unlink(missing_ok=True) if content is None else (root / path).write_bytes(content)


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def _edited(world: corpus.Corpus, seed: int, count: int) -> dict[PurePosixPath, str | None]:
    """Random edits: statements taken away, added and replaced, files deleted, moved and broken."""
    dice = random.Random(seed)
    graphs = {path: Graph() + graph for path, graph in world.data.items()}
    pool = sorted({triple for graph in graphs.values() for triple in graph})
    predicates = sorted({p for _, p, _ in pool})
    edited: dict[PurePosixPath, str | None] = {}
    for _ in range(count):
        path = dice.choice(sorted(path for path in graphs if len(graphs[path])))
        graph, kind = graphs[path], dice.random()
        subject, predicate, value = dice.choice(sorted(graph))
        if kind < 0.3:
            graph.remove((subject, predicate, value))
        elif kind < 0.55:
            graph.remove((subject, predicate, value))
            same = sorted({o for _, p, o in pool if p == predicate})
            graph.add((subject, predicate, dice.choice(same)))
        elif kind < 0.7:
            other = dice.choice(pool)
            graph.add((subject, other[1], other[2]))
        elif kind < 0.8:
            graph.add((dice.choice(pool)[0], dice.choice(predicates), dice.choice(pool)[2]))
        elif kind < 0.88:
            graph.remove((subject, None, None))
        elif kind < 0.92:
            graph.set((subject, RDF.type, dice.choice([o for _, p, o in pool if p == RDF.type])))
        elif kind < 0.95:
            graph.add((subject, FIL.componet, URIRef(layout.BASE + "group/nothern-front")))
        else:
            moved = path.with_name(f"moved-{path.name}") if dice.random() < 0.5 else None
            if moved:
                graphs[moved] = graph
                edited[moved] = ""
            graphs[path] = Graph()
        edited[path] = ""
    for path in edited:
        graph = graphs[path]
        edited[path] = turtle.house_format(graph, layout.entity_iri(path)) if len(graph) else None
        if edited[path] and dice.random() < 0.03:
            edited[path] += "broken"
    return edited


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), count=st.integers(1, 3))
def test_a_change_is_judged_as_a_run_over_everything_judges_it(world, before, seed, count):
    _compare(world, before, _edited(world, seed, count))


def test_of_a_file_is_told_all_that_a_run_over_everything_finds_in_it(world):
    """Also what is judged because the file speaks of it, and nobody describes it."""
    path = PurePosixPath("data/places/green-valley.ttl")
    file, now = world.layout.root / path, _reread(world)
    added = {
        (SKOS.exactMatch, URIRef("https://example.org/elsewhere")),
        (SKOS.closeMatch, Literal("Q7")),
        (URIRef(layout.PREFIXES["geo"] + "hasGeometry"), Literal("POINT")),
    }
    place = URIRef(layout.BASE + "place/green-valley")
    now.graphs[path] = Graph() + now.graphs[path]
    for predicate, value in added:
        now.graphs[path].add((place, predicate, value))
    held = file.read_text("utf-8")
    try:
        _write(world.layout.root, path, now.graphs[path])
        alone = validate.validate(now, {path}).problems
        assert set(alone) == {
            told for told in validate.validate(_reread(world)).problems if told.file == path
        }
        told = {
            problem.excerpt
            for problem in alone
            if problem.rule in ("shape:Identifier-match", "shape:Geometry-stem")
        }
        assert {"elsewhere", "Q7", "POINT"} == {
            word for word in ("elsewhere", "Q7", "POINT") if word in " ".join(told)
        }
    finally:
        file.write_text(held, "utf-8")


def test_a_file_of_shapes_that_cannot_be_applied_is_not_called_valid(world):
    now = _reread(world)
    now.shapes = Graph() + world.shapes
    now.shapes.add((URIRef(layout.SHAPES + "Split-parent"), SH.minCount, Literal(3)))
    with pytest.raises(shacl.BrokenShapes):
        validate.validate(now, {PurePosixPath("shapes/split.ttl")})


def test_every_rule_is_known_to_the_judgement_of_changes():
    """A rule that is not listed would have every change judged like everything: list it by what it needs."""
    assert set(validate.RULES) == {*changed.BY_FILE, *changed.BY_NODE, *changed.ALWAYS}


def test_a_source_of_another_kind_is_told_in_the_files_that_rest_on_it(world, before):
    path = PurePosixPath("data/sources/example-report.ttl")
    text = (world.layout.root / path).read_text("utf-8")
    _compare(world, before, {path: text.replace("source-kind:text", "source-kind:list")})


def test_a_change_leaves_alone_what_does_not_depend_on_it(world):
    path = PurePosixPath("data/people/k7qd.ttl")
    old = turtle.house_format(world.graphs[path], layout.entity_iri(path)).replace("1950~", "1951~")
    change = changed.between(world, {path: old.encode()}, {path})
    whole = validate.judged(world)
    nodes = changed.affected(world, whole, change, shacl.focus_nodes(whole, world.shapes))
    homes = {world.homes[node] for node in nodes if node in world.homes}
    assert homes == {path, PurePosixPath("data/places/far-country.ttl")}


def test_without_its_comparisons_a_query_looks_at_the_same(world):
    texts = [str(text) for text in world.shapes.objects(None, SH.select)]
    assert any(patterns.bare(text) != text for text in texts)
    for constraint, text in world.shapes.subject_objects(SH.select):
        prefixes = layout.PREFIXES
        whole, part = Automaton(), Automaton()
        patterns.add(whole, shacl.prepared(str(text), prefixes).algebra, [], 0)
        patterns.add(part, shacl.prepared(patterns.bare(str(text)), prefixes).algebra, [], 0)
        assert _looked_at(whole) == _looked_at(part), constraint


def _looked_at(automaton: Automaton) -> tuple[set, set]:
    steps = {(step.predicate, step.against) for step in automaton.steps if not step.free}
    return steps, automaton.anywhere


def test_brackets_that_may_be_none_keep_a_query_as_it_is():
    for text in ('SELECT $this { FILTER ("(" != ?x) $this ?p ?o }', "SELECT $this { FILTER ((?x) }"):
        assert patterns.bare(text) == text
    two = "{ ?x ?p ?y FILTER (?x && NOT EXISTS { ?a ?b ?c FILTER (?a = 1) } || EXISTS { ?d ?e ?f }) }"
    bare = patterns.bare(two)
    assert "?a ?b ?c" in bare and "?d ?e ?f" in bare and "=" not in bare and "||" not in bare


def test_a_view_answers_like_the_graph_that_is_copied(world):
    copied = validate.judged(world)
    seen = view.view([*world.data.values(), world.vocabulary], dates.bounds_of_graph, dates.DATE_PROPERTIES)
    assert set(seen) == set(copied)
    dice = random.Random(7)
    for triple in dice.sample(sorted(copied), 300):
        pattern = tuple(dice.choice((node, None)) for node in triple)
        assert set(seen.triples(pattern)) == set(copied.triples(pattern)), pattern


@pytest.fixture
def versioned(world, tmp_path) -> layout.Layout:
    """A checkout under git with one commit."""
    root = Path(shutil.copytree(world.layout.root, tmp_path / "checkout"))
    _git(root, "init", "-q")
    _commit(root)
    return layout.find(root)


def _git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(root: Path) -> str:
    _git(root, "add", ".")
    _git(root, "commit", "-q", "-m", "As it is")
    return _git(root, "rev-parse", "HEAD")


def test_what_differs_is_what_is_new_changed_moved_or_deleted(versioned):
    root = versioned.root
    assert history.changed_files(root, "HEAD") == set()
    (root / FRONT).write_text("# nothing\n", "utf-8")
    (root / "data/people/k7qd.ttl").rename(root / "data/people/k8qd.ttl")
    (root / "data/places/far-country.ttl").unlink()
    (root / ".gitignore").write_text("*.ttl\n", "utf-8")
    names = {"groups/northern-front", "people/k7qd", "people/k8qd", "places/far-country"}
    assert history.changed_files(root, "HEAD") == {PurePosixPath(f"data/{name}.ttl") for name in names}


def test_a_revision_stands_for_where_the_work_parted_from_it(versioned):
    root = versioned.root
    base = _git(root, "rev-parse", "HEAD")
    _git(root, "checkout", "-q", "-b", "other")
    (root / "data/places/far-country.ttl").unlink()
    _commit(root)
    _git(root, "checkout", "-q", "-")
    assert history.base_of(root, "other") == base
    assert history.changed_files(root, history.base_of(root, "other")) == set()
    content = history.files_at(root, base)
    assert content[FRONT] == (root / FRONT).read_bytes()
    assert all(path.parts[0] in history.FOLDERS for path in content)


def test_only_what_changed_is_told(versioned, run):
    file = versioned.root / FRONT
    file.write_text(
        file.read_text("utf-8").replace("fil:status status:held", "fil:status status:hedl", 1), "utf-8"
    )
    result = run("validate", "--changed", root=versioned.root)
    assert result.exit_code == 1
    assert "status:hedl" in result.output and "did you mean `status:held`?" in result.output
    assert run("validate", "--changed", "HEAD", root=versioned.root).output.splitlines()[0] in result.output


def test_a_revision_that_is_not_there_is_a_wrong_call(versioned, run):
    result = run("validate", "--changed", "nowhere", root=versioned.root)
    assert result.exit_code == 2
    assert "nowhere: there is no such revision" in result.output
    both = run("validate", "--changed", "HEAD", str(versioned.root / FRONT), root=versioned.root)
    assert both.exit_code == 2
    assert "not both" in both.output


def test_without_git_there_is_nothing_to_compare_with(world, run, monkeypatch):
    result = run("validate", "--changed", root=world.layout.root)
    assert result.exit_code == 2
    assert "is not under git" in result.output
    monkeypatch.setenv("PATH", "")
    result = run("validate", "--changed", root=world.layout.root)
    assert result.exit_code == 2
    assert "git is not installed" in result.output


def test_before_the_first_commit_there_is_nothing_to_compare_with(world, tmp_path, run):
    root = Path(shutil.copytree(world.layout.root, tmp_path / "checkout"))
    _git(root, "init", "-q")
    result = run("validate", "--changed", root=root)
    assert result.exit_code == 2
    assert "there is no commit yet" in result.output


def test_a_save_is_judged_and_ctrl_c_ends_the_watch(versioned):
    code = "from filiation.cli import run; run()"
    command = [sys.executable, "-c", code, "--root", str(versioned.root), "validate", "--watch"]
    path = {"PYTHONPATH": str(HERE.parent / "scripts"), "PYTHONUNBUFFERED": "1"}
    log = versioned.root / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            env={**os.environ, **path},
            # A shell that runs the tests in the background has its children ignore the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            _wait_for(log, "waiting for a save")
            time.sleep(1)
            file = versioned.root / FRONT
            file.write_text(file.read_text("utf-8").replace("status:held", "status:hedl", 1), "utf-8")
            _wait_for(log, "did you mean `status:held`?")
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        finally:
            process.kill()
    assert "Traceback" not in log.read_text("utf-8")


def _wait_for(log: Path, words: str) -> None:
    until = time.monotonic() + 90
    while words not in log.read_text("utf-8"):
        assert time.monotonic() < until, log.read_text("utf-8")
        time.sleep(0.1)


def test_the_synthetic_dataset_is_valid_and_the_same_for_the_same_seed(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(HERE / "benchmarks"))
    import synthetic

    count = synthetic.write(tmp_path / "one", 600)
    assert 600 <= count < 1000
    synthetic.write(tmp_path / "two", 600)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one/data").rglob("*.ttl"))
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
    whole = corpus.load(layout.find(tmp_path / "one"))
    assert len(whole.stated) == count
    assert validate.validate(whole).problems == []

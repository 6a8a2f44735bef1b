"""Realistic mistakes are told at their line and column, with a mend that makes the file valid.

`tests/mistakes/<name>/` holds a broken file over the small world in tests/world/, and `expected.toml`:
where the mistake is and which rule tells it. The mend is what the message says to write in place of
what it marks, or else edits, of each of which the message tells a part.
"""

import shutil
import tomllib
from pathlib import Path

import pytest

from filiation import corpus, layout, report, validate
from filiation.findings import Problem, Verdict

HERE = Path(__file__).parent
MISTAKES = sorted(path.parent for path in HERE.glob("mistakes/*/expected.toml"))


@pytest.fixture(scope="module")
def world(tmp_path_factory, place) -> layout.Layout:
    """A checkout whose data is the small world."""
    root = tmp_path_factory.mktemp("world")
    for folder in ("ontology", "shapes"):
        shutil.copytree(place.root / folder, root / folder)
    for file in sorted((HERE / "world").glob("*.ttl")):
        text = file.read_text("utf-8")
        homes = (f for f, prefix in layout.ENTITY_FOLDERS.items() if f"\n{prefix}:{file.stem}\n" in text)
        home = root / "data" / next(homes)
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, home)
    return layout.find(root)


def judged(world: layout.Layout, name: str, text: str) -> Verdict:
    """What is said of a file of the world, which is then taken away again."""
    file = world.data / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())
    try:
        return validate.validate(corpus.load(world), {world.relative(file)})
    finally:
        file.unlink()


def replaced(text: str, problem: Problem) -> str:
    """The text with what the problem says to write in place of what it marks."""
    lines = text.split("\n")
    line = lines[problem.line - 1]
    assert problem.end_line == problem.line
    start, end = problem.column - 1, problem.end_column - 1
    lines[problem.line - 1] = line[:start] + problem.instead + line[end:]
    return "\n".join(lines)


#: What may confuse who counts lines: remarks with signs of Turtle, a text over lines, signs of two units.
REMARKS = "# group:lake-guard fil:parent 'x' . [ ( ''' \"\"\" \N{GRINNING FACE}\n#\n"
NOTE = """    skos:editorialNote \"\"\"Over lines ;
# no remark .
    split:lake-guard-1996 a 'fil:Split' \N{GRINNING FACE}\"\"\"@en ;
"""
CLASS = "    a fil:Group ;\n"


def disturbed(text: str, line: int) -> tuple[str, int]:
    """The text with all that in it and with Windows line ends, and where the line is then."""
    before, after = text.replace("\r\n", "\n").split(CLASS, 1)
    moved = line + REMARKS.count("\n")
    if line > (before + CLASS).count("\n"):
        moved += NOTE.count("\n")
    return (REMARKS + before + CLASS + NOTE + after).replace("\n", "\r\n"), moved


def test_there_are_thirty_mistakes():
    assert len(MISTAKES) >= 30


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_where_it_is_and_its_mend_makes_the_file_valid(mistake, world):
    expected = tomllib.loads((mistake / "expected.toml").read_text("utf-8"))
    name = expected["file"]
    text = (mistake / name).read_bytes().decode("utf-8")
    found = judged(world, name, text).problems
    told = [problem for problem in found if problem.rule == expected["rule"]]
    assert (expected["line"], expected["column"]) in {(p.line, p.column) for p in told}, found
    problem = next(p for p in told if (p.line, p.column) == (expected["line"], expected["column"]))
    assert problem.excerpt == text.split("\n")[problem.line - 1].rstrip("\r")

    if not {"edits", "move"} & expected.keys():
        assert problem.instead in report.shown(problem).splitlines()[-1]
        text = replaced(text, problem)
    for edit in expected.get("edits", ()):
        assert edit["tells"] in problem.message
        assert edit["old"] in text
        text = text.replace(edit["old"], edit["new"])
    if "move" in expected and expected["rule"] == "misplaced":
        assert f"data/{expected['move']}" in problem.message
    mended = judged(world, expected.get("move", name), text)
    assert mended.violations == []
    assert expected["rule"] not in {problem.rule for problem in mended.problems}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_remarks_long_texts_and_windows_line_ends_move_no_place(mistake, world):
    expected = tomllib.loads((mistake / "expected.toml").read_text("utf-8"))
    text = (mistake / expected["file"]).read_text("utf-8")
    if CLASS not in text:
        pytest.skip("describes no group")
    text, line = disturbed(text, expected["line"])
    told = judged(world, expected["file"], text).problems
    assert (line, expected["column"], expected["rule"]) in {(p.line, p.column, p.rule) for p in told}

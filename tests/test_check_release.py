"""A release is held against what this checkout gives, byte by byte, and every difference has its reason."""

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from filiation import comparison

DUMP = "filiation-1.0.0.nq"


@pytest.fixture
def held(town_release, tmp_path) -> Path:
    """A copy of a release, to be tampered with."""
    return shutil.copytree(town_release, tmp_path / "held")


def told(held: Path, again: Path) -> dict[str, str]:
    return {difference.name: difference.how for difference in comparison.compare(held, again)}


def change(folder: Path, name: str, content: bytes) -> None:
    """Change a file, and whatever tells its hash or, in the manifest, its size, as a build of it would."""
    texts = {file.name: file.read_bytes() for file in folder.iterdir()}
    before = {name: texts[name]}
    texts[name] = content
    while before:
        name, old = before.popitem()
        digests = [hashlib.sha256(text).hexdigest().encode() for text in (old, texts[name])]
        for other, text in texts.items():
            new = text.replace(*digests)
            if other == "manifest.json":
                number = rb'("name": "%b",(?:(?!"name").)*?"size": )\d+' % re.escape(name.encode())
                new = re.sub(number, rb"\g<1>%d" % len(texts[name]), new, flags=re.DOTALL)
            if new != text:
                before.setdefault(other, text)
                texts[other] = new
    for name, text in texts.items():
        (folder / name).write_bytes(text)


def repacked(file: Path) -> bytes:
    """The same content as another zlib might pack it."""
    return gzip.compress(gzip.decompress(file.read_bytes()), compresslevel=1, mtime=0)


def test_a_release_built_again_is_the_same(town, town_release, run):
    result = run("publish", "--check", town_release, root=town.root)
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    number = len(list(town_release.iterdir()))
    assert f"is what this checkout gives: {number} files, byte by byte" in result.stderr
    assert not town.release.exists()


def test_each_file_that_differs_is_named(town_release, held):
    (held / "LICENSE").unlink()
    (held / "notes.txt").write_text("mine")
    (held / "shapes.ttl").write_bytes(b"# nothing\n")
    assert [str(difference) for difference in comparison.compare(held, town_release)] == [
        "LICENSE: is missing",
        "notes.txt: is no file of this release: nothing builds it",
        "shapes.ttl: was changed after the release: manifest.json or SHA256SUMS says otherwise",
    ]


def test_data_that_changed_since_are_seen(town, town_release, run, tmp_path):
    later = shutil.copytree(town.root, tmp_path / "later")
    file = next((later / "data" / "places").glob("*.ttl"))
    file.write_text(file.read_text("utf-8").replace('"@en', ' (moved)"@en', 1), "utf-8")
    result = run("publish", "--check", town_release, root=later)
    assert result.exit_code == 1
    assert f"{DUMP}: differs from what this checkout gives" in result.stdout.splitlines()
    assert f"{DUMP}.gz: differs from what this checkout gives" in result.stdout.splitlines()
    assert "LICENSE:" not in result.stdout
    assert f"{len(result.stdout.splitlines())} files not the same\n" in result.stderr


def test_a_file_that_was_built_otherwise_differs(town_release, held):
    change(held, "shapes.ttl", b"# other\n")
    found = told(held, town_release)
    assert found["shapes.ttl"] == "differs from what this checkout gives"
    assert found["manifest.json"] == "differs from what this checkout gives"
    assert DUMP not in found


def test_only_another_compression_is_said_to_be_that(town_release, held):
    change(held, f"{DUMP}.gz", repacked(held / f"{DUMP}.gz"))
    found = comparison.compare(held, town_release)
    reasons = {difference.name: difference.how for difference in found}
    assert reasons[f"{DUMP}.gz"] == "only its compression differs: another library packed it"
    assert reasons["SHA256SUMS"].startswith("differs only in hashes and sizes")
    assert reasons["manifest.json"].startswith("differs only in hashes and sizes")
    assert all(difference.packing for difference in found)


def test_a_true_difference_is_not_hidden_by_another_compression(town_release, held):
    change(held, f"{DUMP}.gz", repacked(held / f"{DUMP}.gz"))
    change(held, "LICENSE", b"none\n")
    found = {difference.name: difference.packing for difference in comparison.compare(held, town_release)}
    assert found[f"{DUMP}.gz"] and not found["LICENSE"] and not found["manifest.json"]


def test_other_content_in_a_packed_file_is_no_matter_of_compression(town_release, held):
    other = gzip.decompress((held / f"{DUMP}.gz").read_bytes()) + b"<x:a> <x:b> <x:c> <x:g> .\n"
    change(held, f"{DUMP}.gz", gzip.compress(other, mtime=0))
    assert told(held, town_release)[f"{DUMP}.gz"] == "differs from what this checkout gives"


def test_a_packed_file_that_is_broken_differs(town_release, held):
    change(held, f"{DUMP}.gz", (held / f"{DUMP}.gz").read_bytes()[:-9])
    assert told(held, town_release)[f"{DUMP}.gz"] == "differs from what this checkout gives"


def test_zstd_is_compared_too(town_release, tmp_path):
    import zstandard

    folders = []
    for level in (3, 10):
        folder = shutil.copytree(town_release, tmp_path / str(level))
        content = (folder / DUMP).read_bytes()
        (folder / f"{DUMP}.zst").write_bytes(zstandard.ZstdCompressor(level=level).compress(content))
        folders.append(folder)
    assert told(*folders) == {f"{DUMP}.zst": "only its compression differs: another library packed it"}


def test_a_link_in_place_of_a_file_is_told(town_release, held, tmp_path):
    shutil.move(held / "LICENSE", tmp_path / "LICENSE")
    (held / "LICENSE").symlink_to(tmp_path / "LICENSE")
    assert told(held, town_release) == {"LICENSE": "is not a plain file"}


@pytest.mark.parametrize(
    ("break_", "message"),
    [
        (lambda held: shutil.rmtree(held), "there is no such folder"),
        (lambda held: (held / "manifest.json").unlink(), "is not a release"),
        (lambda held: (held / "manifest.json").write_text('{"dataset": '), "is cut short"),
        (
            lambda held: (held / "manifest.json").write_text(
                json.dumps(
                    {**json.loads((held / "manifest.json").read_text()), "dataset": "https://example.org/"}
                )
            ),
            "a release of another dataset",
        ),
        (
            lambda held: (held / "manifest.json").write_text(
                (held / "manifest.json")
                .read_text()
                .replace('"previousVersion": null', '"previousVersion": "0.9.0"')
            ),
            "name the folder of that release with --previous",
        ),
    ],
)
def test_what_is_no_release_is_a_wrong_call(town, held, run, break_, message):
    break_(held)
    result = run("publish", "--check", held, root=town.root)
    assert (result.exit_code, message in result.stderr) == (2, True), result.output


def test_edition_and_folder_come_from_the_release(town, held, run):
    for words in (("--date", "2026-11-23"), ("--version", "1.0.0"), ("--out", "x"), ("--zstd",)):
        result = run("publish", "--check", held, *words, root=town.root)
        assert (result.exit_code, "leave the rest out" in result.stderr) == (2, True)

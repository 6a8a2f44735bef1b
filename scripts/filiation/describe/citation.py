"""`CITATION.cff`: how to cite the release (Citation File Format 1.2.0).

The repository has such a file too, which names no day: both are written by `text`.
"""

import json

from filiation import layout
from filiation.describe.about import About

NAME = "CITATION.cff"


def text(about: About, *, released: bool = True) -> bytes:
    """The file of a release, or that of the repository, which is between two releases. YAML whose texts
    are JSON strings, for those are YAML too; a version with its two dots is a text as it stands."""

    def quoted(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [
        "cff-version: 1.2.0",
        "message: If you use this dataset, please cite it as below.",
        f"title: {quoted(about.title)}",
        "type: dataset",
        f"abstract: {quoted(about.description)}",
        "authors:",
        f"  - name: {quoted(about.creator_name)}",
        f"version: {about.version}",
        *([f"date-released: {quoted(about.date)}"] if released else []),
        f"license: {about.spdx}",
        f"url: {quoted(about.iri if released else layout.BASE)}",
        *([f"commit: {about.revision}"] if released and about.revision else []),
        "keywords:",
        *(f"  - {quoted(keyword)}" for keyword in about.keywords),
    ]
    return ("\n".join(lines) + "\n").encode()

"""`index.html`: the page on which the IRI of a release lands, for people and for machines.

One file without scripts, fonts or images from elsewhere. Its head carries the links of Signposting and
the description for search engines of datasets; its links to files are relative, so that it also works in
a folder that was copied or unpacked.
"""

import json
from html import escape
from typing import Any

from filiation.describe.about import About, Coming, held_in_words, size_in_words
from filiation.describe.counts import Counts
from filiation.describe.linkset import NAME as LINKSET
from filiation.describe.linkset import Link
from filiation.describe.readme import HEADINGS
from filiation.manifest import NAME as MANIFEST
from filiation.manifest import SUMS
from filiation.release import COMPRESSIONS, Part, Release

NAME = "index.html"

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 2.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
thead th { white-space: nowrap; }
tbody th { font-weight: 400; overflow-wrap: anywhere; min-width: 14rem; }
tbody td:nth-child(2) { min-width: 16rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
"""


def text(
    about: About,
    counts: Counts,
    release: Release,
    links: dict[str, list[Link]],
    dataset: dict[str, Any],
    coming: list[Coming],
) -> bytes:
    """The page; `links` by relation for its head, `dataset` to be embedded, `coming` as in `linkset`."""
    title = f"{about.title} {about.version}"
    body = [_introduction(about, counts)]
    for role, heading in HEADINGS.items():
        parts = release.of(role)
        if parts:
            body.append(_section(role, heading, parts))
    body.append(_rest(coming))
    body.append(_terms(about))
    return f"""<!DOCTYPE html>
<html lang="{escape(about.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<meta name="description" content="{escape(about.description)}">
{_head(about, links)}
<script type="application/ld+json">
{_embedded(dataset)}
</script>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<p>{escape(about.description)}</p>
</header>
<main>
{chr(10).join(body)}
</main>
</body>
</html>
""".encode()


def _head(about: About, links: dict[str, list[Link]]) -> str:
    """The typed links of Signposting, level 1, and the one to those of level 2."""
    told = [(relation, link) for relation, group in links.items() for link in group]
    told.append(("linkset", {"href": about.url(LINKSET), "type": "application/linkset+json"}))
    lines = []
    for relation, link in told:
        attributes = [("rel", relation), *link.items()]
        words = " ".join(f'{name}="{escape(value)}"' for name, value in attributes if name != "profile")
        lines.append(f"<link {words}>")
    return "\n".join(lines)


def _embedded(dataset: dict[str, Any]) -> str:
    """JSON that no HTML reader takes for the end of the script."""
    return json.dumps(dataset, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _introduction(about: About, counts: Counts) -> str:
    rows = [
        ("Released", f'<time datetime="{about.date}">{about.date}</time>'),
        ("Permanent address", f'<a href="{escape(about.iri)}">{escape(about.iri)}</a>'),
        ("Made by", escape(about.creator_name)),
        ("Terms", f'<a href="{escape(about.licence)}" rel="license">{escape(about.spdx)}</a>'),
        ("Holds", f"{counts.triples:,} statements about {counts.entities:,} things"),
    ]
    if about.previous:
        before = f"../{about.previous}/"
        rows.insert(1, ("Follows", f'<a href="{escape(before)}">version {escape(about.previous)}</a>'))
    if about.revision:
        rows.append(("Built from commit", f"<code>{escape(about.revision)}</code>"))
    told = "\n".join(f"<dt>{term}</dt><dd>{value}</dd>" for term, value in rows)
    return f"""<dl>
{told}
</dl>
<p><a href="README.md">README.md</a> tells how to load it into a store, and which counts to expect;
<a href="{SUMS}">{SUMS}</a> and <a href="{MANIFEST}">{MANIFEST}</a> hold the hash of every file.</p>"""


def _section(name: str, heading: str, parts: list[Part]) -> str:
    """A table of files, where one that is there compressed too takes one row."""
    beside = {
        part.name: [other for other in parts if other.name in {f"{part.name}.{end}" for end in COMPRESSIONS}]
        for part in parts
    }
    packed = {other.name for others in beside.values() for other in others}
    rows = [_row(part, beside[part.name] if packed else None) for part in parts if part.name not in packed]
    last = '<th scope="col">Compressed</th>' if packed else ""
    return f"""<h2 id="{name}">{escape(heading)}</h2>
<section class="wide" tabindex="0" aria-labelledby="{name}">
<table>
<thead><tr><th scope="col">File</th><th scope="col">What it is</th><th scope="col" class="number">Holds</th>\
<th scope="col" class="number">Size</th>{last}</tr></thead>
<tbody>
{chr(10).join(rows)}
</tbody>
</table>
</section>"""


def _row(part: Part, beside: list[Part] | None) -> str:
    """`beside`: the same file compressed, where the table has a column for it."""
    links = ", ".join(
        f'<a href="{escape(other.name)}">{escape(other.name.rpartition(".")[2])}</a> ({size_in_words(other)})'
        for other in beside or ()
    )
    last = "" if beside is None else f"<td>{links}</td>"
    return (
        f'<tr><th scope="row"><a href="{escape(part.name)}">{escape(part.name)}</a></th>'
        f'<td>{escape(part.title)}</td><td class="number">{held_in_words(part)}</td>'
        f'<td class="number">{size_in_words(part)}</td>{last}</tr>'
    )


def _rest(coming: list[Coming]) -> str:
    lines = "\n".join(
        f'<li><a href="{escape(file.name)}">{escape(file.name)}</a>: {escape(file.title)}</li>'
        for file in coming
    )
    return f"<h2>Beside these</h2>\n<ul>\n{lines}\n</ul>"


def _terms(about: About) -> str:
    return f"""<h2>Terms</h2>
<p>Everything here may be used under <a href="{escape(about.licence)}">{escape(about.spdx)}</a>.
{escape(about.rights)}</p>
<h2>Cite it</h2>
<p>{escape(about.citation)}</p>"""

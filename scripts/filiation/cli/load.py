"""The command for who runs a triple store: bring it to a release, and check it there."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from filiation.cli.entry import PROBLEMS, main
from filiation.cli.stages import Bar, stages

if TYPE_CHECKING:
    from filiation.answers import Expected
    from filiation.load.endpoint import Endpoint
    from filiation.load.loading import Outcome
    from filiation.load.transport import Credentials
    from filiation.load.verification import Verification
    from filiation.manifest import Manifest

USER, PASSWORD, TOKEN = "FILIATION_USER", "FILIATION_PASSWORD", "FILIATION_TOKEN"
_SHOWN = 10


@main.command(epilog="Example: filiation load build/release --to http://localhost:3030/ds")
@click.argument("release", type=click.Path(path_type=Path))
@click.option("--to", "url", required=True, help="The store's address, such as http://localhost:3030/ds.")
@click.option("--store", "name", help="Which store it is [default: asked of the store].")
@click.option("--user", help=f"Who loads; the password comes from {PASSWORD}, or is asked for.")
@click.option("--update-url", help="Where SPARQL Update goes, if not where that store usually has it.")
@click.option("--graphs-url", help="Where the Graph Store Protocol is, if not where it usually is.")
@click.option("--ca-file", type=click.Path(dir_okay=False), help="Certificates to trust, in PEM.")
@click.option("--questions/--no-questions", default=True, help="Compare the answers too  [default: yes].")
@click.option("--dry-run", is_flag=True, help="Read and compare only; say what would be done.")
@click.pass_context
def load(
    context: click.Context,
    release: Path,
    url: str,
    name: str | None,
    user: str | None,
    update_url: str | None,
    graphs_url: str | None,
    ca_file: str | None,
    questions: bool,
    dry_run: bool,
) -> None:
    """Bring a running triple store to a RELEASE, and check it there.

    Only Filiation's own graphs are touched; what else the store holds stays. Where the store has
    transactions, readers see the old state until they see the new one. A load that broke off is
    carried on by the same command. The user and the password may also stand in FILIATION_USER and
    FILIATION_PASSWORD, a token in FILIATION_TOKEN: never on the command line.
    """
    from filiation import answers, manifest
    from filiation.load import loading
    from filiation.load.endpoint import opened
    from filiation.load.trouble import StoreTrouble
    from filiation.load.verification import Verification

    told = manifest.read(release)
    manifest.verify_part(release, told.named(told.nquads))
    expected = []
    if questions and not dry_run:
        manifest.verify_part(release, told.named(answers.NAME))
        expected = answers.read(release)
    for address in (url, update_url, graphs_url):
        _check(address)
    options = {
        "--store": name,
        "--user": user,
        "--update-url": update_url,
        "--graphs-url": graphs_url,
        "--ca-file": ca_file,
    }
    credentials = _credentials(user)
    with stages() as bar:
        endpoint = opened(
            url,
            name,
            credentials,
            update_url=update_url,
            graphs_url=graphs_url,
            authority=ca_file,
            told=lambda line: click.echo(line, err=True),
        )
        try:
            work = loading.plan if dry_run else loading.load
            outcome = work(endpoint, release, told, bar)
            verification = Verification()
            if not dry_run:
                _verify(endpoint, told, expected, verification, bar)
        except loading.Partial as problem:
            again = _command(release, url, options)
            raise StoreTrouble(f"{problem}\n  to carry on: {again}") from problem
        finally:
            endpoint.connection.close()
    click.echo(_said(outcome, endpoint, told, url, dry_run))
    if not dry_run:
        for line in _verified(verification, bool(expected)):
            click.echo(line)
        if not verification.passed:
            context.exit(PROBLEMS)


def _check(url: str | None) -> None:
    from filiation.load.stores import plain_address

    if url is None or plain_address(url):
        return
    if "@" in url:
        raise click.UsageError(
            f"an address with a user or a password in it is seen by others on this machine: give --user, "
            f"and the password in {PASSWORD}"
        )
    raise click.UsageError(f"{url}: write the store's address, such as http://localhost:3030/ds")


def _credentials(user: str | None) -> Credentials:
    from filiation.load.transport import Credentials

    user = user or os.environ.get(USER)
    if user is None:
        return Credentials(token=os.environ.get(TOKEN))
    password = os.environ.get(PASSWORD)
    if password is None:
        if not sys.stdin.isatty():
            raise click.UsageError(f"no password for {user}: put it in {PASSWORD}, or run this on a terminal")
        password = click.prompt(f"Password of {user}", hide_input=True, err=True)
    return Credentials(user, password)


def _command(release: Path, url: str, options: dict[str, str | None]) -> str:
    """The call that carries a broken load on; no secret is part of it."""
    words = ["filiation", "load", str(release), "--to", url]
    for option, value in options.items():
        words += [option, value] if value else []
    return shlex.join(words)


def _verify(
    endpoint: Endpoint, told: Manifest, expected: list[Expected], found: Verification, bar: Bar
) -> None:
    from filiation.load import verification

    verification.counts(endpoint, told, found)
    if expected and not found.wrong:
        bar.stage("questions", len(expected))
        verification.answers(endpoint, told, expected, found, lambda stem: bar.advance())


def _said(outcome: Outcome, endpoint: Endpoint, told: Manifest, url: str, dry_run: bool) -> str:
    """What was done, or would be, in a sentence or two."""
    title = endpoint.at.profile.title
    if outcome.nothing:
        return f"{url} ({title}) has release {told.version} already"
    would = "would get" if dry_run else "got"
    graphs = ", ".join(
        f"{number:,} {word}"
        for number, word in (
            (outcome.new, "new"),
            (outcome.changed, "changed"),
            (outcome.dropped, "dropped"),
            (outcome.right, "right already"),
        )
        if number
    )
    lines = [
        f"{url} ({title}) {would} release {told.version}: {outcome.added:,} triples added, "
        f"{outcome.removed:,} removed; graphs: {graphs}"
    ]
    if not outcome.atomic:
        lines.append(
            "not in one transaction: whoever read the store meanwhile may have seen part of the change"
            if not dry_run
            else "this cannot be one transaction there: readers may see part of the change meanwhile"
        )
    return "\n".join(lines)


def _verified(found: Verification, asked: bool) -> Iterator[str]:
    """The result of the comparison, a line each."""
    if not found.wrong:
        yield f"{found.graphs:,} graphs with {found.triples:,} triples: as in the release"
    for graph, (wanted, there) in list(found.wrong.items())[:_SHOWN]:
        yield f"<{graph}> has {there:,} triples, where the release has {wanted:,}"
    if len(found.wrong) > _SHOWN:
        yield f"and {len(found.wrong) - _SHOWN:,} graphs more"
    if found.wrong:
        yield "the questions were not asked"
        return
    if asked:
        total = found.equal + len(found.unequal) + len(found.unanswered)
        yield f"{found.equal:,} of {total:,} questions answered as in the release"
        for stem, reason in {**found.unequal, **found.unanswered}.items():
            yield f"{stem}: {reason}"

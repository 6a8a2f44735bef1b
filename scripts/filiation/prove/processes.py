"""A server that runs while a block does: on loopback, waited for, and stopped by its own process id."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from filiation.load.transport import Connection, Credentials
from filiation.load.trouble import StoreTrouble

#: Seconds that a server gets to answer for the first time, and to go when it is told to.
START, STOP = 120.0, 30.0
_TOLD = 600


class DoesNotStart(Exception):
    """A store that is at hand and does not run; the message repeats what it said."""


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], url: str, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a server in a folder of its own, with its output in `server.log` there. The block begins when
    `url` answers, whatever it answers. Raises DoesNotStart."""
    log = folder / "server.log"
    try:
        with log.open("wb") as output:
            server = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    except OSError as problem:
        raise DoesNotStart(f"{command[0]} cannot be run: {problem.strerror}") from problem
    try:
        _wait(server, url, log)
        yield
    finally:
        _stop(server)


def _wait(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START
    probe = Connection(Credentials())
    try:
        while True:
            if server.poll() is not None:
                raise DoesNotStart(f"it ended with {server.returncode}{_said(log)}")
            if time.monotonic() > deadline:
                raise DoesNotStart(f"it does not answer within {START:.0f} seconds{_said(log)}")
            try:
                probe.headers(url)
                return
            except StoreTrouble:
                time.sleep(0.1)
    finally:
        probe.close()


def _said(log: Path) -> str:
    """The end of what the server said, if it said anything."""
    text = " ".join(log.read_text("utf-8", "replace").split())[-_TOLD:]
    return f"; it said: {text}" if text else ""


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()

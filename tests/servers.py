"""Real triple stores for tests: each on loopback, on a free port, with a fresh folder, and stopped by
its own process id."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def process(command: list[str], url: str, log: Path, seconds: float = 90, **options) -> Iterator[None]:
    """A server that runs while the block does; waited for until it answers at `url`."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **options)
    try:
        deadline = time.monotonic() + seconds
        while not _answers(url):
            told = log.read_text("utf-8", "replace")
            assert server.poll() is None, f"{command[0]} ended with {server.returncode}: {told}"
            assert time.monotonic() < deadline, f"{command[0]} does not answer at {url}: {told}"
            time.sleep(0.1)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, params={"query": "ASK {}"}, timeout=5).status_code < 500
    except httpx.HTTPError:
        return False


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """The address of an Oxigraph server with a store in `folder`."""
    port = free_port()
    binary = str(Path(sys.executable).with_name("oxigraph"))
    command = [binary, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}"
    with process(command, url, folder / "server.log"):
        yield url

"""A store that misbehaves: a proxy before a real one, which answers some requests itself, or breaks off."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

FORWARDED = ("content-type", "content-encoding", "accept")


@dataclass
class Request:
    """What the proxy saw of a request: its body may be unread."""

    method: str
    path: str
    headers: dict[str, str]
    #: How many requests of this method there were before it.
    earlier: int

    @property
    def changes(self) -> bool:
        """Whether it would change the store."""
        path = self.path.partition("?")[0]
        return self.method in ("PUT", "DELETE") or (path in ("/update", "/store") and self.method == "POST")


@dataclass
class Answer:
    """An answer that does not come from the store. With `close` the connection is
    closed after so many bytes of the body, unanswered."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    close: int | None = None


Fault = Callable[[Request], Answer | None]


@contextmanager
def proxy(
    store: str, fault: Fault, context: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[Request]]]:
    """The address of the proxy before `store`, and the requests that it has seen so far."""
    seen: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *words):
            pass

        def do_any(self):
            headers = {name.lower(): value for name, value in self.headers.items()}
            earlier = sum(request.method == self.command for request in seen)
            request = Request(self.command, self.path, headers, earlier)
            seen.append(request)
            answer = fault(request)
            if answer is not None and answer.close is not None:
                self.rfile.read(answer.close)
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            body = self.body(headers)
            if answer is None:
                passed = {name: value for name, value in headers.items() if name in FORWARDED}
                real = httpx.request(
                    self.command, store + self.path, content=body, headers=passed, timeout=120
                )
                kind = real.headers.get("content-type", "")
                answer = Answer(real.status_code, {"Content-Type": kind} if kind else {}, real.content)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def body(self, headers):
            if headers.get("transfer-encoding", "") == "chunked":
                blocks = []
                while size := int(self.rfile.readline(), 16):
                    blocks.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(blocks)
            return self.rfile.read(int(headers.get("content-length", 0)))

        do_GET = do_POST = do_PUT = do_DELETE = do_any  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

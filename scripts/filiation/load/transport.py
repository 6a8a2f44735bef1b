"""The only module that meets HTTP as a client: requests to one store, and what went wrong in words.

No credential is ever part of a message, an address or a log; a redirection to another host is not
followed; bodies are streamed, so that a release of any size needs little memory.
"""

import html
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Literal

import httpx

from filiation.load.trouble import Refused, StoreTrouble, TookTooLong, Unreachable

#: Seconds to wait for a connection, for an answer to a question, and for the store to take a load.
CONNECT, ANSWER, WORK = 10.0, 300.0, 3600.0
#: How often a store that says "later" is asked again, and the longest wait between, in seconds.
PATIENCE, LONGEST_WAIT = 4, 60.0
_BLOCK = 1 << 18
_QUOTED = re.compile(r"<(?:xmp|pre)>(.*?)</", re.DOTALL)
_REDIRECTS = {301, 302, 303, 307, 308}

#: What is sent: bytes, or what gives the blocks anew each time they are asked for.
Body = bytes | Callable[[], Iterator[bytes]]
Params = list[tuple[str, str | int | float | bool | None]]


@dataclass(frozen=True)
class Credentials:
    """Who asks: a user with a password, or a token. Never printed."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return bool(self.user or self.token)

    def hide(self, text: str) -> str:
        """The text without any secret in it."""
        for secret in (self.password, self.token):
            if secret:
                text = text.replace(secret, "***")
        return text


class Connection:
    """Requests to one store. `told` gets a line whenever the store asks to wait; `answer` is how many
    seconds it may take for a question."""

    def __init__(
        self,
        credentials: Credentials,
        scheme: Literal["basic", "digest"] = "basic",
        authority: str | None = None,
        told: Callable[[str], None] = lambda line: None,
        answer: float = ANSWER,
    ):
        self._credentials = credentials
        self._told = told
        self._answer = answer
        auth: httpx.Auth | None = None
        if credentials.user is not None:
            kind = httpx.DigestAuth if scheme == "digest" else httpx.BasicAuth
            auth = kind(credentials.user, credentials.password or "")
        headers = {"User-Agent": "filiation"}
        if credentials.token:
            headers["Authorization"] = f"Bearer {credentials.token}"
        try:
            verify = ssl.create_default_context(cafile=authority)
        except OSError as problem:
            raise StoreTrouble(f"{authority} is not a file of certificates: {problem}") from problem
        self._client = httpx.Client(
            auth=auth, headers=headers, verify=verify, timeout=httpx.Timeout(answer, connect=CONNECT)
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        data: Mapping[str, str | list[str]] | None = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> httpx.Response:
        """The whole answer to a request, asked again while the store is busy (RFC 9110, section
        10.2.3). Raises Unreachable, Refused."""
        with self.stream(
            method, url, params=params, data=data, body=body, headers=headers, timeout=timeout
        ) as answer:
            self._read(answer, url)
            return answer

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        data: Mapping[str, str | list[str]] | None = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Iterator[httpx.Response]:
        """The answer, its body still to be read with `blocks`. Raises Unreachable, Refused."""
        for attempt in range(PATIENCE + 1):
            request = self._client.build_request(
                method,
                url,
                params=params,
                data=data,
                content=body() if callable(body) else body,
                headers=headers,
                timeout=httpx.Timeout(timeout or self._answer, connect=CONNECT),
            )
            answer = self._sent(request, url)
            try:
                if answer.status_code in _REDIRECTS:
                    url = self._followed(url, answer)
                elif answer.status_code in (429, 503) and attempt < PATIENCE:
                    self._wait(url, answer, attempt)
                elif answer.is_success:
                    yield answer
                    return
                else:
                    self._read(answer, url)
                    raise Refused(answer.status_code, self._reason(url, answer))
            finally:
                answer.close()
        raise Unreachable(f"{url} sends from one address to the next: name the last one with --to")

    def headers(self, url: str) -> dict[str, str]:
        """The header fields, in lower case, with which an address answers whatever it is asked.
        Raises Unreachable."""
        request = self._client.build_request("GET", url, params={"query": "ASK {}"})
        answer = self._sent(request, url)
        answer.close()
        return {name.lower(): value for name, value in answer.headers.items()}

    def blocks(self, answer: httpx.Response) -> Iterator[bytes]:
        """The body of an answer, block by block. Raises Unreachable where it breaks off."""
        with self._put_in_words(str(answer.url)):
            yield from answer.iter_bytes(_BLOCK)

    def _read(self, answer: httpx.Response, url: str) -> None:
        with self._put_in_words(url):
            answer.read()

    def _sent(self, request: httpx.Request, url: str) -> httpx.Response:
        with self._put_in_words(url):
            return self._client.send(request, stream=True, follow_redirects=False)

    @contextmanager
    def _put_in_words(self, url: str) -> Iterator[None]:
        try:
            yield
        except httpx.ConnectTimeout as problem:
            tls = ", or does it not speak TLS (http instead of https)" if url.startswith("https") else ""
            raise Unreachable(
                f"{url} does not answer within {CONNECT:.0f} seconds: is a firewall between{tls}?"
            ) from problem
        except httpx.TimeoutException as problem:
            raise TookTooLong(
                f"{url} took the request and has not answered it: is it overloaded?"
            ) from problem
        except httpx.ConnectError as problem:
            raise Unreachable(_no_connection(url, problem)) from problem
        except (httpx.TransportError, httpx.StreamError, httpx.DecodingError) as problem:
            raise Unreachable(f"{url} broke the connection off ({type(problem).__name__})") from problem
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as problem:
            raise StoreTrouble(f"{url} is not an http or https address") from problem

    def _followed(self, url: str, answer: httpx.Response) -> str:
        """Where to ask again: on the same host only, or the password would go astray."""
        here, there = httpx.URL(url), answer.headers.get("location", "")
        target = here.join(there)
        same = target.host == here.host and (
            (target.scheme, target.port) == (here.scheme, here.port) or target.scheme == "https"
        )
        if not there or not same or target.userinfo:
            place = f"{target.scheme}://{target.host}{target.path}" if there else "nowhere"
            raise Refused(
                answer.status_code,
                f"{url} sends on to {place}: nothing was sent there; if it is the store, name it with --to",
            )
        return str(target)

    def _wait(self, url: str, answer: httpx.Response, attempt: int) -> None:
        seconds = min(_retry_after(answer.headers.get("retry-after")) or 2.0**attempt, LONGEST_WAIT)
        self._told(f"{url} is busy ({answer.status_code}): asking again in {seconds:.0f} s")
        time.sleep(seconds)

    def _reason(self, url: str, answer: httpx.Response) -> str:
        status = answer.status_code
        if status == 401:
            known = "refused this user and password" if self._credentials else "wants to know who asks"
            return f"{url} {known} (401): give --user, and the password in FILIATION_PASSWORD or when asked"
        words = {
            403: "does not allow this (403): does the user have the right to write, is updating switched on?",
            404: "knows nothing at this address (404): is the path of the dataset or repository right?",
            405: "does not do this here (405): is it read-only, or the address that of another service?",
            413: "takes no request of this size (413)",
            429: "has had enough requests for now (429): try again later",
            503: "is not available for now (503): try again later",
            507: "is out of space (507): make room, and run the same command again",
        }
        told = words.get(status, f"failed with status {status}")
        return f"{url} {told}{self._detail(answer)}"

    def _detail(self, answer: httpx.Response) -> str:
        """The first line of what the store says itself; of a web page only what stands there as it was
        said, for that is how Virtuoso answers programs too."""
        kind = answer.headers.get("content-type", "")
        text = answer.text.strip()
        if quoted := _QUOTED.search(text):
            kind, text = "", html.unescape(quoted[1]).strip()
        if not text or "html" in kind or text[:1] == "<":
            return ""
        line = re.sub(r"[^\x20-\x7e\xa0-\U0010ffff]", " ", text.splitlines()[0])[:200]
        return f"; it says: {self._credentials.hide(line)}"


def is_page(answer: httpx.Response) -> bool:
    """Whether a web page came where data was asked for."""
    return "html" in answer.headers.get("content-type", "")


def _no_connection(url: str, problem: httpx.ConnectError) -> str:
    cause = str(problem)
    if "CERTIFICATE" in cause.upper():
        reason = re.sub(r"^.*verify failed: |\s*\(_ssl.*$", "", cause)
        return (
            f"{url} has a certificate that nobody here vouches for ({reason}): nothing was sent; "
            "if it is yours, name the file of its authority with --ca-file"
        )
    if "SSL" in cause.upper():
        return f"{url} does not speak TLS: should it be http?"
    return f"{url} cannot be reached: is the store running, are host and port right?"


def _retry_after(value: str | None) -> float | None:
    """Seconds, from a number or an HTTP date."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None

"""HTTP requests and responses as values, and how much of them a server takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(slots=True)
class Request:
    """A complete request; `oversize` says that the body passed the limit and was dropped.

    Header names are lower-case; of a header that comes twice the values stand with ", " between them.
    """

    method: str
    path: str
    body: bytes
    oversize: bool
    query: bytes = b""
    headers: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response; header names go out in the spelling given."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def encode(self, *, keep_alive: bool) -> bytes:
        """The message as one block, so that it leaves in one write."""
        connection = b"keep-alive" if keep_alive else b"close"
        head = _head(self.status, self.headers)
        return b"%sContent-Length: %d\r\nConnection: %s\r\n\r\n%s" % (head, len(self.body), connection, self.body)


class Later:
    """An answer that comes later, at most one; `on_hang_up` is called if the client does not wait for it.

    It is sent in the moment in which it is given: a future's callback would wait for the loop's next turn.
    """

    def __init__(self, on_hang_up: Callable[["Later"], None]) -> None:
        self._on_hang_up = on_hang_up
        self._send: Callable[[Response], None] | None = None
        self._response: Response | None = None
        self._over = False

    def answer(self, response: Response) -> None:
        """Give the answer; nothing if there is one, or nobody waits any more."""
        if self._over:
            return
        self._over = True
        if self._send:
            self._send(response)
        else:
            self._response = response

    def send_to(self, send: Callable[[Response], None]) -> None:
        """Have the answer sent by `send`; at once if it has been given."""
        self._send = send
        if self._response:
            send(self._response)

    def hang_up(self) -> None:
        """Say that the client has gone."""
        if not self._over:
            self._over = True
            self._on_hang_up(self)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a listener takes: a longer body is dropped, a longer head refused; more `connections` are turned away.

    A connection on which nothing is asked for `idle_s`, or whose request is not complete after `request_s`, is closed.
    """

    body_bytes: int
    head_bytes: int = 1 << 16
    idle_s: float = float("inf")
    request_s: float = float("inf")
    connections: float = float("inf")


@lru_cache(maxsize=64)
def _head(status: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")

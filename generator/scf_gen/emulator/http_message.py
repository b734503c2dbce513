"""HTTP requests and responses as values, and how much of them a server takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body)}")
        lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


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

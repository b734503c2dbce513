"""An HTTP answer in a given shape, well-formed or cut."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from scf_gen.conformance.request import Request
from scf_gen.errors import CaseInvalid

_HEAD_BYTES = 10  # within the status code: whoever has read that knows how the request ended
_TAIL_BYTES = 2

# How the lines of a head are written.
_SPELLINGS: dict[str, Callable[[list[str]], list[str]]] = {
    "seed": lambda lines: lines,
    "lower": lambda lines: [_with_name(str.lower, line) for line in lines],
    "upper": lambda lines: [_with_name(str.upper, line) for line in lines],
    "reversed": lambda lines: ["X-Other: 1", *reversed(lines), "Server: a: b"],
    "dashes": lambda lines: [line.replace("_", "-") for line in lines],
    "tight": lambda lines: [line.replace(": ", ":") for line in lines],
    # Only SCF's own, whose names have a _, for not every client takes a Content-Length so.
    "wide": lambda lines: [line.replace(": ", ": \t  ") + " \t" if "_" in line else line for line in lines],
    "none": lambda lines: [line for line in lines if "_" not in line],
}

_ENDINGS = ("", "said", "silent", "instead of a length")
_FAULTS = ("", "hang up", "reset", "cut head", "cut body")


@dataclass(frozen=True, slots=True)
class Answer:
    """The shape of an answer, or the fault that stands for it.

    `fault` is "hang up" or "reset" instead of an answer, or "cut head" or "cut body"; `close` is "said" (a header says
    so), "silent", or "instead of a length". `times` repeats the answer.
    """

    status: str = "200 OK"
    headers: str = "seed"
    chunks: tuple[int, ...] = ()
    trailer: bool = False
    interim: bool = False
    bytewise: bool = False
    delay_s: float = 0.0
    close: str = ""
    fault: str = ""
    times: int = 1

    def check(self, where: str) -> None:
        """Raise CaseInvalid for a spelling, an ending or a fault that there is not."""
        for name, allowed in (("headers", _SPELLINGS), ("close", _ENDINGS), ("fault", _FAULTS)):
            if (value := getattr(self, name)) not in allowed:
                raise CaseInvalid(f"{where}: unknown {name} {value!r}", f"there are {', '.join(filter(None, allowed))}")

    @property
    def works(self) -> bool:
        """Whether the request has been served with it."""
        return not self.fault and self.status.startswith("2")

    @property
    def refuses(self) -> bool:
        """Whether it says that the request will never do."""
        return not self.fault and self.status.startswith("4")

    def fit_for(self, request: Request) -> Self:
        """The answer, for a client of HTTP/1.0 without what came with HTTP/1.1."""
        return replace(self, chunks=(), trailer=False, interim=False) if request.old else self

    def pieces(self, headers: Sequence[tuple[str, str]], body: bytes) -> Iterator[bytes]:
        """The answer as it is to be written, piece by piece."""
        if self.fault in {"hang up", "reset"}:
            return
        message = self._message(headers, body)
        if self.fault:
            message = message[:_HEAD_BYTES] if self.fault == "cut head" else message[:-_TAIL_BYTES]
        if self.bytewise:
            yield from (bytes([byte]) for byte in message)
        else:
            yield message

    def _message(self, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
        lines = [f"{name}: {value}" for name, value in headers]
        if self.chunks:
            lines.append("Transfer-Encoding: chunked")
            body = b"".join(_chunked(body, self.chunks)) + (b"X-Sum: 1\r\n" if self.trailer else b"") + b"\r\n"
        elif self.close != "instead of a length":
            lines.append(f"Content-Length: {len(body)}")
        if self.close and self.close != "silent":
            lines.append("Connection: close")
        head = "\r\n".join([f"HTTP/1.1 {self.status}", *_SPELLINGS[self.headers](lines), "", ""])
        interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" if self.interim else ""
        return f"{interim}{head}".encode() + body


def _with_name(spell: Callable[[str], str], line: str) -> str:
    name, colon, value = line.partition(":")
    return f"{spell(name)}{colon}{value}"


def _chunked(body: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """`body` in chunks of these sizes, and the rest in one."""
    for size in (*sizes, len(body)):
        if chunk := body[:size]:
            yield b"%X\r\n%s\r\n" % (len(chunk), chunk)
        body = body[size:]
    yield b"0\r\n"

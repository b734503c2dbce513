"""A response without an end, for a client that listens."""

import asyncio
from collections.abc import Callable

# A client that leaves so much unread is hung up on; it may come again.
_BACKLOG_BYTES = 8 << 20


class Stream:
    """What is written reaches the client at once, until one side hangs up; then `on_close` is called.

    Header names go out in the spelling given.
    """

    def __init__(self, headers: tuple[tuple[str, str], ...], on_close: Callable[[], None]) -> None:
        self._headers = headers
        self._on_close = on_close
        self._before: list[bytes] = []
        self._transport: asyncio.Transport | None = None

    def open(self, transport: asyncio.Transport) -> None:
        """Begin, with the head and what has been written so far."""
        lines = ["HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in self._headers), "Connection: close"]
        transport.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + b"".join(self._before))
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Send more."""
        if not self._transport:
            self._before.append(data)
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > _BACKLOG_BYTES:
            self._transport.abort()

    def closed(self) -> None:
        """The connection has gone."""
        self._on_close()

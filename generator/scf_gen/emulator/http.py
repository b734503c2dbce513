"""A lean HTTP/1.1 server: requests in, whole responses out. It knows no paths and no SCF."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, cast

import httptools


@dataclass(slots=True)
class Request:
    """A complete request; `oversize` says that the body passed the limit and was dropped."""

    method: str
    path: str
    body: bytes
    oversize: bool


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


Handle = Callable[[Request], Response | asyncio.Future[Response]]
OnExchange = Callable[[Request, Response], None]

_CLOSE_LIMIT_S = 1.0
_NO_REQUEST = Request("", "", b"", oversize=False)
_BAD_REQUEST = Response("400 Bad Request", (), b"not HTTP\n")


class Connection(asyncio.Protocol):
    """One client's connection: keep-alive, chunked bodies, `Expect: 100-continue` (RESULT-FORMS), answers in order.

    A long poll's future is cancelled when the client hangs up.
    """

    def __init__(self, listener: "Listener") -> None:
        self._listener = listener
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[Request, bool]] = deque()
        self._poll: asyncio.Future[Response] | None = None
        self._keep_alive = True
        self._request = _NO_REQUEST
        self._transport: asyncio.Transport

    def close(self) -> None:
        """Hang up, whatever is under way."""
        self._transport.abort()

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._listener.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.closed(self)
        if self._poll:
            self._poll.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse()
        else:
            # Not from the parser's callbacks, which would make a fault of `handle` look like one of the client.
            self._answer()

    # httptools' side

    def on_message_begin(self) -> None:
        self._url = b""
        self._body: list[bytes] = []
        self._size_bytes = 0
        self._expects_continue = False

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"expect":
            self._expects_continue = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        if self._expects_continue:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._size_bytes += len(body)
        if self._size_bytes <= self._listener.body_limit_bytes:
            self._body.append(body)

    def on_message_complete(self) -> None:
        request = Request(
            method=self._parser.get_method().decode("latin-1"),
            path=httptools.parse_url(self._url).path.decode("latin-1"),
            body=b"".join(self._body),
            oversize=self._size_bytes > self._listener.body_limit_bytes,
        )
        self._waiting.append((request, self._parser.should_keep_alive()))

    # the answers

    def _answer(self) -> None:
        while self._waiting and self._poll is None:
            self._request, self._keep_alive = self._waiting.popleft()
            answer = self._listener.handle(self._request)
            if isinstance(answer, Response):
                self._send(answer)
            else:
                self._poll = answer
                answer.add_done_callback(self._answer_poll)

    def _answer_poll(self, poll: asyncio.Future[Response]) -> None:
        self._poll = None
        if poll.cancelled():
            self.close()
        else:
            self._send(poll.result())
            self._answer()

    def _send(self, response: Response) -> None:
        if self._listener.on_exchange:
            self._listener.on_exchange(self._request, response)
        self._transport.write(response.encode(keep_alive=self._keep_alive))
        if not self._keep_alive:
            self._transport.close()

    def _refuse(self) -> None:
        self._keep_alive = False
        self._request = _NO_REQUEST
        self._send(_BAD_REQUEST)


class Listener:
    """A server on a free port of 127.0.0.1; use `async with`.

    `handle` answers a request at once, or with a future for a long poll. A body over `body_limit_bytes` is dropped.
    `on_exchange` is told of each answer when it leaves. `port` stays known when the listener has ended.
    """

    host = "127.0.0.1"

    def __init__(self, handle: Handle, body_limit_bytes: int, on_exchange: OnExchange | None = None) -> None:
        self.handle = handle
        self.on_exchange = on_exchange
        self.body_limit_bytes = body_limit_bytes
        self._connections: set[Connection] = set()
        self._all_closed = asyncio.Event()
        self._server: asyncio.Server
        self.port = 0

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), self.host, 0, start_serving=False)
        self.port = int(self._server.sockets[0].getsockname()[1])
        try:
            await self._server.start_serving()
        except asyncio.CancelledError:
            self._server.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in list(self._connections):
            connection.close()
        await self.drain(_CLOSE_LIMIT_S)

    async def drain(self, limit_s: float) -> None:
        """Wait until no connection is open, so that all that a client sent before it ended has been heard."""
        self._all_closed.clear()
        if not self._connections:
            return
        with contextlib.suppress(TimeoutError):  # a child of the client may hold one open
            async with asyncio.timeout(limit_s):
                await self._all_closed.wait()

    def opened(self, connection: Connection) -> None:
        """Count a new connection."""
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)
        if not self._connections:
            self._all_closed.set()

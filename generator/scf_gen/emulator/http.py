"""A lean HTTP/1.1 server: requests in, whole responses out. It knows no paths and no SCF."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from typing import Self, cast

import httptools

from scf_gen.emulator.http_message import Later, Limits, Request, Response
from scf_gen.emulator.http_stream import Stream
from scf_gen.emulator.port import close_port

Handle = Callable[[Request], Response | Later | Stream]
OnExchange = Callable[[Request, Response], None]
OnRefusal = Callable[[Response], None]

_CLOSE_LIMIT_S = 1.0
_SWEEP_S = 0.5
# Requests that a client may have sent ahead before no more are read.
_AHEAD = 16
_NO_REQUEST = Request("", "", b"", oversize=False)
_BAD_REQUEST = Response("400 Bad Request", (), b"not HTTP\n")
_HEAD_TOO_LARGE = Response("431 Request Header Fields Too Large", (), b"the head of a request may have 64 KB\n")
_TOO_SLOW = Response("408 Request Timeout", (), b"the request took too long\n")
_TOO_MANY = Response("503 Service Unavailable", (), b"too many connections\n")


class Connection(asyncio.Protocol):
    """One client's connection: keep-alive, chunked bodies, `Expect: 100-continue` (RESULT-FORMS), answers in order.

    Who is to answer later is told when the client hangs up.
    """

    def __init__(self, listener: "Listener") -> None:
        self._listener = listener
        self._limits = listener.limits
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[Request, bool]] = deque()
        self._later: Later | None = None
        self._stream: Stream | None = None
        self._keep_alive = True
        self._writable = True
        self._in_head = False
        self._in_request = False
        self._head_bytes = 0
        self._since_s = listener.clock()
        self._request = _NO_REQUEST
        self._transport: asyncio.Transport

    def close(self) -> None:
        """Hang up, whatever is under way."""
        self._transport.abort()

    def check(self, now_s: float) -> None:
        """Hang up if the client asks nothing, or takes too long to ask."""
        if self._in_request:
            if now_s - self._since_s > self._limits.request_s:
                self._refuse(_TOO_SLOW)
        elif not (self._later or self._stream or self._waiting) and now_s - self._since_s > self._limits.idle_s:
            self._transport.close()

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if self._listener.opened(self) > self._limits.connections:
            self._refuse(_TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.closed(self)
        if self._later:
            self._later.hang_up()
        if self._stream:
            self._stream.closed()

    def data_received(self, data: bytes) -> None:
        if not self._keep_alive and not self._later:  # it has had its last answer
            return
        self._head_bytes += len(data)
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self._answer()  # a request that was whole counts, though its length was too short for its body
            self._refuse(_BAD_REQUEST)
            return
        if self._in_head and self._head_bytes > self._limits.head_bytes:
            self._refuse(_HEAD_TOO_LARGE)
            return
        # Not from the parser's callbacks, which would make a fault of `handle` look like one of the client.
        self._answer()
        if len(self._waiting) > _AHEAD:
            self._transport.pause_reading()

    def _parse(self, data: bytes) -> None:
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]
                self._parser = httptools.HttpRequestParser(self)
            else:
                return

    def _without_upgrade(self) -> bytes:
        """The head once more, without the offer to speak something else, which a server may ignore (RFC 9110, 7.8)."""
        if self._headers.pop(b"upgrade", None) is None:
            raise httptools.HttpParserError("a CONNECT")
        version = self._parser.get_http_version().encode()
        lines = [b"%s: %s\r\n" % header for header in self._headers.items()]
        return b"%s %s HTTP/%s\r\n%s\r\n" % (self._parser.get_method(), self._url, version, b"".join(lines))

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._answer()

    # httptools' side

    def on_message_begin(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._size_bytes = 0
        self._in_head = self._in_request = True
        self._since_s = self._listener.clock()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self._headers[name] = self._headers[name] + b", " + value if name in self._headers else value

    def on_headers_complete(self) -> None:
        if self._parser.should_upgrade():
            return
        self._in_head = False
        self._head_bytes = 0
        self._body_limit_bytes = self._listener.body_limit(self._headers)
        if self._headers.get(b"expect", b"").lower() == b"100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._size_bytes += len(body)
        if self._size_bytes <= self._body_limit_bytes:
            self._body.append(body)
        else:
            self._body.clear()

    def on_message_complete(self) -> None:
        if self._parser.should_upgrade():  # comes before the body
            return
        self._in_request = False
        path, query = self._url, b""
        if not path.startswith(b"/") or b"?" in path or b"#" in path:
            url = httptools.parse_url(path)
            path, query = url.path, url.query or b""
        request = Request(
            method=self._parser.get_method().decode("latin-1"),
            path=path.decode("latin-1"),
            body=b"".join(self._body),
            oversize=self._size_bytes > self._body_limit_bytes,
            query=query,
            headers=self._headers,
        )
        self._waiting.append((request, self._parser.should_keep_alive()))

    # the answers

    def _answer(self) -> None:
        while self._waiting and self._later is None and self._writable:
            self._request, self._keep_alive = self._waiting.popleft()
            answer = self._listener.handle(self._request)
            if isinstance(answer, Response):
                self._send(answer)
            elif isinstance(answer, Stream):
                self._begin(answer)
            else:
                self._later = answer
                answer.send_to(self._answer_later)
        if not self._waiting and not self._transport.is_closing():
            self._transport.resume_reading()

    def _answer_later(self, response: Response) -> None:
        self._later = None
        self._send(response)
        if self._waiting:
            self._answer()

    def _begin(self, stream: Stream) -> None:
        self._keep_alive = False
        self._waiting.clear()
        self._stream = stream
        stream.open(self._transport)

    def _send(self, response: Response) -> None:
        self._transport.write(response.encode(keep_alive=self._keep_alive))
        # Only now: the client has its answer while the rest is done.
        self._since_s = self._listener.clock()
        if self._listener.on_exchange:
            self._listener.on_exchange(self._request, response)
        if not self._keep_alive:
            self._waiting.clear()
            self._transport.close()

    def _refuse(self, response: Response) -> None:
        self._keep_alive = False
        self._request = _NO_REQUEST
        self._send(response)
        if self._listener.on_refusal:
            self._listener.on_refusal(response)


class Listener:
    """A server on `host`, on a free port if `port` is 0, which then says which one it got; use `async with`.

    `handle` answers a request at once, later, as a long poll wants it, or with a stream. `on_exchange` is told of each
    answer when it leaves, `on_refusal` of those to what is no request. `body_limit` says by a request's headers how
    many bytes its body may have, if that is not the same for all. `port` stays known when the listener has ended.
    """

    def __init__(
        self,
        handle: Handle,
        limits: Limits,
        on_exchange: OnExchange | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        body_limit: Callable[[Mapping[bytes, bytes]], int] | None = None,
        on_refusal: OnRefusal | None = None,
    ) -> None:
        self.handle = handle
        self.body_limit = body_limit or (lambda _: limits.body_bytes)
        self.limits = limits
        self.on_exchange = on_exchange
        self.on_refusal = on_refusal
        self.host = host
        self.port = port
        self._connections: set[Connection] = set()
        self._all_closed = asyncio.Event()
        self._sweep: asyncio.TimerHandle | None = None
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self.clock = loop.time
        self._server = await loop.create_server(lambda: Connection(self), self.host, self.port, start_serving=False)
        self.port = int(self._server.sockets[0].getsockname()[1])
        try:
            await self._server.start_serving()
        except asyncio.CancelledError:
            self._server.close()
            raise
        if min(self.limits.idle_s, self.limits.request_s) < float("inf"):
            self._sweep_later()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._sweep:
            self._sweep.cancel()
        try:
            await close_port(self._server)
        finally:
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

    def opened(self, connection: Connection) -> int:
        """Count a new connection; how many there are now."""
        self._connections.add(connection)
        return len(self._connections)

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)
        if not self._connections:
            self._all_closed.set()

    def _sweep_later(self) -> None:
        self._sweep = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep_now)

    def _sweep_now(self) -> None:
        # One timer for all connections: one for each request would cost more than the request.
        now_s = self.clock()
        for connection in list(self._connections):
            connection.check(now_s)
        self._sweep_later()

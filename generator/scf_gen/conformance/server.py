"""A runtime API that hands out a case's events and misbehaves as the case says."""

import asyncio
import socket
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from scf_gen.conformance.answer import Answer
from scf_gen.conformance.case import NAMES, PATHS, Server
from scf_gen.conformance.request import Request, read_request
from scf_gen.conformance.transcript import Exchange
from scf_gen.core import contract
from scf_gen.core.result import Kind
from scf_gen.emulator.port import close_port

# What the events of a scripted server say of themselves, besides their number in Request_Id.
MEMORY_MB = 256
TIME_MS = 5000
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: forget what was not sent, and say so with RST
_WAITED_FOR = ("ready", "response", "error")
_KINDS = {"response": Kind.OK, "error": Kind.FUNCTION_ERROR}


@dataclass(frozen=True, slots=True)
class Posted:
    """The first result of an event."""

    kind: Kind
    body: bytes


class ScriptedApi:
    """Listens on a free port of 127.0.0.1; use `async with`.

    `events` are handed out one after the other; asked again, /next gives the same one until it has its result. `speed`
    makes all waiting so many times shorter; `on_request` is told of each request when it has been taken note of.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        script: Server,
        events: Sequence[bytes],
        *,
        speed: float = 1.0,
        on_request: Callable[[], None] = lambda: None,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self.requests: Counter[str] = Counter()
        self.bodies: Mapping[str, list[bytes]] = defaultdict(list)
        self.posted: list[Posted] = []
        self.faults: list[str] = []
        self.port = 0
        self.idle = asyncio.Event()  # all events are done, and the next one is asked for
        self.fetched = asyncio.Event()  # the last event has been handed out
        self.left = asyncio.Event()  # the port is being closed
        self._script = script
        self._events = events
        self._speed = speed
        self._on_request = on_request
        self._answers = {name: list(script.answers.get(name, ())) for name in PATHS}
        self._handed_out = 0
        self._tried: dict[int, bytes] = {}  # what was first posted, by the event's number
        self._refused = False  # the last result
        self._unanswered: Counter[str] = Counter()
        self._connections: set[asyncio.Task[None]] = set()
        self._absence: asyncio.Task[None] | None = None
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self._listen()
        if self._script.away and self._script.away.after == 0:
            await self._close()
            self._leave()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._absence:
            self._absence.cancel()
        await self._close()
        await asyncio.gather(*self._connections, return_exceptions=True)

    # the port

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, self.host, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        self._hang_up()
        if self._server:
            await close_port(self._server)
        self._hang_up()  # on those that came meanwhile

    def _hang_up(self) -> None:
        for connection in self._connections:
            connection.cancel()

    def _leave(self) -> None:
        self.left.set()
        self._absence = asyncio.create_task(self._be_away())

    async def _be_away(self) -> None:
        await self._close()
        if self._script.away and self._script.away.for_s is not None:
            await asyncio.sleep(self._script.away.for_s / self._speed)
            await self._listen()

    # a connection

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def disconnect(connection: asyncio.Task[None]) -> None:
            self._connections.discard(connection)
            writer.close()

        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(disconnect)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client hung up, or sent what is no HTTP; a case sees it in what does not come

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; whether the connection can be used again."""
        request = await read_request(reader, writer)
        if request is None:
            return False
        name = NAMES.get(request.path, "")
        self._take_note(name, request.method, request.body)
        self._on_request()
        answer = self._answer(name).fit_for(request)
        given = self._body(name, answer)
        if given is None:
            self._note(request, "waits")
            self.idle.set()
            await reader.read(1)  # until the client hangs up
            return False
        self._unanswered[name] += 1
        await asyncio.sleep(answer.delay_s / self._speed)
        # A client that has read the status may hang up and go on, so all is done before it is sent.
        self._unanswered[name] -= 1
        headers = self._headers() if name == "next" else ()
        done = self._conclude(name, answer, request.body)
        self._note(request, answer.fault or answer.status, given)
        try:
            await self._send(answer, given, writer, headers)
        finally:
            if done and self._script.away and self._script.away.after == len(self.posted):
                self._leave()
        return not (answer.fault or answer.close or request.closes)

    def _note(self, request: Request, status: str, given: bytes = b"") -> None:
        self.exchanges.append(Exchange(request.method, request.path, request.body, status, given))

    def _headers(self) -> Sequence[tuple[str, str]]:
        """What the event to be handed out says of itself."""
        return (
            (contract.REQUEST_ID_HEADER, f"Id-{len(self.posted) + 1}"),
            (contract.MEMORY_LIMIT_HEADER, str(MEMORY_MB)),
            (contract.TIME_LIMIT_HEADER, str(TIME_MS)),
        )

    def _take_note(self, name: str, method: str, body: bytes) -> None:
        self.requests[name] += 1
        self.bodies[name].append(body)
        if method != ("GET" if name == "next" else "POST"):
            self.faults.append(f"{method} to {PATHS.get(name, 'an unknown path')}")
        late = self._handed_out == len(self.posted)
        if name in _KINDS and not (name == "error" and late and self._refused):  # RESULT-LATE: to say why is allowed
            if late:
                self.faults.append(f"{PATHS[name]} was called though no event was under way")
            if self._tried.setdefault(len(self.posted), body) != body:
                self.faults.append("a result was posted again with another content")
        if name == "next":
            self.faults.extend(
                f"/next was asked before the answer to {PATHS[other]}"
                for other in _WAITED_FOR
                if self._unanswered[other]
            )

    def _answer(self, name: str) -> Answer:
        if name not in PATHS:
            return Answer(status="404 Not Found")
        if self._answers[name]:
            return self._answers[name].pop(0)
        return self._script.all

    def _body(self, name: str, answer: Answer) -> bytes | None:
        """What to answer with; None for a long poll without an event."""
        if name != "next":
            return b"ok\n"
        if not answer.works and not answer.fault.startswith("cut"):
            return b"out of order\n"
        done = len(self.posted)
        return self._events[done] if done < len(self._events) else None

    async def _send(
        self, answer: Answer, body: bytes, writer: asyncio.StreamWriter, headers: Sequence[tuple[str, str]]
    ) -> None:
        for piece in answer.pieces(headers, body):
            writer.write(piece)
            await writer.drain()
            if answer.bytewise:
                await asyncio.sleep(0)
        if answer.fault == "reset":
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _conclude(self, name: str, answer: Answer, body: bytes) -> bool:
        """Do what is asked for if the answer says so; whether an event is done with it."""
        done = len(self.posted)
        # A result before the event was fetched can only belong to the one before.
        if name in _KINDS and (answer.works or answer.refuses) and self._handed_out > done:
            self.posted.append(Posted(_KINDS[name], body))
            self._refused = answer.refuses
            return True
        if name == "next" and answer.works:
            self._handed_out = done + 1
            if self._handed_out == len(self._events):
                self.fetched.set()
        return False

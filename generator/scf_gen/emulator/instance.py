"""One running bootstrap: the state table, fed by a runtime API, a process and two clocks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from scf_gen.core import contract
from scf_gen.core.advice import ADVICE
from scf_gen.core.function import Function
from scf_gen.core.result import Kind, Outcome
from scf_gen.emulator import bootstrap_file
from scf_gen.emulator.environ import PORT_VARIABLE, environ
from scf_gen.emulator.http import OnExchange
from scf_gen.emulator.http_message import Later, Response
from scf_gen.emulator.log import Log
from scf_gen.emulator.memory_watch import MemoryWatch
from scf_gen.emulator.process import Process, Sink, Usage
from scf_gen.emulator.runtime_api import RESPONSES, WARNINGS, Event, event_response, runtime_api
from scf_gen.emulator.sandbox import Sandbox
from scf_gen.emulator.state import Input, Reply, State, Transition, step

_LAST_WORDS_LIMIT_S = 0.5
_TERM_LIMIT_S = 0.5
_MB = 1024 * 1024


class Status(StrEnum):
    """What an instance is doing."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    DEAD = "dead"


_STATUSES = {
    State.STARTING: Status.STARTING,
    State.STARTING_POLLED: Status.STARTING,
    State.IDLE: Status.IDLE,
    State.POLLED: Status.IDLE,
    State.DISPATCHED: Status.BUSY,
    State.RUNNING: Status.BUSY,
    State.DEAD: Status.DEAD,
}


@dataclass(frozen=True, slots=True)
class Finish:
    """How a stage, initialization or invocation, ended; `body` is the posted result or error."""

    kind: Kind
    body: bytes = b""
    detail: str = ""
    cause: str = ""


class Instance:
    """A bootstrap that handles one event at a time; use `async with`, which leaves no process behind.

    `live` gets each piece of the log when it is written, and `warn` what a bootstrap did that SCF would not tell;
    `programs` are this machine's interpreters, for whose folders SCF's PATH is made longer; `cores` are all that it may
    run on, if there are any; `on_exchange` is told of each answer of the runtime API, `on_status` of each new status.
    """

    def __init__(  # noqa: PLR0913 - who listens comes on top of what runs
        self,
        function: Function,
        code: Path,
        *,
        live: Sink = lambda _: None,
        warn: Callable[[str], None] = lambda _: None,
        programs: tuple[Path, ...] = (),
        sandbox: Sandbox | None = None,
        cores: frozenset[int] = frozenset(),
        on_exchange: OnExchange | None = None,
        on_status: Callable[["Instance"], None] = lambda _: None,
    ) -> None:
        self.function = function
        self._code = code.resolve()
        self._warn = warn
        self._programs = programs
        self._sandbox = sandbox
        self._cores = cores
        self._on_exchange = on_exchange
        self._on_status = on_status
        self.request_id = ""
        self.status = Status.STARTING
        self._state = State.STARTING
        self._log = Log(live)
        self._process: Process | None = None
        self._exit_watch: asyncio.Task[None] | None = None
        self._memory = MemoryWatch(function.memory_mb * _MB, self._held_bytes, self._end_over_memory)
        self._polls: set[Later] = set()
        self._event: Event
        self._stage: asyncio.Future[Finish] = asyncio.get_running_loop().create_future()
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._api = await self._resources.enter_async_context(runtime_api(self._answer, self._warn, self._on_exchange))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process and self._exit_watch and self.status is Status.IDLE and not self._sandbox:
            # It may have temporary files to take away; in a sandbox they go with it.
            self._process.terminate()
            await asyncio.wait([self._exit_watch], timeout=_TERM_LIMIT_S)
        self._feed(Input.CANCEL)
        try:
            if self._exit_watch:
                await self._exit_watch
        finally:
            await self._resources.aclose()

    @property
    def pid(self) -> int:
        """The process that was started, 0 if there is none."""
        return self._process.pid if self._process else 0

    @property
    def port(self) -> int:
        """Where its runtime API listens."""
        return self._api.port

    @property
    def alive(self) -> bool:
        """Whether another event may be given to this instance."""
        return self._state is not State.DEAD

    @property
    def memory_bytes(self) -> int:
        """What the bootstrap and its descendants hold now; 0 when there is none."""
        return self._held_bytes() if self.alive else 0

    def usage(self) -> Usage:
        """What the bootstrap holds now; nothing before its start."""
        return self._process.usage() if self._process else Usage()

    async def invoke(self, event: Event) -> Outcome:
        """Hand one event to the bootstrap, which is started if it is not running yet, and wait for the outcome."""
        self.request_id = event.request_id
        self._log.start(event.request_id)
        finish = Finish(Kind.OK)
        cold_start_ms, duration_ms = None, 0.0
        if self._process is None:
            self._on_status(self)
            finish, spent_ms = await self._timed(self._initialize())
            if finish.kind is Kind.OK:
                cold_start_ms = spent_ms
                self._log.init_report(event.request_id, self.function, spent_ms, self._memory.peak_bytes)
        if finish.kind is Kind.OK:
            finish, duration_ms = await self._timed(self._dispatch(event))
        return self._conclude(event, finish, duration_ms, cold_start_ms)

    # the two stages

    async def _initialize(self) -> Finish:
        if fault := bootstrap_file.inspect(self._code):
            self._enter(State.DEAD)
            return Finish(fault.kind, detail=fault.detail, cause=fault.cause)
        process = Process(self._log.write, mark=(PORT_VARIABLE, str(self._api.port)), cores=self._cores)
        root = Path(contract.CODE_ROOT) if self._sandbox else self._code
        variables = environ(self.function, root, self._api.host, self._api.port, self._programs)
        try:
            await process.start(self._code, variables, self._sandbox, self._programs)
        except OSError as error:
            self._enter(State.DEAD)
            return Finish(Kind.CANNOT_START, detail=f"Bootstrap cannot be started: {error.strerror}")
        self._process = process
        self._exit_watch = asyncio.create_task(self._watch_exit(process))
        return await self._finished_in(self.function.init_timeout_s, Input.INIT_TIMEOUT)

    async def _dispatch(self, event: Event) -> Finish:
        self._memory.peak_bytes = 0
        self._event = event
        self._stage = asyncio.get_running_loop().create_future()
        if self._feed(Input.DISPATCH).reply is Reply.EVENT:
            polls, self._polls = self._polls, set()
            for poll in polls:
                poll.answer(event_response(event, self.function))
        return await self._finished_in(self.function.timeout_s, Input.TIMEOUT)

    async def _finished_in(self, limit_s: float, overdue: Input) -> Finish:
        clock = asyncio.get_running_loop().call_later(limit_s, self._feed, overdue)
        self._memory.start()
        try:
            return await self._stage
        except asyncio.CancelledError:
            self._feed(Input.CANCEL)
            raise
        finally:
            clock.cancel()
            self._memory.stop()

    async def _timed(self, stage: Awaitable[Finish]) -> tuple[Finish, float]:
        start_s = time.perf_counter()  # a loop's own clock may count in milliseconds
        finish = await stage
        spent_ms = (time.perf_counter() - start_s) * 1000
        if self._process:
            self._process.drain()
        return finish, spent_ms

    def _conclude(self, event: Event, finish: Finish, duration_ms: float, cold_start_ms: float | None) -> Outcome:
        is_silent = finish.kind is Kind.EXIT_BEFORE_READY and self._log.is_silent
        outcome = Outcome(
            finish.kind,
            event.request_id,
            self.function,
            body=finish.body,
            detail=finish.body.decode(errors="replace") if finish.kind is Kind.FUNCTION_ERROR else finish.detail,
            cause=finish.cause or ("exit without a word" if is_silent else ""),
            duration_ms=duration_ms,
            memory_bytes=self._memory.peak_bytes,
            cold_start_ms=cold_start_ms,
        )
        self._log.end(outcome)
        outcome = replace(outcome, log=self._log.text())
        self._log.clear()
        return outcome

    # what happens to the instance

    def _feed(self, given: Input, body: bytes = b"", detail: str = "") -> Transition:
        before, transition = self._state, step(self._state, given)
        self._enter(transition.to)
        if transition.kill and self._process:
            self._memory.look()
            self._process.kill()
        if transition.finish and not self._stage.done():
            cause = _cause(transition.finish, before, body, detail)
            self._stage.set_result(Finish(transition.finish, body, detail, cause))
        return transition

    def _enter(self, state: State) -> None:
        before, self.status, self._state = self.status, _STATUSES[state], state
        if self.status is not before:
            self._on_status(self)

    def _answer(self, given: Input, body: bytes) -> Response | Later:
        if given is not Input.NEXT:
            self._memory.check()
        reply = self._feed(given, body).reply
        if reply is Reply.PARK:
            return self._park()
        if reply is Reply.EVENT:
            return event_response(self._event, self.function)
        if reply in WARNINGS:
            self._warn(str(ADVICE[WARNINGS[reply]]))
        if reply is None:
            raise RuntimeError(f"no reply to {given.name}")
        return RESPONSES[reply]

    def _park(self) -> Later:
        poll = Later(self._unpark)
        self._polls.add(poll)
        return poll

    def _unpark(self, poll: Later) -> None:
        self._polls.discard(poll)
        if not self._polls:
            self._feed(Input.HANGUP)

    async def _watch_exit(self, process: Process) -> None:
        detail = await process.wait()
        # A result that was posted just before the end counts.
        await self._api.drain(_LAST_WORDS_LIMIT_S)
        self._feed(Input.EXIT, detail=detail)

    def _held_bytes(self, known_bytes: int = 0) -> int:
        return self._process.memory_bytes(known_bytes) if self._process else 0

    def _end_over_memory(self) -> None:
        """End the function; on SCF its result would not have come either."""
        if not self._stage.done():
            self._feed(Input.OVER_MEMORY, detail=f"it had {self._memory.peak_bytes / _MB:.0f} MB")


def _cause(kind: Kind, before: State, body: bytes, detail: str) -> str:
    """What advice is about, where the kind alone would mislead; nothing where it does not."""
    if kind is Kind.EXITED and before is State.DISPATCHED:
        return "exit between events"
    if kind in {Kind.EXITED, Kind.EXIT_BEFORE_READY} and detail.startswith("by "):
        return "ended by a signal"
    if kind is Kind.FUNCTION_ERROR and not body.strip():
        return "error without words"
    return ""

"""Instances of one function: started on demand up to a limit, reused, and replaced when they have died."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self

from scf_gen.core.function import Function
from scf_gen.core.result import Outcome
from scf_gen.emulator.event_fault import event_fault
from scf_gen.emulator.http_message import Request, Response
from scf_gen.emulator.instance import Instance
from scf_gen.emulator.log import Log
from scf_gen.emulator.process import Sink
from scf_gen.emulator.reaper import become_subreaper
from scf_gen.emulator.runtime_api import Event
from scf_gen.emulator.sandbox import Sandbox

# How long an instance is kept is SCF's secret (emulator's choice).
IDLE_LIMIT_S = 300.0


class Watcher(Protocol):
    """Is told what one instance does, as it does it."""

    def log(self, data: bytes) -> None:
        """A piece of its log."""

    def exchange(self, request: Request, response: Response) -> None:
        """An answer of its runtime API."""

    def status(self, instance: Instance) -> None:
        """It does something else now, for the event of `instance.request_id`."""


class Pool:
    """Invokes a function on at most `limit` instances; use `async with`, which leaves no process behind.

    An instance that had nothing to do for `idle_limit_s` is ended. `live` gets what new instances log when they do;
    `cores` are all that they may run on, if there are any; `watcher` makes somebody who watches each new one, and gets
    its log in the place of `live`.
    """

    def __init__(  # noqa: PLR0913 - most of it is for the instances
        self,
        function: Function,
        code: Path,
        *,
        limit: int = 1,
        live: Sink = lambda _: None,
        warn: Callable[[str], None] = lambda _: None,
        programs: tuple[Path, ...] = (),
        sandbox: Sandbox | None = None,
        idle_limit_s: float = IDLE_LIMIT_S,
        cores: frozenset[int] = frozenset(),
        watcher: Callable[[], Watcher] | None = None,
    ) -> None:
        self._function = function
        self._code = code
        self.live = live
        self._warn = warn
        self._programs = programs
        self._sandbox = sandbox
        self._cores = cores
        self._watcher = watcher
        self._idle_limit_s = idle_limit_s
        self._free = asyncio.Semaphore(limit)
        self._idle: dict[Instance, asyncio.TimerHandle] = {}
        self._instances: set[Instance] = set()
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def instances(self) -> tuple[Instance, ...]:
        """The instances that there are at this moment."""
        return tuple(self._instances)

    async def __aenter__(self) -> Self:
        become_subreaper()
        return self

    async def __aexit__(self, *_: object) -> None:
        for instance in self.instances:
            await self._end(instance)
        await asyncio.gather(*self._endings)

    async def invoke(self, body: bytes, request_id: str = "") -> Outcome:
        """Hand one event, byte for byte, to an idle or a new instance; without a `request_id` it gets one."""
        request_id = request_id or str(uuid.uuid4())
        if refused := self._refuse(body, request_id):
            return refused
        async with self._free:  # INVOKE-ONE
            instance = await self._take()
            try:
                return await instance.invoke(Event(body, request_id))
            finally:
                await self._give_back(instance)

    async def _take(self) -> Instance:
        while self._idle:
            instance, retirement = self._idle.popitem()
            retirement.cancel()
            if instance.alive:
                return instance
            await self._end(instance)
        watcher = self._watcher() if self._watcher else None
        instance = Instance(
            self._function,
            self._code,
            live=watcher.log if watcher else self.live,
            warn=self._warn,
            programs=self._programs,
            sandbox=self._sandbox,
            cores=self._cores,
            on_exchange=watcher.exchange if watcher else None,
            on_status=watcher.status if watcher else lambda _: None,
        )
        await instance.__aenter__()
        self._instances.add(instance)
        return instance

    async def _give_back(self, instance: Instance) -> None:
        if instance.alive:  # else INVOKE-DISCARD
            retire = asyncio.get_running_loop().call_later
            self._idle[instance] = retire(self._idle_limit_s, self._retire, instance)
        else:
            await self._end(instance)

    def _retire(self, instance: Instance) -> None:
        del self._idle[instance]
        ending = asyncio.ensure_future(self._end(instance))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _end(self, instance: Instance) -> None:
        if retirement := self._idle.pop(instance, None):
            retirement.cancel()
        self._instances.discard(instance)
        await instance.__aexit__()

    def _refuse(self, body: bytes, request_id: str) -> Outcome | None:
        """SCF looks at an event before any instance does."""
        if not (fault := event_fault(body)):
            return None
        kind, detail = fault
        log = Log(self.live)
        outcome = Outcome(kind, request_id, self._function, detail=detail)
        log.start(request_id)
        log.end(outcome)
        return replace(outcome, log=log.text())

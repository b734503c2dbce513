"""Instances of one function: started on demand up to a limit, reused, and replaced when they have died."""

import asyncio
import json
import uuid
from pathlib import Path
from typing import NoReturn, Self

from scf_gen.core import contract
from scf_gen.core.function import Function
from scf_gen.core.result import Kind, Outcome
from scf_gen.emulator.instance import Instance
from scf_gen.emulator.log import Log, Sink
from scf_gen.emulator.reaper import become_subreaper
from scf_gen.emulator.runtime_api import Event
from scf_gen.emulator.sandbox import Sandbox


class Pool:
    """Invokes a function on at most `limit` instances; use `async with`, which leaves no process behind."""

    def __init__(
        self,
        function: Function,
        code: Path,
        *,
        limit: int = 1,
        live: Sink = lambda _: None,
        programs: tuple[Path, ...] = (),
        sandbox: Sandbox | None = None,
    ) -> None:
        self._function = function
        self._code = code
        self._live = live
        self._programs = programs
        self._sandbox = sandbox
        self._free = asyncio.Semaphore(limit)
        self._idle: list[Instance] = []

    async def __aenter__(self) -> Self:
        become_subreaper()
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._idle:
            await self._idle.pop().__aexit__()

    async def invoke(self, body: bytes) -> Outcome:
        """Hand one event, byte for byte, to an idle or a new instance."""
        request_id = str(uuid.uuid4())
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
            instance = self._idle.pop()
            if instance.alive:
                return instance
            await instance.__aexit__()
        instance = Instance(self._function, self._code, live=self._live, programs=self._programs, sandbox=self._sandbox)
        return await instance.__aenter__()

    async def _give_back(self, instance: Instance) -> None:
        if instance.alive:  # else INVOKE-DISCARD
            self._idle.append(instance)
        else:
            await instance.__aexit__()

    def _refuse(self, body: bytes, request_id: str) -> Outcome | None:
        """SCF looks at an event before any instance does (EVENT-LIMIT, EVENT-JSON)."""
        if len(body) > contract.EVENT_LIMIT_BYTES:
            kind, detail = Kind.EVENT_TOO_LARGE, f"this one has {len(body)} bytes"
        elif fault := json_fault(body):
            kind, detail = Kind.EVENT_NOT_JSON, fault
        else:
            return None
        log = Log(self._live)
        outcome = Outcome(kind, request_id, self._function, detail=detail)
        log.start(request_id)
        log.end(outcome)
        return Outcome(kind, request_id, self._function, detail=detail, log=log.text())


def json_fault(body: bytes) -> str:
    """Why `body` is not JSON, in a few words; empty if it is."""
    try:
        json.loads(body.decode(), parse_constant=_refuse_constant, parse_int=str)
    except RecursionError:  # deeper than this parser goes, and well-formed so far
        return ""
    except ValueError as error:
        return str(error)
    return ""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")

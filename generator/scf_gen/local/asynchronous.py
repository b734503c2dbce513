"""Asynchronous invocations: accepted at once, run soon, tried again when they fail."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Self

from scf_gen.core.result import Kind, Outcome
from scf_gen.local.refusal import Refusal
from scf_gen.local.runner import Runner, Service
from scf_gen.local.settings import Settings
from scf_gen.local.store.events import Event, Events
from scf_gen.local.version import Name

# Errors of the caller are not tried again.
_FINAL = {Kind.OK, Kind.EVENT_NOT_JSON, Kind.EVENT_TOO_LARGE}
_NOT_ACTIVE_WAIT_S = 1.0

# Keeps what came of an invocation, so that it lasts.
Record = Callable[[Service, Outcome, float, int], asyncio.Future[None]]


class Queue:
    """The events that wait; use `async with`, which goes on with those of the server before."""

    def __init__(self, settings: Settings, events: Events, runner: Runner, record: Record) -> None:
        self._settings = settings
        self._events = events
        self._runner = runner
        self._record = record
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # So that the bodies of those that wait for an instance stay on the disk.
        self._turns: defaultdict[Name, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(settings.instances))

    async def __aenter__(self) -> Self:
        for event in await self._events.waiting():
            self._schedule(event)
        return self

    async def __aexit__(self, *_: object) -> None:
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def accept(self, name: Name, version: str, body: bytes, request_id: str) -> None:
        """Keep an event; when this returns, it will be handled, also after a restart."""
        now_s = time.time()
        event = Event(request_id, name, version, attempt=0, due_s=now_s, asked_s=now_s)
        await self._events.add(event, body)
        self._schedule(event)

    def _schedule(self, event: Event) -> None:
        wait_s = max(0.0, event.due_s - time.time())
        later = asyncio.get_running_loop().call_later
        self._timers[event.request_id] = later(wait_s, self._begin, event)

    def _begin(self, event: Event) -> None:
        del self._timers[event.request_id]
        task = asyncio.ensure_future(self._handle(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, event: Event) -> None:
        try:
            async with self._turns[event.name]:
                again = await self._invoke(event)
            if again and again.due_s < event.asked_s + self._settings.event_age_s:
                await self._events.postpone(again)
                self._schedule(again)
            else:
                await self._events.remove(event.request_id)
        except (Refusal, OSError):  # the disk does not take it
            self._schedule(replace(event, due_s=time.time() + self._settings.retry_wait_s))

    async def _invoke(self, event: Event) -> Event | None:
        """Invoke the function once; gives the event as it is to be tried again, if it is."""
        body = await self._events.body(event.request_id)
        if body is None:
            return None
        start_s = time.time()
        try:
            service = await self._runner.service(event.name, event.version)
        except Refusal as refusal:
            gone = refusal.code.startswith("ResourceNotFound")
            return None if gone else replace(event, due_s=start_s + _NOT_ACTIVE_WAIT_S)
        outcome = await self._runner.invoke(service, body, event.request_id)
        await self._record(service, outcome, start_s, event.attempt)
        if outcome.kind in _FINAL or event.attempt >= self._settings.retries:
            return None
        return replace(event, attempt=event.attempt + 1, due_s=time.time() + self._settings.retry_wait_s)

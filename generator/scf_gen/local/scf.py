"""The local SCF without its API: what it keeps, and what it runs."""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import lru_cache
from typing import Self

from scf_gen.core.result import FAILURES, Kind, Outcome
from scf_gen.errors import ScfGenError
from scf_gen.local.asynchronous import Queue
from scf_gen.local.clock import text_of
from scf_gen.local.instances import Instances
from scf_gen.local.news import News
from scf_gen.local.refusal import Refusal
from scf_gen.local.runner import Runner, Service
from scf_gen.local.settings import Settings
from scf_gen.local.store.code_files import CodeFiles
from scf_gen.local.store.data_folder import hold
from scf_gen.local.store.database import Database
from scf_gen.local.store.events import Events
from scf_gen.local.store.invocations import KEPT_BYTES, Invocation, Invocations
from scf_gen.local.store.namespaces import Namespaces
from scf_gen.local.store.runs import Runs
from scf_gen.local.store.test_events import TestEvents
from scf_gen.local.store.versions import Versions
from scf_gen.local.version import Name, Version

_ABORTED = 3
_START_TIME = lru_cache(maxsize=2)(text_of)


class LocalScf:
    """Functions, namespaces, invocations and events of one data folder; use `async with`."""

    def __init__(self, settings: Settings, warn: Callable[[str], None] = lambda _: None) -> None:
        self.settings = settings
        self.warn = warn
        self.news = News()
        self.instances = Instances(self.news)
        self._resources = AsyncExitStack()
        self._deployments: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Raises DataFolderInvalid if the folder cannot be used."""
        async with self._resources as resources:
            folder = resources.enter_context(hold(self.settings.data_folder))
            self._database = Database(folder / "scf.sqlite")
            await self._database.open()
            resources.push_async_callback(self._database.close)
            self.files = CodeFiles(folder)
            self.versions = Versions(self._database, self.files, self._tell_of_function)
            self.namespaces = Namespaces(self._database, self._tell_of_namespaces)
            self.test_events = TestEvents(self._database)
            self.runs = Runs(self._database)
            self.invocations = Invocations(self._database)
            self.events = Events(self._database)
            resources.push_async_callback(self.invocations.write)
            self.runner = await resources.enter_async_context(
                Runner(self.settings, self.versions, self.files, self.instances, self.warn)
            )
            for version in await self.versions.recover():
                self.deploy_soon(version)
            self.queue = await resources.enter_async_context(
                Queue(self.settings, self.events, self.runner, self._record_now)
            )
            self._resources = resources.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.settled()
        await self._resources.aclose()

    async def invoke(self, name: Name, version: str, body: bytes, request_id: str) -> Outcome:
        """Hand an event to a function and keep what came of it; raises Refusal where there is no such function."""
        service = await self.runner.service(name, version)
        start_s = time.time()
        try:
            outcome = await self.runner.invoke(service, body, request_id)
        except asyncio.CancelledError:  # INVOKE-CANCEL
            self.record(service, Outcome(Kind.CANCELLED, request_id, service.function), start_s)
            raise
        # The caller has its answer while this is done.
        asyncio.get_running_loop().call_soon(self.record, service, outcome, start_s)
        return outcome

    def record(self, service: Service, outcome: Outcome, start_s: float, retry: int = 0) -> None:
        """Keep what came of an invocation, soon."""
        invocation = _invocation(service, outcome, start_s, retry)
        self.invocations.add(invocation)
        self.news.tell_widely(
            service.version.name,
            "ended",
            request_id=invocation.request_id,
            version=invocation.version,
            ret_code=invocation.ret_code,
            duration_ms=invocation.duration_ms,
        )

    def deploy_soon(self, version: Version) -> asyncio.Task[None]:
        """Have a new or changed $LATEST become active, or failed; done when it is."""
        task = asyncio.ensure_future(self._deploy(version))
        self._deployments.add(task)
        task.add_done_callback(self._deployments.discard)
        return task

    async def settled(self) -> None:
        """Wait for the deployments that are at work."""
        await asyncio.gather(*self._deployments)

    def _record_now(self, service: Service, outcome: Outcome, start_s: float, retry: int) -> asyncio.Future[None]:
        self.record(service, outcome, start_s, retry)
        return asyncio.ensure_future(self.invocations.write())

    def _tell_of_function(self, name: Name) -> None:
        self.news.tell_widely(name, "function")

    def _tell_of_namespaces(self, region: str) -> None:
        self.news.tell(Name(region, "", ""), "namespaces")

    async def _deploy(self, version: Version) -> None:
        reason = ""
        try:
            await self.runner.deploy(version.code_sha256)
        except (ScfGenError, OSError) as error:
            reason = str(error)
        try:
            await self.versions.settle(version.name, reason)
        except Refusal as refusal:  # the next start does it again
            self.warn(f"{version.name.function} stays {version.status}: {refusal.message}")


def _invocation(service: Service, outcome: Outcome, start_s: float, retry: int) -> Invocation:
    return Invocation(
        outcome.request_id,
        *service.version.name,
        service.version.version,
        _START_TIME(int(start_s)),
        _ret_code(outcome.kind),
        outcome.ret_msg[:KEPT_BYTES].decode(errors="replace"),
        outcome.log[-KEPT_BYTES:].decode(errors="replace"),
        outcome.duration_ms,
        math.ceil(outcome.duration_ms),
        outcome.memory_bytes,
        retry,
    )


def _ret_code(kind: Kind) -> int:
    """0 is success, 3 an abort; any other number a failure, here the status of SCF's table (emulator's choice)."""
    if kind is Kind.OK:
        return 0
    return _ABORTED if kind is Kind.CANCELLED else FAILURES[kind].status_code

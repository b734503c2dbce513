"""Running the functions: a pool for each version that is used; when one changes, its pool ends after its last event."""

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Self

from scf_gen.core.contract import LATEST
from scf_gen.core.result import Outcome
from scf_gen.emulator.pool import Pool
from scf_gen.emulator.reaper import become_subreaper
from scf_gen.local.instances import Instances
from scf_gen.local.refusal import Refusal
from scf_gen.local.settings import Settings
from scf_gen.local.store.code_files import CodeFiles
from scf_gen.local.store.versions import Versions
from scf_gen.local.version import Name, Status, Version


class Service:
    """A version that is being served."""

    def __init__(self, version: Version, pool: Pool) -> None:
        self.version = version
        self.function = version.function
        self.pool = pool
        self.busy = 0
        self.retired = False


class Runner:
    """Invokes any version; use `async with`, which leaves no process behind."""

    def __init__(
        self,
        settings: Settings,
        versions: Versions,
        files: CodeFiles,
        instances: Instances,
        warn: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._instances = instances
        self._versions = versions
        self._files = files
        self._warn = warn
        self._services: dict[tuple[Name, str], Service] = {}
        self._draining: set[Service] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self._starting: list[str] = []
        self._changes = 0

    async def __aenter__(self) -> Self:
        become_subreaper()
        return self

    async def __aexit__(self, *_: object) -> None:
        for service in (*self._services.values(), *self._draining):
            await service.pool.__aexit__()
        await asyncio.gather(*self._endings)

    async def service(self, name: Name, version: str) -> Service:
        """The version, ready to be invoked; raises Refusal if there is none or it is not active."""
        return self._services.get((name, version)) or await self._start(name, version)

    async def invoke(self, service: Service, body: bytes, request_id: str) -> Outcome:
        """Hand it one event."""
        service.busy += 1
        try:
            return await service.pool.invoke(body, request_id)
        finally:
            service.busy -= 1
            if service.retired and not service.busy:
                self._end(service)

    def retire(self, name: Name, version: str = LATEST) -> None:
        """No event goes to the version as it was; what it is working on is finished."""
        self._changes += 1
        service = self._services.pop((name, version), None)
        if not service:
            return
        service.retired = True
        self._draining.add(service)
        if not service.busy:
            self._end(service)

    async def deploy(self, sha256: str) -> None:
        """Unpack a version's code; raises ArchiveInvalid."""
        await asyncio.to_thread(self._files.unpacked, sha256)

    async def _start(self, name: Name, number: str) -> Service:
        while True:
            changes = self._changes
            version = await self._versions.get(name, number)
            if version.status is not Status.ACTIVE:
                raise Refusal(
                    "FailedOperation.FunctionStatusError", f"The function {name.function} is {version.status}."
                )
            self._starting.append(version.code_sha256)
            try:
                code = await asyncio.to_thread(self._files.unpacked, version.code_sha256)
                if changes == self._changes:  # else it may be an old version that was read
                    return self._services.setdefault((name, number), Service(version, self._pool(version, code)))
            finally:
                self._starting.remove(version.code_sha256)

    def _pool(self, version: Version, code: Path) -> Pool:
        return Pool(
            version.function,
            code,
            limit=self._settings.instances,
            warn=lambda text: self._warn(f"{version.name.function}: {text}"),
            programs=self._settings.programs,
            sandbox=self._settings.sandbox,
            watcher=self._instances.watcher(version),
        )

    def _end(self, service: Service) -> None:
        ending = asyncio.ensure_future(self._end_now(service))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _end_now(self, service: Service) -> None:
        await service.pool.__aexit__()
        self._draining.discard(service)
        sha256 = service.version.code_sha256
        with contextlib.suppress(Refusal):  # it is swept at the next start
            if not await self._versions.uses(sha256) and sha256 not in self._in_use():
                await asyncio.to_thread(shutil.rmtree, self._files.set_aside(sha256), ignore_errors=True)

    def _in_use(self) -> set[str]:
        served = {service.version.code_sha256 for service in (*self._services.values(), *self._draining)}
        return served | set(self._starting)

"""A local SCF on its port."""

import errno
from contextlib import AsyncExitStack
from typing import Self

from scf_gen.emulator.http import Listener
from scf_gen.emulator.http_message import Limits
from scf_gen.errors import CannotListen
from scf_gen.local.api.front import Front
from scf_gen.local.api.signature import Credential
from scf_gen.local.api.upload import ZIP_LIMIT_BYTES
from scf_gen.local.scf import LocalScf

# A ZIP in base64, and the rest of the call.
_LIMITS = Limits(body_bytes=ZIP_LIMIT_BYTES * 4 // 3 + (1 << 20), idle_s=75.0, request_s=120.0, connections=256)


class Server:
    """The API of `scf` over HTTP; use `async with`."""

    def __init__(self, scf: LocalScf, credential: Credential) -> None:
        self._settings = scf.settings
        self._listener = Listener(
            Front(scf, credential, self._settings.host).handle,
            _LIMITS,
            host=self._settings.host,
            port=self._settings.port,
        )
        self._resources = AsyncExitStack()

    @property
    def url(self) -> str:
        """Where it can be asked."""
        host = self._settings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self._listener.port}"

    async def __aenter__(self) -> Self:
        """Raises CannotListen if the address cannot be had."""
        try:
            await self._resources.enter_async_context(self._listener)
        except OSError as error:
            place = f"{self._settings.host} port {self._settings.port}"
            hint = "name another with --port; 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
            raise CannotListen(f"cannot listen on {place}: {error.strerror or error}", hint) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._resources.aclose()

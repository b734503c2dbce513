"""A local SCF on its port."""

import errno
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

from scf_gen.core.credentials import Credential
from scf_gen.emulator.http import Listener
from scf_gen.emulator.http_message import Limits, Response
from scf_gen.errors import CannotListen
from scf_gen.local.api.front import Front
from scf_gen.local.api.upload import ZIP_LIMIT_BYTES
from scf_gen.local.console.site import Site
from scf_gen.local.scf import LocalScf
from scf_gen.local.settings import Settings

# Whoever does not even name the keys cannot have this process keep much.
_STRANGERS_BODY_BYTES = 1 << 20
# A ZIP in base64, and the rest of the call.
_LIMITS = Limits(body_bytes=ZIP_LIMIT_BYTES * 4 // 3 + (1 << 20), idle_s=75.0, request_s=120.0, connections=256)
_STARTING = Response("503 Service Unavailable", (("Retry-After", "1"),), b"the local SCF is starting\n")
_HOST_HINT = "name an address of this machine with --host"
_HINTS = {
    errno.EADDRINUSE: "name another with --port; 0 takes a free one",
    errno.EACCES: "name one from 1024 on with --port; 0 takes a free one",
    errno.EADDRNOTAVAIL: _HOST_HINT,
}


class Server:
    """The address of a local SCF, which is had before anything is written; use `async with`, and `serving` in it.

    `on_link` gets the address of the link that signs in to the console next, whenever one has been used.
    """

    def __init__(self, settings: Settings, on_link: Callable[[str], None] = lambda _: None) -> None:
        self._settings = settings
        self._on_link = on_link
        self._listener = Listener(
            lambda _: _STARTING,
            _LIMITS,
            host=settings.host,
            port=settings.port,
            body_limit=lambda _: _STRANGERS_BODY_BYTES,
        )
        self._resources = AsyncExitStack()
        self._site: Site

    @property
    def url(self) -> str:
        """Where it can be asked."""
        host = self._settings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self._listener.port}"

    def new_link(self) -> str:
        """The address that signs a browser in to the console, once."""
        return self.url + self._site.new_link()

    async def __aenter__(self) -> Self:
        """Raises CannotListen if the address cannot be had."""
        try:
            await self._resources.enter_async_context(self._listener)
        except OSError as error:
            number = error.errno or 0
            reason = os.strerror(number) if number in _HINTS else error.strerror or error
            place = f"{self._settings.host} port {self._settings.port}"
            raise CannotListen(f"cannot listen on {place}: {reason}", _HINTS.get(number, _HOST_HINT)) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._resources.aclose()

    @asynccontextmanager
    async def serving(self, scf: LocalScf, credential: Credential) -> AsyncIterator[None]:
        """API and console of `scf` over HTTP, until the end of the block; then nobody is connected any more."""
        self._site = Site(scf, credential, lambda path: self._on_link(self.url + path))
        secret_id = f"Credential={credential.secret_id}/".encode()

        def body_limit(headers: Mapping[bytes, bytes]) -> int:
            known = secret_id in headers.get(b"authorization", b"") or self._site.knows(headers)
            return _LIMITS.body_bytes if known else _STRANGERS_BODY_BYTES

        self._listener.body_limit = body_limit
        self._listener.handle = Front(scf, credential, self._settings.host, self._site.handle).handle
        try:
            yield
        finally:
            await self._resources.aclose()
            await self._site.close()

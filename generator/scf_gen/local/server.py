"""A local SCF on its port."""

import errno
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Self

from scf_gen.core.credentials import Credential
from scf_gen.emulator.http import Listener
from scf_gen.emulator.http_message import Limits
from scf_gen.errors import CannotListen
from scf_gen.local.api.front import Front
from scf_gen.local.api.upload import ZIP_LIMIT_BYTES
from scf_gen.local.console.site import Site
from scf_gen.local.scf import LocalScf

# A ZIP in base64, and the rest of the call.
# Whoever does not even name the keys cannot have this process keep much.
_STRANGERS_BODY_BYTES = 1 << 20
_LIMITS = Limits(body_bytes=ZIP_LIMIT_BYTES * 4 // 3 + (1 << 20), idle_s=75.0, request_s=120.0, connections=256)


class Server:
    """API and console of `scf` over HTTP; use `async with`.

    `on_link` gets the address of the link that signs in to the console next, whenever one has been used.
    """

    def __init__(self, scf: LocalScf, credential: Credential, on_link: Callable[[str], None] = lambda _: None) -> None:
        self._settings = scf.settings
        self._site = Site(scf, credential, lambda path: on_link(self.url + path))
        self._secret_id = f"Credential={credential.secret_id}/".encode()
        self._listener = Listener(
            Front(scf, credential, self._settings.host, self._site.handle).handle,
            _LIMITS,
            host=self._settings.host,
            port=self._settings.port,
            body_limit=self._body_limit,
        )
        self._resources = AsyncExitStack()

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
        self._resources.push_async_callback(self._site.close)
        try:
            await self._resources.enter_async_context(self._listener)
        except OSError as error:
            place = f"{self._settings.host} port {self._settings.port}"
            hint = "name another with --port; 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
            raise CannotListen(f"cannot listen on {place}: {error.strerror or error}", hint) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._resources.aclose()

    def _body_limit(self, headers: Mapping[bytes, bytes]) -> int:
        known = self._secret_id in headers.get(b"authorization", b"") or self._site.knows(headers)
        return _LIMITS.body_bytes if known else _STRANGERS_BODY_BYTES

"""Who may use the console: whoever opened a link that the server printed, for a while, in that browser."""

import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from scf_gen.local.store.data_folder import keep_secret

Headers = Mapping[bytes, bytes]

LASTS_S = 30 * 86400
_KEY_FILE = "console-key"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's; every change that it asks for has to bring `csrf_token`."""

    id: str
    csrf_token: str


class Sessions:
    """Sessions are signed, not stored, so that they outlive the server; `on_link` gets each new link's path."""

    def __init__(self, folder: Path, on_link: Callable[[str], None] = lambda _: None) -> None:
        self._key = _kept_key(folder)
        self._on_link = on_link
        self._token = ""

    def new_link(self) -> str:
        """The path of a link that signs in once; the one before does not any more."""
        self._token = secrets.token_urlsafe(24)
        return f"/sign-in?token={self._token}"

    def redeem(self, token: str) -> str:
        """The value of a new session's cookie; empty if the token is not that of the last link."""
        if not self._token or not hmac.compare_digest(token.encode(), self._token.encode()):
            return ""
        self._on_link(self.new_link())
        content = f"{secrets.token_urlsafe(16)}.{int(time.time()) + LASTS_S}"
        return f"{content}.{self._sign('session', content)}"

    def of(self, headers: Headers) -> Session | None:
        """The session that a request with such headers belongs to."""
        value = _cookie(headers)
        content, _, signature = value.rpartition(".")
        expires = content.rpartition(".")[2]
        if not hmac.compare_digest(signature.encode(), self._sign("session", content).encode()):
            return None
        if not expires.isdecimal() or int(expires) < time.time():
            return None
        return Session(content, self._sign("csrf", content))

    def _sign(self, purpose: str, content: str) -> str:
        return hmac.digest(self._key, f"{purpose} {content}".encode(), "sha256").hex()


def cookie_name(headers: Headers) -> str:
    """Browsers share cookies between the ports of a host, so the port is part of it."""
    port = headers.get(b"host", b"").rpartition(b":")[2].decode("latin-1")
    return f"scf-console-{port if port.isdecimal() else '80'}"


def _cookie(headers: Headers) -> str:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    found = cookies.get(cookie_name(headers))
    return found.value if found else ""


def _kept_key(folder: Path) -> bytes:
    path = folder / _KEY_FILE
    if path.is_file() and len(key := path.read_bytes()) == _KEY_BYTES:
        return key
    key = secrets.token_bytes(_KEY_BYTES)
    keep_secret(path, key)
    return key

"""The files that the console's pages are made of; they come with the package."""

import hashlib
from functools import cache
from pathlib import Path

from scf_gen.emulator.http_message import Request, Response
from scf_gen.local.console import replies

_FOLDER = Path(__file__).parent / "static"
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
PREFIX = "/static/"


def serve(request: Request) -> Response | None:
    """The file that is asked for, if it is one of them."""
    found = _files().get(request.path.removeprefix(PREFIX))
    if not found:
        return None
    body, kind, tag = found
    if request.headers.get(b"if-none-match", b"").decode("latin-1") == tag:
        return replies.unchanged(tag)
    return replies.asset(body, kind, tag)


@cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    found = {}
    for path in _FOLDER.iterdir():
        body = path.read_bytes()
        found[path.name] = (body, _KINDS[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:20]}"')
    return found

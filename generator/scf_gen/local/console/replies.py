"""The forms of the console's answers, each with the headers that keep a browser from doing more than it should."""

import json
from typing import Any

from scf_gen.emulator.http_message import Response

# No inline script or style, nothing from elsewhere, no frames, and no way to make HTML out of text.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
SAFE = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_FRESH = ("Cache-Control", "no-store")


def page(text: str, status: str = "200 OK", headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An HTML page."""
    return Response(status, (("Content-Type", "text/html; charset=utf-8"), _FRESH, *SAFE, *headers), text.encode())


def told(data: Any, status: str = "200 OK") -> Response:
    """An answer to a page's script."""
    body = json.dumps(data, ensure_ascii=False).encode(errors="replace")
    return Response(status, (("Content-Type", "application/json"), _FRESH, *SAFE), body)


def not_told(code: str, message: str, status: str = "400 Bad Request") -> Response:
    """A refusal, in the form that the cloud API has for it."""
    return told({"Response": {"Error": {"Code": code, "Message": message}}}, status)


def asset(body: bytes, kind: str, tag: str) -> Response:
    """A file of the console; the browser asks each time if it is still the same."""
    headers = (("Content-Type", kind), ("Cache-Control", "no-cache"), ("ETag", tag), *SAFE)
    return Response("200 OK", headers, body)


def unchanged(tag: str) -> Response:
    """The browser has the file already."""
    return Response("304 Not Modified", (("ETag", tag), ("Cache-Control", "no-cache"), *SAFE), b"")

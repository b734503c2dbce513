"""The addresses that GetFunctionAddress gives: signed, for a while, for whoever has them."""

import asyncio
import hmac
import time
from urllib.parse import parse_qsl

from scf_gen.emulator.http_message import Request, Response
from scf_gen.local.api.signature import Credential
from scf_gen.local.scf import LocalScf

_VALID_S = 1800
_REFUSED = Response("403 Forbidden", (), b"this address is not valid, or not any more\n")


def address(host: str, sha256: str, credential: Credential) -> str:
    """Where a ZIP can be fetched."""
    expires_s = int(time.time()) + _VALID_S
    return f"http://{host}/code/{sha256}.zip?expires={expires_s}&sign={_sign(sha256, expires_s, credential)}"


async def fetch(request: Request, scf: LocalScf, credential: Credential) -> Response:
    """The ZIP that an address stands for."""
    sha256 = request.path.removeprefix("/code/").removesuffix(".zip")
    asked = dict(parse_qsl(request.query.decode("latin-1")))
    expires_s = int(asked["expires"]) if asked.get("expires", "").isdecimal() else 0
    signed = hmac.compare_digest(asked.get("sign", "").encode(), _sign(sha256, expires_s, credential).encode())
    if not signed or expires_s < time.time():
        return _REFUSED
    try:
        data = await asyncio.to_thread(scf.files.zip_path(sha256).read_bytes)
    except FileNotFoundError:
        return _REFUSED
    return Response("200 OK", (("Content-Type", "application/zip"),), data)


def _sign(sha256: str, expires_s: int, credential: Credential) -> str:
    return hmac.digest(credential.secret_key.encode(), f"{sha256} {expires_s}".encode(), "sha256").hex()

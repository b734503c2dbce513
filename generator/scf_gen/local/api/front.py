"""What comes to the server's port: calls of the API, and code to be fetched."""

import asyncio
import ipaddress
import json
import re
import uuid
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from scf_gen.core.credentials import Credential
from scf_gen.emulator.http_message import Later, Request, Response
from scf_gen.emulator.http_stream import Stream
from scf_gen.errors import ScfGenError
from scf_gen.local.api.admission import admit
from scf_gen.local.api.call import Call
from scf_gen.local.api.download import fetch
from scf_gen.local.api.table import ACTIONS
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf

Answer = Response | Stream | Later
Others = Callable[[Request], Answer | None]

# Whoever reads a request in a thread does not hold up the others.
_LARGE_BYTES = 1 << 18
_JSON = (("Content-Type", "application/json"),)
_OWN_NAMES = re.compile(r"localhost|[a-z0-9.-]+\.localhost|scf\.([a-z0-9-]+\.)?tencentcloudapi\.com")
# json.dumps would make one for each answer.
_encode = json.JSONEncoder(ensure_ascii=False).encode
_WRONG_HOST = Response("421 Misdirected Request", (), b"this server is not known by that name; see --host\n")
_NOT_FOUND = Response("404 Not Found", (), b"there is nothing here; the cloud API is at / and wants signed requests\n")


class Front:
    """Answers each request; `host` is the name, besides those of this machine, that the server may be called by.

    What is no call of the API goes to `others`.
    """

    def __init__(self, scf: LocalScf, credential: Credential, host: str, others: Others = lambda _: None) -> None:
        self._scf = scf
        self._others = others
        self._credential = credential
        self._host = host.lower()
        self._trusted: set[bytes] = set()

    def handle(self, request: Request) -> Answer:
        """The answer, at once or later."""
        if not self._is_own(request.headers.get(b"host", b"")):
            return _WRONG_HOST
        if request.path == "/" and (request.method == "POST" or b"authorization" in request.headers):
            return self._call(request)
        if request.method == "GET" and request.path.startswith("/code/"):
            return _answered_by(fetch(request, self._scf, self._credential))
        return self._others(request) or _NOT_FOUND

    def _call(self, request: Request) -> Response | Later:
        request_id = str(uuid.uuid4())
        if len(request.body) > _LARGE_BYTES:
            return _answered_by(self._admit_and_perform(request, request_id))
        try:
            call = admit(request, request_id, self._credential)
        except Refusal as refusal:
            return refused(refusal, request_id)
        return _answered_by(perform(self._scf, call))

    async def _admit_and_perform(self, request: Request, request_id: str) -> Response:
        try:
            call = await asyncio.to_thread(admit, request, request_id, self._credential)
        except Refusal as refusal:
            return refused(refusal, request_id)
        return await perform(self._scf, call)

    def _is_own(self, header: bytes) -> bool:
        """Whether a Host header may be meant for this server, and is not a page's that has its name lead here."""
        if header in self._trusted:
            return True
        name = header.decode("latin-1").lower()
        # tccli and Tencent's SDKs put the whole endpoint there, if it was given with its scheme.
        name = re.sub(r"^https?://|:\d+$", "", name).strip("[]")
        own = name == self._host or bool(_OWN_NAMES.fullmatch(name)) or _is_address(name)
        if own and len(self._trusted) < 100:  # noqa: PLR2004
            self._trusted.add(header)
        return own


async def perform(scf: LocalScf, call: Call) -> Response:
    """Do what a checked call asks."""
    try:
        answer = await ACTIONS[call.action](scf, call)
    except Refusal as refusal:
        return refused(refusal, call.request_id)
    except (ScfGenError, OSError) as error:
        return refused(Refusal("InternalError.System", f"The local SCF could not do it: {error}."), call.request_id)
    except Exception as error:  # noqa: BLE001 - a caller must not wait for ever for what is a bug
        scf.warn(f"this is a bug in scf-gen: {call.action}: {type(error).__name__}: {error}")
        return refused(Refusal("InternalError", "The local SCF has a bug; its log says more."), call.request_id)
    return answered({**answer, "RequestId": call.request_id})


def _answered_by(work: Coroutine[Any, Any, Response]) -> Later:
    """The answer that a task gives; the task is cancelled if the client hangs up."""

    async def answer() -> None:
        later.answer(await work)

    def cancel(_: Later) -> None:
        task.cancel()

    later = Later(cancel)
    task = asyncio.get_running_loop().create_task(answer())
    return later


def answered(fields: Mapping[str, Any]) -> Response:
    """The API's form of a success."""
    body = _encode({"Response": fields}).encode(errors="replace")
    return Response("200 OK", _JSON, body)


def refused(refusal: Refusal, request_id: str) -> Response:
    """The API's form of an error, which is HTTP 200 too."""
    return answered({"Error": {"Code": refusal.code, "Message": refusal.message}, "RequestId": request_id})


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

"""The runtime API of one instance: four paths become inputs of the state table, and its replies become responses."""

from collections.abc import Callable
from dataclasses import dataclass

from scf_gen.core import contract
from scf_gen.core.advice import ADVICE
from scf_gen.core.function import Function
from scf_gen.emulator.http import Listener, OnExchange
from scf_gen.emulator.http_message import Later, Limits, Request, Response
from scf_gen.emulator.state import Input, Reply

Warn = Callable[[str], None]

ROUTES = {
    contract.READY_PATH: ("POST", Input.READY),
    contract.NEXT_PATH: ("GET", Input.NEXT),
    contract.RESPONSE_PATH: ("POST", Input.RESPONSE),
    contract.ERROR_PATH: ("POST", Input.ERROR),
}

# What Tencent's runtime API answers beyond success is not known: statuses and texts are the emulator's choice.
RESPONSES = {
    Reply.OK: Response("200 OK", (), b"ok\n"),
    Reply.LATE: Response("200 OK", (), b"ignored: no invocation is waiting for a result\n"),
    Reply.TOO_EARLY: Response("400 Bad Request", (), b"no result before ready\n"),
    Reply.TOO_LARGE: Response("413 Payload Too Large", (), b"a result may have 6 MB\n"),
    Reply.GONE: Response("410 Gone", (), b"this instance has ended\n"),
}
# What a developer should hear of, by its key in ADVICE; SCF itself says nothing.
WARNINGS = {
    Reply.LATE: "late result",
    Reply.TOO_EARLY: "early result",
    Reply.TOO_LARGE: "large result",
}
_SHOWN_CHARS = 100
_NOT_FOUND = Response("404 Not Found", (), b"no such path in the runtime API\n")


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the bootstrap gets it, byte for byte."""

    body: bytes
    request_id: str


def event_response(event: Event, function: Function) -> Response:
    """The answer to `/next`: the event, and its request's id and limits as headers (NEXT-BODY, NEXT-HEADERS)."""
    headers = (
        (contract.REQUEST_ID_HEADER, event.request_id),
        (contract.MEMORY_LIMIT_HEADER, str(function.memory_mb)),
        (contract.TIME_LIMIT_HEADER, str(round(function.timeout_s * 1000))),
        ("Content-Type", "application/json"),
    )
    return Response("200 OK", headers, event.body)


def runtime_api(
    feed: Callable[[Input, bytes], Response | Later], warn: Warn, on_exchange: OnExchange | None = None
) -> Listener:
    """A listener for one instance; `feed` gets each valid request as an input with its body, and answers it.

    `warn` is told of the first of the others, in words for the developer.
    """
    told: set[str] = set()

    def refuse(key: str, response: Response, detail: str) -> Response:
        if key not in told:
            told.add(key)
            warn(str(ADVICE[key]).format(detail=detail[:_SHOWN_CHARS]))
        return response

    def handle(request: Request) -> Response | Later:
        if request.path not in ROUTES:  # API-UNKNOWN
            return refuse("unknown path", _NOT_FOUND, f"{request.method} {request.path}")
        method, given = ROUTES[request.path]
        if request.method != method:
            allow = Response("405 Method Not Allowed", (("Allow", method),), f"use {method}\n".encode())
            return refuse("wrong method", allow, f"{request.method} {request.path}")
        if request.oversize and given in (Input.RESPONSE, Input.ERROR):
            given = Input.OVERSIZE
        return feed(given, request.body)

    def not_http(response: Response) -> None:
        refuse("not HTTP", response, response.body.decode().strip())

    return Listener(handle, Limits(contract.RESPONSE_LIMIT_BYTES), on_exchange, on_refusal=not_http)

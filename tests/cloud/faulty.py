"""A server between the command and the local SCF that passes calls on, and misbehaves when a test wants it."""

import http.client
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Change = Callable[[dict[str, Any]], None]
# Body, status and content type.
CANNED = {
    "500": (b"upstream is down", 500, "text/plain"),
    "429": (b"slowly", 429, "text/plain"),
    "401": (b"who are you?", 401, "text/plain"),
    "empty": (b"", 200, ""),
    "bytes": (b"\0\xff\x1b[2J", 200, "application/octet-stream"),
    "null": (b'{"Response": null}',),
    "error of another kind": (b'{"Response": {"Error": "boom", "RequestId": "r"}}',),
    "html": (b"<html>Welcome to this hotel</html>", 200, "text/html"),
    "not json": (b'{"Response": ',),
    "no response": (b"[1, 2, 3]",),
    "deep": (b"[" * 200_000,),
    "charset": (
        b'{"Response": {"Error": {"Code": "InternalError", "Message": "odd"}}}',
        200,
        "application/json; charset=utf-8",
    ),
}
THROTTLED = ("RequestLimitExceeded.UinLimitExceeded", "too many requests")


class Faulty(ThreadingHTTPServer):
    """`faults[action]` holds what is done to the next calls of an action; `calls` what was asked.

    A fault is a word of `_Handler.fault` or `CANNED`, a pair of error code and message, or a function that changes the
    answer.
    """

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.faults: dict[str, deque[str | tuple[str, str] | Change]] = defaultdict(deque)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def actions(self) -> list[str]:
        return [action for action, _ in self.calls]

    @property
    def changes(self) -> list[str]:
        """The calls that are not only questions."""
        return [action for action in self.actions if not action.startswith(("Get", "List"))]

    def handle_error(self, *_: object) -> None:
        """A client that went away is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Faulty

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        action = self.headers["X-TC-Action"]
        self.server.calls.append((action, json.loads(body)))
        waiting = self.server.faults[action]
        fault = waiting.popleft() if waiting else None
        if callable(fault):
            answer = json.loads(self.passed_on(body))
            fault(answer["Response"])
            self.answer(json.dumps(answer).encode())
        elif isinstance(fault, tuple):
            error = dict(zip(("Code", "Message"), fault, strict=True))
            self.answer(json.dumps({"Response": {"Error": error, "RequestId": "of-the-test"}}).encode())
        elif fault:
            self.fault(fault, body)
        else:
            self.answer(self.passed_on(body))

    def fault(self, word: str, body: bytes) -> None:
        match word:
            case "drop":
                self.close_connection = True
            case "lose":  # the call is carried out, and nobody hears of it
                self.passed_on(body)
                self.close_connection = True
            case "cut":
                self.answer(self.passed_on(body), claim=1_000_000)
            case "echo":
                self.answer(f"{self.headers}".encode() + body, 200, "text/plain")
            case "slow":
                self.server.over.wait()
                self.close_connection = True
            case _:
                self.answer(*CANNED[word])

    def passed_on(self, body: bytes) -> bytes:
        connection = http.client.HTTPConnection(self.server.behind)
        connection.request("POST", "/", body, dict(self.headers))
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def answer(self, body: bytes, status: int = 200, kind: str = "application/json", claim: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(claim or len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

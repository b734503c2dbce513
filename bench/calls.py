"""Callers of a function over HTTP: processes of their own, each with one kept connection and one call, made again."""

import hashlib
import hmac
import json
import multiprocessing
import re
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import reduce

EVENT = '{"key1":"test value 1","key2":"test value 2"}'
PAIR = ("AKIDbench", "key-of-the-bench")
REGION = "ap-bench"
ANSWER_S = 30  # a bootstrap that does not understand its emulator ends the bench


@dataclass(frozen=True)
class Target:
    """Where to call, and what to send each time."""

    port: int
    path: str
    body: bytes
    signed: bool

    def request(self) -> bytes:
        """One request, whole."""
        headers = {"Host": f"127.0.0.1:{self.port}", "Content-Type": "application/json", **self.signature()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {self.path} HTTP/1.1\r\n{lines}Content-Length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body

    def signature(self) -> Mapping[str, str]:
        """The headers of a signed call of Invoke, valid for five minutes."""
        if not self.signed:
            return {}
        timestamp = int(time.time())
        scope = time.strftime("%Y-%m-%d/scf/tc3_request", time.gmtime(timestamp))
        canonical = (
            f"POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:{self.port}\n\ncontent-type;host\n"
            f"{hashlib.sha256(self.body).hexdigest()}"
        )
        to_sign = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        steps = (part.encode() for part in scope.split("/"))
        key = reduce(lambda key, part: hmac.digest(key, part, "sha256"), steps, f"TC3{PAIR[1]}".encode())
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        return {
            "Authorization": f"TC3-HMAC-SHA256 Credential={PAIR[0]}/{scope}, "
            f"SignedHeaders=content-type;host, Signature={signature}",
            "X-TC-Action": "Invoke",
            "X-TC-Version": "2018-04-16",
            "X-TC-Region": REGION,
            "X-TC-Timestamp": str(timestamp),
        }


def call_again_and_again(target: Target, calls: int) -> float:
    """Calls a second of one caller; every answer has to be the echo."""
    request = target.request()
    expected = json.dumps(EVENT).encode() if target.signed else EVENT.encode()
    with closing(socket.create_connection(("127.0.0.1", target.port), timeout=ANSWER_S)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start_s = time.perf_counter()
        for _ in range(calls):
            connection.sendall(request)
            answer = receive(connection)
            if expected not in answer:
                raise SystemExit(f"a call failed: {answer!r}")
        return calls / (time.perf_counter() - start_s)


def receive(connection: socket.socket) -> bytes:
    """An answer with a Content-Length."""
    answer = connection.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: (\d+)", head)
    while found and len(body) < int(found[1]):
        body += connection.recv(65536)
    return body


class Callers:
    """Processes that call when they are told to."""

    def __init__(self, number: int) -> None:
        self._pool = multiprocessing.get_context("spawn").Pool(number)
        self._number = number

    def rate(self, target: Target, calls: int, callers: int) -> float:
        """Calls a second of so many callers together."""
        start_s = time.perf_counter()
        rates = self._pool.starmap(call_again_and_again, [(target, calls // callers)] * callers, chunksize=1)
        return rates[0] if callers == 1 else calls / (time.perf_counter() - start_s)

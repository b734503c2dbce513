"""A runtime API that answers as a test's script says; faults of the network are scf_gen.conformance.server's."""

import contextlib
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from scf_gen.core.contract import NEXT_PATH

LIMIT_S = 20.0


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


# Answers on a connection; gives whether it may be used again.
Answer = Callable[[socket.socket], bool]


def message(body: bytes = b"", status: str = "200 OK", headers: Iterable[str] = ()) -> bytes:
    """A whole response."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send(data: bytes) -> Answer:
    """Send all of `data` at once."""

    def answer(connection: socket.socket) -> bool:
        connection.sendall(data)
        return True

    return answer


def silence(connection: socket.socket) -> bool:
    """A long poll that has no event: wait for the client to hang up."""
    with contextlib.suppress(OSError):
        connection.recv(1)
    return False


class ScriptedApi:
    """Listens on a free port; use `with`.

    Each request gets the next answer that was added for its path; without one, posts get a 200 and /next no answer.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        self._script: dict[str, list[Answer]] = defaultdict(list)
        self._requests: dict[str, list[Request]] = defaultdict(list)
        self._changed = threading.Condition()
        self._connections: set[socket.socket] = set()
        self.port = 0

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()

    def listen(self) -> None:
        """Accept connections, on the same port as before if there was one."""
        self._listener = socket.create_server((self.host, self.port))
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, args=(self._listener,))
        self._acceptor.start()

    def refuse(self) -> None:
        """Close the port and all connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()

    def add(self, path: str, *answers: Answer) -> None:
        """Answers to the next requests for a path."""
        self._script[path].extend(answers)

    def requests(self, path: str) -> list[Request]:
        """The requests for a path so far."""
        with self._changed:
            return list(self._requests[path])

    def wait_for(self, path: str, count: int = 1) -> Request:
        """The `count`-th request for a path, which may be on its way."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self._requests[path]) >= count, LIMIT_S)
            assert arrived, f"{count} x {path} did not come, but {dict(self._requests)}"
            return self._requests[path][count - 1]

    def _accept(self, listener: socket.socket) -> None:
        threads = []
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._connections.add(connection)
                threads.append(threading.Thread(target=self._serve, args=(connection,)))
                threads[-1].start()
        for connection in self._connections.copy():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader, contextlib.suppress(OSError):
            while (request := _read_request(reader)) and self._answer(request)(connection):
                pass
        self._connections.discard(connection)

    def _answer(self, request: Request) -> Answer:
        with self._changed:
            self._requests[request.path].append(request)
            self._changed.notify_all()
            if answers := self._script[request.path]:
                return answers.pop(0)
        return silence if request.path == NEXT_PATH else send(message(b"ok\n"))


def _read_request(reader: socket.SocketIO) -> Request | None:
    line = reader.readline()
    if not line.endswith(b"\r\n"):
        return None
    method, path, _ = line.decode().split(" ")
    headers = {}
    while (header := reader.readline().decode().rstrip("\r\n")) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Request(method, path, headers, reader.read(int(headers.get("content-length", "0"))))

"""The conformance suite's runtime API, in a thread of its own, for tests that start processes themselves."""

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Self

from scf_gen.conformance.answer import Answer
from scf_gen.conformance.case import NAMES, Away, Server
from scf_gen.conformance.server import ScriptedApi

LIMIT_S = 20.0


class RuntimeApi:
    """Listens on a free port; use `with`. `answers` to a path come in turn before the usual ones.

    `gone_after` so many events the port is closed for good.
    """

    def __init__(
        self,
        *events: bytes,
        answers: dict[str, Sequence[Answer]] | None = None,
        usual: Answer | None = None,
        gone_after: int | None = None,
    ) -> None:
        script = Server(
            all=usual or Answer(),
            answers={NAMES[path]: each for path, each in (answers or {}).items()},
            away=None if gone_after is None else Away(gone_after),
        )
        self.asked_s: list[float] = []  # when each request had come
        self._changed = threading.Condition()
        self._api = ScriptedApi(script, events, on_request=self._tell)
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        self._runner.run(self._api.__aenter__())
        self._loop = self._runner.get_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._runner.run(self._api.__aexit__())
        self._runner.close()

    @property
    def host(self) -> str:
        return self._api.host

    @property
    def port(self) -> int:
        return self._api.port

    def bodies(self, path: str) -> list[bytes]:
        """The bodies of the requests for a path so far."""
        return list(self._api.bodies[NAMES[path]])

    def wait_for(self, path: str, count: int = 1) -> bytes:
        """The body of the `count`-th request for a path, which may be on its way."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.bodies(path)) >= count, LIMIT_S)
        assert arrived, f"{count} x {path} did not come, but {list(map(str, self._api.exchanges))}"
        return self.bodies(path)[count - 1]

    def _tell(self) -> None:
        self.asked_s.append(time.monotonic())
        with self._changed:
            self._changed.notify_all()

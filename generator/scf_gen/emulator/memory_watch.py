"""Watching a bootstrap's memory while a stage is in progress; how it is measured is told by `memory.py`."""

import asyncio
import time
from collections.abc import Callable

_EVERY_S = 0.025
# Large forks take milliseconds to look at: at most a twentieth of the time goes into it.
_PAUSE = 20
# Looking takes 0.1 ms where a bootstrap has many threads, as much as all the rest of a short invocation. A function
# that has less than half its memory needs longer than this to fill it.
_FRESH_S = 0.005


class MemoryWatch:
    """The peak of what `held_bytes` tells, and a call of `on_excess` whenever it is found above `limit_bytes`.

    `held_bytes` is given the peak so far; below it, its answer may be too high.
    """

    def __init__(self, limit_bytes: int, held_bytes: Callable[[int], int], on_excess: Callable[[], None]) -> None:
        self.peak_bytes = 0
        self._limit_bytes = limit_bytes
        self._held_bytes = held_bytes
        self._on_excess = on_excess
        self._seen_bytes = 0
        self._seen_s = float("-inf")
        self._next_look: asyncio.TimerHandle

    def start(self, delay_s: float = _EVERY_S) -> None:
        """Look again and again from now on, until `stop`."""
        self._next_look = asyncio.get_running_loop().call_later(delay_s, self._look_and_go_on)

    def stop(self) -> None:
        """Look no more."""
        self._next_look.cancel()

    def check(self) -> None:
        """Look once, and tell if it is too much."""
        self.look()
        if self.peak_bytes > self._limit_bytes:
            self._on_excess()

    def look(self) -> None:
        """Look once, or take what was seen just now where that will do."""
        now_s = time.perf_counter()
        is_far_from_limit = 0 < self._seen_bytes * 2 < self._limit_bytes
        if not is_far_from_limit or now_s - self._seen_s > _FRESH_S:
            self._seen_bytes = self._held_bytes(self.peak_bytes)
            self._seen_s = now_s
        self.peak_bytes = max(self.peak_bytes, self._seen_bytes)

    def _look_and_go_on(self) -> None:
        start_s = time.perf_counter()
        self.check()
        self.start(max(_EVERY_S, (time.perf_counter() - start_s) * _PAUSE))

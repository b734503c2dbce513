"""Writing to stdout and stderr beside the emulator, whoever reads."""

import asyncio
import os
import queue
import threading
import time
from itertools import groupby
from operator import itemgetter
from typing import Self

from scf_gen.emulator.excerpt import left_out

STDOUT, _STDERR = 1, 2
_GATHERING_S = 0.003
_PART_BYTES = 1 << 16
# So much may wait for a slow reader; from half of it on the function is held, but not for long.
_WAITING_LIMIT_BYTES = 8 << 20
_HOLD_LIMIT_S = 0.1
_REST_S = 0.005


class Teller:
    """Writes results to stdout and log to stderr, in order, from a thread of its own; use `with`.

    A slow reader must not hold up the emulator's clocks, nor fill the memory. A function that logs faster than is read
    is held for a moment; if that does not help, log is left out, and a line says how much. Without a reader of the log
    it goes quiet, for the result still counts; without one of the results, the next result raises what the system said.
    """

    def __init__(self) -> None:
        self._pieces: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="teller", daemon=True)
        self._ending = threading.Event()
        self._failure: OSError | None = None
        # Each has one thread that adds to it.
        self._given_bytes = 0
        self._written_bytes = 0
        self._left_out_bytes = 0
        self._busy_since_s: float | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until all is written."""
        self._tell_left_out()
        self._pieces.put(None)
        self._ending.set()
        self._thread.join()
        self._check()

    async def room(self) -> None:
        """Wait until what was told is written, but for a little."""
        while self._is_busy:  # noqa: ASYNC110 - it is a thread that writes
            await asyncio.sleep(_REST_S)

    def log(self, piece: bytes) -> bool:
        """A piece of log, as it is; whether who wrote it should be held for a moment."""
        if self._waiting_bytes >= _WAITING_LIMIT_BYTES:
            self._left_out_bytes += len(piece)
        else:
            self._tell_left_out()
            self._put(_STDERR, piece)
        return self._wants_rest()

    def say(self, text: str) -> None:
        """A line beside the log."""
        self._tell_left_out()
        self._put(_STDERR, f"{text}\n".encode())

    def warn(self, text: str) -> None:
        """Something that SCF itself would keep quiet about."""
        self.log(f"warning: {text}\n".encode())

    def result(self, text: bytes) -> None:
        """A piece of the result, as it is."""
        self._check()
        self._put(STDOUT, text)

    @property
    def _waiting_bytes(self) -> int:
        return self._given_bytes - self._written_bytes

    @property
    def _is_busy(self) -> bool:
        return self._waiting_bytes >= _WAITING_LIMIT_BYTES // 2

    def _wants_rest(self) -> bool:
        if not self._is_busy:
            self._busy_since_s = None
            return False
        now_s = time.monotonic()
        if self._busy_since_s is None:
            self._busy_since_s = now_s
        return now_s - self._busy_since_s < _HOLD_LIMIT_S

    def _tell_left_out(self) -> None:
        if self._left_out_bytes:
            count, self._left_out_bytes = self._left_out_bytes, 0
            self._put(_STDERR, left_out(count))

    def _put(self, fd: int, piece: bytes) -> None:
        self._given_bytes += len(piece)
        self._pieces.put((fd, piece))

    def _check(self) -> None:
        if self._failure:
            raise self._failure

    def _write(self) -> None:
        while True:
            pieces = [self._pieces.get()]
            # What gathers meanwhile goes together: for each piece the loop would have to hand over Python's lock.
            self._ending.wait(_GATHERING_S)
            pieces += [self._pieces.get() for _ in range(self._pieces.qsize())]
            for fd, group in groupby(filter(None, pieces), itemgetter(0)):
                self._write_together(fd, b"".join(piece for _, piece in group))
            if pieces[-1] is None:
                return

    def _write_together(self, fd: int, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                count = os.write(fd, view[:_PART_BYTES])
                self._written_bytes += count
                view = view[count:]
        except OSError as error:
            self._written_bytes += len(view)
            if fd == STDOUT:
                error.filename = "stdout"
                self._failure = error

"""How outcomes are told: results on stdout, logs and hints on stderr."""

import json
import os
import queue
import threading
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any, Protocol, Self

_STDOUT, _STDERR = 1, 2
_GATHERING_S = 0.003


class Timed(Protocol):
    """What is counted of an invocation, times in milliseconds."""

    @property
    def ok(self) -> bool: ...
    @property
    def duration_ms(self) -> float: ...
    @property
    def cold_start_ms(self) -> float | None: ...


class Invoked(Timed, Protocol):
    """How an invocation ended, here (`Outcome`) or there (`cloud.invoke.Answer`)."""

    @property
    def kind(self) -> str: ...
    @property
    def advice(self) -> str: ...
    @property
    def ret_msg(self) -> bytes: ...
    def as_invoke_result(self) -> dict[str, Any]: ...


class Teller:
    """Writes results to stdout and log to stderr, in order, from a thread of its own; use `with`.

    A slow reader must not hold up the emulator's clocks. Without a reader of the log it goes quiet, for the result
    still counts; without one of the results, the next result raises what the system said.
    """

    def __init__(self) -> None:
        self._pieces: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="teller", daemon=True)
        self._ending = threading.Event()
        self._failure: OSError | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until all is written."""
        self._pieces.put(None)
        self._ending.set()
        self._thread.join()
        self._check()

    def log(self, piece: bytes) -> None:
        """A piece of log, as it is."""
        self._pieces.put((_STDERR, piece))

    def say(self, text: str) -> None:
        """A line beside the log."""
        self.log(f"{text}\n".encode())

    def warn(self, text: str) -> None:
        """Something that SCF itself would keep quiet about."""
        self.say(f"warning: {text}")

    def result(self, text: bytes) -> None:
        """A piece of the result, as it is."""
        self._check()
        self._pieces.put((_STDOUT, text))

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
        try:
            _write_all(fd, data)
        except OSError as error:
            if fd == _STDOUT:
                self._failure = error


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def tell(teller: Teller, outcome: Invoked, *, as_json: bool, separate: bool) -> None:
    """The result, and what to do about a failure."""
    if not outcome.ok:
        teller.say(f"{outcome.kind}: {outcome.advice}")
    teller.result(_json_line(outcome) if as_json else _text(outcome, separate=separate))


def _json_line(outcome: Invoked) -> bytes:
    """What the API's Invoke answers."""
    return json.dumps(outcome.as_invoke_result(), ensure_ascii=False).encode(errors="replace") + b"\n"


def _text(outcome: Invoked, *, separate: bool) -> bytes:
    """RetMsg, byte for byte where a program reads it; `separate` ends it with a newline."""
    text = outcome.ret_msg
    wants_newline = (separate or not outcome.ok or os.isatty(_STDOUT)) and not text.endswith(b"\n")
    return text + b"\n" if wants_newline else text


def summary(outcomes: Sequence[Timed]) -> str:
    """One line about many invocations."""
    cold_ms = [outcome.cold_start_ms for outcome in outcomes if outcome.cold_start_ms is not None]
    times_ms = [outcome.duration_ms for outcome in outcomes]
    failed = sum(not outcome.ok for outcome in outcomes)
    cold = f"{len(cold_ms)} cold (median {median(cold_ms):.1f}ms)" if cold_ms else "none cold"
    return (
        f"{len(outcomes)} invocations, {failed} failed; {cold}, {len(outcomes) - len(cold_ms)} warm; "
        f"duration {median(times_ms):.2f}ms median, {max(times_ms):.2f}ms longest"
    )

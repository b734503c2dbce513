"""A language's tool at work: what it says is handed on as it comes, and an interrupt ends it in order.

It has a session of its own. In this process's, Ctrl-C on a terminal would reach it as well, and it would complain
beside this process, or be killed by it before it had cleared up.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from types import FrameType

# What a thread other than the main one, which no signal reaches, goes by: whether the work that it is for has ended.
is_over: ContextVar[Callable[[], bool]] = ContextVar("is_over", default=lambda: False)

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_S = 0.1
_CLEARING_LIMIT_S = 5.0
_CHUNK_BYTES = 1 << 16

_Handler = Callable[[int, FrameType | None], object]


def run(argv: Sequence[str], folder: Path, env: Mapping[str, str]) -> int:
    """Run a program and give its status as subprocess does; its stdout and stderr are both this process's stderr.

    What ends this process is sent on as SIGINT, once; then the program is silent, and has 5 s to clear up before its
    group is killed. KeyboardInterrupt is raised afterwards. Raises OSError where it cannot be started.
    """
    with (
        _interrupted() as is_asked,
        subprocess.Popen(
            argv,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
        ) as process,
    ):
        deadline = 0.0
        while process.poll() is None:
            words = _words(process, _LOOK_S)
            if not is_asked():
                _hand_on(words)
            elif not deadline:
                _signal_group(process, signal.SIGINT)
                deadline = time.monotonic() + _CLEARING_LIMIT_S
            elif time.monotonic() > deadline:
                _signal_group(process, signal.SIGKILL)
        if deadline:
            _signal_group(process, signal.SIGKILL)  # a group with members keeps its number
        else:
            # What it left running may hold its stdout open for ever, so its end is not waited for.
            while words := _words(process, 0):
                _hand_on(words)
        return process.returncode


@contextlib.contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """Says whether an end was asked for; what would raise KeyboardInterrupt anywhere does so at the end alone."""
    if threading.current_thread() is not threading.main_thread():
        yield is_over.get()
        return
    given: list[int] = []
    numbers = [number for number in _ENDING if callable(signal.getsignal(number))]
    handlers: dict[signal.Signals, _Handler] = dict.fromkeys(numbers, lambda number, _: given.append(number))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # The program would inherit that, and could not be told to end.
        handlers[signal.SIGINT] = lambda _number, _frame: None
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield lambda: bool(given)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if given:
        raise KeyboardInterrupt


def _words(process: subprocess.Popen[bytes], wait_s: float) -> bytes:
    """What the program has said; nothing if it says nothing for so long."""
    assert process.stdout  # noqa: S101
    said = select.poll()  # select() cannot have as many files open as a server
    said.register(process.stdout, select.POLLIN)
    if not said.poll(wait_s * 1000):
        return b""
    words = os.read(process.stdout.fileno(), _CHUNK_BYTES)
    if not words:
        # It ends, or has closed its stdout and works on.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait_s)
    return words


def _hand_on(words: bytes) -> None:
    if sys.stderr:  # it may have been closed before the start, or its reader may have gone
        with contextlib.suppress(OSError), open(sys.stderr.fileno(), "wb", closefd=False) as stderr:
            stderr.write(words)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)

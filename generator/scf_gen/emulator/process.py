"""The bootstrap as a process: its start, its output, its exit, its end."""

import asyncio
import contextlib
import json
import os
import resource
import signal
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from scf_gen.core import contract
from scf_gen.emulator.cgroup import Cgroup
from scf_gen.emulator.memory import held_bytes
from scf_gen.emulator.reaper import follow, kill_tree, reap
from scf_gen.emulator.sandbox import OPEN_FILES_LIMIT, Sandbox

T = TypeVar("T")
# Takes a piece of output; true is a wish for a rest before the next one.
Sink = Callable[[bytes], bool | None]

_CHUNK_BYTES = 1 << 16
# As far as a process may widen its pipe: so much can have been written and not read.
_PIPE_LIMIT_BYTES = 1 << 20
_REST_S = 0.005
_KILLED_BY = 128  # a shell, and bubblewrap too, tells of a signal as a status above this


@dataclass(frozen=True, slots=True)
class Usage:
    """What a bootstrap and its descendants hold; `files` are those in a sandbox's /tmp."""

    processes: int = 0
    threads: int = 0
    open_files: int = 0
    files: int = 0
    memory_bytes: int = 0


class Process:
    """A running bootstrap; stdout and stderr are one stream, in the order in which it wrote them (LOG-STREAMS).

    When `on_output` wants a rest, the process is held by its pipe for a moment.
    """

    def __init__(self, on_output: Sink, mark: tuple[str, str], cores: frozenset[int] = frozenset()) -> None:
        self._on_output = on_output
        self._cores = cores
        self._mark = mark
        self._child: asyncio.subprocess.Process
        self._output_fd = -1
        self._status_fd = -1
        self._init_pid = 0
        self._cgroup: Cgroup | None = None

    async def start(
        self, code: Path, environ: Mapping[str, str], sandbox: Sandbox | None, programs: Iterable[Path]
    ) -> None:
        """Start `code`/bootstrap with exactly this environment; raises OSError where the system refuses.

        A sandbox leaves `programs` to be seen, wherever they are installed.
        """
        self._output_fd, output_end = _pipe()
        self._status_fd, status_end = _pipe() if sandbox else (-1, -1)
        self._cgroup = Cgroup.make()
        try:
            self._child = await _to_end(
                asyncio.create_subprocess_exec(
                    *(sandbox.argv(code, programs, status_end) if sandbox else (code / contract.BOOTSTRAP,)),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output_end,
                    stderr=output_end,
                    pass_fds=(status_end,) if sandbox else (),
                    cwd=code,
                    env=dict(environ),
                    start_new_session=True,
                    preexec_fn=self._limit,
                )
            )
        except OSError:
            self._close()
            raise
        finally:
            os.close(output_end)
            if sandbox:
                os.close(status_end)
        if self._cgroup and not self._cgroup.is_entered():
            self._leave_cgroup()
        follow(self._child.pid)
        self._listen()

    @property
    def pid(self) -> int:
        """The process that was started: the bootstrap, or the sandbox around it."""
        return self._child.pid

    async def wait(self) -> str:
        """How the process ended, in words: "with status 3" or "by SIGKILL"."""
        status = await self._child.wait()
        with contextlib.suppress(ValueError):
            told_by_sandbox = status - _KILLED_BY if self._sandbox_init() else 0
            return f"by {signal.Signals(-status if status < 0 else told_by_sandbox).name}"
        return f"with status {status}"

    def drain(self) -> None:
        """Hand on all output that has been written so far; a process that goes on writing does not hold it up."""
        for _ in range(_PIPE_LIMIT_BYTES // _CHUNK_BYTES):
            if not (chunk := self._read()):
                return
            self._on_output(chunk)

    def memory_bytes(self, known_bytes: int = 0) -> int:
        """The memory of the process and its descendants, 0 when it has ended; exact only above `known_bytes`."""
        if self._cgroup:
            return self._cgroup.held_bytes()
        init_pid = self._sandbox_init()
        # The sandbox's own first process is no part of the function.
        return held_bytes(init_pid or self._child.pid, with_root=not init_pid, known_bytes=known_bytes)

    def usage(self) -> Usage:
        """What the process and its descendants hold now."""
        members = self._members()
        return Usage(
            processes=len(members),
            threads=sum(_counted(process.num_threads) for process in members),
            open_files=sum(_counted(process.num_fds) for process in members),
            files=_files_below(self._sandbox_init()),
            memory_bytes=self.memory_bytes(),
        )

    def cpu_s(self) -> float:
        """The processor time that the process, its descendants, and those they have waited for have used so far."""
        return sum(sum(_spent_s(process)) for process in self._members())

    def terminate(self) -> None:
        """Send SIGTERM to the bootstrap itself, not to its children."""
        for process in self._members()[:1]:
            with contextlib.suppress(psutil.Error):
                process.terminate()

    def kill(self) -> None:
        """End the process and all that it started; what it wrote before is handed on."""
        init_pid = self._sandbox_init()
        if init_pid:
            # The first process of a PID namespace takes all others with it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(init_pid, signal.SIGKILL)
        # A pid that has been waited for may belong to somebody else by now.
        kill_tree(self._child.pid if self._child.returncode is None else 0, self._mark)
        if init_pid:
            reap(init_pid)
        self.drain()
        self._close()

    def _read(self) -> bytes:
        """The next piece of output, if there is one now."""
        if self._output_fd < 0:
            return b""
        try:
            chunk = os.read(self._output_fd, _CHUNK_BYTES)
        except BlockingIOError:
            return b""
        if not chunk:
            self._close_output()
        return chunk

    def _hand_on(self) -> None:
        """One piece a turn of the loop: who writes faster is held by the pipe, as on any system."""
        if (chunk := self._read()) and self._on_output(chunk):
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._output_fd)
            loop.call_later(_REST_S, self._listen)

    def _listen(self) -> None:
        if self._output_fd >= 0:
            asyncio.get_running_loop().add_reader(self._output_fd, self._hand_on)

    def _members(self) -> Sequence[psutil.Process]:
        """The bootstrap and its descendants; the sandbox's own first process is no part of the function."""
        init_pid = self._sandbox_init()
        try:
            root = psutil.Process(init_pid or self._child.pid)
            return [*(() if init_pid else (root,)), *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _sandbox_init(self) -> int:
        """The pid, here, of the sandbox's first process; 0 without a sandbox."""
        if self._status_fd >= 0 and not self._init_pid:
            with contextlib.suppress(OSError, ValueError):
                self._init_pid = json.loads(os.read(self._status_fd, _CHUNK_BYTES).partition(b"\n")[0])["child-pid"]
        return self._init_pid

    def _limit(self) -> None:  # FILES-OPEN
        if self._cgroup:
            self._cgroup.enter()
        _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        allowed = OPEN_FILES_LIMIT if hard_limit == resource.RLIM_INFINITY else min(OPEN_FILES_LIMIT, hard_limit)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
        if self._cores:
            os.sched_setaffinity(0, self._cores)

    def _close(self) -> None:
        self._close_output()
        if self._status_fd >= 0:
            os.close(self._status_fd)
            self._status_fd = -1
        self._leave_cgroup()

    def _leave_cgroup(self) -> None:
        if self._cgroup:
            self._cgroup.remove()
            self._cgroup = None

    def _close_output(self) -> None:
        if self._output_fd >= 0:
            asyncio.get_running_loop().remove_reader(self._output_fd)
            os.close(self._output_fd)
            self._output_fd = -1


async def _to_end(work: Coroutine[None, None, T]) -> T:
    """Await `work`, even if cancelled meanwhile, for what it makes needs an owner; the next await is cancelled then."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        made = await task
        if this_task := asyncio.current_task():
            this_task.uncancel()
            this_task.cancel()
        return made


def _spent_s(process: psutil.Process) -> Sequence[float]:
    with contextlib.suppress(psutil.Error):  # it has ended
        return tuple(process.cpu_times()[:4])
    return ()


def _counted(count: Callable[[], int]) -> int:
    try:
        return count()
    except psutil.Error:  # it has ended
        return 0


def _files_below(init_pid: int) -> int:
    """How many files and folders are in the /tmp that a sandbox's processes see; 0 without a sandbox."""
    if not init_pid:
        return 0
    return sum(len(folders) + len(files) for _, folders, files in os.walk(f"/proc/{init_pid}/root/tmp"))


def _pipe() -> tuple[int, int]:
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    return read_end, write_end

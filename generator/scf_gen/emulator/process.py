"""The bootstrap as a process: its start, its output, its exit, its end."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from scf_gen.core import contract
from scf_gen.emulator.reaper import kill_tree

_CHUNK_BYTES = 1 << 16


class Process:
    """A running bootstrap; its stdout and stderr are one stream, in the order in which it wrote them."""

    def __init__(self, on_output: Callable[[bytes], None], mark: tuple[str, str]) -> None:
        self._on_output = on_output
        self._mark = mark
        self._child: asyncio.subprocess.Process
        self._output_fd = -1

    async def start(self, code: Path, environ: Mapping[str, str]) -> None:
        """Start `code`/bootstrap with exactly this environment; raises OSError where the system refuses."""
        self._output_fd, write_fd = os.pipe()
        os.set_blocking(self._output_fd, False)
        try:
            self._child = await asyncio.create_subprocess_exec(
                code / contract.BOOTSTRAP,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_fd,
                stderr=write_fd,
                cwd=code,
                env=dict(environ),
                start_new_session=True,
            )
        except OSError:
            self._close_output()
            raise
        finally:
            os.close(write_fd)
        asyncio.get_running_loop().add_reader(self._output_fd, self.drain)

    async def wait(self) -> str:
        """How the process ended, in words: "with status 3" or "by SIGKILL"."""
        status = await self._child.wait()
        if status < 0:
            with contextlib.suppress(ValueError):
                return f"by {signal.Signals(-status).name}"
        return f"with status {status}"

    def drain(self) -> None:
        """Hand on all output that has been written so far."""
        while self._output_fd >= 0:
            try:
                chunk = os.read(self._output_fd, _CHUNK_BYTES)
            except BlockingIOError:
                return
            if not chunk:
                self._close_output()
                return
            self._on_output(chunk)

    def memory_bytes(self) -> int:
        """The resident memory of the process and its descendants; 0 when it has ended."""
        total = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._child.pid)
            for process in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        return total

    def kill(self) -> None:
        """End the process and all that it started; what it wrote before is handed on."""
        # A pid that has been waited for may belong to somebody else by now.
        kill_tree(self._child.pid if self._child.returncode is None else 0, self._mark)
        self.drain()
        self._close_output()

    def _close_output(self) -> None:
        if self._output_fd >= 0:
            asyncio.get_running_loop().remove_reader(self._output_fd)
            os.close(self._output_fd)
            self._output_fd = -1

"""A generated bootstrap as a plain process, with an environment that a test writes."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from scf_gen.emulator.environ import environ
from scf_gen.emulator.reaper import become_subreaper, follow, kill_tree
from wrappers.runtime_api import RuntimeApi
from wrappers.subject import MARK, Subject

LIMIT_S = 20.0


class BootstrapProcess:
    """Runs from `start` to the end of the `with` block at the latest; `variables` are set, or left out if None."""

    def __init__(self, subject: Subject, api: RuntimeApi, folder: Path, **variables: str | None) -> None:
        self.subject = subject.with_own_mark()
        self._stderr = folder / f"{self.subject.mark}.stderr"
        given = {**environ(self.subject.function, subject.code, api.host, api.port, subject.programs), **variables}
        self._environ = {name: value for name, value in given.items() if value is not None}

    def start(self, cwd: Path | None = None, program: str | Path | None = None) -> Self:
        """SCF starts a bootstrap in its own folder; a test may do otherwise."""
        become_subreaper()
        with self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [program or self.subject.code / "bootstrap"],
                cwd=cwd or self.subject.code,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
        follow(self._process.pid)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        running = self._process.poll() is None
        kill_tree(self._process.pid if running else 0, (MARK, self.subject.mark))
        self._process.wait()

    @property
    def stderr(self) -> str:
        """What it has written so far."""
        return self._stderr.read_text("utf-8", errors="replace")

    def terminate(self) -> None:
        """Send SIGTERM to the bootstrap, not to its children."""
        self._process.terminate()

    def wait(self, limit_s: float = LIMIT_S) -> int:
        """The exit status; a negative number is a signal's."""
        return self._process.wait(limit_s)

    def wait_until(self, holds: Callable[[], bool], limit_s: float = LIMIT_S) -> bool:
        """Whether something comes to hold that nothing tells of."""
        deadline = time.monotonic() + limit_s
        while not holds() and time.monotonic() < deadline:
            time.sleep(0.01)
        return holds()

"""A generated project as a test sees it: its code, its processes, and a pool that keeps it warm."""

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
import tomllib
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import psutil
import pytest
from scf_gen import cli
from scf_gen.bundle.build import build
from scf_gen.core.function import Function
from scf_gen.core.result import Outcome
from scf_gen.emulator.pool import Pool
from scf_gen.languages import catalog
from scf_gen.languages.language import Language

FOLDER = Path(__file__).parent
LANGUAGES = tuple(catalog.languages().values())
INTERPRETED = [language for language in LANGUAGES if language.interpreters]
BUILT = [language for language in LANGUAGES if language.build]
CONFORMANCE = "scf_conformance"
HANDLER = f"{CONFORMANCE}.main_handler"
MARK = "MARK_OF_THIS_TEST"


@dataclass(frozen=True)
class Subject:
    """A project that can be run: its code, the function that SCF would be told of, and where its interpreter is.

    The processes of its bootstrap have `mark` in their environment.
    """

    language: Language
    code: Path
    function: Function
    programs: tuple[Path, ...]

    @property
    def mark(self) -> str:
        return self.function.env[MARK]

    def with_own_mark(self) -> Self:
        """The same project, for a bootstrap whose processes can be told from those of others."""
        env = {**self.function.env, MARK: uuid.uuid4().hex}
        return replace(self, function=replace(self.function, env=env))

    def processes(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if _mark(process) == self.mark]

    def temporary_folders(self) -> set[Path]:
        """The folders of temporary files that one of the processes has a file open in, but for the tests' own."""
        root = Path(tempfile.gettempdir())
        opened = {path for process in self.processes() for path in _open_files(process) if path.is_relative_to(root)}
        folders = {root / path.relative_to(root).parts[0] for path in opened}
        return {folder for folder in folders if not self.code.is_relative_to(folder)}

    def remove_temporary_folders(self) -> None:
        for folder in self.temporary_folders():
            shutil.rmtree(folder)

    def resources(self) -> Counter[str]:
        """What the processes hold: themselves, open files, temporary files, memory."""
        held: Counter[str] = Counter()
        for process in self.processes():
            with contextlib.suppress(psutil.Error):  # it has ended meanwhile
                held.update(processes=1, fds=process.num_fds(), memory_mb=process.memory_info().rss // 1024 // 1024)
        assert held["processes"]
        held["files"] = sum(len(list(folder.rglob("*"))) for folder in self.temporary_folders())
        return held

    def at_rest(self) -> Counter[str]:
        """The resources once a wrapper has done what it does after a result."""
        last, current = Counter(), self.resources()
        while last != current:
            time.sleep(0.1)
            last, current = current, self.resources()
        return current

    def with_file(self, name: str, content: str, folder: Path) -> Self:
        """A copy in `folder` that has another file, built again."""
        code = Path(shutil.copytree(self.code, folder / self.function.name))
        (code / name).write_text(content)
        build(code, self.language)
        return replace(self, code=code)


class WarmFunction:
    """A function on one instance that stays warm from test to test."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject.with_own_mark()
        self._runner = asyncio.Runner()
        self._pool = Pool(self.subject.function, subject.code, programs=subject.programs)

    def __enter__(self) -> Self:
        self._runner.run(self._pool.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._pool.__aexit__())
        self._runner.close()

    def invoke(self, *events: bytes) -> list[Outcome]:
        """Invoke with one event after the other."""

        async def invocations() -> list[Outcome]:
            return [await self._pool.invoke(event) for event in events]

        return self._runner.run(invocations())


def of(languages: list[Language]) -> pytest.MarkDecorator:
    """Runs a test for these languages only."""
    ids = [language.lang for language in languages]
    return pytest.mark.parametrize("language", languages, ids=ids, indirect=True, scope="session")


def read_toml(name: str) -> dict[str, Any]:
    """A file of test data that stands beside the tests."""
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


def generate(language: Language, folder: Path, handler: str = "index.main_handler") -> Path:
    """Write a project named after its language."""
    name = f"a-{language.lang}-function"
    args = ["new", name, "--lang", language.lang, "--handler", handler, "--output-dir", str(folder), "--no-input"]
    assert cli.run(args) == 0
    return folder / name


def files_below(folder: Path) -> set[str]:
    """The paths of all that is in a folder."""
    return {os.path.relpath(path, folder) for path in folder.rglob("*")}


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None


def _open_files(process: psutil.Process) -> list[Path]:
    try:
        return [fd.readlink() for fd in Path(f"/proc/{process.pid}/fd").iterdir()]
    except OSError:  # it has ended meanwhile
        return []

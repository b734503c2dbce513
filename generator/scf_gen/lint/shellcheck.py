"""ShellCheck's findings under its own codes, for the shell files of many packages at once, on all cores."""

import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

from scf_gen.lint.file import UTF8_MARK
from scf_gen.lint.finding import Finding, Found, Severity
from scf_gen.lint.package import File, Package
from scf_gen.lint.rule import rules

SUFFIXES = frozenset({"sh", "bash"})
SHELLS = frozenset({"sh", "bash", "dash", "ksh"})
_NAME = re.compile(r"(?:SC|shellcheck-sc)([0-9]+)")
NOT_CHECKED = "SCF003"
# A bootstrap sources the handler file that _HANDLER names, which ShellCheck cannot know: what is sourced may use any
# variable that seems unused.
_OFF = "SC1090,SC1091,SC2034"
# One carriage return is like another.
_ONCE = {1017}
_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}
# A file that is made to exhaust ShellCheck costs no more than this, and after some of them a package's others are not
# tried.
_CPU_LIMIT_S = 3
_BATCH_CPU_LIMIT_S = 1
_MEMORY_LIMIT_BYTES = 200 << 20
_STRIKES = 2
_LONGEST_BYTES = 512 << 10
_TOO_LONG = "too long"
_SHORT_BYTES = 2048
_BATCH = 16
_CLEAN, _FOUND = 0, 1  # its exit statuses where it could read all files


def is_shell(file: File) -> bool:
    """Whether it is a shell script, by its name or its #! line."""
    if not file.is_regular:
        return False
    if file.suffix in SUFFIXES:
        return True
    if file.suffix and not file.is_executable:
        return False
    names = [PurePosixPath(word).name for word in file.shebang[:2]]
    return bool(names) and (names[0] in SHELLS or (names[0] == "env" and names[-1] in SHELLS))


Comments = Sequence[Mapping[str, Any]]


class _Strikes:
    """How often ShellCheck ran out of its limits at a package's files."""

    def __init__(self) -> None:
        self._left = _STRIKES

    @property
    def out(self) -> bool:
        """Whether no more of its files are tried."""
        return self._left <= 0

    def add(self) -> None:
        self._left -= 1


@dataclass(frozen=True, slots=True)
class Checked:
    """A package's shell files by path, each with its job; `complete` if all of them have one."""

    jobs: Mapping[str, Future[Comments | None]]
    complete: bool

    def findings(self, package: str) -> Iterator[Finding]:
        """What ShellCheck says of them; waits until it has said it."""
        for path, job in self.jobs.items():
            comments = job.result()
            if comments is None:
                yield _not_checked(package, path)
            else:
                yield from (_finding(package, path, comment) for comment in comments)

    def knows(self, path: str) -> bool:
        """Whether it could say what is wrong with a file, if anything is."""
        return self.complete and (path not in self.jobs or self.jobs[path].result() is not None)


class Shellcheck:
    """Checks packages' shell files in the background, on all cores; equal files are checked once."""

    def __init__(self) -> None:
        self._program = program()
        self._jobs: dict[str, Future[Comments | None]] = {_TOO_LONG: Future()}
        self._jobs[_TOO_LONG].set_result(None)

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="scf-gen-")
        self._threads = ThreadPoolExecutor(os.cpu_count())
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def start(self, package: Package | None) -> Checked:
        """Begin with the files of a package, if there is one to be checked."""
        files = [file for file in package.files.values() if is_shell(file)] if package else []
        texts = {file.path: _text(file) for file in files if file.size <= _LONGEST_BYTES}
        names = {file.path: _name(texts[file.path]) if file.path in texts else _TOO_LONG for file in files}
        new = {names[path]: text for path, text in texts.items() if names[path] not in self._jobs}
        for name, text in new.items():
            Path(self._folder.name, name).write_bytes(text)
            self._jobs[name] = Future()
        strikes = _Strikes()
        for batch in _batches(new):
            self._threads.submit(self._check, batch, strikes)
        return Checked({path: self._jobs[name] for path, name in names.items()}, complete=package is not None)

    def _check(self, names: Sequence[str], strikes: _Strikes) -> None:
        try:
            alone = len(names) == 1
            found = None if strikes.out else self._run(names, _CPU_LIMIT_S if alone else _BATCH_CPU_LIMIT_S)
            if found is None and not alone:  # one of them is too much for it
                for name in names:
                    self._check([name], strikes)
                return
            if found is None:
                strikes.add()
            for name in names:
                self._jobs[name].set_result(None if found is None else found[name])
        except BaseException as error:
            for name in names:
                if not self._jobs[name].done():
                    self._jobs[name].set_exception(error)
            raise

    def _run(self, names: Sequence[str], cpu_limit_s: int) -> Mapping[str, Comments] | None:
        if not self._program:
            return None
        # A #! line or a directive in the file counts more than --shell.
        argv = [self._program, "--norc", "--format=json1", f"--exclude={_OFF}", *names]
        with subprocess.Popen(
            argv, cwd=self._folder.name, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (cpu_limit_s, cpu_limit_s))
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (_MEMORY_LIMIT_BYTES, _MEMORY_LIMIT_BYTES))
            output, _ = process.communicate()
        if process.returncode not in {_CLEAN, _FOUND} or not output:  # it runs out of memory with status 1
            return None
        grouped: dict[str, list[Mapping[str, Any]]] = {name: [] for name in names}
        for comment in json.loads(output)["comments"]:
            grouped[comment["file"]].append(comment)
        return {name: list(_told_once(comments)) for name, comments in grouped.items()}


def program() -> str | None:
    """Where ShellCheck is."""
    return shutil.which("shellcheck", path=sysconfig.get_path("scripts")) or shutil.which("shellcheck")


def _batches(texts: Mapping[str, bytes]) -> Iterator[Sequence[str]]:
    """Long files alone, since they take most of the time; short ones together, since starting takes most of theirs."""
    short = [name for name, text in texts.items() if len(text) <= _SHORT_BYTES]
    yield from ([name] for name in texts if name not in short)
    yield from (short[start : start + _BATCH] for start in range(0, len(short), _BATCH))


def _told_once(comments: Comments) -> Iterator[Mapping[str, Any]]:
    told: set[int] = set()
    for comment in comments:
        if comment["code"] not in told:
            yield comment
        told |= {comment["code"]} & _ONCE


def _text(file: File) -> bytes:
    # SCF203, SCF204, SCF406 and SCF407 tell of these; ShellCheck would too, and find faults that are none.
    content = file.content.removeprefix(UTF8_MARK)
    return content.replace(b"\r\n", b"\n") if file.has_crlf else content


def _name(text: bytes) -> str:
    # The suffix tells ShellCheck the dialect of a file without a #! line.
    return f"{hashlib.sha256(text).hexdigest()}.bash"


def _not_checked(package: str, path: str) -> Finding:
    rule = rules()[NOT_CHECKED]
    reason = "could not read it within its limits" if program() else "is not installed"
    found = Found(f"not checked, since ShellCheck {reason}", path, hint=rule.hint)
    return Finding(rule.code, rule.name, rule.severity, package, found)


def _finding(package: str, path: str, comment: Mapping[str, Any]) -> Finding:
    code = f"SC{comment['code']}"
    return Finding(
        code=code,
        name=f"shellcheck-{code.lower()}",
        severity=_SEVERITIES.get(comment["level"], Severity.INFO),
        package=package,
        found=Found(comment["message"], path, comment["line"], comment["column"], hint=url(code)),
        url=url(code),
    )


def code_of(name: str) -> str:
    """The code of one rule of ShellCheck's, given by code or name; empty for anything else."""
    found = _NAME.fullmatch(name)
    return f"SC{found[1]}" if found else ""


def url(code: str) -> str:
    """Where ShellCheck explains a code."""
    return f"https://www.shellcheck.net/wiki/{code}"

"""ShellCheck's findings under its own codes, for the shell files of many packages at once, on all cores."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any, Self

from scf_gen.lint.finding import Finding, Found, Severity
from scf_gen.lint.package import File, Package
from scf_gen.lint.rule import rules

SUFFIXES = frozenset({"sh", "bash"})
SHELLS = frozenset({"sh", "bash", "dash", "ksh"})
NOT_CHECKED = "SCF003"
# A bootstrap sources the handler file that _HANDLER names, which ShellCheck cannot know.
_OFF = "SC1090,SC1091"
_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}
# A file that is made to exhaust ShellCheck costs no more than this.
_CPU_LIMIT_S = 3
_MEMORY_LIMIT_BYTES = 200 << 20
_BATCH = 8

Comments = list[dict[str, Any]]


def is_shell(file: File) -> bool:
    """Whether it is a shell script, by its name or its #! line."""
    if not file.is_regular:
        return False
    names = [PurePosixPath(word).name for word in file.shebang[:2]]
    return file.suffix in SUFFIXES or (
        bool(names) and (names[0] in SHELLS or (names[0] == "env" and names[-1] in SHELLS))
    )


class Shellcheck:
    """Checks the packages' shell files in the background; equal files are checked once."""

    def __init__(self, packages: Sequence[Package]) -> None:
        self._packages = packages
        self._program = shutil.which("shellcheck", path=sysconfig.get_path("scripts")) or shutil.which("shellcheck")
        self._jobs: dict[str, Future[dict[str, Comments | None]]] = {}

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="scf-gen-")
        self._threads = ThreadPoolExecutor(os.cpu_count())
        if self._program:
            names = {self._write(file) for package in self._packages for file in _shell_files(package)}
            ordered = sorted(names)
            for start in range(0, len(ordered), _BATCH):
                batch = ordered[start : start + _BATCH]
                self._jobs |= dict.fromkeys(batch, self._threads.submit(self._check, self._program, batch))
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def findings(self, package: Package) -> Iterator[Finding]:
        """What ShellCheck says of the package's files; waits until it has said it."""
        for file in _shell_files(package):
            name = _name(file)
            comments = self._jobs[name].result()[name] if self._program else None
            if comments is None:
                reason = "could not read it within its limits" if self._program else "is not installed"
                found = Found(f"not checked, since ShellCheck {reason}", file.path)
                rule = rules()[NOT_CHECKED]
                yield Finding(rule.code, rule.name, rule.severity, str(package.path), found)
            else:
                yield from (_finding(package, file, comment) for comment in comments)

    def _write(self, file: File) -> str:
        path = Path(self._folder.name, _name(file))
        if not path.exists():
            path.write_bytes(file.content)
        return path.name

    def _check(self, program: str, names: Sequence[str]) -> dict[str, Comments | None]:
        comments = self._run(program, names)
        if comments is None:  # one of them is too much for it
            alone = ((name, self._run(program, [name])) for name in names) if len(names) > 1 else ()
            return dict.fromkeys(names) | {name: one and one[name] for name, one in alone}
        return dict(comments)

    def _run(self, program: str, names: Sequence[str]) -> dict[str, Comments] | None:
        # A #! line or a directive in the file counts more than --shell.
        argv = [program, "--norc", "--format=json1", f"--exclude={_OFF}", *names]
        with subprocess.Popen(
            argv, cwd=self._folder.name, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (_CPU_LIMIT_S, _CPU_LIMIT_S))
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (_MEMORY_LIMIT_BYTES, _MEMORY_LIMIT_BYTES))
            output, _ = process.communicate()
        if not output:
            return None
        grouped: dict[str, Comments] = {name: [] for name in names}
        for comment in json.loads(output)["comments"]:
            grouped[comment["file"]].append(comment)
        return grouped


def _shell_files(package: Package) -> Iterator[File]:
    return (file for file in package.files.values() if is_shell(file))


def _name(file: File) -> str:
    # The suffix tells ShellCheck the dialect of a file without a #! line.
    return f"{hashlib.sha256(file.content).hexdigest()}.bash"


def _finding(package: Package, file: File, comment: dict[str, Any]) -> Finding:
    code = f"SC{comment['code']}"
    return Finding(
        code=code,
        name=f"shellcheck-{code.lower()}",
        severity=_SEVERITIES.get(comment["level"], Severity.INFO),
        package=str(package.path),
        found=Found(comment["message"], file.path, comment["line"], comment["column"], hint=url(code)),
        url=url(code),
    )


def url(code: str) -> str:
    """Where ShellCheck explains a code."""
    return f"https://www.shellcheck.net/wiki/{code}"

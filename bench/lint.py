"""How long the linter takes for 200 generated projects, against ShellCheck's own time over their shell files."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pairs import Pair, alternate, verdict

BIN = Path(sys.executable).parent
PROJECTS = 200
ROUNDS = 2
TARGET = 1.3
# What in a generated project is a shell script, and so what the linter gives to ShellCheck.
SHEBANGS = (b"#!/bin/sh", b"#!/bin/bash", b"#!/usr/bin/env bash")


def timed(command: Iterable[object], statuses: set[int]) -> Callable[[], float]:
    """A function that runs `command` and gives its time."""

    def run() -> float:
        start_s = time.perf_counter()
        done = subprocess.run([str(word) for word in command], check=False, capture_output=True)
        assert done.returncode in statuses, done
        return (time.perf_counter() - start_s) * 1000

    return run


def generate(folder: Path) -> list[Path]:
    """The same number of projects in each language; equal files are equal."""
    from scf_gen.languages import catalog

    languages = list(catalog.languages())
    for lang in languages:
        new = [BIN / "scf-gen", "new", lang, "--lang", lang, "--output-dir", folder]
        subprocess.run([str(word) for word in new], check=True, capture_output=True)
    projects = [folder / f"{lang}{number}" for lang in languages for number in range(PROJECTS // len(languages))]
    for project in projects:
        shutil.copytree(folder / project.name.rstrip("0123456789"), project)
    return projects


def shell_files(projects: Iterable[Path]) -> list[Path]:
    """Their shell scripts."""
    files = (path for project in projects for path in sorted(project.rglob("*")) if path.is_file())
    return [path for path in files if path.suffix in {".sh", ".bash"} or path.read_bytes().startswith(SHEBANGS)]


def measure(projects: list[Path], files: list[Path]) -> Pair:
    """The linter over all projects in one call, and ShellCheck over all files in one."""
    linter = timed([BIN / "scf-gen", "lint", *projects], {0})
    return alternate(linter, timed([BIN / "shellcheck", "--norc", "--format=json1", *files], {0, 1}), ROUNDS, 0)


def main() -> None:
    """Print both ratios; the second is what the linter gains by checking equal files once."""
    with tempfile.TemporaryDirectory() as folder:
        projects = generate(Path(folder))
        files = shell_files(projects)
        equal = measure(projects, files)
        for number, path in enumerate(files):
            path.write_text(f"{path.read_text()}# {number}\n")
        differing = measure(projects, files)
    print(
        f"{len(projects)} projects, {len(files)} shell files{'lint ms':>14} {'shellcheck ms':>14} {'ratio':>6}  target"
    )
    for name, pair, told in (
        ("all of them different", differing, verdict(differing.ratio, TARGET, at_most=True)),
        ("equal ones checked once", equal, ""),
    ):
        print(f"{name:33}{pair.first_ms:14.0f} {pair.second_ms:14.0f} {pair.ratio:6.2f}  {told}".rstrip())


main()

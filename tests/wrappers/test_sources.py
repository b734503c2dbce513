"""Generated projects as source code: their own tests, linters and formatters, and builds that repeat."""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from scf_gen.bundle.build import build
from scf_gen.core.contract import BOOTSTRAP
from scf_gen.languages import toolbox
from scf_gen.languages.language import Language
from wrappers.subject import BUILT, INTERPRETED, generate, of, read_toml

BOOTSTRAP_LIMIT_LINES = 40
UNUSUAL_HANDLERS = ["my-app.handle_it", "a_b.c_d"]


def run(argv: list[str], folder: Path, language: Language) -> subprocess.CompletedProcess[str]:
    """Run a command as a developer would who has the language's tools, and this Python's scripts, on PATH."""
    tools = toolbox.require(language, "test")
    folders = [str(Path(found.path).parent) for found in tools.values()]
    path = os.pathsep.join([*folders, *os.get_exec_path(), sysconfig.get_path("scripts")])
    program = shutil.which(argv[0], path=path)
    assert program, f"{argv[0]} is missing"
    variables = dict(language.build.env) if language.build else {}
    environ = {**os.environ, "PATH": path, **variables}
    return subprocess.run(
        [program, *argv[1:]],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def commands(check: dict[str, Any], folder: Path) -> list[list[str]]:
    files = sorted(str(path.relative_to(folder)) for glob in check["files"] for path in folder.glob(glob))
    if check.get("one_by_one"):
        return [[*check["command"], file] for file in files]
    return [[*check["command"], *files]]


def faults(folder: Path, language: Language) -> dict[str, str]:
    """What the checks for the language have to say."""
    said = {}
    for check in read_toml("sources.toml")["check"]:
        if language.lang not in check["langs"]:
            continue
        for command in commands(check, folder):
            done = run(command, folder, language)
            if done.returncode or done.stdout:
                said[" ".join(command)] = done.stdout
    return said


def test_the_sources_are_clean(subject):
    assert faults(subject.code, subject.language) == {}


@pytest.mark.parametrize("handler", UNUSUAL_HANDLERS)
def test_the_sources_are_clean_with_other_answers(language, tmp_path, handler):
    assert faults(generate(language, tmp_path, handler), language) == {}


@pytest.mark.parametrize("handler", ["index.main_handler", *UNUSUAL_HANDLERS])
def test_the_projects_own_test_passes(language, tmp_path, handler):
    code = generate(language, tmp_path, handler)
    done = run(list(language.test.argv), code, language)
    assert done.returncode == 0, done.stdout


def test_the_projects_own_test_can_fail(language, tmp_path):
    code = generate(language, tmp_path)
    handler = code / f"index.{language.suffix}"
    handler.write_text(handler.read_text().replace(*read_toml("sources.toml")["broken"][language.lang]))
    done = run(list(language.test.argv), code, language)
    assert done.returncode > 0, done.stdout


@of(INTERPRETED)
def test_a_bootstrap_that_looks_for_an_interpreter_is_short_and_in_the_right_order(subject):
    text = (subject.code / BOOTSTRAP).read_text()
    assert text.startswith("#!/bin/sh\n")
    assert len(text.splitlines()) <= BOOTSTRAP_LIMIT_LINES
    places = [re.search(rf"{re.escape(place)}(?![\w/.])", text) for place in subject.language.interpreters]
    assert all(places)
    assert [place.start() for place in places] == sorted(place.start() for place in places)
    assert text.index("/runtime/bin/") < text.index("/opt/") < places[0].start()


@of(BUILT)
def test_builds_in_two_folders_are_equal(language, tmp_path):
    contents = []
    for name in ("first", "another-one"):
        code = generate(language, tmp_path / name)
        build(code, language)
        contents.append((code / BOOTSTRAP).read_bytes())
    assert contents[0] == contents[1]

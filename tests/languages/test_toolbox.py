"""Finding every version of a tool: by its own name, by aliases, and where a version switcher keeps more."""

from pathlib import Path

import pytest
from scf_gen.languages import toolbox
from scf_gen.languages.language import Keeper, Tool
from scf_gen.languages.toolbox import FoundTool


def program(path: Path, says: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """Is looked for in a folder of the test's, and at a keeper that keeps its versions in another one."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    keeper = Keeper(("echo", str(tmp_path / "kept")), "*/bin/lang")
    return Tool("lang", ("run",), "2.0", ("--version",), "", "", "", aliases=("lang[0-9]",), keepers=(keeper,))


def test_every_version_is_found_once_the_oldest_first(tool, tmp_path):
    newest = program(tmp_path / "path" / "lang", "echo lang 10.1")
    alias = program(tmp_path / "path" / "lang3", "echo lang 3.4.5")
    kept = program(tmp_path / "kept" / "2.7" / "bin" / "lang", "echo 2.7")
    (tmp_path / "kept" / "same" / "bin").mkdir(parents=True)
    (tmp_path / "kept" / "same" / "bin" / "lang").symlink_to(newest)
    assert toolbox.find_all(tool) == (FoundTool(kept, "2.7"), FoundTool(alias, "3.4.5"), FoundTool(newest, "10.1"))


def test_what_is_too_old_or_broken_is_left_out(tool, tmp_path):
    program(tmp_path / "path" / "lang", "echo lang 1.9")
    program(tmp_path / "path" / "lang3", "exit 1")
    program(tmp_path / "kept" / "1" / "bin" / "lang", "echo no number")
    assert toolbox.find_all(tool) == ()


BROKEN = {
    "go: unknown GOEXPERIMENT zork": "echo first; printf 'go: unknown GOEXPERIMENT zork\n\n' >&2; exit 2",
    "no such ?[2Jversion": "printf 'no such \\033[2Jversion'; exit 1",
    "exit status 3": "exit 3",
}


@pytest.mark.parametrize("trouble", BROKEN)
def test_one_that_is_here_and_fails_is_told_with_its_path_and_last_line(scf_gen, tmp_path, monkeypatch, trouble):
    go = program(tmp_path / "path" / "go", BROKEN[trouble])
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    monkeypatch.setattr(toolbox, "search_path", lambda _: (str(tmp_path / "path"),))
    assert scf_gen("new", "fn", "--lang", "go", "--output-dir", tmp_path).status == 0
    done = scf_gen("build", tmp_path / "fn")
    assert done.status == 3
    assert done.err.splitlines()[0] == f"error: go does not work; Go needs it to build: {go}: {trouble}"
    assert done.err.splitlines()[1].startswith("hint: mend that, or get another one: ")
    assert f"broken   go  {go}: {trouble}  for Go: " in scf_gen("doctor").out


def test_one_that_is_only_too_old_is_not_broken(tool, tmp_path):
    program(tmp_path / "path" / "lang", "echo lang 1.9")
    assert toolbox.broken(tool) == ""


def test_templates_that_are_a_language_themselves_are_told_so(scf_gen, tmp_path, monkeypatch):
    (tmp_path / "language.toml").touch()
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(tmp_path))
    done = scf_gen("languages")
    assert done.status == 3
    assert done.err.splitlines()[1] == "hint: name the folder above it"

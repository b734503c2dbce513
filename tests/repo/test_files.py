"""What must hold for every file of the repository."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked() -> list[tuple[str, Path]]:
    """Mode and path of every file that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-sz"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    entries = [entry.split("\t", 1) for entry in listed.split("\0") if entry]
    return [(info.split()[0], ROOT / name) for info, name in entries]


def test_there_are_no_symbolic_links():
    assert [path for mode, path in tracked() if mode == "120000"] == []


def test_every_bootstrap_is_executable_and_nothing_else_in_a_template_is():
    for mode, path in tracked():
        if path.is_relative_to(ROOT / "templates"):
            assert (mode == "100755") == (path.name == "bootstrap"), path


def test_text_has_unix_line_ends():
    for _, path in tracked():
        assert path.suffix in {".png", ".zip"} or b"\r\n" not in path.read_bytes(), path


def test_what_is_copied_from_shared_is_in_step():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "sync_shared.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_module_names_are_nouns_of_their_own():
    names = {path.stem for path in (ROOT / "generator").rglob("*.py")}
    assert not names & {"utils", "helpers", "common", "manager", "misc"}


@pytest.mark.parametrize("path", sorted((ROOT / "generator").rglob("*.py")), ids=lambda path: path.name)
def test_no_module_knows_a_single_language(path):
    assert not re.search(r"""lang(uage)?(\.lang)? *(==|!=|in) *[\[("']+(bash|python|node|go)\b""", path.read_text())

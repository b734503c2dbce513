"""Modules that are compiled for SCF's Python say so where another one would run them."""

import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from local.running import serving

COMPILED = "pkg/_fast.cpython-{}-x86_64-linux-gnu.so"


def here() -> str:
    """The version of the Python on SCF's PATH, or on this machine's."""
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin") or "python3"
    command = [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    return subprocess.check_output(command, text=True).strip()


@pytest.fixture
def project(scf_gen, tmp_path: Path) -> Callable[[str], Path]:
    """A function of Python with one more file."""

    def make(name: str) -> Path:
        assert scf_gen("new", "fn", "--lang", "python", "--output-dir", tmp_path).status == 0
        (tmp_path / "fn" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "fn" / name).write_text("")
        return tmp_path / "fn"

    return make


@pytest.mark.parametrize(
    "command",
    [("invoke", "-d", "{}"), ("bench", "-d", "{}", "--rounds", "1"), ("conform", "--select", "headers-lower-case")],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("packed", [False, True], ids=["a folder", "a ZIP"])
def test_modules_for_another_version_are_told_with_what_to_do(scf_gen, project, command, packed):
    function = project(COMPILED.format("399"))
    if packed:
        assert scf_gen("package", "--no-lint", function).status == 0
        function = function / "fn.zip"
    warning, hint = [line for line in scf_gen(*command, function).err.splitlines() if line.startswith(("warn", "hint"))]
    assert warning.startswith(f"warning: {function} has modules compiled for Python 3.99, and /")
    assert warning.endswith(f", which runs it here, is {here()}: it will not find them")
    assert hint.startswith(f'hint: to try it here, pack it with interpreter = "{here()}" in [package] of scf.toml; ')


@pytest.mark.parametrize(
    "name",
    [
        COMPILED.format(here().replace(".", "")),
        "pkg/_fast.abi3.so",
        "pkg/_fast.py",
        f".venv/{COMPILED.format('399')}",
        f"venv/lib/python3.99/site-packages/{COMPILED.format('399')}",
        "nothing",
    ],
)
def test_what_can_be_loaded_or_is_not_imported_is_not_told(scf_gen, project, name):
    assert "warning" not in scf_gen("invoke", project(name), "-d", "{}").err


def test_an_interpreter_in_the_package_is_not_this_machines(scf_gen, project):
    function = project(COMPILED.format("399"))
    (function / "runtime" / "bin").mkdir(parents=True)
    (function / "runtime" / "bin" / "python3").symlink_to(shutil.which("python3"))
    assert "warning" not in scf_gen("invoke", function, "-d", "{}").err


def test_serve_tells_it_of_what_it_loads(project, tmp_path):
    function = project(COMPILED.format("399"))
    with serving(tmp_path / "data", str(function)) as server:
        assert server.stop(signal.SIGINT) == 0
        assert f"warning: {function} has modules compiled for Python 3.99" in server.log()

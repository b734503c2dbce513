"""A language's tool at work: it speaks live, ends as it wants to when scf-gen is told to end, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

LANGUAGE = """
title = "Toy"
summary = "A toy"
suffix = "toy"
[build]
command = ["bash", "-c", '''{script}''', "toy"]
[test]
command = ["true"]
"""
# Takes a while to clear up, and complains.
ORDERLY = "trap 'echo complaint >&2; touch cleared; exit 3' INT; echo working; while :; do read -t 9 <> waiting; done"
# Will not end, nor its child.
STUBBORN = "trap '' INT TERM HUP; sleep 999 & echo $! >child; mktemp >/dev/null; echo working; while :; do wait; done"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A function whose language is built by a script for bash."""
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(tmp_path / "languages"))

    def make(script: str) -> Path:
        language, folder = tmp_path / "languages" / "toy", tmp_path / "fn"
        language.mkdir(parents=True)
        folder.mkdir()
        (language / "language.toml").write_text(LANGUAGE.replace("{script}", script))
        (folder / "scf.toml").write_text('[function]\nname = "fn"\nlang = "toy"\n')
        os.mkfifo(folder / "waiting")
        return folder

    return make


@contextmanager
def building(folder: Path, *prefix: str, setting: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """`scf-gen build` as a process, from when the tool has begun to work."""
    program = f"from scf_gen.bundle import tool\n{setting}\nfrom scf_gen import cli\ncli.main()"
    command = [*prefix, sys.executable, "-c", program, "build", str(folder)]
    # Unbuffered, since communicate() leaves out what readline() has read ahead.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as running:
        try:
            assert running.stderr.readline() == b"working\n"  # live
            yield running
        finally:
            running.kill()


def child(folder: Path) -> int:
    return int((folder / "child").read_text())


@pytest.mark.parametrize("given", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_in_its_own_way_and_in_silence(project, given):
    folder = project(ORDERLY)
    with building(folder) as running:
        running.send_signal(given)
        assert running.communicate() == (b"", b"\n")  # after ^C
    assert running.returncode == 130
    assert (folder / "cleared").exists()


def test_ctrl_c_of_a_terminal_reaches_it_through_scf_gen_alone(project):
    folder = project(ORDERLY.replace("touch", "echo >>"))
    with building(folder, "setsid") as running:
        os.killpg(running.pid, signal.SIGINT)
        assert running.communicate() == (b"", b"\n")  # after ^C
    assert (running.returncode, (folder / "cleared").read_text()) == (130, "\n")


def test_a_shell_that_ignores_sigint_changes_nothing_for_it(project):
    folder = project(ORDERLY)
    with building(folder, "bash", "-c", "trap '' INT; exec \"$@\"", "-") as running:
        running.send_signal(signal.SIGINT)
        running.send_signal(signal.SIGTERM)
        assert running.communicate() == (b"", b"\n")  # after ^C
    assert running.returncode == 130
    assert (folder / "cleared").exists()


def test_one_that_will_not_end_is_killed_with_its_children_and_leaves_no_temporary_file(project, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    folder = project(STUBBORN)
    with building(folder, setting="tool._CLEARING_LIMIT_S = 0.3") as running:
        left = psutil.Process(child(folder))
        running.send_signal(signal.SIGINT)
        running.send_signal(signal.SIGTERM)
        assert running.communicate() == (b"", b"\n")  # after ^C
    assert running.returncode == 130
    deadline = time.monotonic() + 30
    while left.is_running() and left.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
    assert list(temporary.iterdir()) == []


def test_what_it_leaves_running_is_not_waited_for(project):
    folder = project("echo working; touch bootstrap; sleep 999 & echo $! >child; echo done")
    with building(folder) as running:
        _, err = running.communicate()
    os.kill(child(folder), signal.SIGKILL)  # it is there
    assert (running.returncode, err) == (0, b"done\n")


def test_all_that_it_says_arrives_unchanged(project):
    folder = project("echo working; seq 100000; printf '\\377 no newline'; exit 1")
    with building(folder) as running:
        out, err = running.communicate()
    said = b"".join(b"%d\n" % number for number in range(1, 100001)) + b"\xff no newline"
    assert (running.returncode, out, err[: len(said)]) == (1, b"", said)


@pytest.mark.parametrize("closed", ["exec >&- 2>&-", "exec 2>&- >&- <&-"])
def test_one_that_closes_its_output_is_waited_for(project, closed):
    folder = project(f"echo working; {closed}; read -t 0.3 <> waiting; touch bootstrap")
    with building(folder) as running:
        running.communicate()
    assert running.returncode == 0

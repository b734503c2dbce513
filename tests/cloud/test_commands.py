"""list and delete, names that lead nowhere, and what a terminal shows."""

import json
import os
import pty
import subprocess
import sys

import pytest
from cloud.settings import settings


@pytest.mark.parametrize(
    "args",
    [["invoke", "--remote", "nobody"], ["logs", "nobody"], ["logs", "nobody", "-f"], ["delete", "nobody", "--yes"]],
)
def test_a_function_that_is_not_there(there, args):
    done = there(*args)
    assert (done.status, done.out) == (3, "")
    assert "see scf-gen list" in done.err


def test_a_namespace_that_is_not_there_is_told(there, faulty, server, region):
    done = there("list", "--namespace", "typo")
    assert (done.status, done.out) == (3, "")
    assert done.err.splitlines() == [f"error: there is no namespace typo in {region}", "hint: there is: default"]
    server.client(region).call("CreateNamespace", Namespace="ours")
    assert there("list", "--namespace", "ours").status == 0
    faulty.faults["ListNamespaces"] += [("UnauthorizedOperation.CAM", "not yours")]
    assert there("list", "--namespace", "typo").status == 0


@pytest.mark.parametrize("command", ["logs", "delete"])
def test_a_name_that_can_be_none(there, command):
    assert there(command, "a/b").status == 2


def test_a_list_as_json_and_over_pages(there, faulty, server, region):
    client = server.client(region)
    for number in range(3):
        client.create(f"fn{number}")
    faulty.faults["ListFunctions"] += [lambda response: response.update(Functions=response["Functions"][:2])]
    listed = json.loads(there("list", "--json").out)["functions"]
    assert [function["name"] for function in listed] == ["fn0", "fn1", "fn2"]
    assert listed[0].keys() == {"name", "status", "runtime", "type", "changed"}


def test_without_a_terminal_nothing_is_removed_unasked(there, faulty, deployed):
    done = subprocess.run(
        [sys.executable, "-m", "scf_gen", "delete", "echo", "--endpoint", faulty.url],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "say --yes" in done.stderr
    assert "echo" in there("list").out


@pytest.mark.parametrize(("answer", "status"), [("n", 130), ("y", 0)])
def test_on_a_terminal_it_asks(there, faulty, deployed, answer, status):
    done, shown = on_terminal(["delete", "echo", "--endpoint", faulty.url], answer)
    assert done == status
    assert ("echo stays in " in shown) == ("echo" in there("list").out) == (status != 0)


def test_progress_is_shown_on_a_terminal_only(there, faulty, project):
    assert there("deploy", project).err == ""
    settings(project, memory_mb=256)
    status, shown = on_terminal(["deploy", str(project), "--endpoint", faulty.url])
    assert status == 0
    assert "deploying" in shown
    assert "UpdateFunctionConfiguration" in shown
    assert "100%" in shown


def on_terminal(args: list[str], answer: str = "") -> tuple[int, str]:
    """Status, and what stands on the terminal."""
    main, side = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "scf_gen", *args], stdin=side, stdout=side, stderr=side)
    os.close(side)
    os.write(main, f"{answer}\n".encode() if answer else b"")
    shown = b""
    try:
        while piece := os.read(main, 4096):
            shown += piece
    except OSError:  # Linux's way to say that nobody has the other side any more
        pass
    os.close(main)
    return process.wait(), shown.decode()

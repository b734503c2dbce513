"""logs, and logs --follow."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from itertools import islice

import pytest
from local.running import SECRET_ID, SECRET_KEY
from scf_gen.cloud import logs
from scf_gen.cloud.client import Client
from scf_gen.core.credentials import Credential
from scf_gen.core.place import Place


def test_logs_of_some_of_many_invocations(there, faulty, deployed):
    assert there("logs", "echo").err == "no log of any invocation\n"
    for number in range(3):
        there("invoke", "--remote", "echo", "-d", number)
    last = json.loads(there("invoke", "--remote", "echo", "-d", "3", "--json").out)["RequestId"]
    assert [line for line in there("logs", "echo", "-n", "2").out.splitlines() if "said" in line] == [
        "said 2",
        "said 3",
    ]
    one = there("logs", "echo", "--request-id", last)
    assert "said 3" in one.out
    assert one.out.count("START RequestId:") == 1
    assert "no log of request" in there("logs", "echo", "--request-id", "none").err


def test_a_log_that_the_api_keeps_elsewhere_is_told_in_a_line(there, faulty, deployed):
    there("invoke", "--remote", "echo", "-d", "[]")

    def without_text(response):
        response["Data"][0]["Log"] = ""

    faulty.faults["GetFunctionLogs"] += [without_text]
    assert there("logs", "echo").out.endswith(" RetCode:0 RetMsg:[]\n")


@pytest.fixture
def following(there, faulty, deployed):
    """Starts `logs --follow`, by a shell's `script`; gives the process and what it says of each event."""

    @contextmanager
    def start(script='exec "$@"'):
        there("invoke", "--remote", "echo", "-d", '"first"')
        command = [sys.executable, "-m", "scf_gen", "logs", "echo", "--follow", "--endpoint", faulty.url]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(["sh", "-c", script, "sh", *command], **pipes) as process:
            try:
                told = (line for line in process.stdout if line.startswith("said"))
                assert next(told) == 'said "first"\n'
                yield process, told
            finally:
                process.kill()
            assert process.stderr.read().strip() == ""

    return start


def test_following_tells_each_invocation_once(there, following):
    with following() as (_, told):
        for word in ('"second"', '"third"'):
            there("invoke", "--remote", "echo", "-d", word)
            assert next(told) == f"said {word}\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_following_ends_when_it_is_interrupted(following, number):
    with following() as (process, _):
        process.send_signal(number)
        assert process.wait(10) == 130


def test_following_goes_on_where_a_shell_has_ignored_the_signal(there, following):
    with following("""trap '' INT HUP; exec "$@" """) as (process, told):
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGHUP)
        there("invoke", "--remote", "echo", "-d", '"second"')
        assert next(told) == 'said "second"\n'
        process.terminate()
        assert process.wait(10) == 130


def test_following_ends_when_nobody_reads_any_more(following):
    with following() as (process, _):
        process.stdout.close()
        assert process.wait(10) == 0


def test_following_begins_with_as_many_as_are_wanted(there, server, region, deployed, monkeypatch):
    monkeypatch.setattr(logs, "_PAGE", 2)
    monkeypatch.setattr(logs, "POLL_S", -1)  # to wait for another one would raise
    for number in range(4):
        there("invoke", "--remote", "echo", "-d", number)
    client = Client(Place(region, endpoint=server.endpoint), Credential(SECRET_ID, SECRET_KEY))
    told = islice(logs.follow(client, "echo", 3), 3)
    assert [entry.ret_msg for entry in told] == ["1", "2", "3"]

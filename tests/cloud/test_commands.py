"""The commands around a deployed function: invoke --remote, logs, list, delete; and what a terminal shows."""

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from cloud.settings import settings
from local.running import SECRET_ID, SECRET_KEY, bootstrap
from scf_gen.cloud import logs
from scf_gen.cloud.client import Client
from scf_gen.core.credentials import Credential
from scf_gen.core.place import Place

FAILING = """\
#!/bin/bash
api="http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime"
curl -s -d " " "$api/init/ready" > /dev/null
while curl -s "$api/invocation/next" > /dev/null; do
  curl -s -d "it <failed>" "$api/invocation/error" > /dev/null
done
"""


@pytest.fixture
def deployed(there, project):
    assert there("deploy", project).status == 0
    return project


def test_a_result_is_told_as_of_a_function_here(scf_gen, there, deployed):
    event = '{"a": "ä", "n": [1, 2]}'
    here, remote = scf_gen("invoke", deployed, "-d", event), there("invoke", "--remote", "echo", "-d", event)
    assert (remote.status, remote.stdout) == (here.status, here.stdout) == (0, event.encode())
    assert [line.split(":")[0] for line in remote.err.splitlines()] == [
        line.split(":")[0] for line in here.err.splitlines()
    ]


def test_the_json_has_the_shape_of_that_here(scf_gen, there, deployed):
    here, remote = (
        json.loads(done.out)
        for done in (scf_gen("invoke", deployed, "--json"), there("invoke", "echo", "--remote", "--json"))
    )
    assert list(remote) == list(here)
    assert list(remote["Result"]) == list(here["Result"])
    assert {name: type(value) for name, value in remote["Result"].items()} == {
        name: type(value) for name, value in here["Result"].items()
    }
    assert remote["RequestId"] == remote["Result"]["FunctionRequestId"]
    assert "START RequestId:" in remote["Result"]["Log"]


def test_a_failure_is_told_as_of_a_function_here(scf_gen, there, project):
    (project / "bootstrap").write_text(FAILING)
    there("deploy", project)
    here, remote = scf_gen("invoke", project), there("invoke", "--remote", "echo")
    assert (here.status, remote.status) == (1, 1)
    assert here.out.startswith('{"errorCode":1,"errorMessage":"it \\u003cfailed\\u003e","requestId":"')
    assert remote.out.startswith('{"errorCode":1,"errorMessage":"it \\u003cfailed\\u003e","requestId":"')
    assert here.err.splitlines()[-1] == remote.err.splitlines()[-1]
    assert remote.err.splitlines()[-1].startswith("function error: ")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (bootstrap("exit 3"), "exit during the invocation: the bootstrap ended in the middle of an event; "),
        (bootstrap().replace("\n", "\r\n"), "bootstrap cannot start: save bootstrap with LF line ends: "),
        ("#!/bin/sh\nexit 1\n", "exit before ready: the end of the log says why"),
    ],
    ids=["exit", "CRLF", "exit before ready"],
)
def test_a_failure_gets_the_advice_of_one_here(scf_gen, there, project, text, advice):
    (project / "bootstrap").write_text(text, newline="")
    assert there("deploy", project, "--no-lint").status == 0
    here, remote = scf_gen("invoke", project).err.splitlines()[-1], there("invoke", "--remote", "echo")
    assert remote.status == 1
    told = remote.err.splitlines()[-1]
    assert told.startswith(advice)
    assert told == here.replace(" with status 3", "")  # of which the API says nothing


@pytest.mark.parametrize("place", ["RetMsg", "ErrMsg"])
def test_a_failure_is_seen_wherever_the_api_puts_it(there, faulty, deployed, place):
    def answer(response):
        result = response["Result"]
        failure = {"errorCode": -1, "errorMessage": "Invoking task timed out after 3 seconds", "statusCode": 433}
        text = json.dumps({**failure, "requestId": result["FunctionRequestId"]})
        result.update({"RetMsg": "", "ErrMsg": "", "InvokeResult": 0, place: text})

    faulty.faults["Invoke"] += [answer]
    done = there("invoke", "--remote", "echo")
    assert done.status == 1
    assert done.err.splitlines()[-1].startswith("invocation timeout: raise timeout_s, or do less; ")
    assert json.loads(done.out)["statusCode"] == 433


def test_a_failure_in_words_that_are_not_known_is_told_in_them(there, faulty, deployed):
    def answer(response):
        failure = {"errorCode": -1, "errorMessage": "in other\nwords", "statusCode": 450}
        response["Result"]["RetMsg"] = json.dumps({**failure, "requestId": response["Result"]["FunctionRequestId"]})

    faulty.faults["Invoke"] += [answer]
    assert there("invoke", "--remote", "echo").err.splitlines()[-1] == "status 450: in other words"


def test_a_result_that_looks_like_a_failure_is_a_result(there, deployed):
    event = '{"errorCode": -1, "errorMessage": "no", "statusCode": 433, "requestId": "another"}'
    assert there("invoke", "--remote", "echo", "-d", event).status == 0


def test_an_answer_without_its_parts_is_a_result(there, faulty, deployed):
    faulty.faults["Invoke"] += [lambda response: response.update(Result={"RetMsg": "x", "Log": None})]
    done = there("invoke", "--remote", "echo", "--json")
    assert done.status == 0
    assert json.loads(done.out)["Result"]["Log"] == ""


@pytest.mark.parametrize(
    "event", ["{", b'"\xff"', '"' + "x" * (6 << 20) + '"'], ids=["no JSON", "no UTF-8", "too large"]
)
def test_an_event_that_scf_refuses_is_refused_as_here(scf_gen, there, faulty, deployed, event):
    Path("event").write_bytes(event if isinstance(event, bytes) else event.encode())
    here, remote = scf_gen("invoke", deployed, "-e", "event"), there("invoke", "--remote", "echo", "-e", "event")
    assert (here.status, remote.status) == (1, 1)
    assert json.loads(here.out) | {"requestId": ""} == json.loads(remote.out) | {"requestId": ""}
    assert "Invoke" not in faulty.actions


def test_many_invocations_at_once(there, faulty, deployed):
    done = there("invoke", "--remote", "echo", "-d", "1", "--repeat", 6, "--concurrency", 3)
    assert (done.status, done.out) == (0, "1\n" * 6)
    assert done.err.splitlines()[-1].startswith("6 invocations, 0 failed; ")
    assert faulty.actions.count("Invoke") == 6


@pytest.mark.parametrize("callers", [1, 3])
def test_many_invocations_can_be_interrupted(faulty, deployed, callers):
    command = [sys.executable, "-m", "scf_gen", "invoke", "--remote", "echo", "--endpoint", faulty.url, "-d", "1"]
    with subprocess.Popen(
        [*command, "--repeat", "10000", "--concurrency", str(callers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as invoking:
        assert invoking.stdout.readline() == b"1\n"
        invoking.send_signal(signal.SIGINT)
        assert invoking.wait(10) == 130


def test_the_event_may_be_one_of_the_project(there, faulty, deployed):
    (deployed / "events").mkdir()
    (deployed / "events" / "own.json").write_text("[7]")
    assert there("invoke", "--remote", "echo", "--event", "own").out == "[7]"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--remote", "echo", "--timeout", "3"], "--timeout does not go with --remote"),
        (["--remote", "echo", "--no-sandbox"], "--no-sandbox does not go with --remote"),
        (["echo", "--region", "x"], "--region needs --remote"),
        (["echo", "--qualifier", "1"], "--qualifier needs --remote"),
        (["--remote"], "'.' names no deployed function"),
        (["--remote", "a/b"], "'a/b' names no deployed function"),
    ],
)
def test_options_that_do_not_belong_together(scf_gen, args, message):
    done = scf_gen("invoke", *args)
    assert (done.status, done.out) == (2, "")
    assert message in done.err


@pytest.mark.parametrize(
    "args",
    [["invoke", "--remote", "nobody"], ["logs", "nobody"], ["logs", "nobody", "-f"], ["delete", "nobody", "--yes"]],
)
def test_a_function_that_is_not_there(there, args):
    done = there(*args)
    assert (done.status, done.out) == (3, "")
    assert "see scf-gen list" in done.err


@pytest.mark.parametrize("command", ["logs", "delete"])
def test_a_name_that_can_be_none(there, command):
    assert there(command, "a/b").status == 2


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
    assert on_terminal(["delete", "echo", "--endpoint", faulty.url], answer)[0] == status
    assert ("echo" in there("list").out) == (status != 0)


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

"""invoke --remote."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from local.running import bootstrap

FAILING = """\
#!/bin/bash
api="http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime"
curl -s -d " " "$api/init/ready" > /dev/null
while curl -s "$api/invocation/next" > /dev/null; do
  curl -s -d "it <failed>" "$api/invocation/error" > /dev/null
done
"""


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
        ("#!/bin/sh\necho why >&2\nexit 1\n", "exit before ready: the end of the log says why"),
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

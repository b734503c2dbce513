"""Bootstraps that each break one rule, and what the suite says of them: it must see the fault, and never hang."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

# Keeps every rule that its script does not break; each script ends with what it changes.
PRELUDE = """\
#!{python}
import http.client, os, sys, time

connection = None

def call(method, path, body=None):
    global connection
    for attempt in range(5):
        try:
            if connection is None:
                connection = http.client.HTTPConnection(
                    os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"])
                )
            connection.request(method, "/runtime" + path, body)
            answer = connection.getresponse()
            answer.body = answer.read()
            if answer.status < 500:
                return answer
        except (OSError, http.client.HTTPException):
            connection = None
        time.sleep(0.1)
    sys.exit(1)

def ready(): return call("POST", "/init/ready", " ")
def next(): return call("GET", "/invocation/next").body
def response(body): return call("POST", "/invocation/response", body)
def error(body): return call("POST", "/invocation/error", body)
"""
GOOD = "ready()\nwhile True: response(next())\n"
CASES = (
    "init-ready-once,event-hello,event-quotes,answer-keep-alive,trouble-next-reset,trouble-result-refused,term-waiting"
)

Said = dict[str, dict[str, str]]


@pytest.fixture
def said_of(scf_gen, tmp_path: Path) -> Callable[..., Said]:
    """Writes a bootstrap and judges it; gives the cases by id."""

    def judge(script: str, cases: str = CASES) -> Said:
        bootstrap = tmp_path / "bootstrap"
        bootstrap.write_text(PRELUDE.format(python=Path(sys.executable).resolve()) + script)
        bootstrap.chmod(0o755)
        done = scf_gen("conform", tmp_path, "--handler", "any.thing", "--json", "--select", cases)
        return {case["id"]: case for case in json.loads(done.out)["cases"]}

    return judge


def failed(said: Said) -> set[str]:
    return {name for name, case in said.items() if case["status"] == "failed"}


def test_a_good_one_passes(said_of):
    assert failed(said_of(GOOD)) == set()


def test_an_early_exit(said_of):
    said = said_of("sys.exit(3)")
    assert failed(said) == set(CASES.split(","))
    assert "exit before ready" in said["event-hello"]["message"]
    assert "ended with status 3" in said["init-ready-once"]["message"]


def test_an_exit_after_an_event(said_of):
    said = said_of("ready()\nresponse(next())")
    assert {"event-quotes", "answer-keep-alive"} <= failed(said)
    assert "ended with status 0" in said["answer-keep-alive"]["message"]


def test_a_result_that_is_posted_twice(said_of):
    said = said_of("ready()\nwhile True:\n  event = next()\n  response(event)\n  response(event)")
    assert "answer-keep-alive" in failed(said)
    assert "though no event was under way" in said["answer-keep-alive"]["message"]


def test_ready_that_is_posted_twice(said_of):
    said = said_of("ready()\n" + GOOD)
    assert failed(said) == {"init-ready-once", "answer-keep-alive"}
    assert said["init-ready-once"]["message"] == "expected 1 requests for ready, observed 2"


def test_ready_without_a_body(said_of):
    said = said_of('call("POST", "/init/ready")\nwhile True: response(next())')
    assert failed(said) == {"init-ready-once"}
    assert "at least one byte" in said["init-ready-once"]["message"]


def test_an_event_that_is_asked_for_without_ready(said_of):
    said = said_of("next()", "init-ready-once,answer-keep-alive")
    assert failed(said) == {"init-ready-once", "answer-keep-alive"}


def test_an_event_that_is_asked_for_before_the_result_was_posted(said_of):
    script = """
ready()
while True:
    event = next()
    late = http.client.HTTPConnection(os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"]))
    late.request("POST", "/runtime/invocation/response", event)
    time.sleep(0.05)  # less than the answer takes
"""
    said = said_of(script, "answer-slow")
    assert "asked before the answer to" in said["answer-slow"]["message"]


def test_a_wrong_method(said_of):
    said = said_of('ready()\nwhile True: response(call("POST", "/invocation/next").body)', "answer-keep-alive")
    assert "POST to /runtime/invocation/next" in said["answer-keep-alive"]["message"]


def test_a_result_that_is_changed(said_of):
    said = said_of("ready()\nwhile True: response(next().replace(b'test', b'TEST'))", "event-hello,event-big-integer")
    assert failed(said) == {"event-hello"}
    assert "TEST value 1" in said["event-hello"]["message"]
    assert "sent was" in said["event-hello"]["message"]


def test_every_result_as_an_error(said_of):
    said = said_of("ready()\nwhile True: error(next())", "event-hello,answer-keep-alive")
    assert "expected outcome ok, observed function error" in said["event-hello"]["message"]
    assert failed(said) == {"event-hello", "answer-keep-alive"}


def test_sigterm_that_is_ignored(said_of):
    said = said_of("import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GOOD, "term-waiting")
    assert "it still ran" in said["term-waiting"]["message"]


def test_a_leak_of_descriptors_or_memory(said_of):
    leak = {
        "open_files": "kept.append(open('/dev/null'))",
        "memory_mb": "kept.append(b'x' * 500_000)",
    }
    for what, statement in leak.items():
        script = f"ready()\nkept = []\nwhile True:\n  {statement}\n  response(next())"
        said = said_of(script, "thousand-events")
        assert f"{what} to grow by" in said["thousand-events"]["message"]


def test_no_process_is_left(said_of):
    seconds = f"1{os.getpid()}"  # no other process sleeps so long
    said_of(f"import subprocess\nsubprocess.Popen(['sleep', '{seconds}'], start_new_session=True)\n" + GOOD)
    commands = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert [command for command in commands if seconds in (command or ())] == []

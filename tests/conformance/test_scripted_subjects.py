"""Bootstraps that each break one rule, and what the suite says of them: it must see the fault, and never hang."""

import asyncio
import os

import psutil
import pytest
from conformance.scripts import CASES, GOOD, failed
from scf_gen.conformance.case import load
from scf_gen.conformance.runner import run
from scf_gen.conformance.subject import Subject
from scf_gen.conformance.verdict import Status
from scf_gen.core.function import Function


def test_a_good_one_passes(said_of):
    assert failed(said_of(GOOD)) == set()


def test_an_early_exit(said_of, finding_of):
    said = said_of("print('no such model'); sys.exit(3)")
    assert failed(said) == set(CASES.split(","))
    [message] = {case["message"] for case in said.values()}
    assert "Bootstrap exited with status 3 before ready" in message
    assert r"it wrote 'no such model\n'" in message
    assert "ended with status 3" in finding_of("sys.exit(3)", "init-ready")


@pytest.mark.parametrize(
    ("script", "limits", "reason"),
    [
        ("hang()", {"init_timeout_s": 1}, "Initializing task timed out after 1 seconds"),
        ("ready(); hang()", {"timeout_s": 1}, "Waiting for event timed out after 1 seconds"),
        ("ready(); next(); hang()", {"timeout_s": 1}, "Invoking task timed out after 1 seconds"),
    ],
    ids=["never ready", "never asks", "never answers"],
)
def test_one_that_does_not_answer_is_told_once_and_no_case_is_run(bootstrap, script, limits, reason):
    """The limits that `scf-gen conform` has are generous, and would hold up the tests."""
    subject = Subject(bootstrap(script), Function(**{"timeout_s": 30, "init_timeout_s": 30, **limits}))
    done: list[int] = []
    verdicts = asyncio.run(run(subject, list(load().values()), slow=False, tell=done.append))
    assert {verdict.status for verdict in verdicts if not verdict.case.slow} == {Status.FAILED}
    assert {verdict.status for verdict in verdicts if verdict.case.slow} == {Status.SKIPPED}
    assert all(verdict.unrun and reason in verdict.message for verdict in verdicts if not verdict.case.slow)
    assert done == [len(load())]


def test_an_exit_after_an_event(said_of):
    said = said_of("ready()\nresponse(next())")
    assert {"event-quotes", "answer-keep-alive"} <= failed(said)
    assert "ended with status 0" in said["answer-keep-alive"]["message"]


def test_a_result_that_is_posted_twice(said_of):
    said = said_of("ready()\nwhile True:\n  event = next()\n  response(event)\n  response(event)")
    assert "answer-keep-alive" in failed(said)
    assert "though no event was under way" in said["answer-keep-alive"]["message"]


def test_ready_that_is_posted_twice(said_of):
    """SCF lets ready be repeated; the first one counts."""
    assert failed(said_of("ready()\n" + GOOD)) == set()


LOST = "try: fresh('POST', '/init/ready', ' ')\nexcept OSError: {}\nwhile True: response(next())"


@pytest.mark.parametrize(
    ("script", "finding"),
    [
        (GOOD, ""),
        ("ready()\n" + GOOD, ""),
        (LOST.format("sys.exit(7)"), "a result of event 1, the bootstrap ended with status 7: ''"),
        (LOST.format("pass"), "2 to 5 requests for ready, 1"),
        (LOST.format("fresh('POST', '/init/ready')"), "ready with a body of at least one byte, an empty one"),
    ],
    ids=["as often as needed", "once more than needed", "it gives up", "it does not care", "without a body then"],
)
def test_ready_whose_answer_was_lost(finding_of, script, finding):
    assert finding_of(script, "init-ready-twice") == finding


def test_ready_without_a_body(said_of):
    said = said_of('call("POST", "/init/ready")\nwhile True: response(next())')
    assert failed(said) == {"init-ready"}
    assert "at least one byte" in said["init-ready"]["message"]


@pytest.mark.parametrize("case", ["init-ready", "answer-keep-alive"])
def test_an_event_that_is_asked_for_without_ready(finding_of, case):
    assert finding_of("next()", case)


def test_an_event_that_is_asked_for_before_the_result_was_posted(finding_of):
    # The server says 100 Continue when it has seen the post, which it answers much later.
    script = """
import socket
ready()
next()
late = socket.create_connection((os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"])))
late.sendall(b"POST /runtime/invocation/response HTTP/1.1\\r\\nExpect: 100-continue\\r\\n\\r\\n")
late.recv(1)
next()
"""
    case = {"steps": [{"raw": "1"}], "server": {"response": [{"delay_s": 60}]}, "limit_s": 60}
    assert "/next was asked before the answer to /runtime/invocation/response" in finding_of(script, case)


def test_a_long_poll_with_a_timeout_of_the_client(finding_of):
    speed = 100
    with_timeout = f"import socket; socket.setdefaulttimeout({60 / speed})\n" + GOOD
    assert finding_of(GOOD, "long-poll-130-s", speed) == ""
    assert finding_of(with_timeout, "long-poll-130-s", speed) == "2 requests for next, 3"


def test_a_wrong_method(finding_of):
    script = 'ready()\nwhile True: response(call("POST", "/invocation/next").body)'
    assert "POST to /runtime/invocation/next" in finding_of(script, "answer-keep-alive")


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
        "memory_mb": "kept.append(b'x' * 240_000)",
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

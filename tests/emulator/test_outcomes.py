"""Every way for an invocation to end, with real processes."""

import json
from pathlib import Path

import pytest
from scf_gen.core.contract import EVENT_LIMIT_BYTES, RESPONSE_LIMIT_BYTES
from scf_gen.core.result import Kind, Outcome
from scf_gen.emulator import bootstrap_file

ECHO = """
ready()
while True:
    response(next().body)
"""


def test_a_result(bootstrap, invoke):
    first, second = invoke(bootstrap(ECHO), b'{"n": 1}', b'{"n": 2}')
    assert (first.kind, first.body) == (Kind.OK, b'{"n": 1}')
    assert (second.kind, second.body) == (Kind.OK, b'{"n": 2}')
    assert first.cold_start_ms is not None
    assert second.cold_start_ms is None
    assert second.memory_bytes > 1_000_000
    assert second.duration_ms > 0


def test_a_posted_error_is_the_message_and_the_instance_goes_on(bootstrap, invoke):
    script = "ready()\nnext(); error('parse <event> error')\nnext(); response('fine')\nnext()"
    failed, fine = invoke(bootstrap(script), b"1", b"2")
    assert json.loads(failed.failure_json())["errorMessage"] == "parse <event> error"
    assert failed.kind is Kind.FUNCTION_ERROR
    assert (fine.body, fine.cold_start_ms) == (b"fine", None)


def test_never_ready(bootstrap, invoke):
    [outcome] = invoke(bootstrap("log('loading'); hang()"), init_timeout_s=2)
    assert outcome.kind is Kind.INIT_TIMEOUT
    assert b"loading\n" in outcome.log


@pytest.mark.parametrize(("end", "words"), [("sys.exit(3)", "with status 3"), ("os.abort()", "by SIGABRT")])
def test_an_exit_before_ready_comes_at_once_with_its_last_words(bootstrap, invoke, end, words):
    [outcome] = invoke(bootstrap(f"log('no such library')\n{end}"), init_timeout_s=300)
    assert json.loads(outcome.failure_json())["errorMessage"] == f"Bootstrap exited {words} before ready"
    assert b"no such library\n" in outcome.log


def test_an_event_that_is_never_fetched(bootstrap, invoke):
    [outcome] = invoke(bootstrap("ready(); hang()"), timeout_s=0.3)
    assert outcome.kind is Kind.NEVER_FETCHED


def test_a_result_that_never_comes(bootstrap, invoke):
    [outcome] = invoke(bootstrap("ready(); next(); log('working'); hang()"), timeout_s=1)
    assert outcome.kind is Kind.TIMEOUT
    assert outcome.duration_ms >= 1000
    assert b"working\n" in outcome.log


@pytest.mark.parametrize(
    ("end", "words"),
    [("sys.exit(0)", "with status 0"), ("os.kill(os.getpid(), signal.SIGKILL)", "by SIGKILL")],
)
def test_an_exit_during_an_invocation(bootstrap, invoke, end, words):
    [outcome] = invoke(bootstrap(f"ready(); next(); log('bye')\n{end}"))
    assert outcome.kind is Kind.EXITED
    assert words in outcome.advice
    assert b"bye\n" in outcome.log


@pytest.mark.parametrize(
    ("script", "advice"),
    [
        ("ready(); sys.exit(0)", "did not ask for this event; it has to loop (SCF304)"),
        ("ready(); next(); os.abort()", "the bootstrap was ended by SIGABRT"),
        ("ready(); next(); error(' '); hang()", "the error that was posted is empty"),
    ],
    ids=["no loop", "a signal", "an error without words"],
)
def test_advice_fits_the_end_closely(bootstrap, invoke, script, advice):
    [outcome] = invoke(bootstrap(script))
    assert advice in outcome.advice


@pytest.mark.parametrize(
    ("said", "advice"), [("pass", "wrote nothing into the log"), ("log('why')", "the end of the log")]
)
def test_the_log_is_named_only_where_it_says_something(bootstrap, invoke, said, advice):
    [outcome] = invoke(bootstrap(f"{said}\nsys.exit(3)"))
    assert advice in outcome.advice


def test_memory_over_the_limit_ends_it_at_once(bootstrap, invoke):
    script = "ready(); next(); block = b'x' * 100_000_000; hang()"
    [over] = invoke(bootstrap(script), memory_mb=64, timeout_s=30)
    [under] = invoke(bootstrap(script), memory_mb=256, timeout_s=2)
    assert json.loads(over.failure_json())["errorMessage"] == "Task memory exceeded 64 MB"
    assert over.duration_ms < 30_000
    assert over.memory_bytes > 64 * 1024 * 1024
    assert under.kind is Kind.TIMEOUT


def test_memory_over_the_limit_is_seen_however_fast_the_result_comes(bootstrap, invoke):
    outcomes = invoke(
        bootstrap("ready(); block = b''\nwhile True: next(); block += b'x' * 30_000_000; response('ok')"),
        *[b"1"] * 3,
        memory_mb=64,
    )
    assert [outcome.kind for outcome in outcomes] == [Kind.OK, Kind.OVER_MEMORY, Kind.OK]


def test_memory_counts_the_whole_process_tree_and_the_initialization_too(bootstrap, invoke):
    child = "subprocess.Popen([sys.executable, '-c', 'import signal; b = bytes(1) * 100_000_000; signal.pause()'])"
    [outcome] = invoke(bootstrap(f"{child}; hang()"), memory_mb=64, init_timeout_s=5)
    assert outcome.kind is Kind.OVER_MEMORY


def test_after_an_exit_between_events_the_next_one_starts_cold(bootstrap, invoke):
    outcomes = invoke(bootstrap("ready(); next(); response('done'); sys.exit(1)"), b"1", b"2", b"3")
    for outcome in outcomes:
        assert (outcome.kind, outcome.body) == (Kind.OK, b"done") or outcome.kind is Kind.EXITED
    assert outcomes[0].ok


def test_a_result_posted_just_before_the_exit_counts(bootstrap, invoke):
    script = "ready(); next()\nkept.request('POST', '/runtime/invocation/response', 'last')\nos._exit(1)"
    for outcome in invoke(bootstrap(script), *[b"{}"] * 5):
        assert (outcome.kind, outcome.body) in {(Kind.OK, b"last"), (Kind.EXITED, b"")}
        assert outcome.cold_start_ms is None or outcome.ok


def test_a_result_of_exactly_6_mb_passes_and_one_byte_more_does_not(bootstrap, invoke):
    script = f"""
ready()
next(); log(response('x' * {RESPONSE_LIMIT_BYTES}).status)
next(); log(response('x' * {RESPONSE_LIMIT_BYTES + 1}).status)
next(); response('still here')
next()
"""
    whole, too_large, after = invoke(bootstrap(script), b"1", b"2", b"3")
    assert len(whole.body) == RESPONSE_LIMIT_BYTES
    assert too_large.kind is Kind.RESPONSE_TOO_LARGE
    assert after.body == b"still here"
    assert b"413\n" in too_large.log + after.log


def test_an_event_of_exactly_6_mb_passes_and_one_byte_more_does_not(bootstrap, invoke):
    script = "ready()\nwhile True: response(str(len(next().text)))"
    whole, too_large = invoke(
        bootstrap(script), b'"%s"' % (b"x" * (EVENT_LIMIT_BYTES - 2)), b'"%s"' % (b"x" * (EVENT_LIMIT_BYTES - 1))
    )
    assert whole.body == str(EVENT_LIMIT_BYTES).encode()
    assert too_large.kind is Kind.EVENT_TOO_LARGE


@pytest.mark.parametrize("event", [b"", b"{", b"{'a': 1}", b"NaN", b"\xff", b"\xef\xbb\xbf{}", b"1 2"])
def test_an_event_that_is_no_json_never_reaches_the_bootstrap(bootstrap, invoke, event):
    refused, fine = invoke(bootstrap(ECHO), event, b"{}")
    assert refused.kind is Kind.EVENT_NOT_JSON
    assert json.loads(refused.failure_json())["statusCode"] == 400
    assert fine.cold_start_ms is not None


@pytest.mark.parametrize(
    "event",
    [b' {"a" :1, "a":2}\n', '"\u00e9 \U0001f600"'.encode(), b"[" * 10_000 + b"]" * 10_000, b"1" * 5000, b'"\\u0000"'],
)
def test_an_event_arrives_byte_for_byte(bootstrap, invoke, event):
    [outcome] = invoke(bootstrap(ECHO), event)
    assert outcome.body == event


MALFORMED = {
    "missing": (None, 0o755, Kind.BOOTSTRAP_MISSING, "ReloadFail: Bootstrap not found"),
    "not executable": (b"#!/bin/sh\n", 0o644, Kind.NOT_EXECUTABLE, "ReloadFail: Bootstrap not executable\n"),
    "CRLF": (b"#!/bin/sh\r\nexit\r\n", 0o755, Kind.CANNOT_START, "CRLF"),
    "no interpreter": (b"#!/no/such/shell -e\n", 0o755, Kind.CANNOT_START, "'/no/such/shell'"),
    "empty shebang": (b"#!\n", 0o755, Kind.CANNOT_START, "interpreter"),
    "no shebang": (b"echo hello\n", 0o755, Kind.CANNOT_START, "neither a script"),
    "empty": (b"", 0o755, Kind.CANNOT_START, "neither a script"),
    "byte order mark": (b"\xef\xbb\xbf#!/bin/sh\n", 0o755, Kind.CANNOT_START, "byte order mark"),
    "ELF for ARM": (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xb7\x00", 0o755, Kind.CANNOT_START, "x86-64"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_bootstrap_that_cannot_start(tmp_path, invoke, name):
    content, mode, kind, message = MALFORMED[name]
    if content is not None:
        (tmp_path / "bootstrap").write_bytes(content)
        (tmp_path / "bootstrap").chmod(mode)
    [outcome] = invoke(tmp_path)
    failure = json.loads(outcome.failure_json())
    assert outcome.kind is kind
    assert failure["statusCode"] == 443
    assert failure["errorMessage"].startswith("ReloadFail: ")
    assert message in failure["errorMessage"]
    assert outcome.advice != Outcome(Kind.CANNOT_START, "", outcome.function).advice
    assert b"Duration:0ms" in outcome.log


def test_a_bootstrap_that_cannot_be_read(tmp_path, invoke, monkeypatch):
    (tmp_path / "bootstrap").write_text("#!/bin/sh\n")
    (tmp_path / "bootstrap").chmod(0o755)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(bootstrap_file, "_start", refuse)
    [outcome] = invoke(tmp_path)
    assert outcome.kind is Kind.CANNOT_START
    assert "cannot be read: Permission denied" in outcome.failure_json()


def test_a_bootstrap_that_is_a_folder(tmp_path, invoke):
    (tmp_path / "bootstrap").mkdir()
    assert invoke(tmp_path)[0].kind is Kind.NOT_EXECUTABLE


def test_the_environment_is_scfs_and_nothing_of_this_machines(bootstrap, invoke, sandbox, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THIS_MACHINE", "1")
    script = (
        "import json\nready(); next(); response(json.dumps([dict(os.environ), os.getcwd(), sys.stdin.read()]))\nnext()"
    )
    code = bootstrap(script)
    [outcome] = invoke(code, name="my-fn", handler="app.run", env={"STAGE": "test"})
    environ, folder, stdin = json.loads(outcome.body)
    assert environ["_HANDLER"] == "app.run"
    assert environ["SCF_FUNCTIONNAME"] == "my-fn"
    assert environ["STAGE"] == "test"
    assert environ["PATH"] == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert environ["TENCENTCLOUD_RUNENV"] == "SCF"
    root = "/var/user" if sandbox else str(code)
    assert environ["USER_CODE_ROOT"] == f"{root}/"
    assert "SECRET_OF_THIS_MACHINE" not in environ
    assert (folder, stdin) == (root, "")

"""What every wrapper promises beyond the contract: clear lines, few tries, nothing left; and how it finds its parts."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from scf_gen.conformance.answer import Answer
from scf_gen.core.contract import ERROR_PATH, NEXT_PATH, READY_PATH, RESPONSE_PATH
from scf_gen.emulator.sandbox import find_sandbox
from scf_gen.languages import toolbox
from wrappers.bootstrap_process import BootstrapProcess
from wrappers.runtime_api import RuntimeApi
from wrappers.subject import INTERPRETED, Subject, files_below, of, read_toml

CALLS = (READY_PATH, NEXT_PATH, RESPONSE_PATH, ERROR_PATH)
FAIL = b'{"do":"fail","message":"on demand"}'
CONTEXT = b'{"do":"context"}'
OUT_OF_ORDER = Answer(status="500 Internal Server Error")

Serve = Callable[..., RuntimeApi]
Start = Callable[..., BootstrapProcess]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a runtime API that hands out these events."""
    with ExitStack() as stack:

        def call(*events: bytes, **form: object) -> RuntimeApi:
            return stack.enter_context(RuntimeApi(*events, **form))

        yield call


@pytest.fixture
def start(subject: Subject, tmp_path: Path) -> Iterator[Start]:
    """Starts the bootstrap of the language, or `of` another subject."""
    with ExitStack() as stack:

        def call(
            api: RuntimeApi, of: Subject = subject, cwd: Path | None = None, program: str | None = None, **env: str
        ):
            process = stack.enter_context(BootstrapProcess(of, api, tmp_path, **env))
            return process.start(cwd, program)

        yield call


def one_line(text: str) -> bool:
    return len(text.splitlines()) == 1 and text.endswith("\n")


# --- The start


def test_the_handler_is_loaded_before_ready(subject, serve, start, tmp_path):
    api = serve()
    odd = read_toml("handlers.toml")[subject.language.lang]["odd"]
    process = start(
        api, subject.with_file(f"odd.{subject.language.suffix}", odd, tmp_path), _HANDLER="odd.main_handler"
    )
    api.wait_for(READY_PATH)
    assert "the handler is being loaded\n" in process.stderr


# --- Events


def test_an_event_without_headers_has_an_empty_context(serve, start):
    api = serve(CONTEXT, usual=Answer(headers="none"))
    start(api)
    context = json.loads(api.wait_for(RESPONSE_PATH))
    assert context["request_id"] == ""
    assert [context[key] for key in ("memory_limit_in_mb", "time_limit_in_ms", "remaining_time_in_ms")] == [0, 0, 0]


def test_an_event_that_is_no_json_is_an_error_or_handed_on(serve, start):
    api = serve(b"{oops", b'"next"')
    start(api)
    api.wait_for(NEXT_PATH, 3)
    refused, passed = api.bodies(ERROR_PATH), api.bodies(RESPONSE_PATH)
    assert passed == ([b'"next"'] if refused else [b"{oops", b'"next"'])
    assert all("event" in json.loads(body)["errorMessage"] for body in refused)


# --- Faults that stay


def test_a_call_that_always_fails_ends_it(serve, start):
    # Four bootstraps at once are faster than one after the other.
    apis = {path: serve(FAIL if path == ERROR_PATH else b"1", answers={path: [OUT_OF_ORDER] * 100}) for path in CALLS}
    processes = {path: start(api) for path, api in apis.items()}
    for path, process in processes.items():
        assert process.wait() > 0, path
        assert 2 <= len(apis[path].bodies(path)) <= 6, path
        assert apis[path].asked_s[-1] - apis[path].asked_s[0] < 5, path
        # The handler's own failure is in the log as well.
        assert one_line(process.stderr) or path == ERROR_PATH


def test_a_runtime_api_that_is_gone_ends_it(serve, start):
    process = start(serve(b"1", gone_after=1))
    assert process.wait() > 0
    assert one_line(process.stderr)


@pytest.mark.parametrize("path", [READY_PATH, NEXT_PATH])
def test_a_call_that_is_refused_ends_it_at_once(serve, start, path):
    api = serve(b"1", answers={path: [Answer(status="404 Not Found")] * 100})
    process = start(api)
    assert process.wait() > 0
    assert len(api.bodies(path)) == 1
    assert one_line(process.stderr)
    assert "404" in process.stderr


@pytest.mark.parametrize("status", ["413 Payload Too Large", "400 Bad Request", "410 Gone"])
def test_a_result_that_is_refused_does_not_end_it(serve, start, status):
    api = serve(b"1", b"2", answers={RESPONSE_PATH: [Answer(status=status)]})
    process = start(api)
    api.wait_for(NEXT_PATH, 3)
    assert api.bodies(RESPONSE_PATH) == [b"1", b"2"]
    assert one_line(process.stderr)
    assert status[:3] in process.stderr


# --- The end


@pytest.mark.parametrize("asleep", [False, True], ids=["while it waits for an event", "while the handler sleeps"])
def test_sigterm(serve, start, asleep):
    api = serve(b"1", *([b'{"do":"sleep","ms":60000}'] if asleep else []))
    process = start(api)
    api.wait_for(NEXT_PATH, 2)
    if asleep:
        assert process.wait_until(lambda: "sleeping" in process.stderr)
    folders = process.subject.temporary_folders()
    process.terminate()
    assert process.wait() in (0, 143, -15)
    assert process.wait_until(lambda: process.subject.processes() == [])
    assert not [folder for folder in folders if folder.exists()]
    assert process.stderr == ("sleeping\n" if asleep else "")


# --- Settings

BAD_HANDLERS = {
    "no dot": "index",
    "two dots": "scf_conformance.main.handler",
    "no file": ".main_handler",
    "no function": "scf_conformance.",
    "only a dot": ".",
    "a path": "./scf_conformance.main_handler",
    "a path above": "../scf_conformance.main_handler",
    "an absolute path": "/scf_conformance.main_handler",
    "a backslash": "a\\scf_conformance.main_handler",
    "a control character": "scf_conformance.main_handler\n",
    "a missing file": "no_such_file.main_handler",
    "a missing function": "scf_conformance.no_such_function",
    "a command": "scf_conformance.echo",
    "code": "scf_conformance.$(id)",
    "empty": "",
    "unset": None,
}


@pytest.mark.parametrize("case", BAD_HANDLERS)
def test_a_handler_that_will_not_do(serve, start, case):
    api = serve()
    process = start(api, _HANDLER=BAD_HANDLERS[case])
    assert process.wait() == 1
    assert one_line(process.stderr)
    assert (BAD_HANDLERS[case] or "_HANDLER").strip()[:6].replace("\\", "") in process.stderr.replace("\\", "")
    assert api.bodies(READY_PATH) == []


@pytest.mark.parametrize("name", ["SCF_RUNTIME_API", "SCF_RUNTIME_API_PORT"])
@pytest.mark.parametrize("value", ["", None])
def test_the_address_of_the_runtime_api_is_needed(serve, start, name, value):
    process = start(serve(), **{name: value})
    assert process.wait() == 1
    assert one_line(process.stderr)
    assert name in process.stderr


def test_a_handler_file_that_fails_when_loaded(subject, serve, start, tmp_path):
    api = serve()
    data = read_toml("handlers.toml")[subject.language.lang]
    broken = subject.with_file(f"broken.{subject.language.suffix}", data["fails_when_loaded"], tmp_path)
    process = start(api, broken, _HANDLER="broken.main_handler")
    assert process.wait() > 0
    assert "no such table" in process.stderr
    assert re.search(data["trace"], process.stderr)
    assert api.bodies(READY_PATH) == []


# --- Folders and interpreters


@pytest.mark.parametrize("program", [None, "./bootstrap"])
def test_it_is_found_and_finds_its_files_from_any_folder(subject, serve, start, tmp_path, program):
    api = serve(b"1")
    start(api, cwd=None if program else tmp_path, program=program, PWD=None)
    assert api.wait_for(RESPONSE_PATH) == b"1"


def test_nothing_is_written_into_the_code_folder(subject, serve, start):
    before = files_below(subject.code)
    api = serve(b"1", b'{"do":"fail","message":"x"}')
    start(api, PYTHONDONTWRITEBYTECODE=None)
    api.wait_for(NEXT_PATH, 3)
    assert files_below(subject.code) == before


@pytest.fixture
def interpreter(subject: Subject) -> str:
    """The program that a bootstrap looks for."""
    return subject.language.tools_for("run")[0].name


@of(INTERPRETED)
def test_the_interpreter_in_the_package_comes_first(subject, serve, start, tmp_path, interpreter):
    real = toolbox.require(subject.language, "run")[interpreter].path
    (subject_with_own := subject.with_file("marker", "", tmp_path)).code.joinpath("runtime", "bin").mkdir(parents=True)
    own = subject_with_own.code / "runtime" / "bin" / interpreter
    own.write_text(f'#!/bin/sh\necho "from the package" >&2\nexec {shlex.quote(real)} "$@"\n')
    own.chmod(0o755)
    api = serve(b"1")
    process = start(api, subject_with_own)
    assert api.wait_for(RESPONSE_PATH) == b"1"
    assert process.stderr == "from the package\n"


@of(INTERPRETED)
def test_no_interpreter_is_one_clear_line(subject, serve, start, tmp_path):
    api = serve()
    sandbox, reason = find_sandbox()
    assert sandbox, reason
    program = tmp_path / "without-interpreters"
    hidden = "--dev /dev --tmpfs /opt --tmpfs /var"
    program.write_text(f"#!/bin/sh\nexec {sandbox.bwrap} --ro-bind / / {hidden} {subject.code}/bootstrap\n")
    program.chmod(0o755)
    process = start(api, program=str(program), PATH="/nonexistent")
    assert process.wait() == 1
    assert one_line(process.stderr)
    assert "runtime" in process.stderr
    assert api.bodies(READY_PATH) == []

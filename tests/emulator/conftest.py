"""Bootstraps that do exactly what a test's script says."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from scf_gen.core.function import Function
from scf_gen.core.result import Outcome
from scf_gen.emulator.pool import Pool
from scf_gen.emulator.sandbox import Sandbox, find_sandbox

# What a script finds: `call` speaks to the runtime API on one kept connection, `fresh` on a new one.
PRELUDE = """\
import http.client, os, signal, subprocess, sys, time

def connect():
    return http.client.HTTPConnection(os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"]))

def fresh(method, path, body=None, headers={}, connection=None):
    connection = connection or connect()
    connection.request(method, "/runtime" + path, body, headers)
    answer = connection.getresponse()
    answer.body = answer.read()
    answer.text = answer.body.decode()
    return answer

kept = connect()

def call(method, path, body=None, headers={}):
    return fresh(method, path, body, headers, kept)

def ready(): return call("POST", "/init/ready", " ")
def next(): return call("GET", "/invocation/next")
def response(body): return call("POST", "/invocation/response", body)
def error(body): return call("POST", "/invocation/error", body)
def log(*words): print(*words, file=sys.stderr, flush=True)
def hang():
    while True: signal.pause()
"""


@pytest.fixture
def prelude() -> str:
    """What a bootstrap's script finds."""
    return PRELUDE


@pytest.fixture(params=["plain", "sandbox"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox | None:
    """Everything has to hold with and without the sandbox."""
    if request.param == "plain":
        return None
    found, reason = find_sandbox()
    assert found, reason
    return found


@pytest.fixture
def invoke(sandbox: Sandbox | None) -> Callable[..., list[Outcome]]:
    """Invokes the function in a folder once for each event, one after the other, on one pool."""

    def run(code: Path, *events: bytes, **limits: object) -> list[Outcome]:
        async def invocations() -> list[Outcome]:
            async with Pool(Function(**limits), code, sandbox=sandbox) as pool:
                return [await pool.invoke(event) for event in events or [b"{}"]]

        return asyncio.run(invocations())

    return run

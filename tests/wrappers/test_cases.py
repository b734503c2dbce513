"""The cases of cases.toml, on the emulator; after each one the next event must still be served."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from scf_gen.core.contract import EVENT_LIMIT_BYTES
from scf_gen.core.result import Kind, Outcome
from scf_gen.emulator import catalogue
from wrappers.subject import LANGUAGES, WarmFunction, read_toml

ERROR_KEYS = ["errorType", "errorMessage", "stackTrace"]
SCF_LINES = re.compile(rb"(START|Init Report|Response|ERROR|END|Report) RequestId")
# The event around a result in base64 has to be within the limit as well.
ENCODED_LIMIT_BYTES = EVENT_LIMIT_BYTES // 4


@dataclass(frozen=True)
class Case:
    """One event, and what `wants` says of its outcome; a language's own table in `wants` counts before the rest."""

    id: str
    event: bytes
    wants: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def encoded(do: str, data: bytes) -> bytes:
    return as_json({"do": do, "base64": base64.b64encode(data).decode()})


def cases() -> Iterator[Case]:
    data = read_toml("cases.toml")
    for name, text in data["texts"].items():
        yield Case(f"bytes: {name}", encoded("result", text.encode()), body=text.encode())
        yield Case(f"text: {name}", encoded("text", text.encode()), body=text.encode())
        yield Case(f"event: {name}", as_json(text), body=as_json(text))
    for name, text in data["bytes"].items():
        yield Case(f"bytes: {name}", encoded("result", base64.b64decode(text)), body=base64.b64decode(text))
    for size in data["sizes"]["bytes"]:
        event = b'"%s"' % (b"x" * (size - 2))
        yield Case(f"event: {size} bytes", event, body=event)
        yield Case(f"large: {size} bytes", as_json({"do": "large", "bytes": size}), body=b"x" * size)
        if size < ENCODED_LIMIT_BYTES:
            lines = (b"a line\n" * size)[:size]
            yield Case(f"bytes: {size} bytes in lines", encoded("result", lines), body=lines)
    for name in catalogue.titles():
        yield Case(f"event: {name} of the catalogue", catalogue.event(name), body=catalogue.event(name))
    for wants in data["case"]:
        event = event_of(wants)
        echoes = not wants.keys() & {"event", "body", "match", "log", "log_line", "kinds"}
        yield Case(wants["id"], event, wants, body=event if echoes else None)


def event_of(wants: dict[str, Any]) -> bytes:
    match wants:
        case {"raw": raw}:
            return raw.encode()
        case {"event": event}:
            return as_json(event)
        case {"nested": depth}:
            return b"[" * depth + b"]" * depth
        case {"digits": count}:
            return b"1" * count
        case {"log": text}:
            return encoded("log", text.encode())
        case {"log_line": size}:
            return encoded("log", b"x" * size)
    raise AssertionError(f"no event in {wants}")


def written(outcome: Outcome) -> bytes:
    """What the bootstrap wrote, without SCF's own lines."""
    return b"".join(line for line in outcome.log.splitlines(keepends=True) if not SCF_LINES.match(line))


def pairs() -> Iterator[ParameterSet]:
    """Every language with every case that there is for it."""
    for language in LANGUAGES:
        for case in cases():
            if "except" not in {**case.wants, **case.wants.get(language.lang, {})}:
                yield pytest.param(language, case, id=f"{language.lang}: {case.id}")


@pytest.mark.parametrize(("language", "case"), list(pairs()), indirect=["language"], scope="session")
def test_case(warm: WarmFunction, case: Case):
    wants = {**case.wants, **case.wants.get(warm.subject.language.lang, {})}
    warm.invoke(b'"before"')

    outcome, after = warm.invoke(case.event, b'"after"')

    assert outcome.kind in kinds(wants), written(outcome).decode(errors="replace")
    check_body(case, wants, outcome)
    check_error(wants, outcome)
    check_log(wants, outcome)
    assert (after.kind, after.body) == (Kind.OK, b'"after"')
    assert (after.cold_start_ms is not None) == bool(wants.get("ends"))


def kinds(wants: dict[str, Any]) -> list[str]:
    if wants.get("ends"):
        return [wants["ends"]]
    return wants.get("kinds", [Kind.FUNCTION_ERROR if "error" in wants else Kind.OK])


def check_body(case: Case, wants: dict[str, Any], outcome: Outcome) -> None:
    expected = wants["body"].encode() if "body" in wants else case.body
    if outcome.ok and expected is not None:
        assert len(outcome.body) == len(expected)
        # Megabytes that differ would take pytest minutes to compare.
        assert outcome.body == expected if len(expected) < 10_000 else (outcome.body == expected) is True
    if "match" in wants:
        assert re.fullmatch(wants["match"].encode(), outcome.body)


def check_error(wants: dict[str, Any], outcome: Outcome) -> None:
    if outcome.kind is not Kind.FUNCTION_ERROR:
        return
    error = json.loads(outcome.body)
    assert list(error) == ERROR_KEYS
    assert error["errorType"]
    assert all(isinstance(line, str) and "\n" not in line for line in error["stackTrace"])
    for key, pattern in wants.get("error", {}).items():
        assert re.fullmatch(pattern, error[key]), error
    if trace := wants.get("trace"):
        assert any(re.search(trace, line) for line in error["stackTrace"]), error
    assert not [line for line in error["stackTrace"] if "scf_runtime" in line]
    last_line = error["errorMessage"].rpartition("\n")[2].rpartition(": ")[2]
    assert last_line.encode() in written(outcome)


def check_log(wants: dict[str, Any], outcome: Outcome) -> None:
    if "log" in wants:
        assert written(outcome).count(wants["log"].encode()) == wants["times"]
    if "log_line" in wants:  # two streams may meet in the middle of so long a line
        assert written(outcome).count(b"x") == wants["log_line"] * wants["times"]


def test_the_context_is_scfs(warm):
    [outcome] = warm.invoke(b'{"do":"context"}')
    function = warm.subject.function
    context = json.loads(outcome.body)
    remaining_ms = context.pop("remaining_time_in_ms")
    assert context == {
        "request_id": outcome.request_id,
        "memory_limit_in_mb": function.memory_mb,
        "time_limit_in_ms": function.timeout_s * 1000,
        "function_name": function.name,
        "function_version": "$LATEST",
        "namespace": "default",
        "tencentcloud_region": "ap-guangzhou",
    }
    assert function.timeout_s * 1000 - 5_000 < remaining_ms <= function.timeout_s * 1000


def test_the_handler_runs_in_the_code_folder(warm):
    [outcome] = warm.invoke(b'{"do":"cwd"}')
    assert outcome.body.decode() == str(warm.subject.code)


def test_a_thousand_events_leave_nothing_behind(warm):
    event = b'{"text": "%s"}' % (b"x" * 500)
    warm.invoke(*[event] * 100)
    before = warm.subject.at_rest()
    outcomes = warm.invoke(*[event] * 1000)
    after = warm.subject.at_rest()
    assert {(outcome.kind, outcome.body) for outcome in outcomes} == {(Kind.OK, event)}
    assert not any(outcome.cold_start_ms for outcome in outcomes)
    growth = after - before
    for name, limit in {"processes": 1, "fds": 5, "files": 2, "memory_mb": 40}.items():
        assert growth[name] <= limit, (name, before, after)

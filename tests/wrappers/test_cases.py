"""The cases of cases.toml, on the emulator; after each one the next event must still be served."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from scf_gen.core.result import Kind, Outcome
from wrappers.subject import LANGUAGES, WarmFunction, read_toml

ERROR_KEYS = ["errorType", "errorMessage", "stackTrace"]
SCF_LINES = re.compile(rb"(START|Init Report|Response|ERROR|END|Report) RequestId")


@dataclass(frozen=True)
class Case:
    """One event, and what `wants` says of its outcome; a language's own table in `wants` counts before the rest."""

    id: str
    event: bytes
    wants: dict[str, Any]


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def encoded(do: str, data: bytes) -> bytes:
    return as_json({"do": do, "base64": base64.b64encode(data).decode()})


def cases() -> Iterator[Case]:
    for wants in read_toml("cases.toml")["case"]:
        yield Case(wants["id"], event_of(wants), wants)


def event_of(wants: dict[str, Any]) -> bytes:
    match wants:
        case {"raw": raw}:
            return raw.encode()
        case {"event": event}:
            return as_json(event)
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

    assert outcome.kind == kind(wants), written(outcome).decode(errors="replace")
    check_body(wants, outcome)
    check_error(wants, outcome)
    check_log(wants, outcome)
    assert (after.kind, after.body) == (Kind.OK, b'"after"')
    assert (after.cold_start_ms is not None) == bool(wants.get("ends"))


def kind(wants: dict[str, Any]) -> str:
    return wants.get("ends") or (Kind.FUNCTION_ERROR if "error" in wants else Kind.OK)


def check_body(wants: dict[str, Any], outcome: Outcome) -> None:
    if "body" in wants:
        assert outcome.body == wants["body"].encode()
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

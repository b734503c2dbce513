import json

import pytest
from scf_gen.core.advice import Advice
from scf_gen.core.function import Function
from scf_gen.core.result import FAILURES, Kind, Outcome

FUNCTION = Function(timeout_s=3, init_timeout_s=30)

# docs: design of the emulator's choices, and pages 583/42611; what users and scripts compare with.
MESSAGES = {
    Kind.FUNCTION_ERROR: (430, 1, "DETAIL"),
    Kind.INIT_TIMEOUT: (450, -1, "Initializing task timed out after 30 seconds"),
    Kind.EXIT_BEFORE_READY: (450, -1, "Bootstrap exited DETAIL before ready"),
    Kind.NEVER_FETCHED: (433, -1, "Waiting for event timed out after 3 seconds"),
    Kind.TIMEOUT: (433, -1, "Invoking task timed out after 3 seconds"),
    Kind.EXITED: (439, -1, "Process exited before completing request"),
    Kind.OVER_MEMORY: (434, -1, "Task memory exceeded 128 MB"),
    Kind.RESPONSE_TOO_LARGE: (407, -1, "The size of response exceeds the upper limit (6MB)"),
    Kind.EVENT_NOT_JSON: (400, -1, "InvalidParameterValue"),
    Kind.EVENT_TOO_LARGE: (406, -1, "RequestTooLarge"),
    Kind.BOOTSTRAP_MISSING: (443, -1, "ReloadFail: Bootstrap not found"),
    Kind.NOT_EXECUTABLE: (443, -1, "ReloadFail: Bootstrap not executable\n"),
    Kind.CANNOT_START: (443, -1, "ReloadFail: DETAIL"),
    Kind.CANCELLED: (499, -1, "RequestCanceled"),
}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OK])
def test_a_failure_has_scfs_status_and_message(kind):
    status_code, error_code, message = MESSAGES[kind]
    outcome = Outcome(kind, "id-1", FUNCTION, detail="DETAIL")
    failure = json.loads(outcome.failure_json())
    assert list(failure) == ["errorCode", "errorMessage", "requestId", "statusCode"]
    assert failure == {
        "errorCode": error_code,
        "errorMessage": message,
        "requestId": "id-1",
        "statusCode": status_code,
    }
    assert outcome.advice


def test_every_failure_is_described():
    assert set(FAILURES) == set(Kind) - {Kind.OK}


def test_a_cause_has_advice_of_its_own():
    outcome = Outcome(Kind.CANNOT_START, "id-1", FUNCTION, detail="DETAIL", cause="CRLF")
    assert "LF line ends" in outcome.advice


def test_advice_names_the_lint_rule_where_there_is_one():
    assert str(Advice("do this", "SCF999")) == "do this (SCF999)"


def test_a_failure_stands_in_both_messages():
    result = Outcome(Kind.TIMEOUT, "id-1", FUNCTION).as_invoke_result()["Result"]
    assert result["RetMsg"] == result["ErrMsg"]
    assert result["InvokeResult"] == -1


def test_a_failure_escapes_what_gos_encoder_escapes():
    text = Outcome(Kind.FUNCTION_ERROR, "id-1", FUNCTION, detail="a<b>&\u2028é").failure_json()
    assert '"errorMessage":"a\\u003cb\\u003e\\u0026\\u2028é"' in text


def test_a_result_has_the_fields_of_the_seed_in_its_order():
    outcome = Outcome(Kind.OK, "id-1", FUNCTION, body=b"hi", duration_ms=100.6, memory_bytes=7417000, log=b"x")
    assert json.dumps(outcome.as_invoke_result()) == (
        '{"Result": {"MemUsage": 7417000, "Log": "x", "RetMsg": "hi", "BillDuration": 101, '
        '"FunctionRequestId": "id-1", "Duration": 100.6, "ErrMsg": "", "InvokeResult": 0}, "RequestId": "id-1"}'
    )


def test_the_tail_of_a_log_is_its_last_4_kb():
    assert Outcome(Kind.OK, "id-1", FUNCTION, log=b"a" * 5000 + b"end").log_tail == b"a" * 4093 + b"end"
    assert Outcome(Kind.OK, "id-1", FUNCTION, log=b"short").log_tail == b"short"


def test_a_result_that_is_no_text_does_not_break_the_json():
    outcome = Outcome(Kind.OK, "id-1", FUNCTION, body=b"\xff\x00")
    assert outcome.ret_msg == b"\xff\x00"
    assert outcome.as_invoke_result()["Result"]["RetMsg"] == "\ufffd\x00"

"""What SCF says of a failure is recognized, and gets the advice that the emulator's own has."""

import json

import pytest
from scf_gen.core.function import Function
from scf_gen.core.recognition import recognized
from scf_gen.core.result import FAILURES, Kind, Outcome

UNDETAILED = {
    Kind.EXITED: "the bootstrap ended in the middle of an event; it has to catch",
    Kind.OVER_MEMORY: "raise memory_mb, or hold less",
    Kind.EVENT_NOT_JSON: "",
    Kind.EVENT_TOO_LARGE: "an event may have 6 MB",
}


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_is_recognized_by_its_own_words(kind):
    told = Outcome(kind, "id-1", Function(memory_mb=256, timeout_s=7), detail="{some}\nDETAIL")
    failure = json.loads(told.failure_json())
    found = recognized(failure["statusCode"], failure["errorMessage"], "id-1")
    assert found.kind is kind
    if kind in UNDETAILED:
        assert found.advice.startswith(UNDETAILED[kind])
        assert not found.advice.endswith((" ", ";", ":"))
    else:
        assert found.advice == told.advice


def test_what_is_wrong_with_a_bootstrap_is_recognized():
    found = recognized(443, "ReloadFail: Bootstrap has CRLF line ends", "id-1")
    assert "LF line ends" in found.advice
    assert found.advice.endswith("(SCF203)")


@pytest.mark.parametrize(("status", "kind"), [(434, Kind.OVER_MEMORY), (439, Kind.EXITED)])
def test_a_status_of_one_meaning_needs_no_known_words(status, kind):
    assert recognized(status, "in other words", "id-1").kind is kind


@pytest.mark.parametrize("status", [433, 450, 443, 500, 0])
def test_other_words_are_not_guessed_at(status):
    assert recognized(status, "in other words", "id-1") is None

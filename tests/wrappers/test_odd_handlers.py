"""Handlers that do what they should not; the next event must still be served."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from scf_gen.core.result import Kind
from wrappers.subject import Subject, WarmFunction, read_toml

LIMIT_S = 3  # none of this takes long


@pytest.fixture(scope="module")
def odd_subject(subject: Subject, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    source = read_toml("handlers.toml")[subject.language.lang]["odd"]
    project = subject.with_file(f"odd.{subject.language.suffix}", source, tmp_path_factory.mktemp("odd"))
    return replace(project, function=replace(project.function, handler="odd.main_handler", timeout_s=LIMIT_S))


@pytest.fixture
def odd(odd_subject: Subject) -> Iterator[WarmFunction]:
    """An instance for one test, since what the handler did to it stays done."""
    with WarmFunction(odd_subject) as warm:
        yield warm


@pytest.mark.parametrize(
    "event", [b'"change folder"', b'"leave a child"', b'"open stdout again"', b'"replace globals"']
)
def test_it_goes_on(odd, event):
    odd.invoke(b'"before"')
    outcomes = odd.invoke(event, b'"after"', b'"later"')
    assert [(outcome.kind, outcome.body) for outcome in outcomes] == [
        (Kind.OK, event),
        (Kind.OK, b'"after"'),
        (Kind.OK, b'"later"'),
    ]
    assert not any(outcome.cold_start_ms for outcome in outcomes)


@pytest.mark.parametrize("event", [b'"broken text"', b'"unprintable"'])
def test_a_failure_that_is_hard_to_describe(odd, event):
    odd.invoke(b'"before"')
    failed, after = odd.invoke(event, b'"after"')
    assert failed.kind is Kind.FUNCTION_ERROR
    error = json.loads(failed.body.decode())
    assert list(error) == ["errorType", "errorMessage", "stackTrace"]
    assert all(error["errorMessage"].count(word) == 1 for word in ("bad", "text") if b"text" in event)
    assert (after.kind, after.body, after.cold_start_ms) == (Kind.OK, b'"after"', None)


def test_an_unfinished_line_is_in_the_log_before_the_result(odd):
    [outcome] = odd.invoke(b'"unfinished line"')
    assert outcome.ok
    assert b"no end\nResponse RequestId" in outcome.log


def test_without_its_temporary_files_it_goes_on_or_ends(odd):
    odd.invoke(b'"before"')
    odd.subject.at_rest()
    odd.subject.remove_temporary_folders()
    outcomes = odd.invoke(b'"after"', b'"later"')
    assert [outcome.kind for outcome in outcomes] in ([Kind.OK, Kind.OK], [Kind.EXITED, Kind.OK])

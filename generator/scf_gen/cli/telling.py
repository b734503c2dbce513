"""How outcomes are told: results on stdout, logs and hints on stderr."""

import json
import os
from collections.abc import Sequence
from statistics import median
from typing import Any, Protocol

from scf_gen.cli.teller import STDOUT, Teller


class Timed(Protocol):
    """What is counted of an invocation, times in milliseconds."""

    @property
    def ok(self) -> bool: ...
    @property
    def duration_ms(self) -> float: ...
    @property
    def cold_start_ms(self) -> float | None: ...


class Invoked(Timed, Protocol):
    """How an invocation ended, here (`Outcome`) or there (`cloud.invoke.Answer`)."""

    @property
    def kind(self) -> str: ...
    @property
    def advice(self) -> str: ...
    @property
    def ret_msg(self) -> bytes: ...
    def as_invoke_result(self) -> dict[str, Any]: ...


def tell(teller: Teller, outcome: Invoked, *, as_json: bool, separate: bool) -> None:
    """The result, and what to do about a failure."""
    if not outcome.ok:
        teller.say(f"{outcome.kind}: {outcome.advice}")
    teller.result(_json_line(outcome) if as_json else _text(outcome, separate=separate))


def _json_line(outcome: Invoked) -> bytes:
    """What the API's Invoke answers."""
    return json.dumps(outcome.as_invoke_result(), ensure_ascii=False).encode(errors="replace") + b"\n"


def _text(outcome: Invoked, *, separate: bool) -> bytes:
    """RetMsg, byte for byte where a program reads it; `separate` ends it with a newline."""
    text = outcome.ret_msg
    wants_newline = (separate or not outcome.ok or os.isatty(STDOUT)) and not text.endswith(b"\n")
    return text + b"\n" if wants_newline else text


def summary(outcomes: Sequence[Timed]) -> str:
    """One line about many invocations; one that failed before its event was handed over is neither cold nor warm."""
    given = [outcome for outcome in outcomes if outcome.ok or outcome.duration_ms > 0]
    failed = sum(not outcome.ok for outcome in outcomes)
    never_given = len(outcomes) - len(given)
    counts = f"{len(outcomes)} invocations, {failed} failed"
    if never_given:
        counts += f", {'all' if never_given == len(outcomes) else never_given} before the event was handed over"
    return f"{counts}; {_times(given)}" if given else counts


def _times(given: Sequence[Timed]) -> str:
    cold_ms = [outcome.cold_start_ms for outcome in given if outcome.cold_start_ms is not None]
    times_ms = [outcome.duration_ms for outcome in given]
    cold = f"{len(cold_ms)} cold (median {median(cold_ms):.1f}ms)" if cold_ms else "none cold"
    return (
        f"{cold}, {len(given) - len(cold_ms)} warm; "
        f"duration {median(times_ms):.2f}ms median, {max(times_ms):.2f}ms longest"
    )

"""How outcomes are told: results on stdout, logs and hints on stderr."""

import json
import sys
from collections.abc import Callable
from statistics import median

import click

from scf_gen.core.result import Outcome


def to_stderr(data: bytes) -> None:
    """A piece of log, at once."""
    sys.stderr.buffer.write(data)
    sys.stderr.buffer.flush()


def warn(text: str) -> None:
    """Something that SCF itself would keep quiet about."""
    click.echo(f"warning: {text}", err=True)


def tell_json(outcome: Outcome) -> None:
    """What the API's Invoke answers, on a line."""
    click.echo(json.dumps(outcome.as_invoke_result(), ensure_ascii=False))


def tell_text(*, separate: bool) -> Callable[[Outcome], None]:
    """A function that tells RetMsg; `separate` ends each with a newline."""
    ends_line = separate or sys.stdout.isatty()

    def tell(outcome: Outcome) -> None:
        if not outcome.ok:
            click.echo(f"{outcome.kind}: {outcome.advice}", err=True)
        text = outcome.ret_msg
        # A result goes out byte for byte where a program reads it.
        wants_newline = (ends_line or not outcome.ok) and not text.endswith(b"\n")
        sys.stdout.buffer.write(text + b"\n" if wants_newline else text)
        sys.stdout.buffer.flush()

    return tell


def summary(outcomes: list[Outcome]) -> str:
    """One line about many invocations."""
    cold_ms = [outcome.cold_start_ms for outcome in outcomes if outcome.cold_start_ms is not None]
    times_ms = [outcome.duration_ms for outcome in outcomes]
    failed = sum(not outcome.ok for outcome in outcomes)
    cold = f"{len(cold_ms)} cold (median {median(cold_ms):.1f}ms)" if cold_ms else "none cold"
    return (
        f"{len(outcomes)} invocations, {failed} failed; {cold}, {len(outcomes) - len(cold_ms)} warm; "
        f"duration {median(times_ms):.2f}ms median, {max(times_ms):.2f}ms longest"
    )

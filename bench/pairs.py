"""Two ways of doing a thing, timed in turn in one run: on a noisy machine only their ratio means something."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """The medians of two alternating series, in milliseconds."""

    first_ms: float
    second_ms: float

    @property
    def ratio(self) -> float:
        """First over second."""
        return self.first_ms / self.second_ms


def alternate(first: Callable[[], float], second: Callable[[], float], rounds: int, warm_up: int = 2) -> Pair:
    """Call both `rounds` times in turn; each gives the milliseconds that it took."""
    times = [(first(), second()) for _ in range(rounds + warm_up)][warm_up:]
    return Pair(statistics.median(a for a, _ in times), statistics.median(b for _, b in times))


def verdict(value: float, target: float, *, at_most: bool) -> str:
    """The target, and whether it holds."""
    holds = value <= target if at_most else value >= target
    return f"{'<=' if at_most else '>='} {target:g}x {'ok' if holds else 'MISSED'}"

"""What was measured, and the figures that sum it up."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scf_gen.bench.cores import Cores


@dataclass(frozen=True, slots=True)
class Measurement:
    """One function's samples, in the order in which they were taken.

    Cold starts are of one fresh instance each; latencies (dispatch to result), rates (of a block of invocations, back
    to back) and memory (the peak so far, seen after each latency) are of one warm instance.
    """

    label: str
    cold_starts_ms: tuple[float, ...]
    latencies_ms: tuple[float, ...]
    rates_per_s: tuple[float, ...]
    memory_bytes: tuple[int, ...]

    @property
    def figures(self) -> dict[str, float]:
        """The six figures, by the names of FIGURES."""
        ordered = sorted(self.latencies_ms)
        return {
            "cold_start_ms": statistics.median(self.cold_starts_ms),
            "median_ms": statistics.median(ordered),
            "p90_ms": percentile(ordered, 90),
            "p99_ms": percentile(ordered, 99),
            "per_s": statistics.median(self.rates_per_s),
            "peak_memory_bytes": max(self.memory_bytes),
        }


@dataclass(frozen=True, slots=True)
class Bench:
    """A finished bench: one measurement, or two that were taken in turn."""

    measurement: Measurement
    against: Measurement | None
    cores: Cores
    sandboxed: bool

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """All there are."""
        return (self.measurement, self.against) if self.against else (self.measurement,)

    @property
    def ratio(self) -> dict[str, float]:
        """The first's figures over the second's; empty where there is no second, and without those it had none of."""
        if not self.against:
            return {}
        first, second = self.measurement.figures, self.against.figures
        return {name: first[name] / second[name] for name in first if second[name]}


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest of the sorted samples that `percent` % of them do not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

"""How each figure is called and written, in every report for people."""

from collections.abc import Callable
from dataclasses import dataclass

from scf_gen.bench.measurement import Measurement

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's name in Measurement.figures, its title, its unit, and what it is the figure of."""

    name: str
    title: str
    write: Callable[[float], str]
    of: Callable[[Measurement], str]


def milliseconds(value: float) -> str:
    """Milliseconds with three digits that count."""
    return f"{significant(value)} ms"


def megabytes(value: float) -> str:
    """Bytes, written as MB of 1024 * 1024."""
    return f"{significant(value / _MB)} MB"


def per_second(value: float) -> str:
    """A rate."""
    return f"{significant(value)} /s"


def significant(value: float) -> str:
    """Three digits that count, and all before the point."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3  # noqa: PLR2004
    return f"{value:,.{digits}f}"


def _of_cold_starts(measurement: Measurement) -> str:
    return f"bootstrap started until ready, median of {len(measurement.cold_starts_ms)} fresh instances"


def _of_rounds(measurement: Measurement) -> str:
    return f"event dispatched until result, {len(measurement.latencies_ms):,} times on one warm instance"


FIGURES = (
    Figure("cold_start_ms", "cold start", milliseconds, _of_cold_starts),
    Figure("median_ms", "latency, median", milliseconds, _of_rounds),
    Figure("p90_ms", "latency, 90 %", milliseconds, lambda _: ""),
    Figure("p99_ms", "latency, 99 %", milliseconds, lambda _: ""),
    Figure("per_s", "throughput", per_second, lambda _: "back to back on one instance"),
    Figure("peak_memory_bytes", "peak memory", megabytes, lambda _: "of the bootstrap and all that it started"),
)

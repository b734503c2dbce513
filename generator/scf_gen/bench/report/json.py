"""The bench as an object for programs."""

from typing import Any

from scf_gen.bench.measurement import Bench, Measurement

_DIGITS = 4


def as_object(bench: Bench) -> dict[str, Any]:
    """The figures, and with a second function its own as `against` and the `ratio` of the first to it."""
    answer: dict[str, Any] = _figures(bench.measurement)
    if bench.against:
        answer["against"] = _figures(bench.against)
        answer["ratio"] = {name: round(value, _DIGITS) for name, value in bench.ratio.items()}
    answer["cores"] = {"emulator": bench.cores.emulator, "bootstrap": bench.cores.bootstrap}
    answer["sandbox"] = bench.sandboxed
    return answer


def _figures(measurement: Measurement) -> dict[str, Any]:
    figures = {name: round(value, _DIGITS) for name, value in measurement.figures.items()}
    return {**figures, "cold_starts": len(measurement.cold_starts_ms), "rounds": len(measurement.latencies_ms)}

"""The four pictures of a bench."""

import itertools
import statistics
from collections import Counter
from collections.abc import Sequence

from scf_gen.bench.measurement import Bench, Measurement, percentile
from scf_gen.bench.report import plot
from scf_gen.bench.report.figure import megabytes, milliseconds, significant

STYLES = ("first", "second")  # CSS classes, in the order of Bench.measurements

_BINS = 56
_DOTS_AT_MOST = 1500
_STEPS_OF_LINE = 80
_BOTTOM = plot.HEIGHT - plot.BOTTOM


def distribution(bench: Bench) -> str:
    """How many invocations took how long; the slowest 0.5 % stand at the right edge."""
    ordered = [sorted(measurement.latencies_ms) for measurement in bench.measurements]
    low, high = min(each[0] for each in ordered), max(percentile(each, 99.5) for each in ordered)
    axis = plot.across(low, high)
    edges = [axis.value(number / _BINS) for number in range(_BINS + 1)]
    counts = [Counter(_bin(axis, value) for value in each) for each in ordered]
    shares = plot.upwards(0, max(max(c.values()) / len(e) for c, e in zip(counts, ordered, strict=True)))
    marks = plot.scale_beside(shares, lambda share: f"{share * 100:.0f} %")
    for style, count, each in zip(STYLES, counts, ordered, strict=False):
        for number, many in sorted(count.items()):
            left, right, top = axis.at(edges[number]), axis.at(edges[number + 1]), shares.at(many / len(each))
            hint = f"{many} of {len(each)}: {significant(edges[number])} to {milliseconds(edges[number + 1])}"
            marks.append(plot.bar((left + 0.5, top), (right - left - 1, _BOTTOM - top), style, hint))
        median = axis.at(statistics.median(each))
        marks.append(f'<path class="median {style}" d="M{median} {plot.TOP}V{_BOTTOM}"/>')
    return plot.frame("latency distribution", [*marks, *plot.scale_below(axis, _plain, "ms")])


def over_the_run(bench: Bench) -> str:
    """Each invocation's latency in the order of the run, and the median around it."""
    values = [value for measurement in bench.measurements for value in measurement.latencies_ms]
    high = percentile(sorted(values), 99.9)
    axis = plot.upwards(min(values), high)
    rounds = plot.exactly(1, len(bench.measurement.latencies_ms))
    marks = plot.scale_beside(axis, _plain)
    for style, measurement in zip(STYLES, bench.measurements, strict=False):
        latencies = measurement.latencies_ms
        step = max(1, len(latencies) // _DOTS_AT_MOST)
        marks.append(
            plot.dots(
                ((rounds.at(n + 1), axis.at(latencies[n])) for n in range(0, len(latencies), step)),
                style,
            )
        )
    for style, measurement in zip(STYLES, bench.measurements, strict=False):
        medians = _running_medians(measurement.latencies_ms)
        marks.append(plot.line([(rounds.at(n), axis.at(value)) for n, value in medians], style))
    title = "invocation of the warm instance"
    return plot.frame("latency over the run", [*marks, *plot.scale_below(rounds, _plain, title)])


def cold_starts(bench: Bench) -> str:
    """A bar for each fresh instance."""
    axis = plot.upwards(0, max(max(measurement.cold_starts_ms) for measurement in bench.measurements))
    marks = plot.scale_beside(axis, _plain)
    many, series = len(bench.measurement.cold_starts_ms), len(bench.measurements)
    slot = (plot.WIDTH - plot.LEFT - plot.RIGHT) / many
    width = min(34.0, slot * 0.7 / series)
    for number in range(many):
        middle = plot.LEFT + slot * (number + 0.5)
        for place, (style, measurement) in enumerate(zip(STYLES, bench.measurements, strict=False)):
            spent_ms = measurement.cold_starts_ms[number]
            left, top = middle + (place - series / 2) * (width + 2) + 1, axis.at(spent_ms)
            hint = f"{measurement.label}: {milliseconds(spent_ms)}"
            marks.append(plot.bar((left, top), (width, _BOTTOM - top), style, hint))
            marks.append(plot.text(round(left + width / 2, 1), top - 4, significant(spent_ms), style="value"))
        marks.append(plot.text(round(middle, 1), _BOTTOM + 16, str(number + 1)))
    marks.append(f'<path class="axis" d="M{plot.LEFT} {_BOTTOM}H{plot.WIDTH - plot.RIGHT}"/>')
    title = "fresh instance"
    return plot.frame("cold starts", [*marks, plot.text(plot.WIDTH / 2, plot.HEIGHT - 5, title)])


def memory(bench: Bench) -> str:
    """The peak so far, after each invocation."""
    axis = plot.upwards(0, max(max(measurement.memory_bytes) for measurement in bench.measurements) / 2**20)
    rounds = plot.exactly(1, len(bench.measurement.memory_bytes))
    marks = plot.scale_beside(axis, _plain)
    for style, measurement in zip(STYLES, bench.measurements, strict=False):
        points = [(rounds.at(n), axis.at(size / 2**20)) for n, size in _rises(measurement)]
        area = "".join(f"L{x} {y}" for x, y in points)
        marks.append(f'<path class="area {style}" d="M{points[0][0]} {_BOTTOM}{area}V{_BOTTOM}Z"/>')
        marks.append(plot.line(points, style))
        x, y = points[-1]
        peak = megabytes(max(measurement.memory_bytes))
        marks.append(plot.text(x, round(y - 6, 1), peak, anchor="end", style="value"))
    title = "invocation of the warm instance"
    return plot.frame("memory", [*marks, *plot.scale_below(rounds, _plain, title)])


def _bin(axis: plot.Axis, value: float) -> int:
    share = (axis.at(value) - axis.start) / (axis.end - axis.start)
    return min(_BINS - 1, int(share * _BINS))


def _running_medians(values: Sequence[float]) -> list[tuple[float, float]]:
    size = max(min(9, len(values)), len(values) // _STEPS_OF_LINE)
    windows = [(start, values[start : start + size]) for start in range(0, len(values), size)]
    return [(start + (len(window) + 1) / 2, statistics.median(window)) for start, window in windows]


def _rises(measurement: Measurement) -> list[tuple[int, int]]:
    """The corners of a line that only goes up in steps."""
    sizes = measurement.memory_bytes
    corners = [(1, sizes[0])]
    for number, (before, size) in enumerate(itertools.pairwise(sizes), start=2):
        if size != before:
            corners += [(number, before), (number, size)]
    return [*corners, (max(2, len(sizes)), sizes[-1])]


def _plain(value: float) -> str:
    return f"{round(value, 6):,}".removesuffix(".0")

"""The bench as a table for a terminal."""

from collections.abc import Sequence

from scf_gen.bench.measurement import Bench
from scf_gen.bench.report.figure import FIGURES


def as_text(bench: Bench) -> str:
    """A row for each figure and a column for each function; two have their ratio, one has room for explanations."""
    rows = [["", *(measurement.label for measurement in bench.measurements), *(["ratio"] if bench.against else [])]]
    for figure in FIGURES:
        cells = [figure.write(measurement.figures[figure.name]) for measurement in bench.measurements]
        if bench.against:
            cells.append(f"{bench.ratio[figure.name]:.2f}x" if figure.name in bench.ratio else "-")
        rows.append([figure.title, *cells])
    notes = ["", *(figure.of(bench.measurement) for figure in FIGURES)]
    lines = [f"{line}   {note}".rstrip() for line, note in zip(_aligned(rows), notes, strict=True)]
    return "\n".join([*lines, "", conditions(bench)])


def conditions(bench: Bench) -> str:
    """Where it was measured: which cores, which file system."""
    return f"{bench.cores}; {'in the sandbox' if bench.sandboxed else 'without the sandbox'}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["   ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]

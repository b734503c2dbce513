"""The bench as one page that needs nothing else: no script, no font, no picture from anywhere."""

from datetime import UTC, datetime
from html import escape

from scf_gen.bench.measurement import Bench
from scf_gen.bench.report import charts
from scf_gen.bench.report.figure import FIGURES
from scf_gen.bench.report.text import conditions

_STYLE = """
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #16202c; --faint: #66717f; --line: #e3e7ec;
  --first: #0a66c2; --second: #d9730d; }
@media (prefers-color-scheme: dark) { :root { --ground: #10151b; --card: #181f27; --ink: #e8edf2; --faint: #93a0ae;
  --line: #2a343f; --first: #5aa9ff; --second: #ffa657; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 36px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 0; }
p { margin: 0; color: var(--faint); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px; margin: 0; }
.first { --hue: var(--first); } .second { --hue: var(--second); }
.name::before { content: ""; display: inline-block; width: .62em; height: .62em; border-radius: 3px;
  margin-right: .4em; background: var(--hue); }
.scroll { margin: 24px 0 16px; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 8px 0 8px 24px; border-top: 1px solid var(--line); white-space: nowrap; }
thead th, thead td { border-top: 0; padding-top: 0; font-weight: 600; }
tbody tr:last-child > * { padding-bottom: 0; }
tbody th { text-align: left; font-weight: 400; padding-left: 0; }
td { font-weight: 600; font-size: 16px; }
td.note { font-weight: 400; font-size: 13px; color: var(--faint); text-align: left; width: 99%; white-space: normal; }
.plots { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(460px, 100%), 1fr)); }
figcaption p { font-size: 13px; margin-bottom: 10px; }
svg { display: block; width: 100%; height: auto; overflow: visible; font: 12px system-ui, sans-serif; }
text { fill: var(--faint); } text.value { fill: var(--ink); font-weight: 600; paint-order: stroke;
  stroke: var(--card); stroke-width: 3px; }
.axis { stroke: var(--faint); stroke-opacity: .6; fill: none; } .grid { stroke: var(--line); fill: none; }
.bar { fill: var(--hue); fill-opacity: .72; } .bar:hover { fill-opacity: 1; }
.line { stroke: var(--hue); stroke-width: 2; fill: none; stroke-linejoin: round; }
.dots { stroke: var(--hue); stroke-opacity: .28; stroke-width: 3.4; stroke-linecap: round; fill: none; }
.median { stroke: var(--hue); stroke-width: 1.5; stroke-dasharray: 4 3; fill: none; }
.area { fill: var(--hue); fill-opacity: .12; }
footer { margin-top: 20px; font-size: 13px; }
"""

_PLOTS = (
    (
        "Latency distribution",
        "Share of the invocations. Dashed: the median; at the edge: the slowest.",
        charts.distribution,
    ),
    ("Latency over the run", "Each invocation in its order, in ms, and the median around it.", charts.over_the_run),
    ("Cold starts", "From the start of the bootstrap until it says that it is ready, in ms.", charts.cold_starts),
    ("Memory", "The peak so far, of the bootstrap and all that it started, in MB.", charts.memory),
)


def as_page(bench: Bench) -> str:
    """The whole page: figures, four plots, and the conditions."""
    title = " against ".join(measurement.label for measurement in bench.measurements)
    plots = "\n".join(
        f'<figure class="card"><figcaption><h2>{name}</h2><p>{what}</p></figcaption>\n{draw(bench)}\n</figure>'
        for name, what, draw in _PLOTS
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{escape(title)} · scf-gen bench</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{escape(_summary(bench))}</p>
<div class="card scroll">
{_table(bench)}
</div>
<div class="plots">
{plots}
</div>
<footer><p>scf-gen bench · {datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {escape(conditions(bench))}</p></footer>
</main>
</body>
</html>
"""


def _summary(bench: Bench) -> str:
    first = bench.measurement
    what = f"{len(first.latencies_ms):,} invocations on one warm instance, {len(first.cold_starts_ms)} cold starts"
    if not bench.against:
        return what
    ratio = bench.ratio["median_ms"]
    factor, word = (ratio, "slower") if ratio > 1 else (1 / ratio, "faster")
    verdict = f"by the median, {first.label} is {factor:.3g} times {word} than {bench.against.label}"
    return f"{what} of each, in turn: {verdict}"


def _table(bench: Bench) -> str:
    heads = [
        f'<th scope="col"><span class="name {style}">{escape(measurement.label)}</span></th>'
        for style, measurement in zip(charts.STYLES, bench.measurements, strict=False)
    ]
    heads.append('<th scope="col">ratio</th>' if bench.against else "<td></td>")
    rows = []
    for figure in FIGURES:
        cells = [f"<td>{figure.write(measurement.figures[figure.name])}</td>" for measurement in bench.measurements]
        if bench.against:
            ratio = bench.ratio.get(figure.name)
            cells.append(f"<td>{'–' if ratio is None else f'{ratio:.2f}×'}</td>")  # noqa: RUF001
        else:
            cells.append(f'<td class="note">{escape(figure.of(bench.measurement))}</td>')
        rows.append(f'<tr><th scope="row">{figure.title}</th>{"".join(cells)}</tr>')
    body = "\n".join(rows)
    return f"<table><thead><tr><td></td>{''.join(heads)}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"

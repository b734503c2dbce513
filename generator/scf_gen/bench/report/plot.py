"""Axes and marks as inline SVG: numbers in, elements out. Colours are the page's, by class."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 14, 40
_TICKS = 5
_LOGARITHMIC_FROM = 8.0  # a wider span than this, largest to smallest, does not fit on a linear axis
_STEPS = (1, 2, 5, 10)
_MANTISSAS = {1: (1, 2, 3, 5), 2: (1, 2, 5), 3: (1, 3)}

Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values laid onto a range of pixels, linear or logarithmic."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value; one outside is brought to the edge."""
        value = min(max(value, self.low), self.high)
        if self.logarithmic:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def value(self, share: float) -> float:
        """The value at a share of the range."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def ticks(self) -> list[float]:
        """Round values within the range."""
        if self.logarithmic:
            decades = math.log10(self.high / self.low)
            mantissas = _MANTISSAS.get(math.ceil(decades), (1,))
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            ticks = [mantissa * 10.0**power for power in powers for mantissa in mantissas]
        else:
            rough = (self.high - self.low) / _TICKS
            power = 10 ** math.floor(math.log10(rough))
            step = next(step for step in _STEPS if step * power >= rough * 0.999) * power
            first = math.ceil(self.low / step)
            ticks = [number * step for number in range(first, math.floor(self.high / step + 1e-9) + 1)]
        return [tick for tick in ticks if self.low <= tick * 1.000001 and tick <= self.high * 1.000001]


def across(low: float, high: float) -> Axis:
    """A horizontal axis; `low` and `high` get some room, and a wide span a logarithmic scale."""
    return _fitted(low, high, LEFT, WIDTH - RIGHT)


def upwards(low: float, high: float) -> Axis:
    """A vertical axis, as `across`; from 0 if `low` is 0."""
    return _fitted(low, high, HEIGHT - BOTTOM, TOP)


def exactly(low: float, high: float) -> Axis:
    """A horizontal linear axis without extra room."""
    return Axis(low, max(high, low + 1), LEFT, WIDTH - RIGHT)


def _fitted(low: float, high: float, start: float, end: float) -> Axis:
    if low > 0 and high / low > _LOGARITHMIC_FROM:
        return Axis(low / 1.15, high * 1.15, start, end, logarithmic=True)
    room = (high - low or high or 1) * 0.06
    return Axis(max(0.0, low - room) if low > 0 else 0.0, high + room, start, end)


def frame(title: str, marks: Iterable[str]) -> str:
    """An SVG picture of the standard size with a name for those who do not see it."""
    body = "\n".join(marks)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">\n{body}\n</svg>'


def scale_below(axis: Axis, write: Write, title: str) -> list[str]:
    """A horizontal axis' ticks, their values, and what they are values of."""
    bottom = HEIGHT - BOTTOM
    marks = [f'<path class="axis" d="M{LEFT} {bottom}H{WIDTH - RIGHT}"/>']
    for tick in axis.ticks():
        marks.append(f'<path class="axis" d="M{axis.at(tick)} {bottom}v4"/>')
        marks.append(text(axis.at(tick), bottom + 16, write(tick)))
    return [*marks, text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 5, title)]


def scale_beside(axis: Axis, write: Write) -> list[str]:
    """A vertical axis' values, with lines across the picture."""
    marks = []
    for tick in axis.ticks():
        marks.append(f'<path class="grid" d="M{LEFT} {axis.at(tick)}H{WIDTH - RIGHT}"/>')
        marks.append(text(LEFT - 8, axis.at(tick) + 4, write(tick), anchor="end"))
    return marks


def text(x: float, y: float, content: str, *, anchor: str = "middle", style: str = "") -> str:
    """A word in the picture."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" class="{style}">{escape(content)}</text>'


def dots(points: Iterable[tuple[float, float]], style: str) -> str:
    """Many small dots as one element."""
    return f'<path class="dots {style}" d="{"".join(f"M{x} {y}h0" for x, y in points)}"/>'


def line(points: Sequence[tuple[float, float]], style: str) -> str:
    """A line through points."""
    return f'<path class="line {style}" d="M{"L".join(f"{x} {y}" for x, y in points)}"/>'


def bar(corner: tuple[float, float], size: tuple[float, float], style: str, hint: str) -> str:
    """A filled rectangle that says `hint` when it is pointed at."""
    (x, y), (width, height) = corner, size
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{max(height, 0.5):.1f}" rx="1.5"'
    return f'<rect class="bar {style}" {place}><title>{escape(hint)}</title></rect>'

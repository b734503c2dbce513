"""The page, from samples that are made up: it is well-formed, needs nothing else, and shows what there is."""

import random
import re
import xml.etree.ElementTree as ET

import pytest
from scf_gen.bench.cores import Cores
from scf_gen.bench.measurement import Bench, Measurement, percentile
from scf_gen.bench.report.html import as_page
from scf_gen.bench.report.json import as_object
from scf_gen.bench.report.text import as_text


def measurement(label: str, scale: float = 1.0, rounds: int = 500) -> Measurement:
    dice = random.Random(1)
    latencies = tuple(scale * dice.lognormvariate(0, 0.3) for _ in range(rounds))
    memory = tuple(5_000_000 + 100_000 * (number // 100) for number in range(rounds))
    return Measurement(label, tuple(scale * n for n in (30, 31, 29, 40, 28)), latencies, (900 / scale,), memory)


BENCHES = {
    "one": Bench(measurement("one"), None, Cores(0, 1), sandboxed=True),
    "two": Bench(measurement("one"), measurement("two", 20), Cores(0, 3), sandboxed=False),
    "one round": Bench(measurement("one", rounds=1), None, Cores(), sandboxed=True),
    "all the same": Bench(
        Measurement("flat", (5.0,), (1.0,) * 50, (7.0,), (1 << 20,) * 50), None, Cores(), sandboxed=True
    ),
    "nothing seen": Bench(Measurement("null", (0.0,), (0.0,), (1.0,), (0,)), None, Cores(), sandboxed=True),
    "an odd name": Bench(measurement("<a & \"b'>"), measurement("</svg>"), Cores(), sandboxed=True),
}


@pytest.mark.parametrize("name", BENCHES)
def test_the_page_is_well_formed_with_four_plots(name):
    root = ET.fromstring(as_page(BENCHES[name]).removeprefix("<!DOCTYPE html>\n"))
    pictures = [element.get("aria-label") for element in root.iter("svg")]
    assert pictures == ["latency distribution", "latency over the run", "cold starts", "memory"]
    assert not re.search(r"\b(nan|inf)\b", as_page(BENCHES[name]))


@pytest.mark.parametrize("name", BENCHES)
def test_the_page_needs_nothing_from_outside(name):
    page = as_page(BENCHES[name])
    assert not re.search(r"<script|<link|<img|\bsrc=|\bhref=|url\(|@import|https?:", page)
    assert "prefers-color-scheme: dark" in page


def test_names_are_escaped_everywhere():
    page = as_page(BENCHES["an odd name"])
    assert "<a &" not in page
    assert page.count("</svg>") == 4


def test_two_functions_have_a_ratio_in_each_report():
    bench = BENCHES["two"]
    assert as_object(bench)["ratio"]["median_ms"] == pytest.approx(1 / 20)
    assert "0.05x" in as_text(bench)
    assert "20 times faster than two" in as_page(bench)


def test_a_percentile_is_a_sample_that_was_taken():
    ordered = [float(number) for number in range(1, 101)]
    assert [percentile(ordered, percent) for percent in (50, 90, 99, 100)] == [50, 90, 99, 100]
    assert percentile([3.0], 90) == 3

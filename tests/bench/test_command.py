"""scf-gen bench: its inputs, outputs and exit statuses."""

import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from echo import ECHO, write_function

SLOW = ECHO.replace("printf %s", "sleep 0.05; printf %s")
FAILS_AT_THE_FOURTH = ECHO.replace("printf %s", "(( ++n > 3 )) && { echo three is enough >&2; exit 7; }; printf %s")
FIGURES = {"cold_start_ms", "median_ms", "p90_ms", "p99_ms", "per_s", "peak_memory_bytes"}


@pytest.fixture
def function(tmp_path: Path) -> Callable[[str, str], Path]:
    """Makes a folder of that name with that bootstrap."""

    def make(name: str, bootstrap: str = ECHO) -> Path:
        return write_function(tmp_path / name, bootstrap)

    return make


def test_json_has_the_six_figures(scf_gen, function):
    done = scf_gen("bench", function("fn"), "--json", "--rounds", "20")
    answer = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    assert answer.keys() >= FIGURES
    assert "against" not in answer
    assert 0 < answer["median_ms"] <= answer["p90_ms"] <= answer["p99_ms"]
    assert answer["cold_start_ms"] > 0
    assert answer["per_s"] > 0
    assert answer["peak_memory_bytes"] > 1_000_000
    assert answer["rounds"] == 20


def test_the_slow_one_against_the_fast_one_has_a_ratio_above_1(scf_gen, function):
    done = scf_gen("bench", function("slow", SLOW), "--against", function("fast"), "--json", "--rounds", "10")
    answer = json.loads(done.out)
    assert done.status == 0
    assert answer["against"].keys() >= FIGURES
    assert answer["ratio"].keys() == FIGURES
    assert answer["median_ms"] >= 50
    assert answer["ratio"]["median_ms"] > 1
    assert answer["ratio"]["per_s"] < 1
    assert answer["ratio"]["median_ms"] == pytest.approx(
        answer["median_ms"] / answer["against"]["median_ms"], rel=0.001
    )


def test_the_table_has_a_row_for_each_figure_and_says_which_cores(scf_gen, function):
    done = scf_gen("bench", function("fn"), "--rounds", "5")
    assert (done.status, done.err) == (0, "")
    rows = done.out.splitlines()
    assert rows[0].split() == ["fn"]
    names = ("cold start", "latency, median", "latency, 90 %", "latency, 99 %", "throughput", "peak memory")
    for row, name in zip(rows[1:7], names, strict=True):
        assert re.match(rf"{name} +[\d.,]+ (ms|MB|/s)", row)
    assert "core" in rows[-1]


def test_the_table_of_two_has_a_column_each_and_the_ratio(scf_gen, function):
    done = scf_gen("bench", function("one"), "--against", function("two"), "--rounds", "5")
    rows = done.out.splitlines()
    assert rows[0].split() == ["one", "two", "ratio"]
    assert all(re.search(r"\d\.\d\dx\b", row) for row in rows[1:7])


def test_the_same_path_twice_is_told_apart(scf_gen, function):
    folder = function("fn")
    done = scf_gen("bench", folder, "--against", folder, "--rounds", "2")
    assert done.out.splitlines()[0].split() == [str(folder), "(1)", str(folder), "(2)", "ratio"]


def test_a_zip_and_an_event_of_ones_own(scf_gen, function, tmp_path):
    with zipfile.ZipFile(tmp_path / "fn.zip", "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, ECHO.replace("printf", '[[ $event == "[7]." ]] || exit 1; printf'))
    assert scf_gen("bench", tmp_path / "fn.zip", "-d", "[7]", "--rounds", "2", "--json").status == 0
    assert scf_gen("bench", tmp_path / "fn.zip", "-d", "[8]", "--rounds", "2", "--json").status == 1


def test_a_failing_invocation_ends_it_without_numbers(scf_gen, function, tmp_path):
    page = tmp_path / "page.html"
    done = scf_gen("bench", function("fn", FAILS_AT_THE_FOURTH), "--json", "--html", page)
    assert (done.status, done.out) == (1, "")
    assert "three is enough\n" in done.err
    assert done.err.splitlines()[-1].startswith("fn: exit during the invocation: the bootstrap ended with status 7")
    assert not page.exists()


def test_the_failing_one_of_two_is_named(scf_gen, function):
    done = scf_gen("bench", function("good"), "--against", function("bad", "#!/bin/bash\nexit 3\n"))
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines()[-1].startswith("bad: exit before ready: ")


def test_the_cores_of_this_process_are_as_before(scf_gen, function):
    before = os.sched_getaffinity(0)
    scf_gen("bench", function("fn"), "--rounds", "2")
    scf_gen("bench", function("bad", "#!/bin/bash\nexit 3\n"))
    assert os.sched_getaffinity(0) == before


USAGE = {
    "no function": (["{empty}"], 3, "holds no function"),
    "no such path": (["{empty}/nowhere"], 3, " is not there"),
    "nothing to compare with": (["{fn}", "--against", "{empty}"], 3, "holds no function"),
    "two events": (["{fn}", "-d", "1", "--event", "hello"], 2, "only one of"),
    "unknown event": (["{fn}", "--event", "helo"], 2, "did you mean hello?"),
    "no rounds": (["{fn}", "--rounds", "0"], 2, "--rounds"),
    "no folder for the page": (["{fn}", "--html", "{empty}/no/page.html"], 2, "there is no folder"),
    "the page is a folder": (["{fn}", "--html", "{empty}"], 2, "--html"),
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage_gets_one_clear_line_and_its_status(scf_gen, function, tmp_path, case):
    args, status, complaint = USAGE[case]
    (tmp_path / "empty").mkdir()
    fn = function("fn")
    done = scf_gen("bench", *(arg.format(fn=fn, empty=tmp_path / "empty") for arg in args))
    assert done.refuses(status, complaint)

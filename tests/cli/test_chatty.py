"""Functions that log far more than anybody reads."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from echo import ECHO, write_function

LEFT_OUT = re.compile(rb"\n\[scf-gen left out (\d+) bytes of the log here\]\n")
LOGGED_BYTES = 100_000_000


@pytest.fixture
def chatty(tmp_path: Path) -> Path:
    """Logs 100 MB, says so in a file, and echoes."""
    noisy = f"head -c {LOGGED_BYTES} /dev/zero >&2; touch {tmp_path}/written; printf"
    return write_function(tmp_path / "fn", ECHO.replace("printf", noisy))


def command(function: Path, *options: str) -> list[str]:
    options = ("-d", "1", "--timeout", "60", "--no-sandbox", *options)
    return [sys.executable, "-m", "scf_gen", "invoke", str(function), *options]


def peak_mb(pid: int) -> int:
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) // 1024


def test_a_reader_of_files_gets_all_of_a_large_log_and_json_an_excerpt(chatty, tmp_path):
    with (tmp_path / "log").open("wb") as log:
        done = subprocess.run(command(chatty, "--json"), stdout=subprocess.PIPE, stderr=log, check=True)
    assert (tmp_path / "log").read_bytes().count(b"\0") == LOGGED_BYTES
    kept = json.loads(done.stdout)["Result"]["Log"].encode()
    assert kept.startswith(b"START RequestId:")
    assert re.search(rb"\nEND RequestId:\S+\nReport RequestId:.*\n$", kept)
    assert kept.count(b"\0") + int(LEFT_OUT.search(kept)[1]) == LOGGED_BYTES
    assert len(kept) < 5_000_000


def test_what_nobody_reads_is_left_out_and_not_kept_in_memory(chatty, tmp_path):
    with (
        (tmp_path / "result").open("wb") as result,
        subprocess.Popen(command(chatty), stdout=result, stderr=subprocess.PIPE) as running,
    ):
        given_up = time.monotonic() + 60
        while not (tmp_path / "written").exists():
            assert time.monotonic() < given_up
        assert peak_mb(running.pid) < 90
        told = running.stderr.read()
        assert running.wait() == 0
    left_out = sum(map(int, LEFT_OUT.findall(told)))
    assert LOGGED_BYTES <= told.count(b"\0") + left_out < LOGGED_BYTES + 1000  # and SCF's last lines
    assert left_out > LOGGED_BYTES / 2
    assert (tmp_path / "result").read_bytes() == b"1"


def test_results_that_nobody_reads_wait_and_so_does_the_next_invocation():
    script = """
import asyncio, sys
from scf_gen.cli.teller import Teller

async def invocations():
    with Teller() as teller:
        for number in range(100):
            done, _ = await asyncio.wait([asyncio.ensure_future(teller.room())], timeout=0.2)
            if not done:
                break
            teller.result(b"x" * 1_000_000)
        print(number, file=sys.stderr, flush=True)

asyncio.run(invocations())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        waiting = int(running.stderr.readline())
        results = running.stdout.read()
    assert 1 < waiting < 10
    assert len(results) == waiting * 1_000_000

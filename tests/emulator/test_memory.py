"""The memory of a process and its descendants, by both ways of reading it."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psutil
import pytest
from scf_gen.emulator import memory

MB = 1024 * 1024
WAYS = {"/proc": memory._by_proc, "psutil": memory._by_psutil}


@contextmanager
def running(script: str):
    """A Python process that has printed a line."""
    command = [
        sys.executable,
        "-c",
        f"import subprocess, sys, threading\n{script}\nprint('go', flush=True)\nsys.stdin.read()",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"go\n"
        yield process.pid
        children = psutil.Process(process.pid).children(recursive=True)
        for child in children:
            child.kill()
        process.stdin.close()
    psutil.wait_procs(children)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_the_resident_memory_of_a_process(way):
    with running("block = bytes(range(256)) * 4096 * 40") as pid:
        assert WAYS[way](pid, True) == pytest.approx(psutil.Process(pid).memory_info().rss, rel=0.05)
        assert WAYS[way](pid, True) > 40 * MB
        assert WAYS[way](pid, False) == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "starter", ["start()", "thread = threading.Thread(target=start); thread.start(); ready.wait()"]
)
def test_children_count_whichever_thread_started_them(way, starter):
    script = f"""
ready = threading.Event()
def start():
    global child
    large = "import sys; block = bytes(range(256)) * 4096 * 40; print(1, flush=True); sys.stdin.read()"
    child = subprocess.Popen([sys.executable, "-c", large], stdout=subprocess.PIPE)
    child.stdout.readline()
    ready.set()
    if threading.current_thread() is not threading.main_thread():
        child.stdout.read()  # keeps the thread, and with it its list of children
{starter}"""
    with running(script) as pid:
        assert WAYS[way](pid, True) - WAYS[way](pid, False) > MB
        assert WAYS[way](pid, False) > 40 * MB


@pytest.mark.parametrize("way", WAYS)
def test_a_process_that_has_ended_has_none(way):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert WAYS[way](process.pid, True) == 0


FORKS = """
import os, signal
def fork(work):
    read_end, write_end = os.pipe()
    if not os.fork():
        work()
        os.write(write_end, b"1")
        signal.pause()
    os.read(read_end, 1)
"""


@pytest.mark.parametrize(
    ("block", "work", "at_least_mb"),
    [
        ("bytes(range(256)) * 4096 * 40", "block[0]", 40),
        ("mmap.mmap(-1, 40 << 20); block.write(bytes(40 << 20))", "block[:]", 40),
        ("b''", "globals().update(own=bytes(range(256)) * 4096 * 30)", 90),
    ],
    ids=["a block that forks share", "shared memory", "a block of each fork's own"],
)
def test_what_forks_share_counts_once(block, work, at_least_mb):
    script = f"import mmap{FORKS}block = {block}\nfor _ in range(3): fork(lambda: {work})\n"
    with running(script) as pid:
        assert at_least_mb * MB < memory.held_bytes(pid, with_root=True) < (at_least_mb + 25) * MB


# A cat that has passed on a byte has all its files.
CATS = """
pipe = subprocess.PIPE
cats = [subprocess.Popen(["cat"], stdin=pipe, stdout=pipe, bufsize=0) for _ in range({})]
for cat in cats: cat.stdin.write(b"x"); cat.stdout.read(1)
"""


def test_a_program_that_runs_twice_has_its_files_once():
    with running(CATS.format(1)) as pid:
        once = memory.held_bytes(pid, with_root=True)
    with running(CATS.format(8)) as pid:
        assert memory.held_bytes(pid, with_root=True) < once + 3 * MB


def test_below_what_is_known_the_sum_will_do():
    script = f"import mmap{FORKS}block = bytes(range(256)) * 4096 * 40\nfork(lambda: block[0])\n"
    with running(script) as pid:
        assert memory.held_bytes(pid, with_root=True, known_bytes=1000 * MB) > 80 * MB


def test_the_way_that_is_taken_sees_this_process():
    assert memory.held_bytes(os.getpid(), with_root=True) > MB

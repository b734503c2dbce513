"""Nothing that a bootstrap started outlives it."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid

import psutil
import pytest
from scf_gen.core.function import Function
from scf_gen.core.result import Kind
from scf_gen.emulator.pool import Pool

CHILDREN = {
    "a child": "subprocess.Popen(sleep)",
    "a child in its own session": "subprocess.Popen(sleep, start_new_session=True)",
    "an orphan": "subprocess.Popen(['/bin/sh', '-c', ' '.join(sleep) + ' & exit'])",
    "an orphan in its own session": "subprocess.Popen(['setsid', '/bin/sh', '-c', ' '.join(sleep) + ' & exit'])",
}


def alive(mark: str) -> list[int]:
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if mark in (process.info["cmdline"] or []) and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@pytest.fixture
def mark() -> str:
    return f"1000.{uuid.uuid4().int}"


@pytest.mark.parametrize("end", ["hang()", "sys.exit(1)", "response('ok'); next()"])
@pytest.mark.parametrize("child", CHILDREN)
def test_nothing_is_left_behind(bootstrap, invoke, mark, child, end):
    script = f"sleep = ['sleep', '{mark}']\nready(); next(); {CHILDREN[child]}\n{end}"
    [outcome] = invoke(bootstrap(script), timeout_s=1)
    assert outcome.kind in {Kind.OK, Kind.EXITED, Kind.TIMEOUT}
    assert alive(mark) == []


def test_a_plain_bootstrap_that_has_nothing_to_do_may_clean_up_before_it_goes(bootstrap, tmp_path):
    script = """
def end(*_): open("ended", "w"); os._exit(0)
signal.signal(signal.SIGTERM, end)
ready(); next(); response("ok"); next()
"""

    async def invocation():
        async with Pool(Function(), bootstrap(script)) as pool:
            return await pool.invoke(b"1")

    assert asyncio.run(invocation()).ok
    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize("repeat", ["1", "1000"], ids=["one", "many, on another loop"])
@pytest.mark.parametrize("given", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_with_130_and_all_its_processes(bootstrap, mark, given, repeat):
    script = (
        f"ready(); next(); subprocess.Popen(['setsid', 'env', '-i', '/bin/sh', '-c', 'echo go; sleep 99', '{mark}'])\n"
        "hang()"
    )
    command = [sys.executable, "-m", "scf_gen", "invoke", bootstrap(script), "--timeout", "60", "--repeat", repeat]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while b"go\n" not in running.stderr.readline():
            assert running.poll() is None
        assert alive(mark)
        os.kill(running.pid, given)
        assert running.wait() == 130
    assert alive(mark) == []


def test_what_was_there_before_is_spared(seed, mark):
    """A program that starts a service and then becomes scf-gen has a child that is not scf-gen's."""
    command = f"setsid sleep {mark} & exec {sys.executable} -m scf_gen invoke {seed} -d 1"
    done = subprocess.run(["bash", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    assert done.returncode == 0
    [survivor] = alive(mark)
    os.kill(survivor, signal.SIGKILL)

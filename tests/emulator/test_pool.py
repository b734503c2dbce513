"""Instances: started on demand, reused, discarded, retired."""

import asyncio

import psutil
import pytest
from scf_gen.core.function import Function
from scf_gen.core.result import Kind
from scf_gen.emulator.instance import Status
from scf_gen.emulator.pool import Pool

OBEY = """
import json
log("loading"); ready()
while True:
    event = json.loads(next().body)
    log("working")
    if event == "slow": time.sleep(0.3)
    if event == "exit": sys.exit()
    if event == "big": block = b"x" * 100_000_000
    if event == "hang" or event == "big": hang()
    response(str(os.getpid()))
"""


@pytest.fixture
def on_pool(bootstrap):
    """Runs a coroutine function with a pool of the obedient bootstrap."""

    def run(use, timeout_s=30, **options):
        async def main():
            async with Pool(Function(timeout_s=timeout_s, memory_mb=64), bootstrap(OBEY), **options) as pool:
                return await use(pool)

        return asyncio.run(main())

    return run


def test_an_instance_is_used_again(on_pool):
    async def use(pool):
        return [await pool.invoke(b"1") for _ in range(3)]

    assert len({outcome.body for outcome in on_pool(use, limit=5)}) == 1


def test_as_many_start_as_are_needed_and_allowed(on_pool):
    async def use(pool):
        outcomes = await asyncio.gather(*[pool.invoke(b'"slow"') for _ in range(6)])
        return len({outcome.body for outcome in outcomes}), len(pool.instances)

    assert on_pool(use, limit=3) == (3, 3)


@pytest.mark.parametrize(
    ("event", "kind"),
    [(b'"hang"', Kind.TIMEOUT), (b'"exit"', Kind.EXITED), (b'"big"', Kind.OVER_MEMORY)],
)
def test_after_433_434_and_439_the_instance_is_discarded(on_pool, event, kind):
    async def use(pool):
        before, failed, after = [await pool.invoke(body) for body in (b"1", event, b"1")]
        return before.body != after.body, failed.kind, after.cold_start_ms is not None

    assert on_pool(use, timeout_s=1 if kind is Kind.TIMEOUT else 30) == (True, kind, True)


def test_an_idle_instance_is_retired_after_a_while(on_pool):
    async def use(pool):
        first = await pool.invoke(b"1")
        _, alive = await asyncio.to_thread(psutil.wait_procs, [psutil.Process(int(first.body))], timeout=10)
        return alive, pool.instances, (await pool.invoke(b"1")).cold_start_ms is not None

    assert on_pool(use, idle_limit_s=0.05) == ([], (), True)


def test_an_instance_says_what_it_is_doing(on_pool):
    seen = {}

    async def use(pool):
        def look(data):
            seen.setdefault(data.split()[0], [instance.status for instance in pool.instances])

        pool.live = look
        await pool.invoke(b'"slow"')
        return [instance.status for instance in pool.instances]

    assert on_pool(use) == [Status.IDLE]
    assert seen[b"loading"] == [Status.STARTING]
    assert seen[b"working"] == [Status.BUSY]


def test_a_cancelled_invocation_ends_its_instance(on_pool):
    async def use(pool):
        working = asyncio.Event()
        pool.live = lambda data: working.set() if b"working" in data else None
        invocation = asyncio.ensure_future(pool.invoke(b'"hang"'))
        await working.wait()
        [instance] = pool.instances
        process = psutil.Process(instance.pid)
        invocation.cancel()
        with pytest.raises(asyncio.CancelledError):
            await invocation
        return process.is_running(), pool.instances, (await pool.invoke(b"1")).kind

    assert on_pool(use) == (False, (), Kind.OK)


def held() -> tuple[int, int]:
    """The open files, and the processes, ended ones too, that this one has; an orphan is its own, as of a subreaper."""
    return psutil.Process().num_fds(), len(psutil.Process().children())


@pytest.mark.parametrize("step", range(20))
def test_an_invocation_that_is_cancelled_at_any_step_leaves_nothing(bootstrap, sandbox, step):
    async def cancel_at_step() -> None:
        async with Pool(Function(), bootstrap("ready(); next(); signal.pause()"), sandbox=sandbox) as pool:
            invocation = asyncio.create_task(pool.invoke(b"1"))
            for _ in range(step):
                await asyncio.sleep(0)
            invocation.cancel()
            with pytest.raises(asyncio.CancelledError):
                await invocation

    before = held()
    asyncio.run(cancel_at_step())
    assert held() == before

"""Taking the samples: cold starts, warm latencies, rates; of two functions in strict turn, round by round."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from scf_gen.bench.cores import Cores
from scf_gen.bench.measurement import Measurement
from scf_gen.core.function import Function
from scf_gen.core.result import Outcome
from scf_gen.emulator.pool import Pool
from scf_gen.emulator.sandbox import Sandbox

Progress = Callable[[float], None]

_MINIMUM_COLD_STARTS = 3
_WARM_UP_ROUNDS = 20
_MINIMUM_ROUNDS = 5
_MAXIMUM_ROUNDS = 2000
_BLOCKS = 10
# What each part of a run may take where no number of rounds is asked for; slow functions get their minimum.
_COLD_S, _WARM_UP_S, _LATENCY_S, _RATE_S = 1.5, 0.5, 4.0, 2.0
_COLD_SHARE, _LATENCY_SHARE, _RATE_SHARE = 0.2, 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Subject:
    """A function to measure, known to the user as `label`."""

    label: str
    function: Function
    code: Path
    programs: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure: the event, how often (None for what fits into seconds), and on what.

    `rest_s` is how long nothing happens before each latency is taken; without a rest, it includes what the function
    before still does after its result.
    """

    event: bytes
    rounds: int | None = None
    cold_starts: int = 5
    cores: Cores = field(default_factory=Cores)
    sandbox: Sandbox | None = None
    rest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """The invocation that ended a bench before its end."""

    label: str
    outcome: Outcome


class _FailedInvocation(Exception):
    def __init__(self, failed: Failed) -> None:
        super().__init__()
        self.failed = failed


@dataclass(slots=True)
class _Samples:
    subject: Subject
    plan: Plan
    cold_starts_ms: list[float] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)
    rates_per_s: list[float] = field(default_factory=list)
    memory_bytes: list[int] = field(default_factory=list)

    def new_pool(self) -> Pool:
        return Pool(
            self.subject.function,
            self.subject.code,
            programs=self.subject.programs,
            sandbox=self.plan.sandbox,
            cores=self.plan.cores.for_bootstrap,
        )

    async def invoke(self, pool: Pool) -> Outcome:
        outcome = await pool.invoke(self.plan.event)
        if not outcome.ok:
            raise _FailedInvocation(Failed(self.subject.label, outcome))
        return outcome

    def measurement(self) -> Measurement:
        return Measurement(
            self.subject.label,
            tuple(self.cold_starts_ms),
            tuple(self.latencies_ms),
            tuple(self.rates_per_s),
            tuple(self.memory_bytes),
        )


async def measure(
    subjects: Sequence[Subject], plan: Plan, progress: Progress = lambda _: None
) -> tuple[Measurement, ...] | Failed:
    """Measure the subjects in turn; the first invocation that fails ends it. `progress` gets the share that is done."""
    samples = [_Samples(subject, plan) for subject in subjects]
    try:
        await _start_cold(samples, plan, progress)
        await _stay_warm(samples, plan, progress)
    except _FailedInvocation as failure:
        return failure.failed
    return tuple(taken.measurement() for taken in samples)


async def _start_cold(samples: Sequence[_Samples], plan: Plan, progress: Progress) -> None:
    end_s = time.perf_counter() + _COLD_S * len(samples)
    for number in range(plan.cold_starts):
        if plan.rounds is None and number >= _MINIMUM_COLD_STARTS and time.perf_counter() > end_s:
            break
        for taken in samples:
            async with taken.new_pool() as pool:
                taken.cold_starts_ms.append((await taken.invoke(pool)).cold_start_ms or 0.0)
        progress(_COLD_SHARE * (number + 1) / plan.cold_starts)


async def _stay_warm(samples: Sequence[_Samples], plan: Plan, progress: Progress) -> None:
    async with AsyncExitStack() as stack:
        pools = [await stack.enter_async_context(taken.new_pool()) for taken in samples]
        pairs = list(zip(samples, pools, strict=True))
        round_s = await _warm_up(pairs)
        rounds = plan.rounds or _fitting(_LATENCY_S, round_s)
        for number in range(rounds):
            for taken, pool in pairs:
                if plan.rest_s:
                    await asyncio.sleep(plan.rest_s)
                outcome = await taken.invoke(pool)
                taken.latencies_ms.append(outcome.duration_ms)
                taken.memory_bytes.append(
                    max(outcome.memory_bytes, taken.memory_bytes[-1] if taken.memory_bytes else 0)
                )
            progress(_COLD_SHARE + _LATENCY_SHARE * (number + 1) / rounds)
        many = plan.rounds or _fitting(_RATE_S, round_s, at_least=1)
        for number in range(blocks := min(_BLOCKS, many)):
            size = many // blocks
            for taken, pool in pairs:
                taken.rates_per_s.append(await _rate(taken, pool, size))
            progress(1 - _RATE_SHARE * (1 - (number + 1) / blocks))


async def _warm_up(pairs: Sequence[tuple[_Samples, Pool]]) -> float:
    """The seconds that a round takes: the median of those after the first, which holds the cold starts."""
    spent_s: list[float] = []
    while len(spent_s) < _WARM_UP_ROUNDS and (len(spent_s) <= 1 or sum(spent_s) < _WARM_UP_S * len(pairs)):
        start_s = time.perf_counter()
        for taken, pool in pairs:
            await taken.invoke(pool)
        spent_s.append(time.perf_counter() - start_s)
    return statistics.median(spent_s[1:])


async def _rate(taken: _Samples, pool: Pool, size: int) -> float:
    start_s = time.perf_counter()
    for _ in range(size):
        await taken.invoke(pool)
    return size / (time.perf_counter() - start_s)


def _fitting(limit_s: float, round_s: float, at_least: int = _MINIMUM_ROUNDS) -> int:
    return max(at_least, min(_MAXIMUM_ROUNDS, int(limit_s / round_s)))

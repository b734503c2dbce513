"""Running cases: on warm instances in turn, or each on a bootstrap and a runtime API of its own."""

import asyncio
import time
from collections.abc import Callable, Sequence

from scf_gen.conformance.case import Case
from scf_gen.conformance.scripted import run_scripted
from scf_gen.conformance.stage import Stage
from scf_gen.conformance.step import Finding
from scf_gen.conformance.subject import Subject
from scf_gen.conformance.transcript import Exchange, lines
from scf_gen.conformance.verdict import Status, Verdict
from scf_gen.emulator.reaper import become_subreaper

# More would only take turns on the processors of a small machine, and clocks run meanwhile.
AT_ONCE = 4

SLOW = "takes minutes; name it with --select"
UNREAD = "no file beside the bootstrap has the word {}"

# Findings and exchanges; a string says why the case cannot apply.
Result = tuple[Sequence[Finding] | str, Sequence[Exchange]]


async def run(
    subject: Subject, cases: Sequence[Case], *, slow: bool, tell: Callable[[int], None] = lambda _: None
) -> Sequence[Verdict]:
    """Judge the subject by the cases; the verdicts are in the order of the cases, whatever ended first.

    `slow` has those run that take minutes; `tell` gets the number of cases that are done. A bootstrap that does not
    answer a first event fails them all, and none is run: each would wait for the same timeout.
    """
    become_subreaper()
    async with Stage(subject) as stage:
        if silence := await stage.silence():
            tell(len(cases))
            return [_unrun(case, silence, slow=slow) for case in cases]
        return await _judge_all(subject, stage, cases, slow=slow, tell=tell)


async def _judge_all(
    subject: Subject, first: Stage, cases: Sequence[Case], *, slow: bool, tell: Callable[[int], None]
) -> Sequence[Verdict]:
    """Judge by several cases at once, on stages of which the first has been tried."""
    waiting = asyncio.Queue[int]()
    for place in sorted(range(len(cases)), key=lambda place: not _alone(cases[place])):
        waiting.put_nowait(place)
    verdicts: dict[int, Verdict] = {}

    async def work(stage: Stage) -> None:
        async with stage:
            while not waiting.empty():
                place = waiting.get_nowait()
                verdicts[place] = await _judge(subject, stage, cases[place], slow=slow)
                tell(len(verdicts))

    async with asyncio.TaskGroup() as group:
        for stage in [first, *(Stage(subject) for _ in range(min(AT_ONCE, len(cases)) - 1))]:
            group.create_task(work(stage))
    return [verdicts[place] for place in range(len(cases))]


def _alone(case: Case) -> bool:
    """Whether the case has a bootstrap of its own; such a one mostly waits, so it begins early."""
    return bool(case.server or case.function or case.fresh)


def _unrun(case: Case, silence: str, *, slow: bool) -> Verdict:
    return Verdict(case, Status.SKIPPED, SLOW) if case.slow and not slow else Verdict(case, Status.FAILED, silence)


async def _judge(subject: Subject, stage: Stage, case: Case, *, slow: bool) -> Verdict:
    if case.slow and not slow:
        return Verdict(case, Status.SKIPPED, SLOW)
    if case.reads and not subject.reads(case.reads):
        return Verdict(case, Status.SKIPPED, UNREAD.format(case.reads))
    start_s = time.monotonic()
    file = subject.function.handler.partition(".")[0]
    findings, exchanges = await _run(subject, stage, case.bound(root=str(subject.root), file=file))
    spent_s = time.monotonic() - start_s
    if isinstance(findings, str):
        return Verdict(case, Status.SKIPPED, findings, spent_s=spent_s)
    if not findings:
        return Verdict(case, Status.PASSED, spent_s=spent_s)
    return Verdict(case, Status.FAILED, "", findings[0], lines(exchanges), spent_s)


async def _run(subject: Subject, stage: Stage, case: Case) -> Result:
    if case.server:
        return await run_scripted(subject, case)
    if _alone(case):
        async with Stage(subject, case) as own:
            return await own.run(case)
    return await stage.run(case)

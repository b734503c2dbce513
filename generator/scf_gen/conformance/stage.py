"""An instance of the emulator that cases run on, one after the other."""

import asyncio
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

from scf_gen.conformance.case import NAMES, Case
from scf_gen.conformance.step import Finding, Step, request_findings, shown, shown_end
from scf_gen.conformance.subject import Subject
from scf_gen.conformance.transcript import Exchange
from scf_gen.core.result import Kind, Outcome
from scf_gen.emulator.http_message import Request, Response
from scf_gen.emulator.instance import Instance
from scf_gen.emulator.process import Usage
from scf_gen.emulator.runtime_api import Event

CANNOT = "the handler's language cannot do {}"
FIRST = Step(raw='"first"')
# After each case the next event has to be served.
AFTER = Step(raw='"after"')
# The ways to end in which a bootstrap answers an event, if not as it should.
_ANSWERS = frozenset({Kind.OK, Kind.FUNCTION_ERROR, Kind.RESPONSE_TOO_LARGE})
_SCF_LINES = re.compile(rb"^(START|Init Report|ERROR|END|Report) RequestId:.*\n?", re.MULTILINE)
# Growth is looked at more than once, so that a leak is seen before all events have been sent.
_LOOKS = 5
_RESTS = 20
_REST_S = 0.1


class Stage:
    """Keeps one instance, and replaces it when it has died; use `async with`. A `case` may change the function."""

    def __init__(self, subject: Subject, case: Case | None = None) -> None:
        limits = case.function if case else None
        self._function = limits.applied_to(subject.function) if limits else subject.function
        self._subject = subject
        self._instance: Instance | None = None
        self._exchanges: list[Exchange] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._instance:
            await self._instance.__aexit__()
            self._instance = None

    async def silence(self) -> str:
        """Why the bootstrap does not answer a first event, with its own last words; empty if it does."""
        outcome = await self._invoke(FIRST.sent().event)
        if outcome.kind in _ANSWERS:
            return ""
        message = json.loads(outcome.failure_json())["errorMessage"].strip()
        written = _SCF_LINES.sub(b"", outcome.log)
        return f"{outcome.kind} ({message}): {outcome.advice}; it wrote {shown_end(written) if written else 'nothing'}"

    async def run(self, case: Case) -> tuple[Sequence[Finding] | str, Sequence[Exchange]]:
        """The findings of a case, or why it cannot apply; and what went over the runtime API."""
        self._exchanges = []
        for step in (*case.steps, AFTER):
            findings, outcome = await self._run_step(step)
            if case.needs and step is case.steps[0] and step.echoed(outcome):
                return CANNOT.format(case.needs), self._exchanges
            if findings:
                return findings, self._exchanges
            if case.exits:
                break
        counts = Counter(NAMES.get(exchange.path, "") for exchange in self._exchanges)
        return list(request_findings(case.requests, counts)), self._exchanges

    async def _run_step(self, step: Step) -> tuple[Sequence[Finding], Outcome]:
        event = step.sent().event
        looks = range(step.repeat // _LOOKS, step.repeat, step.repeat // _LOOKS) if step.growth else range(0)
        before: Usage | None = None
        for count in range(step.repeat):
            outcome = await self._invoke(event)
            findings = list(step.findings(outcome))
            if count in looks and self._instance:
                before = before or await _at_rest(self._instance)
                findings += await _lasting_growth(step, before, self._instance)
            if findings:
                break
        place = f", event {count + 1}" if step.repeat > 1 else ""
        return [
            replace(finding, observed=f"{finding.observed}{place}; sent was {shown(event)}") for finding in findings
        ], outcome

    async def _invoke(self, event: bytes) -> Outcome:
        if self._instance and not self._instance.alive:
            await self._instance.__aexit__()
            self._instance = None
        if self._instance is None:
            subject = self._subject
            self._instance = Instance(
                self._function,
                subject.code,
                programs=subject.programs,
                sandbox=subject.sandbox,
                on_exchange=self._take_note,
            )
            await self._instance.__aenter__()
        return await self._instance.invoke(Event(event, str(uuid.uuid4())))

    def _take_note(self, request: Request, response: Response) -> None:
        self._exchanges.append(Exchange(request.method, request.path, request.body, response.status, response.body))


async def _at_rest(instance: Instance) -> Usage:
    """What the bootstrap holds when it has done what it does after a result."""
    await asyncio.sleep(_REST_S)
    return instance.usage()


async def _lasting_growth(step: Step, before: Usage, instance: Instance) -> Sequence[Finding]:
    """Growth that is still there after a while."""
    for _ in range(_RESTS):
        if not (findings := list(_growth(step, before, instance.usage()))):
            break
        await asyncio.sleep(_REST_S)
    return findings


def _growth(step: Step, before: Usage, now: Usage) -> Iterator[Finding]:
    grown = {
        "processes": now.processes - before.processes,
        "threads": now.threads - before.threads,
        "open_files": now.open_files - before.open_files,
        "files": now.files - before.files,
        "memory_mb": (now.memory_bytes - before.memory_bytes) // 1024 // 1024,
    }
    for name, most in step.growth.items():
        if grown[name] > most:
            yield Finding(f"{name} to grow by {most} at most", f"by {grown[name]}")

"""A case on a bootstrap of its own, with a runtime API that misbehaves."""

import asyncio
from collections.abc import Iterator, Sequence

from scf_gen.conformance.case import BUSY, FAILING, PERHAPS, Case
from scf_gen.conformance.server import ScriptedApi
from scf_gen.conformance.step import Finding, request_findings, shown_end
from scf_gen.conformance.subject import Subject
from scf_gen.conformance.transcript import Exchange
from scf_gen.core.result import Outcome
from scf_gen.emulator import bootstrap_file
from scf_gen.emulator.environ import PORT_VARIABLE, environ
from scf_gen.emulator.excerpt import Excerpt
from scf_gen.emulator.process import Process

_END_LIMIT_S = 3.0
_LOOK_S = 0.1


class _Run:
    """One run of a bootstrap: what it was asked, what it wrote, how it ended."""

    def __init__(self, subject: Subject, case: Case) -> None:
        self._subject = subject
        self._case = case
        self._log = Excerpt()
        self._ended = ""
        self._terminated = False
        self._cpu_s = 0.0
        self._spoke = asyncio.Event()

    async def findings(self, api: ScriptedApi) -> Sequence[Finding]:
        """Start the bootstrap, wait until the case is over, and say what is wrong."""
        case, subject = self._case, self._subject
        if fault := bootstrap_file.inspect(subject.code):
            return [Finding("bootstrap to start", f"{fault.kind} {fault.detail}".strip())]
        function = case.function.applied_to(subject.function) if case.function else subject.function
        process = Process(self._write, mark=(PORT_VARIABLE, str(api.port)))
        variables = environ(function, subject.root, api.host, api.port, subject.programs)
        try:
            await process.start(subject.code, variables, subject.sandbox, subject.programs)
        except OSError as error:
            return [Finding("bootstrap to start", f"{error.strerror}")]
        end = asyncio.create_task(process.wait())
        watch = asyncio.create_task(self._watch(api, process))
        try:
            await self._wait(api, process, end)
        finally:
            watch.cancel()
            ended = end.done()
            process.kill()
            self._ended = await end
        return list(self._judge(api, ended=ended))

    async def _wait(self, api: ScriptedApi, process: Process, end: asyncio.Task[str]) -> None:
        case = self._case
        signs = [api.fetched, self._spoke] if case.terminate == BUSY else [api.idle]
        if case.exits and case.server and case.server.away:
            signs = []  # whether it asks for another event before the port is closed is of no interest
        await _until(case.limit_s, end, *signs)
        self._terminated = not end.done()
        if case.terminate and self._terminated:
            process.terminate()
            await _until(_END_LIMIT_S, end)

    async def _watch(self, api: ScriptedApi, process: Process) -> None:
        """Take note of the processor time that is spent on a runtime API that has left."""
        await api.left.wait()
        before_s = process.cpu_s()
        while True:
            self._cpu_s = max(self._cpu_s, process.cpu_s() - before_s)
            await asyncio.sleep(_LOOK_S)

    def _write(self, data: bytes) -> None:
        self._log.write(data)
        if b"sleeping" in data:
            self._spoke.set()

    def _judge(self, api: ScriptedApi, *, ended: bool) -> Iterator[Finding]:
        case = self._case
        log = self._log.text()
        if case.terminate:
            if not self._terminated:
                yield Finding("to run until SIGTERM", self._end(log))
            elif not ended:
                yield Finding(f"to end within {_END_LIMIT_S:g} s of SIGTERM", "it still ran")
            return
        if case.exits:
            if not ended and case.exits != PERHAPS:
                yield Finding(f"to give up within {case.limit_s:g} s", "it still ran")
            elif case.exits == FAILING and self._ended == "with status 0":
                yield Finding("to exit with another status than 0", "status 0")
        if case.cpu_s is not None and self._cpu_s > case.cpu_s:
            yield Finding(f"to use {case.cpu_s:g} s of processor time at most", f"{self._cpu_s:.1f} s")
        if case.ready_body and not all(api.bodies["ready"]):
            yield Finding("ready with a body of at least one byte", "an empty one")
        for fault in api.faults:
            yield Finding("calls in the order of the contract", fault)
        yield from self._outcome_findings(api, log, ended=ended)
        yield from request_findings(case.requests, api.requests)

    def _outcome_findings(self, api: ScriptedApi, log: bytes, *, ended: bool) -> Iterator[Finding]:
        case = self._case
        for number, step in enumerate(case.steps):
            if number < len(api.posted):
                posted = api.posted[number]
                detail = posted.body.decode(errors="replace")
                outcome = Outcome(posted.kind, "", self._subject.function, posted.body, detail, log=log)
                yield from step.findings(outcome)
            elif not case.exits:
                how = self._end(log) if ended else f"none within {case.limit_s:g} s"
                yield Finding(f"a result of event {number + 1}", how)
                return
        if not case.exits and not api.idle.is_set():
            yield Finding("to ask for another event", self._end(log) if ended else "it did not")

    def _end(self, log: bytes) -> str:
        return f"the bootstrap ended {self._ended}: {shown_end(log)}"


async def run_scripted(subject: Subject, case: Case) -> tuple[Sequence[Finding], Sequence[Exchange]]:
    """The findings of a case, and what went over the runtime API."""
    assert case.server  # noqa: S101
    run = _Run(subject, case)
    events = [step.sent().event for step in case.steps]
    async with ScriptedApi(case.server, events, speed=subject.speed) as api:
        findings = await run.findings(api)
    return findings, api.exchanges


async def _until(limit_s: float, end: asyncio.Task[str], *signs: asyncio.Event) -> None:
    """Wait for all the signs, if there are any, but not beyond the end or the limit."""

    async def seen() -> None:
        for sign in signs:
            await sign.wait()

    all_seen = asyncio.create_task(seen())
    await asyncio.wait({end, all_seen} if signs else {end}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
    all_seen.cancel()

"""What the pages' scripts may have done besides the actions of the cloud API."""

import asyncio
import base64
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from scf_gen.core import contract
from scf_gen.errors import ArchiveInvalid
from scf_gen.lint import runner
from scf_gen.lint.finding import Finding
from scf_gen.local.console import sample
from scf_gen.local.console.asked import Asked
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.runs import Run
from scf_gen.local.store.test_events import TestEvent

Deed = Callable[[LocalScf, Asked], Awaitable[Any]]

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LAST_ANSWER_TURNS = 4
_EVENT_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,59}"


async def check(_: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """What the linter says of a ZIP, which is not kept; `file` is its name there."""
    return {"findings": await asyncio.to_thread(_lint, asked.body, asked.text("file", "the ZIP"))}


async def make_sample(_: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """A function in a language, as a ZIP in base64, and what the linter says of it."""
    lang = asked.text("lang", pattern=r"[A-Za-z0-9_.+-]{1,40}")
    handler = asked.text("handler", contract.DEFAULT_HANDLER)
    data = await sample.packed(lang, asked.text("function", pattern=contract.NAME_PATTERN), handler)
    return {"zip": base64.b64encode(data).decode(), "findings": await asyncio.to_thread(_lint, data)}


async def run(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """Invoke a function, and keep what came of it; the page chooses the request's id, to know its log by."""
    name, version, began_s = asked.name, asked.version, time.time()
    request_id = asked.text("request_id", str(uuid.uuid4()), _UUID)
    event = asked.text("event")
    outcome = await scf.invoke(name, version, event.encode(errors="replace"), request_id)
    result = {
        **outcome.as_invoke_result()["Result"],
        "Kind": outcome.kind,
        "Advice": outcome.advice,
        "ColdStart": outcome.cold_start_ms,
    }
    log = str(result.pop("Log"))
    for _ in range(_LAST_ANSWER_TURNS):  # of the loop: the bootstrap gets its last answer just after the outcome
        await asyncio.sleep(0)
    transcript = scf.instances.transcript(request_id)
    kept = Run(request_id, version, began_s, event, result, log, transcript.as_json() if transcript else {})
    await scf.runs.add(name, kept)
    scf.news.tell(name, "run", request_id=request_id)
    return kept._asdict()


async def save_test_event(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """Keep a test event for a function."""
    title = asked.text("event_name")
    try:
        name = asked.text("event_name", pattern=_EVENT_NAME)
    except Refusal:
        rule = "a letter, then letters, digits, - and _, 60 in all"
        raise Refusal("InvalidParameterValue.Name", f"The name {title!r} will not do: {rule}.") from None
    await scf.versions.get(asked.name)
    await scf.test_events.save(asked.name, TestEvent(name, asked.text("body")))
    scf.news.tell(asked.name, "test-events")
    return {}


async def remove_test_event(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """Forget a test event of a function."""
    await scf.test_events.remove(asked.name, asked.text("event_name"))
    scf.news.tell(asked.name, "test-events")
    return {}


def _lint(data: bytes, name: str = "the ZIP") -> list[Mapping[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="scf-gen-") as folder:
        path = Path(folder) / "code.zip"
        path.write_bytes(data)
        try:
            findings = runner.lint([path]).findings
        except ArchiveInvalid as error:
            raise Refusal("InvalidParameterValue.ZipFile", f"{error.message.replace(str(path), name)}.") from error
        return [_finding_form(finding, str(path), name) for finding in findings]


def _finding_form(finding: Finding, path: str, name: str) -> Mapping[str, Any]:
    found = finding.found
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": found.message.replace(path, name),
        "path": found.path,
        "line": found.line,
        "hint": found.hint,
    }


DEEDS: Mapping[str, Deed] = {
    "check": check,
    "sample": make_sample,
    "run": run,
    "save-test-event": save_test_event,
    "remove-test-event": remove_test_event,
}

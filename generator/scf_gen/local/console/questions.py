"""What the pages' scripts may ask besides the cloud API; nothing here changes anything."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from scf_gen.core.contract import DEFAULT_REGION
from scf_gen.emulator import catalogue
from scf_gen.local.api.forms import listed_form
from scf_gen.local.console import code_view, sample
from scf_gen.local.console.asked import Asked
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.invocations import Invocation
from scf_gen.local.store.versions import Page

_TRANSCRIPTS = 30

Question = Callable[[LocalScf, Asked], Awaitable[Any]]

# Where SCF is (page 583/9299 and the seed); any other name is a region here, too.
_REGIONS = (
    *("ap-guangzhou", "ap-shanghai", "ap-beijing", "ap-chengdu", "ap-hongkong", "ap-singapore", "ap-tokyo"),
    *("ap-mumbai", "ap-bangkok", "eu-frankfurt", "na-siliconvalley", "na-ashburn", "na-toronto"),
)


async def places(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """The regions that can be chosen, and the namespaces of one."""
    used = await scf.versions.regions()
    namespaces = await scf.namespaces.find(asked.name.region, {})
    return {
        "regions": sorted({*_REGIONS, *used, asked.name.region}, key=lambda name: (name != DEFAULT_REGION, name)),
        "used": used,
        "namespaces": sorted((one.name for one in namespaces), key=lambda name: (name != "default", name)),
    }


async def functions(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """A namespace's functions whose names hold `search`, with the last invocation of each."""
    region, namespace, _ = asked.name
    page = Page(limit=asked.number("limit", 50), order_by="FunctionName", descending=False)
    total, found = await scf.versions.find(region, namespace, {"SearchKey": asked.text("search", "")}, {}, page)
    last = await scf.invocations.last(region, namespace)
    shown = [{**listed_form(version), "Last": _last_form(last.get(version.name.function))} for version in found]
    return {"total": total, "functions": shown}


async def code(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """The files of a version."""
    version = await scf.versions.get(asked.name, asked.version)
    found = await asyncio.to_thread(code_view.tree, scf.files.zip_path(version.code_sha256))
    return {**found, "sha256": version.code_sha256, "bytes": version.code_bytes}


async def file(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """One of them."""
    version = await scf.versions.get(asked.name, asked.version)
    return await asyncio.to_thread(code_view.content, scf.files.zip_path(version.code_sha256), asked.text("path"))


async def test_events(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """The test event templates, and a function's own ones."""
    titles = catalogue.titles()
    templates = [
        {"name": name, "title": title, "body": catalogue.event(name).decode()} for name, title in titles.items()
    ]
    own = await scf.test_events.of(asked.name)
    return {"templates": templates, "own": [event._asdict() for event in own]}


async def runs(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """The last tests of a function, in short."""
    return {"runs": await scf.runs.of(asked.name)}


async def run(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """One of them, with event, log and transcript."""
    found = await scf.runs.get(asked.name, asked.text("request_id"))
    if not found:
        raise Refusal("ResourceNotFound", "This test is not kept any more.")
    return found._asdict()


async def instances(scf: LocalScf, asked: Asked) -> Mapping[str, Any]:
    """What runs now, and the transcripts of the last invocations."""
    fresh = {one.request_id: one.as_json() for one in scf.instances.transcripts(asked.name)}
    # Those of tests are kept, so that a restart does not lose them.
    kept = {one["request_id"]: one for one in await scf.runs.transcripts(asked.name)}
    every = sorted({**kept, **fresh}.values(), key=lambda one: one["began_s"], reverse=True)
    return {"instances": scf.instances.of(asked.name), "transcripts": every[:_TRANSCRIPTS]}


async def templates(_: LocalScf, __: Asked) -> Mapping[str, Any]:
    """The languages that a new function can be written in."""
    return {"templates": await asyncio.to_thread(sample.listed)}


def _last_form(last: Invocation | None) -> Mapping[str, Any] | None:
    if not last:
        return None
    return {"RetCode": last.ret_code, "StartTime": last.start_time, "Duration": last.duration_ms}


QUESTIONS: Mapping[str, Question] = {
    "places": places,
    "functions": functions,
    "code": code,
    "file": file,
    "test-events": test_events,
    "runs": runs,
    "run": run,
    "instances": instances,
    "templates": templates,
}

"""Functions: made, changed, told of, removed."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scf_gen.core.contract import LATEST
from scf_gen.local.api import upload
from scf_gen.local.api.call import Answer, Call
from scf_gen.local.api.configuration import settings_of
from scf_gen.local.api.forms import function_form, listed_form, published_form, version_form
from scf_gen.local.clock import now_text
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.code_files import Upload
from scf_gen.local.version import FAILED, Status, Version


async def create_function(scf: LocalScf, call: Call) -> Answer:
    """CreateFunction"""
    settings = settings_of({"Runtime": "Python2.7", **call.parameters})
    code = await _received(scf, call.parameters["Code"])
    now = now_text()
    version = Version(
        name=call.name,
        version=LATEST,
        function_id=f"lam-{uuid.uuid4().hex[:8]}",
        status=Status.CREATING,
        settings=settings,
        code_sha256=code.sha256,
        code_bytes=code.size_bytes,
        add_time=now,
        mod_time=now,
    )
    try:
        await scf.versions.add(version, code)
    finally:
        code.path.unlink(missing_ok=True)
    scf.deploy_soon(version)
    return {}


async def update_function_code(scf: LocalScf, call: Call) -> Answer:
    """UpdateFunctionCode"""
    parameters = call.parameters
    settings = settings_of({name: parameters[name] for name in ("Handler", "InstallDependency") if name in parameters})
    code = await _received(scf, parameters.get("Code") or parameters)

    def change(version: Version) -> Version:
        _check_idle(version, call.action)
        return replace(
            version,
            status=Status.UPDATING,
            reason="",
            settings={**version.settings, **settings},
            code_sha256=code.sha256,
            code_bytes=code.size_bytes,
        )

    try:
        version = await scf.versions.change(call.name, change, code)
    finally:
        code.path.unlink(missing_ok=True)
    await _deploy(scf, call, version)
    return {}


async def update_function_configuration(scf: LocalScf, call: Call) -> Answer:
    """UpdateFunctionConfiguration"""
    settings = settings_of(call.parameters)

    def change(version: Version) -> Version:
        _check_idle(version, call.action)
        return replace(version, status=Status.UPDATING, reason="", settings={**version.settings, **settings})

    await _deploy(scf, call, await scf.versions.change(call.name, change))
    return {}


async def get_function(scf: LocalScf, call: Call) -> Answer:
    """GetFunction"""
    return function_form(await scf.versions.get(call.name, call.version))


async def list_functions(scf: LocalScf, call: Call) -> Answer:
    """ListFunctions"""
    filters = {given["Name"]: given["Values"] for given in call.parameters.get("Filters", [])}
    total, found = await scf.versions.find(
        call.region, call.namespace, call.parameters, filters, call.page("Orderby", largest=100)
    )
    return {"TotalCount": total, "Functions": [listed_form(version) for version in found]}


async def delete_function(scf: LocalScf, call: Call) -> Answer:
    """DeleteFunction"""
    qualifier = call.parameters.get("Qualifier", "")
    await scf.invocations.write()  # or what waits would be the next function's of that name
    for version in await scf.versions.remove(call.name, "" if qualifier in ("", LATEST) else qualifier):
        scf.runner.retire(version.name, version.version)
    return {}


async def publish_version(scf: LocalScf, call: Call) -> Answer:
    """PublishVersion"""
    return published_form(await scf.versions.publish(call.name, call.parameters.get("Description")))


async def list_version_by_function(scf: LocalScf, call: Call) -> Answer:
    """ListVersionByFunction"""
    total, versions = await scf.versions.of(call.name, call.page("OrderBy"))
    return {
        "FunctionVersion": [version.version for version in versions],
        "Versions": [version_form(version) for version in versions],
        "TotalCount": total,
    }


async def _received(scf: LocalScf, code: Mapping[str, Any]) -> Upload:
    return await asyncio.to_thread(upload.receive, code, scf.files)


async def _deploy(scf: LocalScf, call: Call, version: Version) -> None:
    scf.runner.retire(version.name)
    deployment = scf.deploy_soon(version)
    if call.parameters.get("Publish") == "TRUE":
        await asyncio.shield(deployment)
        await scf.versions.publish(call.name, None)


def _check_idle(version: Version, action: str) -> None:
    if version.status in FAILED:
        raise Refusal(f"FailedOperation.{action}", f"The function {version.name.function} is {version.status}.")

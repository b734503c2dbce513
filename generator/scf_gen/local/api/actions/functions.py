"""Functions: made, changed, told of, removed."""

import asyncio
from collections.abc import Mapping
from typing import Any

from scf_gen.core.contract import LATEST
from scf_gen.local import deployment
from scf_gen.local.api import upload
from scf_gen.local.api.call import Answer, Call
from scf_gen.local.api.configuration import settings_of
from scf_gen.local.api.forms import function_form, listed_form, published_form, version_form
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.code_files import Upload


async def create_function(scf: LocalScf, call: Call) -> Answer:
    """CreateFunction"""
    settings = settings_of({"Runtime": "Python2.7", **call.parameters})
    code = await _received(scf, call.parameters["Code"])
    await deployment.create(scf, call.name, settings, code)
    return {}


async def update_function_code(scf: LocalScf, call: Call) -> Answer:
    """UpdateFunctionCode"""
    parameters = call.parameters
    settings = settings_of({name: parameters[name] for name in ("Handler", "InstallDependency") if name in parameters})
    code = await _received(scf, parameters.get("Code") or parameters)
    await _publish_if_asked(scf, call, await deployment.update(scf, call.name, call.action, settings, code))
    return {}


async def update_function_configuration(scf: LocalScf, call: Call) -> Answer:
    """UpdateFunctionConfiguration"""
    settings = settings_of(call.parameters)
    await _publish_if_asked(scf, call, await deployment.update(scf, call.name, call.action, settings))
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


async def _publish_if_asked(scf: LocalScf, call: Call, deployed: asyncio.Task[None]) -> None:
    if call.parameters.get("Publish") == "TRUE":
        await asyncio.shield(deployed)
        await scf.versions.publish(call.name, None)

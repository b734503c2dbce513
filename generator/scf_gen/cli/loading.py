"""The projects that `serve` loads: read from a folder or a ZIP, and made functions of the local SCF."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scf_gen.archive.source import names, open_code
from scf_gen.bundle.fingerprint import fingerprint
from scf_gen.cli.interpreter import warn_of_version
from scf_gen.cli.place import place_of
from scf_gen.cli.subject import load_function, load_packaging
from scf_gen.cli.wanted import deployed_name, read_wanted
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.errors import BadAnswer, FunctionInvalid, ScfGenError
from scf_gen.languages import catalog
from scf_gen.local import deployment
from scf_gen.local.api import upload
from scf_gen.local.api.configuration import settings_of
from scf_gen.local.api.forms import function_form
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.code_files import Upload
from scf_gen.local.version import FAILED, Name, Version

if TYPE_CHECKING:
    from scf_gen.cloud.plan import Wanted


@dataclass(frozen=True, slots=True)
class Project:
    """What a PATH holds, packed, and the function that it is to be."""

    path: Path
    name: Name
    wanted: "Wanted"


def read(path: Path) -> Project:
    """Build and pack what `path` holds; an error that the linter finds is told, and no more.

    Takes a while; not for the event loop. Raises FunctionNotFound, FunctionInvalid, and what packing raises.
    """
    with open_code(path) as code:
        function = load_function(code, path)
        place = place_of(code, path)
        is_configured = (code / CONFIG_FILE).is_file()
    function = replace(function, name=deployed_name(path, function))
    wanted = read_wanted(path, function, is_configured=is_configured, aim="")
    warn_of_version(path, names(wanted.zipped), catalog.languages().get(function.lang))
    region, namespace = place.region or contract.DEFAULT_REGION, place.namespace or contract.DEFAULT_NAMESPACE
    return Project(path, Name(region, namespace, function.name), wanted)


def read_all(paths: Iterable[Path]) -> list[Project]:
    """Read each of them; raises BadAnswer for two that would be one function, and what `read` raises."""
    projects: dict[Name, Project] = {}
    for project in map(read, paths):
        if project.name in projects:
            raise BadAnswer(
                f"{projects[project.name].path} and {project.path} are both the function {project.name.function}",
                f"give one of them another name in [function] of {CONFIG_FILE}",
            )
        projects[project.name] = project
    return list(projects.values())


def state_of(path: Path) -> str:
    """A value that differs when what `path` is made from does, or the reason why it cannot be read."""
    try:
        if not path.is_dir():
            return hashlib.sha256(path.read_bytes()).hexdigest()
        language = catalog.languages().get(load_function(path, path).lang)
        return fingerprint(path, load_packaging(path), language)
    except (ScfGenError, OSError) as error:
        return str(error)


async def load(scf: LocalScf, project: Project) -> tuple[str, ...]:
    """Make it a function, or what differs of one; gives the changes in words, and none where nothing differs.

    A namespace that does not exist is made, since nobody could have made it before. Returns when the function is
    deployed. Raises FunctionInvalid for what the local SCF refuses, and CloudError for a function that cannot become
    this one.
    """
    from scf_gen.cloud.deployed import Deployed
    from scf_gen.cloud.plan import plan

    await scf.settled()
    try:
        there = await _find(scf, project.name)
        deployed = Deployed.from_answer(function_form(there)) if there else None
        steps = plan(project.wanted, deployed, there.code_sha256 if there else "")
        if not steps:
            return ()
        settings = settings_of({key: value for step in steps for key, value in step.parameters.items()})
        if there is None:
            await scf.namespaces.provide(project.name.region, project.name.namespace)
            done = await deployment.create(scf, project.name, settings, await _received(scf, project))
        else:
            is_new = there.code_sha256 != project.wanted.sha256
            code = await _received(scf, project) if is_new else None
            done = await deployment.update(scf, project.name, "UpdateFunctionCode", settings, code)
        await done
        _check(project, await _find(scf, project.name))
    except Refusal as refusal:
        raise FunctionInvalid(f"{project.path} cannot be loaded: {refusal.message}") from refusal
    return tuple(change for step in steps for change in step.changes)


def _check(project: Project, loaded: Version | None) -> None:
    """Refuse what could not be deployed, on a full disk for one; raises FunctionInvalid."""
    if loaded and loaded.status in FAILED.values():
        raise FunctionInvalid(f"{project.path} cannot be loaded: {loaded.status}: {loaded.reason}")


async def _find(scf: LocalScf, name: Name) -> Version | None:
    try:
        return await scf.versions.get(name)
    except Refusal as refusal:
        if refusal.code.startswith("ResourceNotFound"):
            return None
        raise


async def _received(scf: LocalScf, project: Project) -> Upload:
    return await asyncio.to_thread(upload.keep, project.wanted.zipped, scf.files)

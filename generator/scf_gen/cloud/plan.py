"""Which calls lead from a function as it is there to the one that is wanted. Nothing is called here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scf_gen.cloud.deployed import ACTIVE, CREATE_FAILED, Deployed
from scf_gen.core.function import Function
from scf_gen.errors import CloudError

RUNTIME, TYPE = "CustomRuntime", "Event"
CREATE, CONFIGURE, UPDATE = "CreateFunction", "UpdateFunctionConfiguration", "UpdateFunctionCode"
# What the API takes for "no variables": it refuses an empty list.
_NO_VARIABLES = {"Key": "", "Value": ""}
# The API's names, and those of scf.toml and Deployed.
_SETTINGS = {"MemorySize": "memory_mb", "Timeout": "timeout_s", "InitTimeout": "init_timeout_s"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A function, its code as a ZIP, and whether its settings are known, or only its code."""

    function: Function
    zipped: bytes = field(repr=False)
    sha256: str
    is_configured: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A call, and what it changes, in words; where ZipFile is among the parameters, the ZIP is to be put in."""

    action: str
    parameters: Mapping[str, Any] = field(repr=False)
    changes: tuple[str, ...] = ()


def plan(wanted: Wanted, deployed: Deployed | None, deployed_sha256: str) -> tuple[Step, ...]:
    """The calls that are left, in order; none if all is as it is wanted.

    Settings come before code, so that new code does not run without its variables. Raises CloudError for a function
    that no call can make into the wanted one.
    """
    if deployed is None:
        return (_create(wanted.function),)
    _check(wanted.function, deployed)
    return (*_configure(wanted, deployed), *_update(wanted, deployed, deployed_sha256))


def _create(function: Function) -> Step:
    variables = _variables(function.env)
    parameters = {
        "FunctionName": function.name,
        "Runtime": RUNTIME,
        "Type": TYPE,
        "Handler": function.handler,
        **{name: getattr(function, key) for name, key in _SETTINGS.items()},
        **({"Environment": {"Variables": variables}} if variables else {}),
        "Code": {"ZipFile": ""},
    }
    return Step(CREATE, parameters, ("created",))


def _check(function: Function, deployed: Deployed) -> None:
    if deployed.status == CREATE_FAILED:
        raise CloudError(
            f"{function.name} could not be created: {deployed.reason or 'Tencent gives no reason'}",
            f"mend that, then scf-gen delete {function.name}, and deploy again",
        )
    if (deployed.runtime or RUNTIME, deployed.type or TYPE) != (RUNTIME, TYPE):
        raise CloudError(
            f"{function.name} is there already, as a function of runtime {deployed.runtime}, type {deployed.type}",
            "SCF cannot change either: give this one another name in scf.toml, or delete that one first",
        )


def _configure(wanted: Wanted, deployed: Deployed) -> Iterator[Step]:
    function = wanted.function
    if not wanted.is_configured:
        return
    parameters: dict[str, Any] = {}
    changes = []
    for name, key in _SETTINGS.items():
        new, old = getattr(function, key), getattr(deployed, key)
        if new != old:
            parameters[name] = new
            changes.append(f"{key} {old} → {new}")
    if dict(function.env) != dict(deployed.env):
        parameters["Environment"] = {"Variables": _variables(function.env) or [_NO_VARIABLES]}
        changes += _variable_changes(deployed.env, function.env)
    if parameters:
        yield Step(CONFIGURE, {"FunctionName": function.name, **parameters}, tuple(changes))


def _update(wanted: Wanted, deployed: Deployed, deployed_sha256: str) -> Iterator[Step]:
    function = wanted.function
    changes = []
    if wanted.sha256 != deployed_sha256:
        changes.append("code")
    elif deployed.status != ACTIVE:
        changes.append(f"code, for it is {deployed.status}")
    handler = {"Handler": function.handler} if wanted.is_configured or not deployed.handler else {}
    if handler and function.handler != deployed.handler:
        changes.append(f"handler {deployed.handler or 'none'} → {function.handler}")
    if changes:
        yield Step(UPDATE, {"FunctionName": function.name, **handler, "ZipFile": ""}, tuple(changes))


def _variables(env: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(env.items())]


def _variable_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Names only: the values may be secrets."""
    words = {
        "added": new.keys() - old.keys(),
        "changed": {key for key in new.keys() & old.keys() if new[key] != old[key]},
        "removed": old.keys() - new.keys(),
    }
    return [f"variable {key} {word}" for word, keys in words.items() for key in sorted(keys)]


def filled(parameters: Mapping[str, Any], zip_file: str) -> dict[str, Any]:
    """The parameters of a step with what stands for the ZIP put in."""
    return {
        name: zip_file if name == "ZipFile" else filled(value, zip_file) if isinstance(value, Mapping) else value
        for name, value in parameters.items()
    }


def shown(parameters: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """The parameters for a person's eyes: of the ZIP its size and SHA-256, of the variables their names."""
    seen = filled(parameters, f"{len(wanted.zipped)} bytes, sha256 {wanted.sha256}")
    if "Environment" in seen:
        variables = seen["Environment"]["Variables"]
        seen["Environment"] = {"Variables": [{**pair, "Value": "…" if pair["Value"] else ""} for pair in variables]}
    return seen

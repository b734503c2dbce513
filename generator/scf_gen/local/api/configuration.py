"""What a function may be set to, beyond the form of each parameter."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from scf_gen.core import contract
from scf_gen.local.refusal import Refusal
from scf_gen.local.version import RUNTIME

# API CreateFunction, "Environment"; in bytes, names and values together.
ENVIRONMENT_LIMIT_BYTES = 4096

# What is no setting of the function itself.
_NOT_KEPT = {"FunctionName", "Namespace", "Code", "ZipFile", "CodeSource", "Publish", "EnvId", "IgnoreSysLog"}


def settings_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The settings among a call's parameters; raises Refusal for what the local SCF cannot run and SCF would not take.

    What has no effect here, such as a VPC, is kept as it is.
    """
    settings = {name: value for name, value in parameters.items() if name not in _NOT_KEPT}
    if "Runtime" in settings and settings["Runtime"] != RUNTIME:
        raise Refusal(
            "InvalidParameterValue.Runtime", f"The local SCF runs {RUNTIME} functions, not {settings['Runtime']}."
        )
    if settings.get("Type") == "HTTP":
        raise Refusal("UnsupportedOperation", "The local SCF runs event functions; Type HTTP is a web function.")
    if "Environment" in settings:
        settings["Environment"] = {"Variables": _variables(settings["Environment"].get("Variables") or [])}
    if "Layers" in settings:
        settings["Layers"] = _layers(settings["Layers"])
    return settings


def _variables(given: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    pairs = [{"Key": pair.get("Key", ""), "Value": pair.get("Value", "")} for pair in given]
    if pairs == [{"Key": "", "Value": ""}]:  # how Tencent's own tools take all away
        return []
    for pair in pairs:
        key, value = pair["Key"], pair["Value"]
        if key.startswith(contract.RESERVED_ENV_PREFIXES):
            raise Refusal("InvalidParameterValue.EnvironmentSystemProtect", f"The variable {key} belongs to SCF.")
        if not re.fullmatch(contract.ENV_KEY_PATTERN, key) or not value or "\0" in value:
            raise Refusal(
                "InvalidParameterValue.Environment",
                f"The variable {key!r} will not do: a name is a letter, then letters, digits and _; no value is empty.",
            )
    if sum(len(text.encode()) for pair in pairs for text in pair.values()) > ENVIRONMENT_LIMIT_BYTES:
        raise Refusal("InvalidParameterValue.EnvironmentExceededLimit", "The variables have more than 4 KB.")
    return pairs


def _layers(given: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    wanted = [layer for layer in given if layer["LayerName"]]
    if wanted:
        raise Refusal("ResourceNotFound.Layer", f"The layer {wanted[0]['LayerName']} does not exist.")
    return []

"""The published versions of a function: what was frozen, and whether it is still what is there."""

from collections.abc import Mapping
from typing import Any

from scf_gen.cloud.client import Client
from scf_gen.cloud.deployed import code_sha256
from scf_gen.core.contract import LATEST
from scf_gen.errors import Refused

# What GetFunction tells that a version has of its own.
_OWN = {"AddTime", "Description", "FunctionVersion", "ModTime", "Qualifier", "RequestId", "Triggers"}


def published_as(client: Client, name: str) -> str:
    """The number of the newest version, if the function's code and settings are still those; else nothing.

    Nothing, too, where the API does not tell, so that another version is published. Raises CloudError.
    """
    number = _newest(client, name)
    sha256 = code_sha256(client, name) if number else ""
    same_code = sha256 and sha256 == code_sha256(client, name, number)
    return number if same_code and _frozen(client, name, number) == _frozen(client, name, LATEST) else ""


def _newest(client: Client, name: str) -> str:
    try:
        answer = client.call("ListVersionByFunction", FunctionName=name, Order="DESC", OrderBy="AddTime")
    except Refused:
        return ""
    # Of those that were made in one second, the order says nothing.
    numbers = [number for number in answer.get("FunctionVersion") or [] if number.isdecimal()]
    return max(numbers, key=int, default="")


def _frozen(client: Client, name: str, version: str) -> Mapping[str, Any]:
    told = client.call("GetFunction", FunctionName=name, Qualifier=version)
    return {key: value for key, value in told.items() if key not in _OWN}

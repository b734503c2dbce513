"""What is taken for an answer of the cloud API: JSON of a known shape, so that nobody else has to look at types."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_OK = 200
# A type, or an object's fields, or a list of one of these. A field may be missing, and null is as good as that.
Shape = type | Mapping[str, "Shape"] | list["Shape"]
_TYPES = {str: "text", int: "a whole number", float: "a number", dict: "an object", list: "a list"}

_LISTED = dict.fromkeys(("FunctionName", "Status", "Runtime", "Type", "ModTime"), str)
_LOGGED = {"RequestId": str, "RetryNum": int, "StartTime": str, "RetCode": int, "RetMsg": str, "Log": str}
_RESULT = {
    **dict.fromkeys(("Log", "RetMsg", "FunctionRequestId", "ErrMsg"), str),
    **dict.fromkeys(("MemUsage", "BillDuration", "Duration", "InvokeResult"), float),
}
_FUNCTION: Shape = {
    **dict.fromkeys(("FunctionName", "Status", "StatusDesc", "Runtime", "Type", "Handler"), str),
    **dict.fromkeys(("MemorySize", "Timeout", "InitTimeout"), int),
    "StatusReasons": [{"ErrorCode": str, "ErrorMessage": str}],
    "Environment": {"Variables": [{"Key": str, "Value": str}]},
}
# Of each action, what scf-gen reads.
_SHAPES: Mapping[str, Shape] = {
    "GetFunction": _FUNCTION,
    "GetFunctionAddress": {"CodeSha256": str},
    "GetFunctionLogs": {"Data": [_LOGGED]},
    "Invoke": {"Result": _RESULT},
    "ListFunctions": {"Functions": [_LISTED], "TotalCount": int},
    "ListNamespaces": {"Namespaces": [{"Name": str}]},
    "ListVersionByFunction": {"FunctionVersion": [str]},
    "PublishVersion": {"FunctionVersion": str},
}
# But for these.
_NEEDED = {
    "GetFunction": "Status",
    "Invoke": "Result",
    "ListFunctions": "TotalCount",
    "PublishVersion": "FunctionVersion",
}
_ERROR: Shape = {"Error": {"Code": str, "Message": str}, "RequestId": str}


@dataclass(frozen=True, slots=True)
class Received:
    """What came back over HTTP."""

    status: int
    content_type: str
    body: bytes = field(repr=False)

    def response(self, action: str) -> Mapping[str, Any]:
        """The API's answer to an action, an error among them; raises ValueError, with a reason or without one."""
        if self.status != _OK:
            raise ValueError
        try:
            told = json.loads(self.body)
        except (ValueError, RecursionError):
            raise ValueError from None
        response = told.get("Response") if isinstance(told, dict) else None
        if not isinstance(response, dict):
            raise ValueError  # noqa: TRY004 -- the value is somebody else's
        is_error = response.get("Error") is not None
        if fault := _misfit(response, _ERROR) or ("" if is_error else _unlike(response, action)):
            raise ValueError(fault)
        return response


def _unlike(response: Mapping[str, Any], action: str) -> str:
    needed = _NEEDED.get(action)
    if needed and response.get(needed) is None:
        return f"there is no {needed}"
    return _misfit(response, _SHAPES.get(action, {}))


def _misfit(told: Any, shape: Shape, name: str = "Response") -> str:
    """What is of another type than it should be, in words; nothing if all is as it should be."""
    wanted = shape if isinstance(shape, type) else type(shape)
    if not _is(told, wanted):
        return f"{name} is not {_TYPES[wanted]}"
    if isinstance(shape, list):
        parts = ((each, shape[0], f"an item of {name}") for each in told)
    elif isinstance(shape, Mapping):
        parts = ((told[key], inner, key) for key, inner in shape.items() if told.get(key) is not None)
    else:
        return ""
    return next(filter(None, (_misfit(*part) for part in parts)), "")


def _is(told: Any, wanted: type) -> bool:
    if wanted is float:
        return type(told) in (int, float)
    return type(told) is wanted

"""Invoking a deployed function."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scf_gen.cloud.client import INVOKE_S, Client
from scf_gen.core.recognition import recognized
from scf_gen.core.result import Outcome

_FIELDS = {
    "MemUsage": 0,
    "Log": "",
    "RetMsg": "",
    "BillDuration": 0,
    "FunctionRequestId": "",
    "Duration": 0,
    "ErrMsg": "",
    "InvokeResult": 0,
}
_COLD_START = re.compile(r"^Init Report RequestId: \S+ Coldstart: (\d+)ms", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Invoke answered: how an invocation ended there, with the same words as an Outcome has for one here."""

    result: Mapping[str, Any]
    api_request_id: str

    @property
    def ok(self) -> bool:
        """Whether the function gave a result; the API says in one of three places that it did not."""
        return not self.result["InvokeResult"] and not self.result["ErrMsg"] and not self._failure("RetMsg")

    @property
    def kind(self) -> str:
        """How it failed: in the words for one here where those are known, else the status of SCF's table."""
        status = self._any_failure().get("statusCode")
        return known.kind if (known := self._known()) else f"status {status}" if status else "failed"

    @property
    def advice(self) -> str:
        """One line that says what to do about the failure; of one that is not known, what the API says."""
        if (known := self._known()) and known.advice:
            return known.advice
        text = self._any_failure().get("errorMessage") or self.result["ErrMsg"] or "Tencent gives no reason"
        return " ".join(str(text).split())

    @property
    def ret_msg(self) -> bytes:
        """The result, or the failure JSON."""
        text = self.result["RetMsg"] or ("" if self.ok else self.result["ErrMsg"])
        return str(text).encode(errors="replace")

    @property
    def log(self) -> bytes:
        """The end of the log, as the API gives it."""
        return str(self.result["Log"]).encode(errors="replace")

    @property
    def duration_ms(self) -> float:
        """How long it took there."""
        return float(self.result["Duration"])

    @property
    def cold_start_ms(self) -> float | None:
        """How long the instance took to start, if the log says that it did."""
        found = _COLD_START.search(self.result["Log"])
        return float(found[1]) if found else None

    def as_invoke_result(self) -> dict[str, Any]:
        """The object of the API's Invoke, as `Outcome` gives it."""
        return {"Result": dict(self.result), "RequestId": self.api_request_id}

    def _known(self) -> Outcome | None:
        failure = self._any_failure()
        message = str(failure.get("errorMessage"))
        return recognized(failure.get("statusCode", 0), message, self.result["FunctionRequestId"])

    def _any_failure(self) -> Mapping[str, Any]:
        return self._failure("ErrMsg") or self._failure("RetMsg")

    def _failure(self, field: str) -> Mapping[str, Any]:
        """The failure JSON in a field; a function's own result that looks like one has not this request's id."""
        try:
            found = json.loads(self.result[field])
        except (ValueError, RecursionError):
            return {}
        known = isinstance(found, dict) and {"errorCode", "errorMessage", "statusCode"} <= found.keys()
        return found if known and found.get("requestId") == self.result["FunctionRequestId"] else {}


def invoke(client: Client, name: str, event: bytes, qualifier: str) -> Answer:
    """Hand an event to the function, and wait for the result; raises CloudError where it could not be handed over.

    An event that is not UTF-8, and so not JSON, arrives with replacement characters; the API refuses it.
    """
    client.allow_time(INVOKE_S)
    response = client.call(
        "Invoke",
        FunctionName=name,
        ClientContext=event.decode(errors="replace"),
        InvocationType="RequestResponse",
        LogType="Tail",
        Qualifier=qualifier,
    )
    told = response.get("Result") or {}
    result = {field: empty if told.get(field) is None else told[field] for field, empty in _FIELDS.items()}
    return Answer(result, str(response.get("RequestId") or ""))

"""How an invocation ended, and the forms in which SCF says so."""

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scf_gen.core import contract
from scf_gen.core.advice import ADVICE
from scf_gen.core.function import Function


class Kind(StrEnum):
    """The ways for an invocation to end; each invocation ends in exactly one."""

    OK = "ok"
    FUNCTION_ERROR = "function error"
    INIT_TIMEOUT = "init timeout"
    EXIT_BEFORE_READY = "exit before ready"
    NEVER_FETCHED = "event never fetched"
    TIMEOUT = "invocation timeout"
    EXITED = "exit during the invocation"
    OVER_MEMORY = "over memory"
    RESPONSE_TOO_LARGE = "response too large"
    EVENT_NOT_JSON = "event not JSON"
    EVENT_TOO_LARGE = "event too large"
    BOOTSTRAP_MISSING = "bootstrap missing"
    NOT_EXECUTABLE = "bootstrap not executable"
    CANNOT_START = "bootstrap cannot start"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Failure:
    """What SCF answers for one kind of failure; `message` may name a function's limits and a `detail`."""

    status_code: int
    error_code: int
    message: str


# Statuses and texts: page 583/42611 and texts seen live; else the emulator's choice (docs/decisions.md).
FAILURES = {
    Kind.FUNCTION_ERROR: Failure(430, 1, "{detail}"),
    Kind.INIT_TIMEOUT: Failure(450, -1, "Initializing task timed out after {init_timeout_s:g} seconds"),
    Kind.EXIT_BEFORE_READY: Failure(450, -1, "Bootstrap exited {detail} before ready"),
    Kind.NEVER_FETCHED: Failure(433, -1, "Waiting for event timed out after {timeout_s:g} seconds"),
    Kind.TIMEOUT: Failure(433, -1, "Invoking task timed out after {timeout_s:g} seconds"),
    Kind.EXITED: Failure(439, -1, "Process exited before completing request"),
    Kind.OVER_MEMORY: Failure(434, -1, "Task memory exceeded {memory_mb} MB"),
    Kind.RESPONSE_TOO_LARGE: Failure(407, -1, "The size of response exceeds the upper limit (6MB)"),
    Kind.EVENT_NOT_JSON: Failure(400, -1, "InvalidParameterValue"),
    Kind.EVENT_TOO_LARGE: Failure(406, -1, "RequestTooLarge"),
    Kind.BOOTSTRAP_MISSING: Failure(443, -1, "ReloadFail: Bootstrap not found"),
    Kind.NOT_EXECUTABLE: Failure(443, -1, "ReloadFail: Bootstrap not executable\n"),
    Kind.CANNOT_START: Failure(443, -1, "ReloadFail: {detail}"),
    Kind.CANCELLED: Failure(499, -1, "RequestCanceled"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one invocation ended: sizes in bytes, times in milliseconds.

    `body` is the result, or the text of a posted error; `detail` completes the failure's message; `cause`, if there is
    one, says more closely than the kind what advice is about.
    """

    kind: Kind
    request_id: str
    function: Function
    body: bytes = b""
    detail: str = ""
    cause: str = ""
    log: bytes = b""
    duration_ms: float = 0.0
    memory_bytes: int = 0
    cold_start_ms: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the function gave a result."""
        return self.kind is Kind.OK

    @property
    def advice(self) -> str:
        """One line that says what to do about a failure; a detail that nobody knows leaves no gap in it."""
        text = "" if self.ok else self._fill(str(ADVICE[self.cause or self.kind]))
        return " ".join(text.split()).rstrip(" ;:")

    def failure_json(self) -> str:
        """The failure as SCF writes it (FAILURE-JSON): keys in this order, `<`, `>`, `&` escaped as Go does."""
        failure = FAILURES[self.kind]
        fields = {
            "errorCode": failure.error_code,
            "errorMessage": self._fill(failure.message),
            "requestId": self.request_id,
            "statusCode": failure.status_code,
        }
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        for char in "<>&\u2028\u2029":
            text = text.replace(char, f"\\u{ord(char):04x}")
        return text

    @property
    def ret_msg(self) -> bytes:
        """The result as it was posted, or the failure JSON."""
        return self.body if self.ok else self.failure_json().encode()

    @property
    def log_tail(self) -> bytes:
        """What a caller gets of the log with LogType=Tail (LOG-TAIL)."""
        return self.log[-contract.LOG_TAIL_BYTES :]

    def as_invoke_result(self) -> dict[str, Any]:
        """The object of the API's Invoke, as the seed shows it; a failure stands twice (FAILURE-PLACE)."""
        text = self.ret_msg.decode(errors="replace")
        result = {
            "MemUsage": self.memory_bytes,
            "Log": self.log.decode(errors="replace"),
            "RetMsg": text,
            "BillDuration": math.ceil(self.duration_ms),
            "FunctionRequestId": self.request_id,
            "Duration": round(self.duration_ms, 2),
            "ErrMsg": "" if self.ok else text,
            "InvokeResult": 0 if self.ok else -1,
        }
        return {"Result": result, "RequestId": self.request_id}

    def _fill(self, template: str) -> str:
        function = self.function
        return template.format(
            detail=self.detail,
            timeout_s=function.timeout_s,
            init_timeout_s=function.init_timeout_s,
            memory_mb=function.memory_mb,
        )

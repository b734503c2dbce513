"""Invocations: asked for, and told of afterwards."""

import time
from typing import Any

from scf_gen.core import contract
from scf_gen.core.result import Kind, Outcome
from scf_gen.emulator.event_fault import json_fault
from scf_gen.local.api.call import Answer, Call
from scf_gen.local.clock import seconds_of, text_of
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.invocations import Invocation, Wanted

# A caller who gives no event invokes with an empty object (emulator's choice).
_NO_EVENT = "{}"
_NOTHING = {"MemUsage": 0, "Log": "", "RetMsg": "", "BillDuration": 0, "Duration": 0, "ErrMsg": "", "InvokeResult": 0}
_SEARCH = {"Offset": "", "Limit": 0, "Keyword": "", "Type": ""}
_DAY_S = 86400
_LOGS_LIMIT = 10_000
_RET_CODES = {
    "": "",
    "is0": "ret_code = 0",
    "not0": "ret_code != 0",
    "TimeLimitExceeded": "ret_code = 433",
    "ResourceLimitExceeded": "ret_code IN (432, 434)",
    "UserCodeException": "ret_code = 430",
}


async def invoke(scf: LocalScf, call: Call) -> Answer:
    """Invoke"""
    event = (call.parameters.get("ClientContext") or _NO_EVENT).encode()
    if call.parameters.get("InvocationType") == "Event":
        return await _accept(scf, call, event)
    return await _run(scf, call, event)


async def invoke_function(scf: LocalScf, call: Call) -> Answer:
    """InvokeFunction"""
    return await _run(scf, call, (call.parameters.get("Event") or _NO_EVENT).encode())


async def get_function_logs(scf: LocalScf, call: Call) -> Answer:
    """GetFunctionLogs"""
    parameters = call.parameters
    start, end = parameters.get("StartTime", ""), parameters.get("EndTime", "")
    _check_span(start, end)
    page = call.page("OrderBy", largest=_LOGS_LIMIT)
    if page.offset + page.limit > _LOGS_LIMIT:
        raise Refusal("InvalidParameterValue.Limit", "Offset and Limit may be 10000 together.")
    wanted = Wanted(
        call.name,
        request_id=parameters.get("FunctionRequestId", ""),
        version=call.version if parameters.get("Qualifier") else "",
        start_time=start,
        end_time=end,
        ret_codes=_RET_CODES[parameters.get("Filter", {}).get("RetCode", "")],
    )
    if call.name.function:
        await scf.versions.get(call.name)
    total, found = await scf.invocations.find(wanted, page)
    return {"TotalCount": total, "Data": [_log_form(invocation) for invocation in found], "SearchContext": _SEARCH}


async def get_request_status(scf: LocalScf, call: Call) -> Answer:
    """GetRequestStatus"""
    parameters = call.parameters
    start, end = parameters.get("StartTime", ""), parameters.get("EndTime", "")
    if bool(start) != bool(end):
        raise Refusal("InvalidParameterValue.StartTimeOrEndTime", "StartTime and EndTime belong together.")
    await scf.versions.get(call.name)
    request_id = parameters["FunctionRequestId"]
    wanted = Wanted(call.name, request_id=request_id, start_time=start, end_time=end)
    # Before what has ended: an event that waits no more has left all of its invocations there.
    waiting = await scf.events.waiting(request_id)
    _, found = await scf.invocations.find(wanted, call.page(""))
    data = [_status_form(invocation) for invocation in found]
    for event in waiting:
        running = {"RetMsg": "", "RetCode": 1, "Duration": 0, "MemUsage": 0, "RetryNum": event.attempt}
        who = {"FunctionName": event.name.function, "RequestId": request_id, "StartTime": text_of(event.asked_s)}
        data.insert(0, {**who, **running})
    return {"TotalCount": len(data), "Data": data}


async def _run(scf: LocalScf, call: Call, event: bytes) -> Answer:
    outcome = await scf.invoke(call.name, call.version, event, call.request_id)
    if outcome.kind is Kind.EVENT_NOT_JSON:
        raise _not_json(outcome.detail)
    if outcome.kind is Kind.EVENT_TOO_LARGE:
        raise _too_large("6 MB")
    return {"Result": _result_form(outcome, tail=call.parameters.get("LogType") == "Tail")}


async def _accept(scf: LocalScf, call: Call, event: bytes) -> Answer:
    if len(event) > contract.ASYNC_EVENT_LIMIT_BYTES:  # EVENT-LIMIT
        raise _too_large("128 KB")
    if fault := json_fault(event):
        raise _not_json(fault)
    await scf.versions.get(call.name, call.version)
    await scf.queue.accept(call.name, call.version, event, call.request_id)
    return {"Result": {**_NOTHING, "FunctionRequestId": call.request_id}}


def _result_form(outcome: Outcome, *, tail: bool) -> dict[str, Any]:
    result: dict[str, Any] = outcome.as_invoke_result()["Result"]
    # The tail may begin in the middle of a character.
    result["Log"] = outcome.log_tail.decode(errors="ignore") if tail else ""
    return result


def _log_form(invocation: Invocation) -> dict[str, Any]:
    return {
        "FunctionName": invocation.function,
        "RetMsg": invocation.ret_msg,
        "RequestId": invocation.request_id,
        "StartTime": invocation.start_time,
        "RetCode": invocation.ret_code,
        "InvokeFinished": 1,
        "Duration": round(invocation.duration_ms, 2),
        "BillDuration": invocation.bill_ms,
        "MemUsage": invocation.memory_bytes,
        "Log": invocation.log,
        "Level": "",
        "Source": "",
        "RetryNum": invocation.retry,
    }


def _status_form(invocation: Invocation) -> dict[str, Any]:
    return {
        "FunctionName": invocation.function,
        "RetMsg": invocation.ret_msg,
        "RequestId": invocation.request_id,
        "StartTime": invocation.start_time,
        "RetCode": 0 if invocation.ret_code == 0 else -1,
        "Duration": round(invocation.duration_ms, 2),
        "MemUsage": round(invocation.memory_bytes / (1 << 20), 2),
        "RetryNum": invocation.retry,
    }


def _check_span(start: str, end: str) -> None:
    try:
        begin_s = seconds_of(start) if start else None
        end_s = seconds_of(end) if end else time.time()
    except ValueError as error:
        raise Refusal("InvalidParameterValue.StartTimeOrEndTime", f"No such time: {error}.") from error
    if begin_s is not None and not 0 <= end_s - begin_s <= _DAY_S:
        raise Refusal("InvalidParameterValue.StartTimeOrEndTime", "EndTime may be a day after StartTime at most.")


def _not_json(fault: str) -> Refusal:
    return Refusal("InvalidParameterValue.Param", f"The event is not JSON: {fault}.")


def _too_large(limit: str) -> Refusal:
    return Refusal("InvalidParameter.RequestTooLarge", f"The event may have {limit}.")

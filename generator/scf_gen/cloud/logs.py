"""The logs of a deployed function's invocations."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from scf_gen.cloud.client import Client

POLL_S = 1.0
# API GetFunctionLogs: Offset and Limit together.
_REACH = 10_000
_PAGE = 100
_RUNNING = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one invocation."""

    request_id: str
    retry: int
    start_time: str
    ret_code: int
    ret_msg: str
    log: str

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """From an item of what GetFunctionLogs answered."""
        return cls(
            str(answer.get("RequestId") or ""),
            int(answer.get("RetryNum") or 0),
            str(answer.get("StartTime") or ""),
            int(answer.get("RetCode") or 0),
            str(answer.get("RetMsg") or ""),
            str(answer.get("Log") or ""),
        )

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from others: an event that failed is invoked again under its request's id."""
        return self.request_id, self.retry

    @property
    def text(self) -> str:
        """The log, or a line that says what there is without one."""
        if self.log:
            return self.log if self.log.endswith("\n") else f"{self.log}\n"
        return f"{self.start_time} RequestId:{self.request_id} RetCode:{self.ret_code} RetMsg:{self.ret_msg}\n"


def latest(client: Client, name: str, count: int, request_id: str = "") -> list[Entry]:
    """The last `count` invocations that have ended, or those of one request; the oldest first."""
    found: list[Entry] = []
    for page in _newest_first(client, name, request_id):
        found += page
        if len(found) >= count:
            break
    return found[:count][::-1]


def follow(
    client: Client, name: str, count: int, request_id: str = "", wait: Callable[[float], object] = time.sleep
) -> Iterator[Entry]:
    """The last `count` invocations, and then each one when it has ended; only what `wait` raises ends it."""
    before = latest(client, name, max(count, _PAGE), request_id)
    yield from before[-count:]
    seen = {entry.key for entry in before}
    while True:
        wait(POLL_S)
        looked_at: list[Entry] = []
        for page in _newest_first(client, name, request_id):
            looked_at += page
            if any(entry.key in seen for entry in page):
                break
        yield from (entry for entry in reversed(looked_at) if entry.key not in seen)
        # Older ones than these are behind a page of which some have been seen.
        seen = {entry.key for entry in looked_at}


def _newest_first(client: Client, name: str, request_id: str) -> Iterator[list[Entry]]:
    """Pages of invocations that have ended. Without times: it is not known of which zone they would have to be."""
    wanted = {"FunctionRequestId": request_id} if request_id else {}
    for offset in range(0, _REACH, _PAGE):
        answer = client.call(
            "GetFunctionLogs",
            FunctionName=name,
            Offset=offset,
            Limit=_PAGE,
            Order="desc",
            OrderBy="start_time",
            **wanted,
        )
        data = answer.get("Data") or []
        yield [Entry.from_answer(item) for item in data if item.get("RetCode") != _RUNNING]
        if len(data) < _PAGE:
            return

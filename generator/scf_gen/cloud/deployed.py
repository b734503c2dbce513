"""A function as it is there: what GetFunction says, and waiting until it is said to be done."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from scf_gen.cloud.client import Client
from scf_gen.core.contract import LATEST
from scf_gen.errors import CloudError, Refused

ACTIVE, CREATE_FAILED = "Active", "CreateFailed"
_BUSY = {"Creating", "Updating", "Publishing", "Deleting"}
# Tencent's own toolkit asks 600 times, twice a second.
DEADLINE_S = 300.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Deployed:
    """The state of a function; a setting that the API did not tell is None."""

    name: str
    status: str
    reason: str = ""
    runtime: str = ""
    type: str = ""
    handler: str | None = None
    memory_mb: int | None = None
    timeout_s: int | None = None
    init_timeout_s: int | None = None
    env: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """From what GetFunction answered."""
        variables = (answer.get("Environment") or {}).get("Variables") or []
        return cls(
            name=answer.get("FunctionName") or "",
            status=answer.get("Status") or "",
            reason=_reason(answer),
            runtime=answer.get("Runtime") or "",
            type=answer.get("Type") or "",
            handler=answer.get("Handler"),
            memory_mb=answer.get("MemorySize"),
            timeout_s=answer.get("Timeout"),
            init_timeout_s=answer.get("InitTimeout"),
            env={pair.get("Key") or "": pair.get("Value") or "" for pair in variables},
        )

    @property
    def is_busy(self) -> bool:
        """Whether something is being done to it."""
        return self.status in _BUSY


def find(client: Client, name: str) -> Deployed | None:
    """The function as it is now, if there is one."""
    try:
        return Deployed.from_answer(client.call("GetFunction", FunctionName=name))
    except Refused as refusal:
        if is_no_function(refusal):
            return None
        raise


def code_sha256(client: Client, name: str, version: str = LATEST) -> str:
    """Of the ZIP that is there; empty if the API does not tell, so that nobody takes it for another one."""
    try:
        answer = client.call("GetFunctionAddress", FunctionName=name, Qualifier=version)
    except Refused:
        return ""
    return str(answer.get("CodeSha256") or "").lower()


def settled(client: Client, name: str, tell: Callable[[str], None] = lambda _: None) -> Deployed | None:
    """The function when nothing is being done to it any more, if there is one; `tell` hears each status.

    Raises CloudError if that does not end.
    """
    deadline = time.monotonic() + DEADLINE_S
    wait_s = _FIRST_WAIT_S
    while (deployed := find(client, name)) and deployed.is_busy:
        if time.monotonic() > deadline:
            raise CloudError(
                f"{name} is still {deployed.status} after {DEADLINE_S:g} seconds",
                "run the same command again later: it goes on from there",
            )
        tell(deployed.status)
        time.sleep(wait_s)
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
    return deployed


def is_no_function(refusal: Refused) -> bool:
    """Whether the API means that there is no such function; it has two codes for that."""
    return refusal.code in ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")


def _reason(answer: Mapping[str, Any]) -> str:
    """Why it failed, of all that the API says about it."""
    reasons = answer.get("StatusReasons") or []
    texts = [": ".join(filter(None, (each.get("ErrorCode"), each.get("ErrorMessage")))) for each in reasons]
    return " ".join("; ".join(filter(None, texts)).split()) or str(answer.get("StatusDesc") or "")

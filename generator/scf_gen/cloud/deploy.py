"""Deploying: calls that make a function what it should be, one after the other, until it is."""

import base64
from collections.abc import Callable, Iterator

from scf_gen.cloud.client import Client
from scf_gen.cloud.deployed import ACTIVE, Deployed, code_sha256, find, settled
from scf_gen.cloud.plan import CREATE, Step, Wanted, filled, plan
from scf_gen.cloud.versions import published_as
from scf_gen.errors import CloudError, Refused

# What is being done, and how much of the whole is behind.
Tell = Callable[[str, float], None]

# The function was there after all: a call whose answer was lost, or another deployment at the same time.
_THERE_ALREADY = ("ResourceInUse.Function", "ResourceInUse.FunctionName")
# A call that comes while another one is at work is refused with one of these, and so is a call that fails for good.
_MAYBE_BUSY = "FailedOperation."
_TIMES_BUSY = 5


def _ignore(_: str, __: float) -> None:
    pass


def look(client: Client, wanted: Wanted) -> tuple[Step, ...]:
    """The calls that a deployment would make; waits for one that is at work. Raises CloudError."""
    return _left(client, wanted, settled(client, wanted.function.name))


def deploy(client: Client, wanted: Wanted, tell: Tell = _ignore) -> Iterator[Step]:
    """Make the function what is wanted; gives each step when it is done and the function active.

    After each step it is looked at anew, so that a deployment that died goes on where it was. Raises CloudError.
    """
    name = wanted.function.name
    deployed = settled(client, name, lambda status: tell(status, 0))
    done: set[str] = set()
    busy = 0
    while left := [step for step in _left(client, wanted, deployed) if step.action not in done]:
        behind, ahead = len(done), len(done) + len(left)
        tell(left[0].action, behind / ahead)
        was_made = _make(client, wanted, left[0])
        deployed = settled(client, name, lambda status: tell(status, (behind + 0.5) / ahead))  # noqa: B023 -- at once
        if was_made:
            _check(left[0], name, deployed)
            done.add(left[0].action)
            yield left[0]
        elif (busy := busy + 1) == _TIMES_BUSY:
            raise CloudError(f"{name} is being changed all the time by somebody else", "try again later")


def publish(client: Client, name: str, tell: Tell = _ignore) -> tuple[str, bool]:
    """Freeze what is there as the next version, unless the newest one is the same; its number, and whether it is new.

    Raises CloudError, which says that all but the version is done.
    """
    tell("PublishVersion", 0.9)
    try:
        if earlier := published_as(client, name):
            return earlier, False
        version = client.call("PublishVersion", FunctionName=name)["FunctionVersion"]
        _check(Step("PublishVersion", {}), name, settled(client, name))
    except CloudError as error:
        raise CloudError(
            f"{name} is deployed, but maybe without a version: {error.message}",
            "; ".join(filter(None, (error.hint, "scf-gen deploy --publish makes the version if it is missing"))),
        ) from error
    return str(version), True


def _left(client: Client, wanted: Wanted, deployed: Deployed | None) -> tuple[Step, ...]:
    return plan(wanted, deployed, code_sha256(client, wanted.function.name) if deployed else "")


def _make(client: Client, wanted: Wanted, step: Step) -> bool:
    """Make the call; false if something else was at work."""
    try:
        client.call(step.action, **filled(step.parameters, base64.b64encode(wanted.zipped).decode()))
    except Refused as refusal:
        if step.action == CREATE and refusal.code in _THERE_ALREADY:
            return False
        if refusal.code.startswith(_MAYBE_BUSY) and _is_busy(client, wanted.function.name):
            return False
        raise
    return True


def _is_busy(client: Client, name: str) -> bool:
    deployed = find(client, name)
    return deployed is not None and deployed.is_busy


def _check(step: Step, name: str, deployed: Deployed | None) -> None:
    if deployed is None:
        raise CloudError(f"{name} has gone while it was deployed", "somebody else removed it; deploy again")
    if deployed.status != ACTIVE:
        first = f"then scf-gen delete {name}, " if step.action == CREATE else ""
        raise CloudError(
            f"{name} is {deployed.status} after {step.action}: {deployed.reason or 'Tencent gives no reason'}",
            f"mend that, {first}and deploy again",
        )

"""The life of an instance as a table: state x input -> transition. No sockets, no clock, no process."""

from dataclasses import dataclass, field
from enum import Enum, auto

from scf_gen.core.result import Kind


class State(Enum):
    """Where an instance stands; `POLLED` means that a `/next` is waiting for an event."""

    STARTING = auto()
    STARTING_POLLED = auto()
    IDLE = auto()
    POLLED = auto()
    DISPATCHED = auto()
    RUNNING = auto()
    DEAD = auto()


class Input(Enum):
    """What can happen to an instance: from its bootstrap, its operator, its process and its clocks."""

    READY = auto()
    NEXT = auto()
    HANGUP = auto()
    RESPONSE = auto()
    ERROR = auto()
    OVERSIZE = auto()
    DISPATCH = auto()
    CANCEL = auto()
    EXIT = auto()
    OVER_MEMORY = auto()
    INIT_TIMEOUT = auto()
    TIMEOUT = auto()


class Reply(Enum):
    """What the runtime API answers; a dispatch may "reply" to a poll that waits."""

    OK = auto()
    EVENT = auto()
    PARK = auto()
    LATE = auto()
    TOO_EARLY = auto()
    TOO_LARGE = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Transition:
    """What an input does: the next state, the answer, how the stage in progress ended, whether the process must die.

    `clause` is the sentence of the contract that says so.
    """

    to: State
    reply: Reply | None = None
    finish: Kind | None = None
    kill: bool = False
    clause: str = field(default="", compare=False)


_S, _I, _R, _T = State, Input, Reply, Transition

_RESULTS = (_I.RESPONSE, _I.ERROR, _I.OVERSIZE)


def _results(state: State, reply: Reply, clause: str) -> dict[Input, Transition]:
    return {given: _T(state, reply, clause=clause) for given in _RESULTS}


def _ignored(state: State, *inputs: Input) -> dict[Input, Transition]:
    return {given: _T(state) for given in inputs}


def _starting(state: State, ready: State) -> dict[Input, Transition]:
    return {
        _I.READY: _T(ready, _R.OK, finish=Kind.OK, clause="INIT-CLOCK"),
        _I.NEXT: _T(_S.STARTING_POLLED, _R.PARK, clause="NEXT-BLOCKS"),
        _I.HANGUP: _T(_S.STARTING),
        _I.CANCEL: _T(_S.DEAD, finish=Kind.CANCELLED, kill=True, clause="INVOKE-CANCEL"),
        _I.EXIT: _T(_S.DEAD, finish=Kind.EXIT_BEFORE_READY, kill=True, clause="INIT-EXIT"),
        _I.OVER_MEMORY: _T(_S.DEAD, finish=Kind.OVER_MEMORY, kill=True, clause="INVOKE-MEMORY"),
        _I.INIT_TIMEOUT: _T(_S.DEAD, finish=Kind.INIT_TIMEOUT, kill=True, clause="INIT-TIMEOUT"),
        **_results(state, _R.TOO_EARLY, "RESULT-EARLY"),
        **_ignored(state, _I.TIMEOUT),
    }


def _waiting(state: State, dispatched: Transition) -> dict[Input, Transition]:
    return {
        _I.READY: _T(state, _R.OK, clause="INIT-READY-ONCE"),
        _I.NEXT: _T(_S.POLLED, _R.PARK, clause="NEXT-BLOCKS"),
        _I.HANGUP: _T(_S.IDLE),
        _I.DISPATCH: dispatched,
        _I.CANCEL: _T(_S.DEAD, kill=True, clause="INVOKE-BETWEEN"),
        _I.EXIT: _T(_S.DEAD, kill=True, clause="INVOKE-BETWEEN"),
        _I.OVER_MEMORY: _T(_S.DEAD, kill=True, clause="INVOKE-BETWEEN"),
        **_results(state, _R.LATE, "RESULT-LATE"),
        **_ignored(state, _I.INIT_TIMEOUT, _I.TIMEOUT),
    }


def _invoking(state: State, timeout: Transition) -> dict[Input, Transition]:
    return {
        _I.READY: _T(state, _R.OK, clause="INIT-READY-ONCE"),
        _I.NEXT: _T(_S.RUNNING, _R.EVENT, clause="NEXT-REPEATED"),
        _I.CANCEL: _T(_S.DEAD, finish=Kind.CANCELLED, kill=True, clause="INVOKE-CANCEL"),
        _I.EXIT: _T(_S.DEAD, finish=Kind.EXITED, kill=True, clause="INVOKE-EXIT"),
        _I.OVER_MEMORY: _T(_S.DEAD, finish=Kind.OVER_MEMORY, kill=True, clause="INVOKE-MEMORY"),
        _I.TIMEOUT: timeout,
        **_ignored(state, _I.HANGUP, _I.INIT_TIMEOUT),
    }


TRANSITIONS: dict[State, dict[Input, Transition]] = {
    _S.STARTING: _starting(_S.STARTING, ready=_S.IDLE),
    _S.STARTING_POLLED: _starting(_S.STARTING_POLLED, ready=_S.POLLED),
    _S.IDLE: _waiting(_S.IDLE, _T(_S.DISPATCHED, clause="INVOKE-CLOCK")),
    _S.POLLED: _waiting(_S.POLLED, _T(_S.RUNNING, _R.EVENT, clause="INVOKE-CLOCK")),
    _S.DISPATCHED: {
        **_invoking(_S.DISPATCHED, _T(_S.DEAD, finish=Kind.NEVER_FETCHED, kill=True, clause="NEXT-UNFETCHED")),
        # A result before the event was fetched can only belong to the invocation before.
        **_results(_S.DISPATCHED, _R.LATE, "RESULT-FIRST"),
    },
    _S.RUNNING: {
        **_invoking(_S.RUNNING, _T(_S.DEAD, finish=Kind.TIMEOUT, kill=True, clause="INVOKE-TIMEOUT")),
        _I.RESPONSE: _T(_S.IDLE, _R.OK, finish=Kind.OK, clause="INVOKE-REUSE"),
        _I.ERROR: _T(_S.IDLE, _R.OK, finish=Kind.FUNCTION_ERROR, clause="ERROR-STATUS"),
        _I.OVERSIZE: _T(_S.IDLE, _R.TOO_LARGE, finish=Kind.RESPONSE_TOO_LARGE, clause="RESULT-LIMIT"),
    },
    _S.DEAD: {
        **{given: _T(_S.DEAD, _R.GONE, clause="API-GONE") for given in (_I.READY, _I.NEXT, *_RESULTS)},
        **_ignored(_S.DEAD, _I.HANGUP, _I.CANCEL, _I.EXIT, _I.OVER_MEMORY, _I.INIT_TIMEOUT, _I.TIMEOUT),
    },
}


class IllegalInput(RuntimeError):
    """An input that the emulator itself must never give: a dispatch to an instance that is not free."""


def step(state: State, given: Input) -> Transition:
    """Look up what `given` does in `state`; raises IllegalInput where nothing may."""
    try:
        return TRANSITIONS[state][given]
    except KeyError:
        raise IllegalInput(f"{given.name} in {state.name}") from None

"""One event of a case: what is sent, and what has to come of it."""

import base64
import functools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from scf_gen.core.result import Kind, Outcome
from scf_gen.emulator import catalogue
from scf_gen.errors import CaseInvalid

_SHOWN_BYTES = 200
_SHOWN_END_BYTES = 300
_LINE = b"a line\n"
# Halves of characters, and what languages write that have none.
_HALF = re.compile("[\ud800-\udfff\ufffd?]")


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that was not met, and what was observed instead."""

    expected: str
    observed: str


class Sent(NamedTuple):
    """An event; the result that it has to have if the step itself says none; how often what has to be in the log."""

    event: bytes
    result: bytes | None = None
    log: bytes = b""
    times: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """An event in one of the first forms, and expectations of its outcome; docs/conformance.md has the keys."""

    event: Any = None
    raw: str | None = None
    echo: str | None = None
    sample: str | None = None
    nested: int | None = None
    digits: int | None = None
    size: int | None = None
    result: str | None = None
    result_base64: str | None = None
    text: str | None = None
    lines: int | None = None
    large: int | None = None
    log: str | None = None
    large_log: int | None = None
    print: str | None = None
    large_error: int | None = None

    kinds: tuple[str, ...] = (Kind.OK,)
    body: str | None = None
    match: str | None = None
    json: Mapping[str, Any] = field(default_factory=dict)
    log_match: str | None = None
    cold: bool | None = None
    repeat: int = 1
    growth: Mapping[str, int] = field(default_factory=dict)

    def check(self, where: str) -> None:
        """Raise CaseInvalid unless the event has just one form, and outcomes and expectations are such as there are."""
        if len(self._forms) != 1:
            found = ", ".join(self._forms) or "none"
            raise CaseInvalid(f"{where}: a step has one of {', '.join(_FORMS)}, found {found}")
        if unknown := set(self.kinds) - set(Kind):
            raise CaseInvalid(f"{where}: unknown outcome {unknown.pop()!r}", f"there are {', '.join(Kind)}")

    @property
    def _forms(self) -> Sequence[str]:
        return [name for name in _FORMS if getattr(self, name) is not None]

    def sent(self) -> Sent:
        """What is sent, and what the form of the event asks for."""
        [form] = self._forms
        return _FORMS[form](getattr(self, form))

    def echoed(self, outcome: Outcome) -> bool:
        """Whether the result is the event, or says the same as JSON: a handler may get either (HANDLER-EVENT)."""
        event = self.sent().event
        return outcome.ok and (outcome.body == event or same_json(outcome.body, event))

    def findings(self, outcome: Outcome) -> Iterator[Finding]:
        """What is wrong with `outcome`."""
        if outcome.kind not in self.kinds:
            yield Finding(f"outcome {' or '.join(self.kinds)}", f"{outcome.kind}: {shown(outcome.ret_msg)}")
            return
        yield from self._body_findings(outcome)
        *_, logged, times = self.sent()
        if (found := outcome.log.count(logged)) < times:
            yield Finding(f"{times} x {shown(logged)} in the log", f"{found} in {shown(outcome.log)}")
        if self.log_match is not None and not re.search(self.log_match.encode(), outcome.log):
            yield Finding(f"a log that matches {self.log_match!r}", shown(outcome.log))
        if self.cold is not None and (outcome.cold_start_ms is not None) != self.cold:
            yield Finding("a new instance" if self.cold else "the same instance", "the other")

    def _body_findings(self, outcome: Outcome) -> Iterator[Finding]:
        wanted = self.body.encode() if self.body is not None else None
        if wanted is None and self.match is None and not self.json:
            wanted = self.sent().result
        as_wanted = outcome.body == wanted or (wanted == self.sent().event and self.echoed(outcome))
        if outcome.ok and wanted is not None and not as_wanted:
            yield Finding(f"result {shown(wanted)}", shown(outcome.body))
        if self.match is not None and not re.search(self.match.encode(), outcome.body):
            yield Finding(f"a text that matches {self.match!r}", shown(outcome.body))
        for path, value in self.json.items():
            if (found := _at(outcome.body, path)) != value:
                yield Finding(f"{path} = {value!r} in the result", f"{found!r} in {shown(outcome.body)}")


def request_findings(limits: Mapping[str, Sequence[int]], counts: Mapping[str, int]) -> Iterator[Finding]:
    """Where the requests to a path were fewer or more than the two limits."""
    for name, (fewest, most) in limits.items():
        if not fewest <= counts[name] <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            yield Finding(f"{wanted} requests for {name}", str(counts[name]))


def shown(data: bytes, most: int = _SHOWN_BYTES) -> str:
    """The begin of `data`, `most` bytes of it, in one line, for a message."""
    text = repr(data[:most].decode(errors="backslashreplace"))
    return text if len(data) <= most else f"{text}… ({len(data)} bytes)"


def shown_end(data: bytes) -> str:
    """The end of `data` in one line, for a message."""
    return repr(data[-_SHOWN_END_BYTES:].decode(errors="replace"))


def same_json(first: bytes, second: bytes) -> bool:
    """Whether two texts say the same to whoever keeps numbers as doubles, and no halves of characters."""
    try:
        return _plain(first) == _plain(second)
    except (ValueError, RecursionError):
        return False


def _plain(text: bytes) -> str:
    value = json.loads(text, parse_int=_double, parse_float=_double, parse_constant=lambda _: None)
    return _HALF.sub("?", json.dumps(value, ensure_ascii=False, sort_keys=True))


def _double(text: str) -> float | None:
    """The nearest double, with one zero; None, which JavaScript writes for it, for what is beyond all."""
    value = float(text) + 0.0
    return None if math.isinf(value) else value


def _at(body: bytes, path: str) -> object:
    """The value in a JSON text that a path like a.0.b leads to; None where there is none."""
    try:
        value = json.loads(body)
        for key in path.split("."):
            value = value[int(key) if isinstance(value, list) else key]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return value


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _ask(do: str, data: bytes) -> bytes:
    return _as_json({"do": do, "base64": base64.b64encode(data).decode()})


def _same(event: bytes) -> Sent:
    return Sent(event, event)


def _log(data: bytes, do: str = "log", result: bytes = b"logged") -> Sent:
    return Sent(_ask(do, data), result, data, 1)


# Where a handler writes to two streams, they may meet anywhere in it.
@functools.lru_cache(maxsize=1)
def _large_log(size: int) -> Sent:
    return _log(b"x" * size)._replace(log=b"x", times=size)


# Large ones are made once, not at each check.
@functools.lru_cache(maxsize=4)
def _large(size: int) -> Sent:
    return Sent(_as_json({"do": "large", "bytes": size}), b"x" * size)


@functools.lru_cache(maxsize=4)
def _lines(size: int) -> Sent:
    return _result((_LINE * (size // len(_LINE) + 1))[:size])


def _result(data: bytes) -> Sent:
    return Sent(_ask("result", data), data)


_FORMS: dict[str, Callable[[Any], Sent]] = {
    "event": lambda value: Sent(_as_json(value)),
    "raw": lambda text: _same(text.encode()),
    "echo": lambda text: _same(_as_json(text)),
    "sample": lambda name: _same(catalogue.event(name)),
    "nested": lambda depth: _same(b"[" * depth + b"]" * depth),
    "digits": lambda count: _same(b"1" * count),
    "size": lambda size: _same(b'"%s"' % (b"x" * (size - 2))),
    "result": lambda text: _result(text.encode()),
    "result_base64": lambda text: _result(base64.b64decode(text)),
    "text": lambda text: Sent(_ask("text", text.encode()), text.encode()),
    "lines": _lines,
    "large": _large,
    "log": lambda text: _log(text.encode()),
    "large_log": _large_log,
    "print": lambda text: _log(text.encode(), do="print", result=b"printed"),
    "large_error": lambda size: Sent(_as_json({"do": "fail", "message": "x" * size})),
}
assert _FORMS.keys() <= {each.name for each in fields(Step)}  # noqa: S101

"""What went over the runtime API for one invocation, and what its instance did meanwhile."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scf_gen.emulator.http_message import Request, Response
from scf_gen.local.version import Name

# Of a body so much is kept, and so many steps of an invocation.
SHOWN_BYTES = 2048
_STEPS_LIMIT = 200


class Place(NamedTuple):
    """A position among the steps, and its time."""

    number: int
    at_s: float

    @property
    def next(self) -> "Place":
        """The one behind it."""
        return Place(self.number + 1, self.at_s)


class Step(NamedTuple):
    """An exchange with the bootstrap, or a new status of the instance; `at_s` from the beginning."""

    at_s: float
    status: str = ""
    method: str = ""
    path: str = ""
    sent: bytes = b""
    sent_bytes: int = 0
    answer: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    body_bytes: int = 0

    def as_json(self) -> Mapping[str, Any]:
        """Its form for a page; made when somebody asks, since every invocation has steps."""
        texts = {"sent": self.sent.decode(errors="replace"), "body": self.body.decode(errors="replace")}
        return {**self._asdict(), **texts, "at_ms": round(self.at_s * 1000, 3)}


@dataclass(slots=True)
class Transcript:
    """The steps of one invocation, in order; the time of its beginning in seconds since 1970."""

    request_id: str
    name: Name
    version: str
    instance: int
    began_s: float = field(default_factory=time.time)
    steps: list[Step] = field(default_factory=list)
    _clock_s: float = field(default_factory=time.monotonic)

    def place(self) -> Place:
        """Where a step would stand that began now."""
        return Place(len(self.steps), time.monotonic() - self._clock_s)

    def enter(self, place: Place, status: str) -> None:
        """The instance's new status."""
        self._add(place, Step(place.at_s, status))

    def exchange(self, place: Place, request: Request, response: Response) -> None:
        """An answered request of the bootstrap."""
        self._add(
            place,
            Step(
                place.at_s,
                "",
                request.method,
                request.path,
                request.body[:SHOWN_BYTES],
                len(request.body),
                response.status,
                response.headers,
                response.body[:SHOWN_BYTES],
                len(response.body),
            ),
        )

    def as_json(self) -> Mapping[str, Any]:
        """Its form for a page."""
        return {
            "request_id": self.request_id,
            "version": self.version,
            "instance": self.instance,
            "began_s": self.began_s,
            "steps": [step.as_json() for step in self.steps],
        }

    def _add(self, place: Place, step: Step) -> None:
        if len(self.steps) < _STEPS_LIMIT:
            self.steps.insert(place.number, step)

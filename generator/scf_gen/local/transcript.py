"""What went over the runtime API for one invocation, and what its instance did meanwhile."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from scf_gen.emulator.http_message import Request, Response
from scf_gen.local.version import Name

# Of a body so much is kept, and so many steps of an invocation.
SHOWN_BYTES = 2048
_STEPS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Step:
    """An exchange with the bootstrap, or a new status of the instance; times in milliseconds from the beginning."""

    at_ms: float
    status: str = ""
    method: str = ""
    path: str = ""
    sent: str = ""
    sent_bytes: int = 0
    answer: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    body_bytes: int = 0


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

    def enter(self, status: str) -> Step:
        """The instance's new status."""
        return self._add(Step(self._spent_ms(), status=status))

    def exchange(self, request: Request, response: Response) -> Step:
        """An answered request of the bootstrap."""
        return self._add(
            Step(
                self._spent_ms(),
                method=request.method,
                path=request.path,
                sent=_shown(request.body),
                sent_bytes=len(request.body),
                answer=response.status,
                headers=response.headers,
                body=_shown(response.body),
                body_bytes=len(response.body),
            )
        )

    def as_json(self) -> Mapping[str, Any]:
        """Its form for a page."""
        return {
            "request_id": self.request_id,
            "version": self.version,
            "instance": self.instance,
            "began_s": self.began_s,
            "steps": [asdict(step) for step in self.steps],
        }

    def _spent_ms(self) -> float:
        return round((time.monotonic() - self._clock_s) * 1000, 3)

    def _add(self, step: Step) -> Step:
        if len(self.steps) < _STEPS_LIMIT:
            self.steps.append(step)
        return step


def _shown(body: bytes) -> str:
    return body[:SHOWN_BYTES].decode(errors="replace")

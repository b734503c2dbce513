"""What went over the runtime API, for a person to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from scf_gen.conformance.step import shown

_SHOWN_BYTES = 60
_SHOWN_LINES = 24


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; `status` is "waits" for a long poll that has no event, or the fault in its place."""

    method: str
    path: str
    body: bytes
    status: str
    answer: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path}{_shown(self.body)} -> {self.status}{_shown(self.answer)}"


def lines(exchanges: Sequence[Exchange]) -> Sequence[str]:
    """A line an exchange; of very many only the first and the last."""
    shown = [str(exchange) for exchange in exchanges]
    if len(shown) > _SHOWN_LINES:
        half = _SHOWN_LINES // 2
        shown[half:-half] = [f"… {len(shown) - 2 * half} more …"]
    return shown


def _shown(body: bytes) -> str:
    return f" {shown(body, _SHOWN_BYTES)}" if body else ""

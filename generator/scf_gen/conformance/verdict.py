"""What a case came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scf_gen.conformance.case import Case
from scf_gen.conformance.step import Finding


class Status(StrEnum):
    """The three ways for a case to end."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A case with its status: `reason` says why it was not run, `finding` and `transcript` why it failed if it was."""

    case: Case
    status: Status
    reason: str = ""
    finding: Finding | None = None
    transcript: Sequence[str] = ()
    spent_s: float = 0.0

    @property
    def unrun(self) -> bool:
        """Whether it failed with all others, because the bootstrap does not answer at all."""
        return self.status is Status.FAILED and self.finding is None

    @property
    def message(self) -> str:
        """One line that says why it did not pass."""
        if self.finding:
            return f"expected {self.finding.expected}, observed {self.finding.observed}"
        return self.reason

"""What the linter says: a finding, where it is, and the edits that would mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; an info never fails the lint."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Replace:
    """Bytes `start` to `end` of a file become `new`."""

    path: str
    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class SetMode:
    """A file gets these permission bits."""

    path: str
    mode: int


@dataclass(frozen=True, slots=True)
class Rename:
    """A file gets another name; refused where that is taken."""

    path: str
    new: str


Edit = Replace | SetMode | Rename


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule's check yields: `path` in the package, "" for the package itself; line and column from 1.

    Line 0 speaks of the whole file. `hint` and `severity` take the place of the rule's own. `scf_message` is what SCF
    would answer.
    """

    message: str
    path: str = ""
    line: int = 0
    column: int = 1
    hint: str = ""
    scf_message: str = ""
    edits: tuple[Edit, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A `Found` with its rule; `package` is the path that was linted, as the user gave it."""

    code: str
    name: str
    severity: Severity
    package: str
    found: Found
    url: str = ""

    @property
    def fails(self) -> bool:
        """Whether it makes the lint fail."""
        return self.severity is not Severity.INFO

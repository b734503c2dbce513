"""What the linter says: a finding, where it is, and the edits that would mend it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_LONGEST = 500


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
    """A `Found` with its rule; `package` is the path that was linted, as the user gave it; `packed` if it is a ZIP."""

    code: str
    name: str
    severity: Severity
    package: str
    found: Found
    url: str = ""
    packed: bool = False

    @property
    def path(self) -> str:
        """Where it is, below the package as the user gave it, in printable characters."""
        return printable(str(Path(self.package, self.found.path)))

    @property
    def message(self) -> str:
        """What is wrong, on one line of printable characters."""
        return printable(shortened(self.found.message))

    @property
    def hint(self) -> str:
        """What to do, likewise."""
        return printable(shortened(self.found.hint))

    @property
    def scf_message(self) -> str:
        """What SCF would answer, likewise."""
        return printable(shortened(self.found.scf_message))

    @property
    def fixable(self) -> bool:
        """Whether it has edits that can be applied: a ZIP is left as it is."""
        return bool(self.found.edits) and not self.packed

    @property
    def fails(self) -> bool:
        """Whether it makes the lint fail."""
        return self.severity is not Severity.INFO


def shortened(text: str) -> str:
    """Text that does not fill the screen."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def printable(text: str) -> str:
    """Text that cannot make a terminal do anything but show it."""
    return text if text.isprintable() else "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)

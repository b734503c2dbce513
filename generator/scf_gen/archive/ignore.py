"""Which files stay out of a package, by patterns in the form of a .gitignore."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from pathspec import GitIgnoreSpec

from scf_gen.errors import PackageInvalid

IGNORE_FILE = ".scfignore"
_DEFAULTS = Path(__file__).with_name("default.scfignore")


class Ignore:
    """Patterns in their order: of those that match, the last one counts."""

    def __init__(self, spec: GitIgnoreSpec | None = None) -> None:
        self._spec = spec or GitIgnoreSpec.from_lines([])

    @classmethod
    def defaults(cls) -> Self:
        """What every package leaves out."""
        return cls().with_lines(_DEFAULTS.read_text("utf-8").splitlines(), str(_DEFAULTS))

    def with_lines(self, lines: Sequence[str], where: str) -> Self:
        """These patterns and then others; raises PackageInvalid, with `where`, for one that cannot be read."""
        for line in lines:
            if not is_pattern(line):
                raise PackageInvalid(f"{where}: {line!r} is no pattern of a .gitignore")
        return type(self)(self._spec + GitIgnoreSpec.from_lines(lines))

    def with_file(self, path: Path) -> Self:
        """These patterns and then those of a file, if it is there; raises as `with_lines` does."""
        try:
            text = path.read_text("utf-8-sig")
        except FileNotFoundError:
            return self
        except UnicodeDecodeError as error:
            raise PackageInvalid(f"{path} is not UTF-8: {error.reason}") from error
        return self.with_lines([line.rstrip("\r") for line in text.split("\n")], str(path))

    def verdict(self, name: str) -> bool | None:
        """Whether a path stays out; None where no pattern speaks of it. A folder's path ends with a slash."""
        return self._spec.check_file(name).include


def is_pattern(line: str) -> bool:
    """Whether it may be a line of a .gitignore."""
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True

"""Which folders git ignores, by the .gitignore files of a repository."""

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Self

from scf_gen.archive.ignore import Ignore
from scf_gen.errors import PackageInvalid

GIT_IGNORE_FILE = ".gitignore"
_REPOSITORY = ".git"


@dataclass(frozen=True, slots=True)
class Ignored:
    """The patterns of the folders above a folder and its own; the nearest that speaks counts.

    All paths here are real ones.
    """

    patterns: tuple[tuple[str, Ignore], ...] = ()

    @classmethod
    def above(cls, folder: Path) -> Self:
        """Those between a folder and its repository's root; none if they leave out the folder itself."""
        parents = folder.parents
        if (folder / _REPOSITORY).exists():
            return cls()
        inside = list(takewhile(lambda each: not (each / _REPOSITORY).exists(), parents))
        if len(inside) == len(parents):  # it is in no repository
            return cls()
        found = cls()
        for parent in reversed(parents[: len(inside) + 1]):
            found = found.with_those_of(parent)
        return cls() if found.holds(str(folder)) else found

    def with_those_of(self, folder: Path) -> Self:
        """These and those of a folder's own file; one that cannot be read ignores nothing."""
        try:
            ignore = Ignore().with_file(folder / GIT_IGNORE_FILE)
        except (PackageInvalid, OSError):
            return self
        return type(self)(((f"{folder}/", ignore), *self.patterns))

    def holds(self, folder: str) -> bool:
        """Whether git leaves a folder out."""
        verdicts = (ignore.verdict(f"{folder.removeprefix(above)}/") for above, ignore in self.patterns)
        return bool(next((verdict for verdict in verdicts if verdict is not None), False))

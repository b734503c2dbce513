"""A folder or a ZIP as the linter sees it. Nothing is unpacked and no link is followed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from scf_gen.errors import FunctionNotFound
from scf_gen.lint import folder, zip_file
from scf_gen.lint.file import Budget, File

__all__ = ["File", "Package", "open_package"]


@dataclass(frozen=True)
class Package:
    """All entries below `path`, which may be many or none; `packed` says that it is a ZIP. Use `with` to close it."""

    path: Path
    packed: bool
    entries: tuple[File, ...]
    budget: Budget = field(default_factory=Budget)
    close: Callable[[], None] = field(default=lambda: None, repr=False)

    @cached_property
    def files(self) -> Mapping[str, File]:
        """The entries by path; of two with one path the last, as an unpacker would have it."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def top(self) -> Mapping[str, File]:
        """Those at the root."""
        return {path: file for path, file in self.files.items() if "/" not in path}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_package(path: Path) -> Package:
    """Look at a folder or a ZIP; raises FunctionNotFound, and ArchiveInvalid for a file that is no ZIP."""
    budget = Budget()
    if path.is_dir():
        return Package(path, packed=False, entries=tuple(folder.files(path, budget)), budget=budget)
    if path.is_file():
        entries, close = zip_file.files(path, budget)
        return Package(path, packed=True, entries=tuple(entries), budget=budget, close=close)
    wrong = "is neither a folder nor a ZIP file" if path.exists() else "is not there"
    raise FunctionNotFound(f"{path} {wrong}")

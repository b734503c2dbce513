"""Which files of a folder go into a package: links followed, patterns applied, what no ZIP can hold refused."""

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from scf_gen.archive.writer import FILES_LIMIT
from scf_gen.bundle.ignore import Ignore
from scf_gen.errors import PackageInvalid

_SPECIAL = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


@dataclass(frozen=True, slots=True)
class Selection:
    """Files by their path in the package, and what was left out though no pattern says so, with the reason."""

    files: dict[str, Path] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def select(folder: Path, ignore: Ignore, *, roots: Collection[Path] = ()) -> Selection:
    """Select the files below `folder` that `ignore` does not name; a link stands for what it leads to.

    Links may lead anywhere below `folder` and below `roots`. Raises PackageInvalid for other links, for loops of links,
    and for names and numbers of files that no ZIP can hold.
    """
    root = folder.resolve()
    selection = Selection()
    _Walk(folder, ignore, (root, *(path.resolve() for path in roots)), selection).run(root)
    return selection


@dataclass(frozen=True, slots=True)
class _Walk:
    shown_as: Path
    ignore: Ignore
    roots: tuple[Path, ...]
    selection: Selection

    def run(self, root: Path) -> None:
        # Each folder with its path in the package, and the real folders on the way to it.
        folders: list[tuple[Path, str, tuple[Path, ...]]] = [(root, "", (root,))]
        seen = 0
        while folders:
            folder, prefix, above = folders.pop()
            for path in folder.iterdir():
                seen += 1
                if seen > FILES_LIMIT:
                    raise PackageInvalid(f"{self.shown_as} holds more than {FILES_LIMIT:,} files, which no package may")
                name = f"{prefix}{path.name}"
                if inner := self._take(path, name, above):
                    folders.append((inner, f"{name}/", (*above, inner)))

    def _take(self, path: Path, name: str, above: tuple[Path, ...]) -> Path | None:
        """Take a file; give a folder that has to be looked through."""
        is_folder = path.is_dir()
        if self.ignore.verdict(f"{name}/" if is_folder else name):
            return None
        self._check_name(name)
        target = self._target(path, name) if path.is_symlink() else path
        if is_folder:
            if target in above:
                raise self._bad_link(path, name, "leads back to a folder that it lies in")
            return target
        if reason := _SPECIAL.get(stat.S_IFMT(target.stat().st_mode)):
            self.selection.left_out[name] = reason
        else:
            self.selection.files[name] = target
        return None

    def _check_name(self, name: str) -> None:
        if "\\" in name or any("\udc80" <= letter <= "\udcff" for letter in name):
            raise PackageInvalid(
                f"{self.shown_as} has a file that a ZIP cannot name: {name!r}",
                "names are UTF-8 without backslashes; rename it, or exclude it in .scfignore",
            )

    def _target(self, path: Path, name: str) -> Path:
        try:
            target = Path(os.path.realpath(path, strict=True))
        except OSError as error:
            raise self._bad_link(path, name, "leads nowhere") from error
        if not any(target.is_relative_to(root) for root in self.roots):
            raise self._bad_link(path, name, "leads out of the project")
        return target

    def _bad_link(self, path: Path, name: str, fault: str) -> PackageInvalid:
        return PackageInvalid(
            f"{self.shown_as / name} is a symbolic link that {fault}: it points to {path.readlink()}",
            "copy what it should point to into the project, or exclude it in .scfignore",
        )

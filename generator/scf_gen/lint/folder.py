"""The files below a folder."""

import os
import stat
from collections.abc import Generator
from contextlib import closing
from itertools import islice
from pathlib import Path

from scf_gen.errors import ArchiveInvalid
from scf_gen.lint.file import ENTRIES_LIMIT, Budget, File, Unreadable, stamp

LEFT_OUT = frozenset({".git", ".hg", ".svn", ".venv", "venv", "__pycache__", ".scf", ".mypy_cache"})


def files(root: Path, budget: Budget) -> list[File]:
    """All of them by path, with those folders that cannot be read; raises ArchiveInvalid if there are too many."""
    with closing(_walk(str(root), budget)) as walked:
        found = list(islice(walked, ENTRIES_LIMIT + 1))
    if len(found) > ENTRIES_LIMIT:
        raise ArchiveInvalid(f"{root} holds more than {ENTRIES_LIMIT:,} files", "name the function's own folder")
    return sorted(found, key=lambda file: file.path)


def _walk(root: str, budget: Budget) -> Generator[File, None, None]:
    # os.walk recurses, and a hostile folder is deeper than that can go.
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(os.path.join(root, below)) as entries:  # noqa: PTH118 -- Path takes ten times as long
                for entry in entries:
                    path = below + entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        yield _file(entry, path, budget)
                    elif entry.name not in LEFT_OUT:
                        waiting.append(f"{path}/")
        except OSError as error:
            yield File(below.rstrip("/"), stat.S_IFDIR, 0, lambda _: b"", trouble=error.strerror or str(error))


def _file(entry: os.DirEntry[str], path: str, budget: Budget) -> File:
    place = entry.path

    def read(limit: int) -> bytes:
        try:
            # It may have become a pipe or a link since it was looked at.
            with open(os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
                return file.read(limit)
        except OSError as error:
            raise Unreadable(error.strerror or str(error)) from error

    try:
        status = entry.stat(follow_symlinks=False)
        target = os.readlink(place) if stat.S_ISLNK(status.st_mode) else ""  # noqa: PTH115
    except OSError as error:  # it has just gone
        return File(path, stat.S_IFREG, 0, read, trouble=error.strerror or str(error), _budget=budget)
    return File(path, status.st_mode, status.st_size, read, target, stamp=stamp(status), _budget=budget)

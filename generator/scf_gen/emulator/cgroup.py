"""A cgroup v2 for each bootstrap, where this process may make one: in it the kernel itself counts the memory."""

import contextlib
import functools
import itertools
import os
import re
from pathlib import Path
from typing import Self

_PREFIX = "scf-gen"
_READ_BYTES = 1 << 14
# Shared memory that is mapped is one of the mapped files; what only lies in a /tmp of memory is nobody's.
_HELD = re.compile(rb"^(?:anon|file_mapped) (\d+)$", re.MULTILINE)
_numbers = itertools.count(1)


class Cgroup:
    """A group in `parent` for one bootstrap and all that it starts, and those start; raises OSError."""

    def __init__(self, parent: Path) -> None:
        self._folder = parent / f"{_PREFIX}-{os.getpid()}-{next(_numbers)}"
        self._folder.mkdir()

    @classmethod
    def make(cls) -> Self | None:
        """A new group, None where there can be none."""
        home = _home()
        with contextlib.suppress(OSError):
            return cls(home) if home else None
        return None

    def enter(self) -> None:
        """Be in the group from now on; for a child that is about to become the bootstrap."""
        with contextlib.suppress(OSError):
            (self._folder / "cgroup.procs").write_text("0")

    def is_entered(self) -> bool:
        """Whether anybody is in it."""
        with contextlib.suppress(OSError):
            return bool((self._folder / "cgroup.procs").read_text())
        return False

    def held_bytes(self) -> int:
        """What its members hold in memory; 0 when all have ended. Pages that several share count once."""
        with contextlib.suppress(OSError):
            fd = os.open(self._folder / "memory.stat", os.O_RDONLY)
            try:
                return sum(map(int, _HELD.findall(os.read(fd, _READ_BYTES))))
            finally:
                os.close(fd)
        return 0

    def remove(self) -> None:
        """Take it away, when its members have ended."""
        with contextlib.suppress(OSError):
            self._folder.rmdir()


def is_usable() -> bool:
    """Whether bootstraps get groups here."""
    return _home() is not None


@functools.cache
def _home() -> Path | None:
    """Where groups can be made, cleared of those that an earlier scf-gen was killed over."""
    try:
        own = own_folder(Path("/proc/self/cgroup").read_text(), Path("/proc/self/mountinfo").read_text())
    except OSError:
        return None
    home = home_near(own) if own else None
    for left in home.glob(f"{_PREFIX}-*-*") if home else ():
        if not Path("/proc", left.name.split("-")[-2]).exists():
            with contextlib.suppress(OSError):
                left.rmdir()
    return home


def own_folder(cgroups: str, mounts: str) -> Path | None:
    """The group of v2 that this process is in, by the texts of `/proc/self/cgroup` and `/proc/self/mountinfo`."""
    own = next((Path(line.removeprefix("0::")) for line in cgroups.splitlines() if line.startswith("0::")), None)
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        root, point = place.split()[3:5]
        if kind.startswith("cgroup2 ") and own and own.is_relative_to(root) and ".." not in own.parts:
            return Path(point) / own.relative_to(root)
    return None


def home_near(own: Path) -> Path | None:
    """The group in which a process of `own` may make others that count memory: `own` itself, or the one around it.

    A group with members cannot hand its controllers down, so as a rule it is the one around it; a process may go from
    `own` to a group there if it may write to what both have in common.
    """
    for folder in (own, own.parent):
        with contextlib.suppress(OSError):
            counts = "memory" in (folder / "cgroup.subtree_control").read_text().split()
            if counts and os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK):
                return folder
    return None

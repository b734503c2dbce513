"""The memory of a process and all its descendants, read often enough that its cost counts."""

import contextlib
import functools
import os
import re
import resource
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from scf_gen.emulator import cgroup

_PAGE_BYTES = resource.getpagesize()
_READ_BYTES = 1 << 16
_SHARE = re.compile(rb"^Pss_(?:Anon|Shmem):\s+(\d+) kB", re.MULTILINE)
_OF_FILES = re.compile(rb"^RssFile:\s+(\d+) kB", re.MULTILINE)


def held_bytes(pid: int, *, with_root: bool, known_bytes: int = 0) -> int:
    """What `pid` and its descendants hold in memory, `pid` itself only if `with_root`; 0 when all have ended.

    Pages that several share count once. An answer that is not above `known_bytes` may be too high, since it costs less.
    """
    return _by_proc(pid, with_root, known_bytes) if _lists_children() else _by_psutil(pid, with_root)


def way() -> str:
    """How memory is measured on this system, in a few words."""
    if cgroup.is_usable():
        return "resident pages of all processes, by the kernel's cgroup v2; shared ones count once"
    if not _lists_children():
        return "resident pages of all processes, by psutil; shared ones count for each"
    shared = "once" if _shares(os.getpid()) else "for each"
    return f"resident pages of all processes, by /proc; shared ones count {shared}"


@functools.cache
def _lists_children() -> bool:
    # A kernel may be built without the list of children.
    own = os.getpid()
    return os.access(f"/proc/{own}/task/{own}/children", os.R_OK)


def _by_proc(pid: int, with_root: bool, known_bytes: int = 0) -> int:
    pids = [*((pid,) if with_root else ()), *_descendants(pid)]
    sizes = list(map(_resident, pids))
    if len(pids) == 1 or sum(sizes) <= known_bytes:
        return sum(sizes)
    return _shared_once(pids, sizes)


def _shared_once(pids: Sequence[int], resident: Sequence[int]) -> int:
    """Their own memory by shares, into which forks split it; a program's pages of files once, however often it runs.

    Shares of files would not do: the C library is shared with every other process of this machine, too.
    """
    total, of_files = 0, dict[str, int]()
    for pid, resident_bytes in zip(pids, resident, strict=True):
        if shares := _shares(pid):
            total += sum(shares)
            program = _program(pid)
            of_files[program] = max(of_files.get(program, 0), *_kilobytes(_OF_FILES, f"/proc/{pid}/status"), 0)
        else:  # an older kernel, or it has just ended
            total += resident_bytes
    return total + sum(of_files.values())


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(_read(f"/proc/{pid}/statm").split()[1]) * _PAGE_BYTES
    return 0


def _shares(pid: int) -> Sequence[int]:
    return _kilobytes(_SHARE, f"/proc/{pid}/smaps_rollup")


def _kilobytes(pattern: re.Pattern[bytes], path: str) -> Sequence[int]:
    """The figures that `pattern` finds, in bytes."""
    with contextlib.suppress(OSError):
        return [int(number) * 1024 for number in pattern.findall(_read(path))]
    return ()


def _program(pid: int) -> str:
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/{pid}/exe").readlink())
    return ""


def _descendants(pid: int) -> Iterator[int]:
    waiting = list(_children(pid))
    while waiting:
        descendant = waiting.pop()
        yield descendant
        waiting += _children(descendant)


def _children(pid: int) -> Iterator[int]:
    # Each thread has a list of its own.
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
            with contextlib.suppress(OSError):
                yield from map(int, _read(f"/proc/{pid}/task/{thread}/children").split())


def _read(path: str) -> bytes:
    # A tenth of what a file object would take.
    fd = os.open(path, os.O_RDONLY)
    try:
        return os.read(fd, _READ_BYTES)
    finally:
        os.close(fd)


def _by_psutil(pid: int, with_root: bool) -> int:
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (*((root,) if with_root else ()), *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total

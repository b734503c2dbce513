"""The resident memory of a process and all its descendants, read often enough that its cost counts."""

import contextlib
import functools
import os
import resource
from collections.abc import Callable, Iterator

import psutil

_PAGE_BYTES = resource.getpagesize()
_READ_BYTES = 1 << 16


def resident_bytes(pid: int, *, with_root: bool) -> int:
    """What `pid` and its descendants have resident, `pid` itself only if `with_root`; 0 when all have ended."""
    return _way()(pid, with_root)


@functools.cache
def _way() -> Callable[[int, bool], int]:
    # A kernel may be built without the list of children.
    own = os.getpid()
    return _by_proc if os.access(f"/proc/{own}/task/{own}/children", os.R_OK) else _by_psutil


def _by_proc(pid: int, with_root: bool) -> int:
    total = _resident(pid) if with_root else 0
    descendants = list(_children(pid))
    while descendants:
        descendant = descendants.pop()
        total += _resident(descendant)
        descendants += _children(descendant)
    return total


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(_read(f"/proc/{pid}/statm").split()[1]) * _PAGE_BYTES
    return 0


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

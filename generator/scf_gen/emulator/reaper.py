"""Ending a bootstrap with everything that it started, wherever its descendants hid.

A process group is not enough, since `setsid` leaves it. So this process becomes a child subreaper: descendants whose
parents ended come to it instead of to init, and are known by a mark in their environment.
"""

import contextlib
import ctypes
import os
import sys
import time
from collections.abc import Iterable

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_DEATH_LIMIT_S = 5.0

# Of a process: its id, whether it is dead, its arguments.
Shape = tuple[int, bool, tuple[str, ...]]

# The children that were here before any bootstrap are somebody else's.
_foreign: set[int] = set()
# The sessions of all bootstraps, to know their orphans by; a session's number is its first process's.
_sessions: set[int] = set()


def become_subreaper() -> None:
    """Have orphaned descendants come to this process (Linux; elsewhere only the process tree is followed)."""
    if not _sessions:
        _foreign.update(child.pid for child in _children())
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def follow(pid: int) -> None:
    """Take care of the orphans of `pid`, which leads a session."""
    _sessions.add(pid)


def kill_tree(pid: int, mark: tuple[str, str]) -> None:
    """Kill `pid`, its descendants, and the orphans whose environment holds `mark`; return when none is left.

    `pid` itself, 0 if it has ended already, is left to its owner to wait for; the others are waited for here.
    """
    deadline = time.monotonic() + _DEATH_LIMIT_S
    seen: set[Shape] = set()
    while True:
        orphans, is_all = _orphans(mark, seen)
        victims = [*_tree(pid), *orphans]
        if not victims and (is_all or time.monotonic() > deadline):
            break
        _kill(victims, owned=pid)
    _reap_orphans()


def reap(pid: int) -> None:
    """Wait for a killed process that may have come to this one as an orphan."""
    with contextlib.suppress(psutil.NoSuchProcess):
        _kill([psutil.Process(pid)], owned=0)


def sweep() -> None:
    """Kill the orphans that left their session and cleared their environment; for a program's end, since it takes
    every later child that is not of this process's own session.
    """
    while strays := list(filter(_is_stray, _children())):
        _kill(strays, owned=0)


def _reap_orphans() -> None:
    """Wait for the orphans that have ended by themselves; the bootstraps are their owners' to wait for."""
    for child in _children():
        with contextlib.suppress(psutil.Error, ChildProcessError):
            ended = child.status() == psutil.STATUS_ZOMBIE
            if ended and child.pid not in _sessions and _session(child) in _sessions:
                os.waitpid(child.pid, os.WNOHANG)


def _kill(victims: Iterable[psutil.Process], owned: int) -> None:
    victims = list(victims)
    for victim in victims:
        with contextlib.suppress(psutil.Error):
            victim.kill()
    deadline = time.monotonic() + _DEATH_LIMIT_S
    for victim in victims:
        while time.monotonic() < deadline and not _gone(victim, owned):
            time.sleep(0.001)


def _gone(victim: psutil.Process, owned: int) -> bool:
    if victim.pid == owned:
        return not _tree(owned)
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(victim.pid, os.WNOHANG)[0] == victim.pid
    return not victim.is_running()


def _tree(pid: int) -> list[psutil.Process]:
    if not pid:
        return []
    try:
        root = psutil.Process(pid)
        return [] if root.status() == psutil.STATUS_ZOMBIE else [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _orphans(mark: tuple[str, str], seen: set[Shape]) -> tuple[list[psutil.Process], bool]:
    """Those with the mark, and whether they are all: else look again.

    An orphan shows no environment while it becomes another program, and none when it ends; then it may have left a
    child after this process's children were listed.
    """
    found, is_all = [], True
    for child in _children():
        environ = _environ(child)
        if environ.get(mark[0]) == mark[1]:
            found.append(child)
        elif not environ and _is_stray(child) and child.pid not in _sessions:
            is_all = _is_known(child, seen) and is_all
    return found, is_all


def _is_known(child: psutil.Process, seen: set[Shape]) -> bool:
    """Whether an orphan without an environment was seen before as it is now, dead or with its cleared environment."""
    with contextlib.suppress(psutil.Error):
        is_dead = child.status() == psutil.STATUS_ZOMBIE
        arguments = () if is_dead else tuple(child.cmdline())
        shape = (child.pid, is_dead, arguments)
        is_known = shape in seen
        seen.add(shape)
        return is_known and (is_dead or bool(arguments))
    return False


def _is_stray(child: psutil.Process) -> bool:
    """Whether it is a bootstrap or came from one: its session is not this process's."""
    return child.pid not in _foreign and _session(child) not in (os.getsid(0), None)


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.is_running()]


def _environ(process: psutil.Process) -> dict[str, str]:
    with contextlib.suppress(psutil.Error):
        return process.environ()
    return {}


def _session(process: psutil.Process) -> int | None:
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(process.pid)
    return None

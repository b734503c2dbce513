"""Which cores measure and which are measured: left to the scheduler, that choice would decide a ratio."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cores:
    """The core of the emulator and the one of every bootstrap; None where they cannot be kept apart."""

    emulator: int | None = None
    bootstrap: int | None = None

    @property
    def for_bootstrap(self) -> frozenset[int]:
        """What a pool wants to be told: empty stands for all cores."""
        return frozenset() if self.bootstrap is None else frozenset({self.bootstrap})

    def __str__(self) -> str:
        if self.bootstrap is None:
            return "emulator and bootstrap share what cores there are"
        return f"emulator on core {self.emulator}, bootstrap on core {self.bootstrap}"


@contextmanager
def keep_apart() -> Iterator[Cores]:
    """Keep this process to one core, and name another for bootstraps; in the end all is as it was before."""
    if sys.platform != "linux":
        yield Cores()
        return
    before = os.sched_getaffinity(0)
    if len(before) == 1:
        yield Cores()
        return
    # Neighbouring numbers may be two threads of one core; the first and the last are not, if there are more than two.
    cores = Cores(emulator=min(before), bootstrap=max(before))
    os.sched_setaffinity(0, {min(before)})
    try:
        yield cores
    finally:
        os.sched_setaffinity(0, before)

"""Loading projects again whenever what they are made from changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from watchfiles import awatch

from scf_gen.cli.loading import state_of

# What changed between the first look and the start of watching is found after this time, in milliseconds.
_LOOK_MS = 500


async def watch(path: Path, state: str, aside: Path, ended: asyncio.Event, load: Callable[[], Awaitable[None]]) -> None:
    """Call `load` whenever `path` is in another state, from `state` on; what happens below `aside` is nothing to it.

    Changes during a build count; what the build makes does not, since the sources are then as they were. Raises OSError
    where the system cannot watch it.
    """
    started = False
    async for changes in _bursts(path.resolve(), aside.resolve(), ended):  # noqa: ASYNC240 - once, before it waits
        if started and not changes:
            continue
        started = True
        now = await asyncio.to_thread(state_of, path)
        if now != state:
            state = now
            await load()


def _bursts(path: Path, aside: Path, ended: asyncio.Event) -> AsyncIterator[object]:
    """What changes, burst by burst, and nothing now and then; a file is watched by its folder, since it is replaced."""
    is_folder = path.is_dir()

    def concerns(_: object, name: str) -> bool:
        return not Path(name).is_relative_to(aside) if is_folder else Path(name) == path

    return awatch(
        path if is_folder else path.parent,
        watch_filter=concerns,
        stop_event=ended,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        recursive=is_folder,
    )

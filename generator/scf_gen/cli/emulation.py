"""What every command that runs functions here does around them."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from scf_gen.cli.signals import ending
from scf_gen.emulator.reaper import sweep
from scf_gen.emulator.sandbox import Sandbox, find_sandbox

Result = TypeVar("Result")


def wanted_sandbox() -> Sandbox | None:
    """The sandbox of this machine; without one, stderr says why."""
    sandbox, reason = find_sandbox()
    if reason:
        click.echo(f"runs without SCF's file system and limits: {reason}", err=True)
    return sandbox


def run_to_end(
    work: Coroutine[Any, Any, Result], loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> Result:
    """Run to the end, or until SIGINT, SIGTERM or SIGHUP; no process is left behind either way."""
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(_until_signal(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        sweep()


def lean_loop() -> asyncio.AbstractEventLoop:
    """One that takes half the time for many events."""
    import uvloop

    return uvloop.new_event_loop()


async def _until_signal(work: Coroutine[Any, Any, Result]) -> Result:
    this_task = asyncio.current_task()
    assert this_task  # noqa: S101
    for number in ending():
        asyncio.get_running_loop().add_signal_handler(number, this_task.cancel)
    return await work

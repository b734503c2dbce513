"""The event that the user means, byte for byte."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from scf_gen.cli.options import EventType, FileType
from scf_gen.core import contract
from scf_gen.core.names import unknown_name_hint
from scf_gen.core.result import Kind
from scf_gen.emulator import catalogue
from scf_gen.emulator.event_fault import event_fault
from scf_gen.errors import BadAnswer

DEFAULT_EVENT = "hello"
# More than an event may have, so that the emulator can say so.
_ENOUGH_BYTES = contract.EVENT_LIMIT_BYTES + 1
_OPTIONS = (
    click.option("-d", "--data", metavar="JSON", help="The event itself."),
    click.option("-e", "--event-file", type=FileType(), help="A file that holds the event; - for standard input."),
    click.option(
        "--event",
        type=EventType(own=True),
        help="A test event: events/NAME.json of the project, else of `scf-gen events`.",
    ),
)


def event_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the three options that say which event is meant: what `event_body` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_one_event(*given: str | None) -> None:
    """Refuse two events; raises click.UsageError."""
    if sum(value is not None for value in given) > 1:
        raise click.UsageError("only one of --data, --event-file and --event can be the event")


def event_body(code: Path, path: Path, data: str | None, event_file: str | None, event: str | None) -> bytes:
    """The text of --data, the file of --event-file, or the test event of --event (the project's own comes first).

    `code` is the folder that holds the code of PATH. Raises BadAnswer for a file that cannot be read and for an unknown
    event.
    """
    if data is not None:
        return os.fsencode(data)
    if event_file is not None:
        return _read(event_file)
    name = DEFAULT_EVENT if event is None else event
    own = catalogue.own_events(code)
    if name in own:
        return _read(str(own[name]))
    known = dict.fromkeys([*own, *catalogue.titles()])  # an own event may have the name of another
    if name not in known:
        is_bare_zip = path.is_file() and not own
        note = f"; {path} holds no events/, name the project's file with -e" if is_bare_zip else ""
        raise BadAnswer(f"unknown event {name!r}", unknown_name_hint(name, known) + note)
    return catalogue.event(name)


def hint_of_event(event: bytes, data: str | None) -> str:
    """How an event is given, if this one, which came as `data` unless that is None, is not JSON; else nothing."""
    fault = event_fault(event)
    if not fault or fault[0] is not Kind.EVENT_NOT_JSON:
        return ""
    if data and os.path.isfile(data):  # noqa: PTH113 - a text may be no path at all
        return f"hint: {data} is a file; say -e {data}"
    return """hint: give JSON as -d '{"key": "value"}', a file of it as -e FILE, or -e - for standard input"""


def _read(event_file: str) -> bytes:
    if event_file == "-":
        return sys.stdin.buffer.read(_ENOUGH_BYTES)
    try:
        with Path(event_file).open("rb") as file:
            return file.read(_ENOUGH_BYTES)
    except OSError as error:
        raise BadAnswer(f"the event file {event_file} cannot be read: {error.strerror}") from error

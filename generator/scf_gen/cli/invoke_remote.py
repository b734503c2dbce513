"""What `scf-gen invoke --remote` does."""

import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.place import PLACE_KEYS, place_options
from scf_gen.cli.subject import load_function, name_of
from scf_gen.cli.teller import Teller
from scf_gen.cli.telling import summary, tell
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, Function
from scf_gen.core.result import Outcome
from scf_gen.emulator.event_fault import event_fault
from scf_gen.errors import BadAnswer

if TYPE_CHECKING:
    from scf_gen.cloud.client import Client
    from scf_gen.cloud.invoke import Answer

# What only a function here can be told, and what only one there.
_HERE = ("handler", "timeout_s", "init_timeout_s", "memory_mb", "env", "env_file", "no_sandbox", "verbose")
_THERE = ("qualifier", *PLACE_KEYS)


class Took(NamedTuple):
    """What the summary counts."""

    ok: bool
    duration_ms: float
    cold_start_ms: float | None


def remote_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command --remote, and what belongs to it."""
    command = place_options(command)
    command = click.option(
        "--qualifier", metavar="VERSION", default=contract.LATEST, help="With --remote: a published version."
    )(command)
    return click.option("--remote", is_flag=True, help="Invoke the deployed function that PATH names.")(command)


def check_options(*, remote: bool) -> None:
    """Refuse options that --remote, or its absence, gives no meaning; raises click.UsageError."""
    context = click.get_current_context()
    for param in context.command.params:
        source = context.get_parameter_source(param.name or "")
        given = source is not None and source.name == "COMMANDLINE"
        if given and param.name in (_HERE if remote else _THERE):
            raise click.UsageError(f"{param.opts[-1]} {'does not go with' if remote else 'needs'} --remote")


@dataclass(frozen=True, slots=True)
class Manner:
    """Which version is invoked, how often, by how many callers at once, and in which form that is told."""

    qualifier: str
    repeat: int
    concurrency: int
    as_json: bool


def name_in(project: Path, path: Path) -> str:
    """The name that was given; of a path such as `.` the name of the function there. Raises BadAnswer."""
    if re.fullmatch(contract.NAME_PATTERN, str(path)):
        return str(path)
    if not (path / CONFIG_FILE).is_file():
        raise BadAnswer(f"{str(path)!r} names no deployed function", "say its name: scf-gen invoke --remote NAME")
    return name_of(path, load_function(project, project))


def invoke_remote(client: "Client", name: str, event: bytes, manner: Manner) -> int:
    """Invoke the deployed function, and tell what came of it as of one here; gives the exit status.

    Raises CloudError where the event could not be handed over.
    """
    with Teller() as teller:
        took = [_tell(teller, answer, manner) for answer in _answers(client, name, event, manner)]
        if manner.repeat > 1:
            teller.say(summary(took))
    return DONE if all(each.ok for each in took) else SUBJECT_FAILED


def _answers(client: "Client", name: str, event: bytes, manner: Manner) -> Iterator["Answer | Outcome"]:
    from scf_gen.cloud.invoke import invoke

    if fault := event_fault(event):  # as SCF refuses it, without asking
        yield Outcome(fault[0], str(uuid.uuid4()), Function(name), detail=fault[1])
        return
    if manner.concurrency == 1:
        for _ in range(manner.repeat):
            yield invoke(client, name, event, manner.qualifier)
        return
    callers = ThreadPoolExecutor(manner.concurrency)
    try:
        asked = [callers.submit(invoke, client, name, event, manner.qualifier) for _ in range(manner.repeat)]
        for done in as_completed(asked):
            yield done.result()
    finally:
        # Whoever interrupts this does not want to wait for the answers.
        callers.shutdown(wait=False, cancel_futures=True)


def _tell(teller: Teller, answer: "Answer | Outcome", manner: Manner) -> Took:
    teller.log(answer.log)
    tell(teller, answer, as_json=manner.as_json, separate=manner.repeat > 1)
    return Took(answer.ok, answer.duration_ms, answer.cold_start_ms)

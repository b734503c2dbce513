"""scf-gen invoke"""

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path

import click
from dotenv import dotenv_values

from scf_gen.archive.source import open_code
from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.event_input import event_body
from scf_gen.cli.options import EventType, PairType
from scf_gen.cli.subject import load_function, local_programs
from scf_gen.core import contract
from scf_gen.core.function import MEMORY_RULE, check_env
from scf_gen.core.result import Outcome
from scf_gen.emulator.pool import Pool
from scf_gen.emulator.reaper import sweep
from scf_gen.emulator.sandbox import find_sandbox
from scf_gen.errors import BadAnswer
from scf_gen.languages import catalog


@click.command("invoke")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("-d", "--data", metavar="JSON", help="The event itself.")
@click.option("-e", "--event-file", metavar="FILE", help="A file that holds the event; - for standard input.")
@click.option(
    "--event",
    type=EventType(),
    help="A test event: events/NAME.json of the project, else of `scf-gen events`.",
)
@click.option("--handler", metavar="FILE.FUNCTION", help="The code to run.")
@click.option("--timeout", "timeout_s", type=click.IntRange(1, 900), metavar="S", help="Seconds for an invocation.")
@click.option("--init-timeout", "init_timeout_s", type=click.IntRange(3, 300), metavar="S", help="Seconds until ready.")
@click.option("--memory", "memory_mb", type=int, metavar="MB", help="Memory limit.")
@click.option("--env", type=PairType(), multiple=True, metavar="K=V", help="An environment variable.")
@click.option("--env-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file of K=V lines.")
@click.option("--repeat", type=click.IntRange(1), default=1, metavar="N", help="Invoke N times.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=1, metavar="C", help="On up to C instances at once.")
@click.option("--no-sandbox", is_flag=True, help="Run the bootstrap as a plain process.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API's Invoke answers, an object a line.")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr how the function is run.")
def command(
    path: Path,
    data: str | None,
    event_file: str | None,
    event: str | None,
    handler: str | None,
    timeout_s: int | None,
    init_timeout_s: int | None,
    memory_mb: int | None,
    env: tuple[tuple[str, str], ...],
    env_file: Path | None,
    repeat: int,
    concurrency: int,
    no_sandbox: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    """Run the function in PATH, a folder or a ZIP, as SCF would; the result goes to stdout, its log to stderr.

    The exit status is 1 when the invocation failed.
    """
    if sum(value is not None for value in (data, event_file, event)) > 1:
        raise click.UsageError("only one of --data, --event-file and --event can be the event")
    if memory_mb is not None and memory_mb not in contract.MEMORY_MB:
        raise BadAnswer(f"--memory {memory_mb} will not do", f"it has to be {MEMORY_RULE}")
    with open_code(path) as code:
        function = load_function(code, path, handler=handler)
        function = replace(
            function,
            env={**function.env, **_variables(env_file, env)},
            timeout_s=timeout_s or function.timeout_s,
            init_timeout_s=init_timeout_s or function.init_timeout_s,
            memory_mb=memory_mb or function.memory_mb,
        )
        body = event_body(code, data, event_file, event)
        sandbox, reason = (None, "") if no_sandbox else find_sandbox()
        if reason:
            click.echo(f"runs without SCF's file system and limits: {reason}", err=True)
        programs = local_programs(catalog.languages().get(function.lang))
        if verbose:
            click.echo(f"runs {path} as {function.name}, handler {function.handler}", err=True)
            click.echo(f"SCF's PATH, then {', '.join(map(str, programs)) or 'nothing of this machine'}", err=True)
        tell = _tell_json if as_json else _tell_text(separate=repeat > 1)
        invocations = _invoke(
            Pool(function, code, limit=concurrency, live=_to_stderr, programs=programs, sandbox=sandbox),
            body,
            repeat,
            tell,
        )
        return DONE if _run(invocations) else SUBJECT_FAILED


def _variables(env_file: Path | None, env: tuple[tuple[str, str], ...]) -> dict[str, str]:
    variables = dict(env)
    if env_file is not None:
        try:
            read = dotenv_values(env_file, interpolate=False, encoding="utf-8")
        except UnicodeDecodeError as error:
            raise BadAnswer(f"{env_file} is not UTF-8: {error.reason}") from error
        variables = {**{name: value or "" for name, value in read.items()}, **variables}
    for name, value in variables.items():
        check_env(name, value)
    return variables


def _run(invocations: Coroutine[None, None, bool]) -> bool:
    """Run to the end, or until SIGINT or SIGTERM; no process is left behind either way."""
    try:
        return asyncio.run(invocations)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        sweep()


async def _invoke(pool: Pool, body: bytes, repeat: int, tell: Callable[[Outcome], None]) -> bool:
    this_task = asyncio.current_task()
    assert this_task  # noqa: S101
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this_task.cancel)

    async def invoke_once() -> bool:
        outcome = await pool.invoke(body)
        tell(outcome)
        return outcome.ok

    async with pool, asyncio.TaskGroup() as group:
        invocations = [group.create_task(invoke_once()) for _ in range(repeat)]
    return all(invocation.result() for invocation in invocations)


def _to_stderr(data: bytes) -> None:
    sys.stderr.buffer.write(data)
    sys.stderr.buffer.flush()


def _tell_json(outcome: Outcome) -> None:
    click.echo(json.dumps(outcome.as_invoke_result(), ensure_ascii=False))


def _tell_text(*, separate: bool) -> Callable[[Outcome], None]:
    ends_line = separate or sys.stdout.isatty()

    def tell(outcome: Outcome) -> None:
        if not outcome.ok:
            click.echo(f"{outcome.kind}: {outcome.advice}", err=True)
        text = outcome.ret_msg
        # A result goes out byte for byte where a program reads it.
        wants_newline = (ends_line or not outcome.ok) and not text.endswith(b"\n")
        sys.stdout.buffer.write(text + b"\n" if wants_newline else text)
        sys.stdout.buffer.flush()

    return tell

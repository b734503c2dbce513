"""scf-gen invoke"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from scf_gen.archive.source import open_code
from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.emulation import lean_loop, run_to_end, wanted_sandbox
from scf_gen.cli.event_input import check_one_event, event_body, event_options, hint_of_event
from scf_gen.cli.interpreter import names_in, warn_of_version
from scf_gen.cli.invoke_remote import Manner, check_options, invoke_remote, name_in, remote_options
from scf_gen.cli.options import WholeNumber
from scf_gen.cli.place import connect, project_of
from scf_gen.cli.subject import load_function, local_programs, tell_stale
from scf_gen.cli.teller import Teller
from scf_gen.cli.telling import summary, tell
from scf_gen.cli.variables import read_variables, variable_options
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, MEMORY_RULE, Function, check_env_size
from scf_gen.core.result import Outcome
from scf_gen.emulator.pool import Pool
from scf_gen.emulator.sandbox import Sandbox
from scf_gen.errors import BadAnswer
from scf_gen.languages import catalog

# For fewer, importing the lean loop takes longer than it saves.
_MANY = 500


@click.command("invoke")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@event_options
@click.option("--handler", metavar="FILE.FUNCTION", help="The code to run.")
@click.option("--timeout", "timeout_s", type=WholeNumber(1, 900), metavar="S", help="Seconds for an invocation.")
@click.option("--init-timeout", "init_timeout_s", type=WholeNumber(3, 300), metavar="S", help="Seconds until ready.")
@click.option("--memory", "memory_mb", type=int, metavar="MB", help="Memory limit.")
@variable_options
@click.option("--repeat", type=WholeNumber(1), default=1, metavar="N", help="Invoke N times.")
@click.option("--concurrency", type=WholeNumber(1, 64), default=1, metavar="C", help="On up to C instances at once.")
@click.option("--no-sandbox", is_flag=True, help="Run the bootstrap as a plain process.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API's Invoke answers, an object a line.")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr how the function is run.")
@remote_options
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
    remote: bool,
    qualifier: str,
    **place: str | None,
) -> int:
    """Run the function in PATH, a folder or a ZIP, as SCF would; the result goes to stdout, its log to stderr.

    With --remote, PATH is the name of a deployed function, and it is invoked there. The exit status is 1 when the
    invocation failed.
    """
    check_one_event(data, event_file, event)
    check_options(remote=remote)
    manner = Manner(qualifier, repeat, concurrency, as_json=as_json)
    if remote:
        project = project_of(str(path))
        body = event_body(project, project, data, event_file, event)
        status = invoke_remote(connect(project, project, **place), name_in(project, path), body, manner)
        if status == SUBJECT_FAILED:
            _say(hint_of_event(body, data))
        return status
    if memory_mb is not None and memory_mb not in contract.MEMORY_MB:
        raise BadAnswer(f"--memory {memory_mb} will not do", f"it has to be {MEMORY_RULE}")
    with open_code(path) as code:
        function = load_function(code, path, handler=handler)
        variables = {**function.env, **read_variables(env_file, env)}
        check_env_size(variables)
        function = replace(
            function,
            env=variables,
            timeout_s=timeout_s or function.timeout_s,
            init_timeout_s=init_timeout_s or function.init_timeout_s,
            memory_mb=memory_mb or function.memory_mb,
        )
        body = event_body(code, path, data, event_file, event)
        tell_stale(code, path, function)
        sandbox = None if no_sandbox else wanted_sandbox()
        language = catalog.languages().get(function.lang)
        programs = local_programs(language)
        warn_of_version(path, names_in(code), language)
        if verbose:
            click.echo(f"runs {path} as {function.name}, handler {function.handler}", err=True)
            click.echo(f"SCF's PATH, then {', '.join(map(str, programs)) or 'nothing of this machine'}", err=True)
        status = _invoke_here(function, code, body, manner, programs, sandbox)
        if status == SUBJECT_FAILED:
            is_bare = handler is None and not (code / CONFIG_FILE).is_file()
            limits = f"there is no {CONFIG_FILE}: handler {function.handler}, SCF's default limits, no variables"
            _say(limits if is_bare else "", hint_of_event(body, data))
    return status


def _invoke_here(
    function: Function, code: Path, body: bytes, manner: Manner, programs: tuple[Path, ...], sandbox: Sandbox | None
) -> int:
    with Teller() as teller:
        # Logs of several instances at once are told one after the other, not live.
        is_live = manner.concurrency == 1

        def on_outcome(outcome: Outcome) -> None:
            if not is_live:
                teller.log(outcome.log)
            tell(teller, outcome, as_json=manner.as_json, separate=manner.repeat > 1)

        pool = Pool(
            function,
            code,
            limit=manner.concurrency,
            live=teller.log if is_live else _ignore,
            warn=teller.warn,
            programs=programs,
            sandbox=sandbox,
        )
        loop_factory = lean_loop if manner.repeat >= _MANY else None
        outcomes = run_to_end(_invoke(pool, body, manner, on_outcome, teller.room), loop_factory)
        if manner.repeat > 1:
            teller.say(summary(outcomes))
    return DONE if all(outcome.ok for outcome in outcomes) else SUBJECT_FAILED


def _say(*lines: str) -> None:
    with Teller() as teller:
        for line in filter(None, lines):
            teller.say(line)


def _ignore(_: bytes) -> None:
    pass


async def _invoke(
    pool: Pool,
    body: bytes,
    manner: Manner,
    on_outcome: Callable[[Outcome], None],
    room: Callable[[], Awaitable[None]],
) -> Sequence[Outcome]:
    outcomes: list[Outcome] = []
    left = iter(range(manner.repeat))

    async def call() -> None:
        for _ in left:
            await room()
            outcome = await pool.invoke(body)
            on_outcome(outcome)
            # What was told need not be kept for the summary.
            outcomes.append(replace(outcome, body=b"", log=b""))

    async with pool, asyncio.TaskGroup() as group:
        for _ in range(manner.concurrency):
            group.create_task(call())
    return outcomes

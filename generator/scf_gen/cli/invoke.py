"""scf-gen invoke"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import click
from dotenv.parser import parse_stream

from scf_gen.archive.source import open_code
from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.emulation import run_to_end, wanted_sandbox
from scf_gen.cli.event_input import check_one_event, event_body, event_options
from scf_gen.cli.options import PairType
from scf_gen.cli.subject import load_function, local_programs
from scf_gen.cli.telling import Teller, summary, tell_json, tell_text
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, MEMORY_RULE, check_env, check_env_size
from scf_gen.core.result import Outcome
from scf_gen.emulator.pool import Pool
from scf_gen.errors import BadAnswer
from scf_gen.languages import catalog


@click.command("invoke")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@event_options
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
    check_one_event(data, event_file, event)
    if memory_mb is not None and memory_mb not in contract.MEMORY_MB:
        raise BadAnswer(f"--memory {memory_mb} will not do", f"it has to be {MEMORY_RULE}")
    with open_code(path) as code:
        function = load_function(code, path, handler=handler)
        variables = {**function.env, **_variables(env_file, env)}
        check_env_size(variables)
        function = replace(
            function,
            env=variables,
            timeout_s=timeout_s or function.timeout_s,
            init_timeout_s=init_timeout_s or function.init_timeout_s,
            memory_mb=memory_mb or function.memory_mb,
        )
        body = event_body(code, data, event_file, event)
        sandbox = None if no_sandbox else wanted_sandbox()
        programs = local_programs(catalog.languages().get(function.lang))
        if verbose:
            click.echo(f"runs {path} as {function.name}, handler {function.handler}", err=True)
            click.echo(f"SCF's PATH, then {', '.join(map(str, programs)) or 'nothing of this machine'}", err=True)
        with Teller() as teller:
            # Logs of several instances at once are told one after the other, not live.
            live = teller.log if concurrency == 1 else _ignore
            pool = Pool(
                function, code, limit=concurrency, live=live, warn=teller.warn, programs=programs, sandbox=sandbox
            )

            def tell(outcome: Outcome) -> None:
                if concurrency > 1:
                    teller.log(outcome.log)
                if as_json:
                    tell_json(teller, outcome)
                else:
                    tell_text(teller, outcome, separate=repeat > 1)

            outcomes = run_to_end(_invoke(pool, body, repeat, tell))
            if handler is None and not (code / CONFIG_FILE).is_file() and not all(outcome.ok for outcome in outcomes):
                teller.say(f"there is no {CONFIG_FILE}: handler {function.handler}, SCF's default limits, no variables")
            if repeat > 1:
                teller.say(summary(outcomes))
    return DONE if all(outcome.ok for outcome in outcomes) else SUBJECT_FAILED


def _variables(env_file: Path | None, env: tuple[tuple[str, str], ...]) -> dict[str, str]:
    variables = {**(dict(_read(env_file)) if env_file else {}), **dict(env)}
    for name, value in variables.items():
        check_env(name, value)
    return variables


def _read(env_file: Path) -> Iterator[tuple[str, str]]:
    try:
        with env_file.open(encoding="utf-8") as lines:
            for binding in parse_stream(lines):
                if binding.error or (binding.key is not None and binding.value is None):
                    raise BadAnswer(f"{env_file}, line {binding.original.line}: not KEY=VALUE")
                if binding.key is not None:
                    yield binding.key, binding.value or ""
    except UnicodeDecodeError as error:
        raise BadAnswer(f"{env_file} is not UTF-8: {error.reason}") from error


def _ignore(_: bytes) -> None:
    pass


async def _invoke(pool: Pool, body: bytes, repeat: int, tell: Callable[[Outcome], None]) -> list[Outcome]:
    async def invoke_once() -> Outcome:
        outcome = await pool.invoke(body)
        tell(outcome)
        # What was told need not be kept for the summary.
        return replace(outcome, body=b"", log=b"")

    async with pool, asyncio.TaskGroup() as group:
        invocations = [group.create_task(invoke_once()) for _ in range(repeat)]
    return [invocation.result() for invocation in invocations]

"""Environment variables that the command line gives."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from dotenv.parser import parse_stream

from scf_gen.cli.options import PairType
from scf_gen.core.function import check_env
from scf_gen.errors import BadAnswer

_OPTIONS = (
    click.option("--env", type=PairType(), multiple=True, metavar="K=V", help="An environment variable."),
    click.option(
        "--env-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file of K=V lines."
    ),
)


def variable_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the two options: what `read_variables` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_variables(env_file: Path | None, env: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What `--env` says, and of the rest what `--env-file` says; raises BadAnswer for what SCF would refuse."""
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

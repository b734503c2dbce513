"""The command line: one module a command, imported when it is called."""

import importlib
import os
import signal
import sys
from typing import NoReturn

import click

from scf_gen.cli.boundary import exit_status
from scf_gen.cli.signals import ending
from scf_gen.cli.streams import prepare_streams

# The summaries stand here so that `scf-gen --help` need not import the commands.
COMMANDS = {
    "new": "Write a new function: bootstrap, handler, test and event.",
    "lint": "Find what would break a function on SCF, before it is uploaded.",
    "build": "Compile the function, if its language needs that.",
    "package": "Write the ZIP that SCF takes.",
    "invoke": "Run the function here, as SCF would, or the deployed one, and print its result.",
    "bench": "Measure the function here: cold start, latency, throughput, memory.",
    "conform": "Judge a bootstrap in any language by the cases of SCF's contract.",
    "serve": "Be SCF on this machine: the cloud API, with its functions run here.",
    "deploy": "Create or update the function on Tencent Cloud, or on a local SCF.",
    "logs": "Print the logs of a deployed function.",
    "list": "List the deployed functions.",
    "delete": "Remove a deployed function.",
    "events": "List the console's test events, or print one.",
    "languages": "List the languages that new knows.",
    "doctor": "Say which tools are here, which are missing, and how to get them.",
    "completion": "Print the shell's completion script.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and summaries, and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]  # the command's module takes the name `list` in this package

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"scf_gen.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from scf_gen.core.names import unknown_name_hint
        from scf_gen.errors import BadAnswer

        raise BadAnswer(f"unknown command {args[0]!r}", unknown_name_hint(args[0], COMMANDS))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"scf-gen {version('scf-gen')}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def cli(debug: bool) -> None:
    """Functions for Tencent Cloud SCF's Custom Runtime: write them, run them here, know that they work there."""


def run(args: list[str]) -> int:
    """Run the command line `args` and give the exit status; nothing is raised."""
    return exit_status(lambda: cli.main(args, prog_name="scf-gen", standalone_mode=False), debug="--debug" in args)


def main() -> NoReturn:
    """The console script."""
    prepare_streams()
    # Whatever is under way ends as with Ctrl-C, so that no temporary folder stays.
    for number in ending():
        signal.signal(number, signal.default_int_handler)
    status = run(sys.argv[1:])
    sys.stderr.flush()
    # Taking the interpreter apart would be an eighth of a short command's time; all is written and closed by now.
    os._exit(status)

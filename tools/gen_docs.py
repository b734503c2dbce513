"""Write the pages of docs/ that say what the code says already; with --check, only compare."""

import sys

from click.testing import CliRunner
from generated import ROOT, write_or_check
from scf_gen.cli import COMMANDS, boundary, cli

CLI_HEAD = """\
# Command line

Generated from the commands' own help by `make docs`. stdout carries a command's result and nothing else; logs, progress
and hints go to stderr.

| exit status | meaning |
|---|---|
| {DONE} | done |
| {SUBJECT_FAILED} | scf-gen worked; the function, or what was looked at, did not |
| {USAGE} | wrong usage |
| {NOT_DONE} | scf-gen could not do it |
| {BUG} | a bug in scf-gen |
| {INTERRUPTED} | interrupted |
"""


def cli_page() -> bytes:
    """The help of every command."""
    sections = [CLI_HEAD.format(**vars(boundary)), section()]
    return "\n".join([*sections, *map(section, COMMANDS)]).encode()


def section(*command: str) -> str:
    """A command's name and its help."""
    shown = CliRunner().invoke(cli, [*command, "--help"], prog_name="scf-gen", terminal_width=100)
    return f"## {' '.join(('scf-gen', *command))}\n\n```\n{shown.output}```\n"


sys.exit(write_or_check({ROOT / "docs" / "cli.md": cli_page()}))

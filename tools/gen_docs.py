"""Write the pages of docs/ that say what the code says already; with --check, only compare."""

import sys

import click
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
    group = click.Context(cli, info_name="scf-gen", max_content_width=100)
    sections = [CLI_HEAD.format(**vars(boundary)), section("scf-gen", cli.get_help(group))]
    for name in COMMANDS:
        command = cli.get_command(group, name)
        assert command is not None
        context = click.Context(command, parent=group, info_name=name, max_content_width=100)
        sections.append(section(f"scf-gen {name}", command.get_help(context)))
    return "\n".join(sections).encode()


def section(title: str, text: str) -> str:
    """A heading and a block."""
    return f"## {title}\n\n```\n{text}\n```\n"


sys.exit(write_or_check({ROOT / "docs" / "cli.md": cli_page()}))

"""Write the pages of docs/ that say what the code says already; with --check, only compare."""

import sys

from click.testing import CliRunner
from enforcers import enforcers
from generated import ROOT, write_or_check
from scf_gen.cli import COMMANDS, boundary, cli
from scf_gen.core.contract import CLAUSES, Duty

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


CONTRACT_HEAD = """\
# The contract

Generated from `core/contract.py` by `make docs`: each sentence that SCF and a bootstrap hold each other to, where it
comes from, and who sees to it: a module of the emulator, or a case of the conformance suite. "Seed" is Tencent's page
583/38130; other page numbers are of the same product. What is called emulator's choice is not known of SCF.
"""


def cli_page() -> bytes:
    """The help of every command."""
    sections = [CLI_HEAD.format(**vars(boundary)), section()]
    return "\n".join([*sections, *map(section, COMMANDS)]).encode()


def section(*command: str) -> str:
    """A command's name and its help."""
    shown = CliRunner().invoke(cli, [*command, "--help"], prog_name="scf-gen", terminal_width=100)
    return f"## {' '.join(('scf-gen', *command))}\n\n```\n{shown.output}```\n"


def contract_page() -> bytes:
    """Every clause with its source, its certainty, and who enforces it."""
    lines = [CONTRACT_HEAD]
    for duty in Duty:
        lines += [f"## What {duty} does\n", "| clause | text | source | enforced by |", "|---|---|---|---|"]
        for clause in (clause for clause in CLAUSES if clause.duty is duty):
            source = f"{clause.certainty}{f', {clause.source}' if clause.source else ''}"
            where = ", ".join(f"`{name}`" for name in enforcers(clause.id))
            lines.append(f"| {clause.id} | {clause.text} | {source} | {where} |")
        lines.append("")
    return "\n".join(lines).encode()


sys.exit(write_or_check({ROOT / "docs" / "cli.md": cli_page(), ROOT / "docs" / "contract.md": contract_page()}))

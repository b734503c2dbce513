"""scf-gen doctor"""

import sys

import click

from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.emulator import memory
from scf_gen.emulator.sandbox import find_sandbox
from scf_gen.languages import catalog, toolbox


@click.command("doctor")
def command() -> int:
    """Say which tools are here, which are missing, and how to get them; exit 1 if one is missing."""
    status = DONE
    sandbox, reason = find_sandbox()
    if sandbox:
        click.echo(
            f"ok       sandbox  {sandbox.bwrap}  /var/user read-only, /tmp of 512 MB, own process ids, 1024 files"
        )
    else:
        click.echo(f"off      sandbox  {reason}")
    click.echo(f"ok       memory  {memory.way()}")
    click.echo(f"ok       python {sys.version.split()[0]}  {sys.executable}  for scf-gen itself")
    for language in catalog.languages().values():
        for tool in language.tools:
            purposes = ", ".join(tool.needed_for)
            if found := toolbox.find(tool):
                click.echo(f"ok       {tool.name} {found.version}  {found.path}  for {language.title}: {purposes}")
            else:
                status = SUBJECT_FAILED
                trouble = toolbox.broken(tool)
                word, which = ("broken ", f"  {trouble}") if trouble else ("missing", f" {tool.minimum} or newer")
                click.echo(f"{word}  {tool.name}{which}  for {language.title}: {purposes}")
                click.echo(f"         {toolbox.how_to_get(tool)}")
    return status

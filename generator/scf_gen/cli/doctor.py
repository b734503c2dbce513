"""scf-gen doctor"""

import sys

import click

from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.emulator import memory
from scf_gen.emulator.environ import SCF_PATH
from scf_gen.emulator.sandbox import find_sandbox
from scf_gen.languages import catalog, toolbox
from scf_gen.languages.language import Tool
from scf_gen.languages.toolbox import FoundTool


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
            for found, purposes in _used(tool).items():
                purpose = f"for {language.title}: {', '.join(purposes)}"
                if found:
                    click.echo(f"ok       {tool.name} {found.version}  {found.path}  {purpose}")
                    continue
                status = SUBJECT_FAILED
                trouble = toolbox.broken(tool)
                word, which = ("broken ", f"  {trouble}") if trouble else ("missing", f" {tool.minimum} or newer")
                click.echo(f"{word}  {tool.name}{which}  {purpose}")
                click.echo(f"         {toolbox.how_to_get(tool)}")
    return status


def _used(tool: Tool) -> dict[FoundTool | None, list[str]]:
    """What each purpose is served by: functions run with SCF's own PATH first, all else with this shell's."""
    found = toolbox.find(tool)
    runs = (toolbox.find(tool, SCF_PATH.split(":")) if "run" in tool.needed_for else None) or found
    used: dict[FoundTool | None, list[str]] = {}
    for purpose in tool.needed_for:
        used.setdefault(runs if purpose == "run" else found, []).append(purpose)
    return used

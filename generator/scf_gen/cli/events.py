"""scf-gen events"""

import sys

import click

from scf_gen.cli.options import EventType
from scf_gen.emulator import catalogue


@click.command("events")
@click.argument("name", type=EventType(), required=False)
def command(name: str | None) -> None:
    """List the console's test events, or print the one called NAME."""
    if name is not None:
        sys.stdout.buffer.write(catalogue.event(name))
        if sys.stdout.isatty():
            click.echo()
        return
    titles = catalogue.titles()
    width = max(map(len, titles))
    for event, title in titles.items():
        click.echo(f"{event:{width}}  {title}")

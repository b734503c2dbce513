"""scf-gen list"""

import json
from dataclasses import asdict, fields
from pathlib import Path

import click

from scf_gen.cli.place import connect, place_options


@click.command("list")
@place_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool, **place: str | None) -> None:
    """List the functions of a region's namespace."""
    client = connect(Path(), Path(), **place)

    from scf_gen.cloud.functions import Listed, check_namespace, list_all

    functions = list(list_all(client))
    if not functions:
        check_namespace(client)
    if as_json:
        click.echo(
            json.dumps({"functions": [asdict(function) for function in functions]}, ensure_ascii=False, indent=2)
        )
        return
    names = [field.name for field in fields(Listed)]
    widths = [max((len(getattr(function, name)) for function in functions), default=0) for name in names]
    for function in functions:
        cells = (getattr(function, name).ljust(width) for name, width in zip(names, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    if not functions:
        click.echo(f"there is no function in {client.region}, namespace {client.namespace}", err=True)

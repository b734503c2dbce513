"""scf-gen delete"""

import sys

import click

from scf_gen.cli.place import check_name, connect, place_options, project_of


@click.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@place_options
def command(name: str, yes: bool, **place: str | None) -> None:
    """Remove the deployed function NAME, with all its versions and logs."""
    check_name(name)
    project = project_of(name)
    client = connect(project, project, **place)
    where = f"{client.region}, namespace {client.namespace}"
    if not yes and not _agreed(f"Remove {name} with all its versions from {where}?"):
        click.echo(f"{name} stays in {where}", err=True)
        raise click.Abort

    from scf_gen.cloud.functions import delete

    delete(client, name)
    click.echo(f"{name}  removed  ({where})")


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; say --yes if the function is to be removed")
    return click.confirm(question, err=True)

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
    if not yes:
        _ask(f"Remove {name} with all its versions from {client.region}, namespace {client.namespace}?")

    from scf_gen.cloud.functions import delete

    delete(client, name)
    click.echo(f"{name}  removed  ({client.region}, namespace {client.namespace})")


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; say --yes if the function is to be removed")
    click.confirm(question, abort=True, err=True)

"""scf-gen logs"""

import select
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from scf_gen.cli.boundary import DONE, NOT_DONE
from scf_gen.cli.options import WholeNumber
from scf_gen.cli.place import check_name, connect, place_options, project_of

if TYPE_CHECKING:
    from scf_gen.cloud.logs import Entry

DEFAULT_COUNT = 20


@click.command("logs")
@click.argument("name")
@click.option("-f", "--follow", is_flag=True, help="Go on with each invocation that ends, until interrupted.")
@click.option("--request-id", default="", metavar="ID", help="The log of this invocation alone.")
@click.option(
    "-n",
    "--limit",
    "count",
    type=WholeNumber(1, 10_000),
    default=DEFAULT_COUNT,
    show_default=True,
    metavar="N",
    help="How many invocations, the last ones.",
)
@place_options
def command(name: str, follow: bool, request_id: str, count: int, **place: str | None) -> int:
    """Print the logs of the deployed function NAME, the oldest first."""
    check_name(name)
    project = project_of(name)
    client = connect(project, project, **place)

    from scf_gen.cloud import logs

    if follow:
        _print(logs.follow(client, name, count, request_id, _wait))
        return DONE
    entries = logs.latest(client, name, count, request_id)
    _print(entries)
    if not entries and request_id:
        click.echo(f"error: there is no log of request {request_id}", err=True)
        return NOT_DONE
    if not entries:
        click.echo("no log of any invocation", err=True)
    return DONE


def _print(entries: Iterable["Entry"]) -> None:
    for entry in entries:
        sys.stdout.buffer.write(entry.text.encode(errors="replace"))
        sys.stdout.buffer.flush()


def _wait(time_s: float) -> None:
    """Wait so long; raises BrokenPipeError as soon as nobody reads the log any more, as tail does."""
    stdout = select.poll()
    stdout.register(sys.stdout, 0)  # that the other side has gone is told unasked
    if stdout.poll(time_s * 1000):
        raise BrokenPipeError

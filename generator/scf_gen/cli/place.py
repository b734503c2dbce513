"""Where deployed functions are, and the client that reaches them: from options, `scf.toml` and environment."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scf_gen.cli.subject import load_place
from scf_gen.core import contract
from scf_gen.core.credentials import find
from scf_gen.core.function import CONFIG_FILE
from scf_gen.core.place import REGION_VARIABLE, Place
from scf_gen.errors import BadAnswer

if TYPE_CHECKING:
    from scf_gen.cloud.client import Client

PLACE_KEYS = ("region", "namespace", "endpoint", "secret_id", "secret_key")
_OPTIONS = (
    click.option("--region", metavar="REGION", help=f"Such as {contract.DEFAULT_REGION}.  [default: scf.toml's]"),
    click.option("--namespace", metavar="NAMESPACE", help="[default: scf.toml's, else default]"),
    click.option("--endpoint", metavar="URL", help="Another server than Tencent's, such as http://127.0.0.1:9000."),
    click.option("--secret-id", metavar="ID", help="The SecretId to sign with."),
    click.option("--secret-key", metavar="KEY", help="Its key."),
)


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that say where deployed functions are: what `connect` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def connect(
    code: Path,
    shown_as: Path,
    *,
    region: str | None,
    namespace: str | None,
    endpoint: str | None,
    secret_id: str | None,
    secret_key: str | None,
) -> "Client":
    """A client for the place of these options.

    Raises what `place_of` raises, BadAnswer if there is no region, and CredentialsMissing.
    """
    place = place_of(code, shown_as, region=region, namespace=namespace, endpoint=endpoint)
    if not place.region:
        raise BadAnswer(
            "which region? Nothing names one",
            f"say --region, such as {contract.DEFAULT_REGION}, or set region in [deploy] of {CONFIG_FILE}, or "
            f"{REGION_VARIABLE}",
        )
    from scf_gen.cloud.client import Client

    return Client(place, find(secret_id, secret_key, os.environ), lambda text: click.echo(text, err=True))


def place_of(code: Path, shown_as: Path, **options: str | None) -> Place:
    """The place that the options name, else the `scf.toml` in `code`, else the environment.

    Raises BadAnswer for what they cannot be, and FunctionInvalid.
    """
    place = Place.from_options(**options).over(load_place(code, shown_as))
    return place if place.region else Place.from_environ(os.environ).over(place)


def project_of(name: str) -> Path:
    """The folder whose `scf.toml` says where the function `name` is deployed: ./NAME if it is one, else this one."""
    return Path(name) if (Path(name) / CONFIG_FILE).is_file() else Path()


def check_name(name: str) -> None:
    """Refuse what can be no function's name; raises BadAnswer."""
    if not re.fullmatch(contract.NAME_PATTERN, name):
        raise BadAnswer(f"{name!r} can be no function's name", f"it has to be {contract.NAME_RULE}")

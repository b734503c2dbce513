"""scf-gen deploy"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scf_gen.archive.source import open_code
from scf_gen.cli.package import TOO_LARGE_HINT, too_large
from scf_gen.cli.place import connect, place_options
from scf_gen.cli.streams import takes_escapes
from scf_gen.cli.subject import load_function
from scf_gen.cli.variables import read_variables, variable_options
from scf_gen.cli.wanted import deployed_name, read_wanted
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, check_env_size
from scf_gen.errors import BadAnswer, PackageInvalid

if TYPE_CHECKING:
    from scf_gen.cloud.client import Client
    from scf_gen.cloud.deploy import Tell
    from scf_gen.cloud.plan import Wanted


@click.command("deploy")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@place_options
@variable_options
@click.option(
    "--publish", is_flag=True, help="Freeze what is deployed as a version, unless the newest one is the same."
)
@click.option("--dry-run", is_flag=True, help="Print the calls that would change something, and make none of them.")
@click.option("--no-lint", is_flag=True, help="Do not look for faults first.")
def command(
    path: Path,
    env: tuple[tuple[str, str], ...],
    env_file: Path | None,
    publish: bool,
    dry_run: bool,
    no_lint: bool,
    **place: str | None,
) -> None:
    """Create or update the function in PATH, a folder or a ZIP, on Tencent Cloud, and wait until it is active.

    Code, with its files' modes, and settings are sent only where they differ from what is there. A deployment that was
    interrupted goes on when the command is given again.
    """
    with open_code(path) as code:
        function = load_function(code, path)
        is_configured = (code / CONFIG_FILE).is_file()
        variables = read_variables(env_file, env)
        if not is_configured:
            _tell_code_only(path, variables)
        variables = {**function.env, **variables}
        check_env_size(variables)
        function = replace(function, name=deployed_name(path, function), env=variables)
        client = connect(code, path, **place)
    with _progress() as tell:
        tell("packing", 0)
        wanted = read_wanted(path, function, is_configured=is_configured, lint=not no_lint)
        if len(wanted.zipped) > contract.INLINE_ZIP_LIMIT_BYTES:
            raise PackageInvalid(f"{path} cannot be sent: {too_large(len(wanted.zipped))}", TOO_LARGE_HINT)
        lines = (_look if dry_run else _deploy)(client, wanted, tell, publish=publish)
    for line in lines:
        click.echo(line)


def _tell_code_only(path: Path, variables: Mapping[str, str]) -> None:
    if variables:
        raise BadAnswer(f"{path} has no {CONFIG_FILE}, so variables cannot be set", "write one with a [function] table")
    click.echo(
        f"there is no {CONFIG_FILE}: only code is deployed; a new function gets SCF's default limits and the handler "
        f"{contract.DEFAULT_HANDLER}",
        err=True,
    )


def _look(client: "Client", wanted: "Wanted", _: "Tell", *, publish: bool) -> list[str]:
    from scf_gen.cloud.deploy import look
    from scf_gen.cloud.plan import shown
    from scf_gen.cloud.versions import published_as

    calls = [(step.action, shown(step.parameters, wanted)) for step in look(client, wanted)]
    if publish and (calls or not published_as(client, wanted.function.name)):
        calls.append(("PublishVersion", {"FunctionName": wanted.function.name}))
    click.echo(f"these are the calls to {client.region}" if calls else "there is nothing to change", err=True)
    return [
        f"{action} {json.dumps({'Namespace': client.namespace, **parameters}, ensure_ascii=False)}"
        for action, parameters in calls
    ]


def _deploy(client: "Client", wanted: "Wanted", tell: "Tell", *, publish: bool) -> list[str]:
    from scf_gen.cloud import deploy

    name = wanted.function.name
    done = list(deploy.deploy(client, wanted, tell))
    version, is_new = deploy.publish(client, name, tell) if publish else ("", False)
    tell("", 1)
    changes = ", ".join(change for step in done for change in step.changes)
    return [
        f"{name}  {changes or 'unchanged'}  ({client.region}, namespace {client.namespace})",
        f"sha256 {wanted.sha256}",
        *([f"version {version}{'' if is_new else '  unchanged'}"] if version else []),
    ]


@contextmanager
def _progress() -> Iterator["Tell"]:
    """A bar on a terminal, and silence elsewhere."""
    if not takes_escapes(sys.stderr):
        yield lambda *_: None
        return
    with click.progressbar(length=100, label="deploying", file=sys.stderr, item_show_func=_shown) as bar:

        def tell(what: str, share: float) -> None:
            bar.update(max(0, int(share * 100) - bar.pos), what)
            bar.render_progress()

        yield tell


def _shown(what: str | None) -> str:
    return what or ""

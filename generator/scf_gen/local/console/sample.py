"""A language's template as a ZIP, as the commands `new` and `build` make it."""

import asyncio
import sys
import tempfile
import zipfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scf_gen.languages import catalog, toolbox
from scf_gen.local.refusal import Refusal

# Of a project, what a function does not need to run.
_LEFT_OUT = ("tests", "events", "README.md", ".gitignore", ".scfignore")


def listed() -> list[Mapping[str, Any]]:
    """The languages, with the tools that this machine lacks to build or run a function."""
    return [
        {
            "lang": language.lang,
            "title": language.title,
            "summary": language.summary,
            "missing": [
                tool.name
                for tool in language.tools
                if {"build", "run"}.intersection(tool.needed_for) and not toolbox.find(tool)
            ],
        }
        for language in catalog.languages().values()
    ]


async def packed(lang: str, name: str, handler: str) -> bytes:
    """The ZIP of a new function; raises Refusal with the command's own words where it cannot be made."""
    with tempfile.TemporaryDirectory(prefix="scf-gen-") as folder:
        # Rendering changes the working directory, so it is not for this process.
        await _run("new", name, "--lang", lang, "--handler", handler, "--no-input", "--output-dir", folder)
        project = Path(folder) / name
        if catalog.language(lang).build:
            await _run("build", str(project))
        return await asyncio.to_thread(_zip, project)


async def _run(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scf_gen", *arguments), stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        raise Refusal("FailedOperation.CreateFunction", said.decode(errors="replace").strip())


def _zip(project: Path) -> bytes:
    target = project.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(project.rglob("*")):
            name = path.relative_to(project)
            if path.is_file() and name.parts[0] not in _LEFT_OUT:
                archive.write(path, name)
    return target.read_bytes()

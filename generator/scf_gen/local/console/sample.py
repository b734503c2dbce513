"""A language's template as a ZIP, as the commands `new` and `package` make it."""

import asyncio
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scf_gen.languages import catalog, toolbox
from scf_gen.local.refusal import Refusal


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
        output = Path(folder, "function.zip")
        await _run("package", str(Path(folder, name)), "--no-lint", "-o", str(output))
        return await asyncio.to_thread(output.read_bytes)


async def _run(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scf_gen", *arguments), stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        raise Refusal("FailedOperation.CreateFunction", said.decode(errors="replace").strip())

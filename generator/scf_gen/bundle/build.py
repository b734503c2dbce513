"""Running a language's build command in a project."""

import os
import subprocess
from pathlib import Path

from scf_gen.errors import BuildFailed
from scf_gen.languages import toolbox
from scf_gen.languages.language import Command, Language


def build(project: Path, language: Language) -> bool:
    """Build the project in its own folder; False where the language has nothing to build.

    The compiler's own words go to this process's stderr. Raises ToolMissing and BuildFailed.
    """
    if language.build is None:
        return False
    run(language.build, language, "build", project, f"the build in {project}")
    return True


def run(command: Command, language: Language, purpose: str, project: Path, step: str, hint: str = "") -> None:
    """Run a command of the language in the project, with the tools that `purpose` needs; raises as `build` does.

    `step` says what it is that failed.
    """
    tools = toolbox.require(language, purpose)
    argv = list(command.argv)
    if argv[0] in tools:
        argv[0] = tools[argv[0]].path
    done = subprocess.run(argv, cwd=project, env={**os.environ, **dict(command.env)}, stdout=2, check=False)
    if done.returncode:
        told = " ".join(command.argv)
        raise BuildFailed(f"{step} failed with status {done.returncode}", hint or f"it ran: {told}")

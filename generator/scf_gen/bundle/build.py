"""Running a language's build command in a project."""

import os
import subprocess
from pathlib import Path

from scf_gen.errors import BuildFailed
from scf_gen.languages import toolbox
from scf_gen.languages.language import Language


def build(project: Path, language: Language) -> bool:
    """Build the project in its own folder; False where the language has nothing to build.

    The compiler's own words go to this process's stderr. Raises ToolMissing and BuildFailed.
    """
    if language.build is None:
        return False
    tools = toolbox.require(language, "build")
    argv = list(language.build.argv)
    if argv[0] in tools:
        argv[0] = tools[argv[0]].path
    done = subprocess.run(argv, cwd=project, env={**os.environ, **dict(language.build.env)}, stdout=2, check=False)
    if done.returncode:
        command = " ".join(language.build.argv)
        raise BuildFailed(f"the build in {project} failed with status {done.returncode}", f"it ran: {command}")
    return True

"""Running a language's build command in a project."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from scf_gen.bundle import tool
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
    # One that is interrupted may leave its temporary files, as go build does.
    with TemporaryDirectory(prefix="scf-gen-", ignore_cleanup_errors=True) as scratch:
        status = tool.run(argv, project, {**os.environ, "TMPDIR": scratch, **dict(command.env)})
    if status:
        told = " ".join(command.argv)
        raise BuildFailed(f"{step} failed with status {status}", hint or f"it ran: {told}")

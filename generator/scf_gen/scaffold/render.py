"""Rendering a template with cookiecutter; nothing is seen of a project until all of it is there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cookiecutter.exceptions import CookiecutterException
from cookiecutter.generate import generate_files
from cookiecutter.utils import create_env_with_context

from scf_gen.errors import TemplateInvalid
from scf_gen.scaffold.destination import check, draft_folder, move


def render(template: Path, context: Mapping[str, Any], destination: Path, *, force: bool = False) -> None:
    """Write the project `destination` from `template`; `context` has been checked.

    Raises DestinationExists for a folder that is not empty, unless `force`: then only the files that the template
    writes are replaced. Raises TemplateInvalid where the template cannot be rendered. Not for threads, since
    cookiecutter changes the working directory.
    """
    destination = destination.resolve()
    check(destination, force=force)
    with draft_folder(destination) as folder:
        project = _generate(template, {**context, **_derived(context)}, folder)
        for name in context.get("_executable", ()):
            if (project / name).exists():
                (project / name).chmod(0o755)
        move(project, destination)


def _derived(context: Mapping[str, Any]) -> dict[str, str]:
    """The variables whose names start with two underscores: cookiecutter renders them from the others."""
    environment = create_env_with_context({"cookiecutter": context})
    return {
        key: environment.from_string(value).render(cookiecutter=context)
        for key, value in context.items()
        if key.startswith("__")
    }


def _generate(template: Path, context: Mapping[str, Any], folder: Path) -> Path:
    try:
        # The hooks are for plain cookiecutter; their checks have been made, their modes are set here.
        return Path(generate_files(template, {"cookiecutter": context}, str(folder), accept_hooks=False))
    except CookiecutterException as error:
        raise TemplateInvalid(f"the template in {template} cannot be rendered: {error}") from error

"""Rendering a template with cookiecutter; nothing is seen of a project until all of it is there."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cookiecutter.exceptions import CookiecutterException
from cookiecutter.generate import generate_files
from cookiecutter.utils import create_env_with_context

from scf_gen.errors import DestinationExists, TemplateInvalid

_DRAFT = ".scf-gen-"


def render(template: Path, context: Mapping[str, Any], destination: Path, *, force: bool = False) -> None:
    """Write the project `destination` from `template`; `context` has been checked.

    Raises DestinationExists for a folder that is not empty, unless `force`: then only the files that the template
    writes are replaced. Raises TemplateInvalid where the template cannot be rendered. Not for threads, since
    cookiecutter changes the working directory.
    """
    destination = destination.resolve()
    _check_destination(destination, force=force)
    with _draft_folder(destination) as folder:
        project = _generate(template, {**context, **_derived(context)}, folder)
        for name in context.get("_executable", ()):
            if (project / name).exists():
                (project / name).chmod(0o755)
        _move(project, destination)


def _check_destination(destination: Path, *, force: bool) -> None:
    if destination.is_dir() and (force or not any(destination.iterdir())):
        return
    if destination.exists():
        is_folder = destination.is_dir()
        raise DestinationExists(
            f"{destination} exists and {'is not empty' if is_folder else 'is not a folder'}",
            f"choose another name or --output-dir{', or say --force' if is_folder else ''}",
        )


@contextmanager
def _draft_folder(destination: Path) -> Iterator[Path]:
    """A folder beside `destination` to write in; if nothing comes of it, no folder is left that was made for it."""
    made = [folder for folder in destination.parents if not folder.exists()]
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=destination.parent) as folder:
            yield Path(folder)
    except BaseException as error:
        if isinstance(error, OSError) and f"/{_DRAFT}" in str(error.filename):
            error.filename = str(destination)  # a name that the user knows
        for parent in made:
            with suppress(OSError):
                parent.rmdir()
        raise


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


def _move(project: Path, destination: Path) -> None:
    if not destination.is_dir() or not any(destination.iterdir()):
        project.rename(destination)
        return
    sources = sorted(path for path in project.rglob("*") if path.is_file())
    targets = {source: destination / source.relative_to(project) for source in sources}
    for target in targets.values():
        if target.is_dir() or not target.parent.resolve().is_relative_to(destination):
            raise DestinationExists(f"{target} is in the way", "move it, or choose another name")
    for source, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)

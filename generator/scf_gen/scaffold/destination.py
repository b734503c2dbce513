"""The folder that a new project is to be in: it changes only when the whole project is there."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scf_gen.errors import DestinationExists

_DRAFT = ".scf-gen-"


def check(destination: Path, *, force: bool) -> None:
    """Raise DestinationExists for what is neither missing nor an empty folder, nor with `force` any folder."""
    if destination.is_dir() and (force or not any(destination.iterdir())):
        return
    if destination.exists():
        is_folder = destination.is_dir()
        raise DestinationExists(
            f"{destination} exists and {'is not empty' if is_folder else 'is not a folder'}",
            f"choose another name or --output-dir{', or say --force' if is_folder else ''}",
        )


@contextmanager
def draft_folder(destination: Path) -> Iterator[Path]:
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


def move(project: Path, destination: Path) -> None:
    """Put the files of `project` into `destination`, on the same disk; other files there stay."""
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

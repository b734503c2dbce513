"""The functions below a folder that is none itself, such as a repository of several."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.languages import catalog
from scf_gen.lint.folder import LEFT_OUT
from scf_gen.lint.layout import OTHERS_FOLDERS

_MARKS = frozenset({contract.BOOTSTRAP, CONFIG_FILE})


def functions_at(path: Path) -> Sequence[Path]:
    """The folder or ZIP itself; of a folder that nothing at its root makes a function, those below it, if any.

    Nothing is looked for in folders of others' code, in hidden ones, and in those that cannot be read.
    """
    _, files = _scan(path)
    if files & (_MARKS | _default_handlers()):
        return [path]
    return sorted(_below(path)) or [path]


def _default_handlers() -> frozenset[str]:
    """Beside such a file a bootstrap in a folder below is misplaced (SCF208)."""
    stem = contract.DEFAULT_HANDLER.partition(".")[0]
    return frozenset(f"{stem}.{suffix}" for language in catalog.languages().values() for suffix in language.suffixes)


def _below(root: Path) -> Iterator[Path]:
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        folders, files = _scan(folder)
        if files & _MARKS:
            yield folder
        else:
            names = folders - LEFT_OUT - OTHERS_FOLDERS
            waiting += [folder / name for name in names if not name.startswith(".")]


def _scan(folder: Path) -> tuple[set[str], set[str]]:
    """The names of the folders in it, and of all else."""
    try:
        with os.scandir(folder) as scanned:
            entries = list(scanned)
    except OSError:
        return set(), set()
    folders = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    return folders, {entry.name for entry in entries} - folders

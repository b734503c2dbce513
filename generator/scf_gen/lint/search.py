"""The functions below a folder that is none itself, such as a repository of several."""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.languages import catalog
from scf_gen.lint.elf import ELF_MAGIC
from scf_gen.lint.folder import LEFT_OUT
from scf_gen.lint.git_ignored import GIT_IGNORE_FILE, Ignored
from scf_gen.lint.layout import OTHERS_FOLDERS

# What only a bootstrap for SCF, or what it starts, has to say; a program that has it farther behind is rare.
_SIGNS = (b"SCF_RUNTIME_API", b"/runtime/invocation/", b"/runtime/init/")
_READ_BYTES = 16 << 20
_MARKS = frozenset({contract.BOOTSTRAP, CONFIG_FILE})


def functions_at(path: Path) -> Sequence[Path]:
    """The folder or ZIP itself; of a folder that nothing at its root makes a function, those below it, if any.

    Nothing is looked for in folders of others' code, in hidden ones, and where git ignores or nobody can read them.
    """
    _, files = _scan(path)
    if files & (_MARKS | _default_handlers()):
        return [path]
    return sorted(_below(path)) or [path]


@cache
def _default_handlers() -> frozenset[str]:
    """Beside such a file a bootstrap in a folder below is misplaced (SCF208)."""
    stem = contract.DEFAULT_HANDLER.partition(".")[0]
    return frozenset(f"{stem}.{suffix}" for language in catalog.languages().values() for suffix in language.suffixes)


def _below(root: Path) -> Iterator[Path]:
    real = root.resolve()
    waiting = [(root, str(real), Ignored.above(real))]
    while waiting:
        folder, real_folder, ignored = waiting.pop()
        folders, files = _scan(folder)
        if _is_function(folder, files):
            yield folder
            continue
        if GIT_IGNORE_FILE in files:
            ignored = ignored.with_those_of(Path(real_folder))
        names = folders - LEFT_OUT - OTHERS_FOLDERS
        below = ((folder / name, f"{real_folder}/{name}", ignored) for name in names if not name.startswith("."))
        waiting += [each for each in below if not ignored.holds(each[1])]


def _is_function(folder: Path, files: set[str]) -> bool:
    """Whether one says that it is; other projects have files named bootstrap, too."""
    if CONFIG_FILE in files:
        return True
    return contract.BOOTSTRAP in files and (bool(files & _default_handlers()) or _speaks(folder, files))


def _speaks(folder: Path, files: set[str]) -> bool:
    """Whether its bootstrap is a program, or something beside it knows SCF's runtime API."""
    if _start(folder / contract.BOOTSTRAP, len(ELF_MAGIC)) == ELF_MAGIC:
        return True
    starts = (_start(folder / name, _READ_BYTES) for name in sorted(files, key=lambda name: name != contract.BOOTSTRAP))
    return any(sign in start for start in starts for sign in _SIGNS)


def _start(path: Path, size: int) -> bytes:
    try:
        if not path.is_file():  # a pipe would have no end
            return b""
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def _scan(folder: Path) -> tuple[set[str], set[str]]:
    """The names of the folders in it, and of all else."""
    try:
        with os.scandir(folder) as scanned:
            entries = list(scanned)
    except OSError:
        return set(), set()
    folders = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    return folders, {entry.name for entry in entries} - folders

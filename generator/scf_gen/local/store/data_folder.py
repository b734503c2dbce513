"""The folder of a local SCF, which one server at a time may have."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scf_gen.errors import DataFolderInvalid

_FOLDER_MODE = 0o700


def keep_secret(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(data)
    fresh.replace(path)


@contextmanager
def hold(folder: Path) -> Iterator[Path]:
    """Make the folder if it is not there, and keep every other server out of it; raises DataFolderInvalid."""
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DataFolderInvalid(
            f"{folder} cannot be used: {error.strerror}", "name another folder with --data-dir"
        ) from error
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(fd, 32).decode(errors="replace").strip() or "unknown"
            raise DataFolderInvalid(
                f"another local SCF (process {holder}) uses {folder}", "stop it, or name another folder with --data-dir"
            ) from None
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        # The lock must never be in a package that somebody makes of the folder around it, nor in git.
        (folder / ".gitignore").write_text("*\n")
        yield folder
    finally:
        os.close(fd)

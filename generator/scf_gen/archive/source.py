"""A function's code as a folder: the folder itself, or a ZIP unpacked as SCF would."""

import errno
import io
import lzma
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from scf_gen.core import contract
from scf_gen.errors import ArchiveInvalid, FunctionNotFound

# Page 583/11637: uncompressed code of one version, in bytes.
UNPACKED_LIMIT_BYTES = 500 * 1024 * 1024
_COPY_BYTES = 1 << 20
_MADE_ON_UNIX = 3
_DISK_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
# What zipfile and its decompressors raise for one broken archive or another.
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, OverflowError, RuntimeError, ValueError),
)


@contextmanager
def open_code(path: Path) -> Iterator[Path]:
    """Give the folder that holds the code of `path`; one made from a ZIP is removed in the end.

    Raises FunctionNotFound where there is nothing, and ArchiveInvalid for a ZIP that is broken or unsafe.
    """
    if path.is_dir():
        yield path
    elif path.is_file():
        with tempfile.TemporaryDirectory(prefix="scf-gen-") as folder:
            unpack(path, Path(folder))
            yield Path(folder)
    else:
        wrong = "is neither a folder nor a ZIP file" if path.exists() else "is not there"
        raise FunctionNotFound(f"{path} {wrong}")


def is_package(path: Path) -> bool:
    """Whether `path` is a ZIP that SCF could run: one with a bootstrap at its root."""
    try:
        with _opened(path) as archive:
            return contract.BOOTSTRAP in archive.namelist()
    except ArchiveInvalid:
        return False


def names(zipped: bytes) -> Sequence[str]:
    """The names of all that is in a ZIP which can be read."""
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        return archive.namelist()


def unpack(path: Path, folder: Path) -> None:
    """Unpack a ZIP as SCF would; raises ArchiveInvalid for one that is broken, unsafe or too large."""
    with _opened(path) as archive:
        for entry in _checked_entries(path, archive):
            _extract(archive, entry, folder / entry.filename)


def check(path: Path) -> None:
    """Look at a ZIP's list of files only; raises ArchiveInvalid for one that is broken, unsafe or too large."""
    with _opened(path) as archive:
        _checked_entries(path, archive)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The ZIP; raises ArchiveInvalid where it cannot be read, now or later, and OSError where the disk is at fault."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno in _DISK_FAULTS:
            raise
        raise ArchiveInvalid(
            f"{path} is not a ZIP file that can be read: {error}", "make it again with scf-gen package"
        ) from error


def _checked_entries(path: Path, archive: zipfile.ZipFile) -> Sequence[zipfile.ZipInfo]:
    entries = archive.infolist()
    for entry in entries:
        _check(path, entry)
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT_BYTES:
        raise ArchiveInvalid(f"{path} unpacks to more than 500 MB", "SCF takes no more; see page 583/11637")
    return entries


def _check(path: Path, entry: zipfile.ZipInfo) -> None:
    parts = PurePosixPath(entry.filename).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in entry.filename:
        raise ArchiveInvalid(f"{path} has an entry that leads outside: {entry.filename!r}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveInvalid(f"{path} has a symbolic link: {entry.filename!r}", "pack the file it points to")


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    if entry.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # zipfile stops at the size that the entry declares, so a lying header cannot fill the disk.
    with archive.open(entry) as source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy, _COPY_BYTES)
    # Without Unix attributes no file is executable, which is what happens to ZIPs made on Windows.
    mode = (entry.external_attr >> 16) & 0o777 if entry.create_system == _MADE_ON_UNIX else 0
    target.chmod(mode or 0o644)

"""The entries of a ZIP, whatever is wrong with it."""

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from scf_gen.archive.source import UNREADABLE
from scf_gen.errors import ArchiveInvalid
from scf_gen.lint.file import ENTRIES_LIMIT, Budget, File, Unreadable

# Compression methods that every unpacker knows; others may want any amount of memory.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MADE_ON_UNIX = 3
# A directory that is longer than this per entry is made to fill the memory.
_DIRECTORY_LIMIT_BYTES = ENTRIES_LIMIT * 300
# The records at the end, with a comment of any length.
_END_LIMIT_BYTES = (1 << 16) + 128
_LINK_LIMIT_BYTES = 4096
_ENCRYPTED = 1
# What deflate can make of a byte at most, with room to spare.
_DEFLATE_RATIO = 1040


def files(path: Path, budget: Budget) -> tuple[list[File], Callable[[], None]]:
    """All entries in their order, and what closes the ZIP; raises ArchiveInvalid."""
    too_many = ArchiveInvalid(f"{path} holds more than {ENTRIES_LIMIT:,} entries")
    try:
        if _directory_bytes(path) > _DIRECTORY_LIMIT_BYTES:
            raise too_many
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise ArchiveInvalid(f"{path} is not a ZIP file that can be read: {_reason(error)}") from error
    if len(archive.infolist()) > ENTRIES_LIMIT:
        archive.close()
        raise too_many
    return list(_entries(archive, budget)), archive.close


def _directory_bytes(path: Path) -> int:
    """How long the ZIP says that its directory is, which zipfile would read before it counts the entries."""
    with path.open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - _END_LIMIT_BYTES, 0))
        tail = file.read()
    end, large = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    size = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    large_size = int.from_bytes(tail[large + 40 : large + 48], "little") if large >= 0 else 0
    return max(size if size < (1 << 32) - 1 else 0, large_size)


def _entries(archive: zipfile.ZipFile, budget: Budget) -> Iterator[File]:
    for info in archive.infolist():
        if not info.is_dir():
            yield _file(archive, info, budget)


def _file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> File:
    trouble = _trouble(info)

    def read(limit: int) -> bytes:
        if info.compress_type not in _METHODS:
            raise Unreadable(trouble)
        try:
            with archive.open(info) as file:
                return file.read(limit)
        except UNREADABLE as error:
            raise Unreadable(_reason(error)) from error

    mode = info.external_attr >> 16 if info.create_system == _MADE_ON_UNIX else 0
    mode = mode if stat.S_IFMT(mode) else mode | stat.S_IFREG
    mode = mode if mode & 0o777 else mode | 0o644
    entry = File(info.filename, mode, info.file_size, read, trouble=trouble, _budget=budget)
    if entry.is_link:
        try:
            entry.target = read(_LINK_LIMIT_BYTES).decode(errors="replace")
        except Unreadable as error:
            entry.trouble = str(error)
    return entry


def _trouble(info: zipfile.ZipInfo) -> str:
    """What an entry's header says that an unpacker will trip over."""
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if info.compress_type not in _METHODS:
        return f"compression method {info.compress_type}, which not every unpacker knows"
    stored, declared = info.compress_size, info.file_size
    too_many, too_few = declared > stored * _DEFLATE_RATIO, stored > declared + declared // 8 + 64
    if (declared != stored) if info.compress_type == zipfile.ZIP_STORED else (too_many or too_few):
        return f"it declares {declared:,} bytes, which {stored:,} in the ZIP cannot be"
    return ""


def _reason(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__

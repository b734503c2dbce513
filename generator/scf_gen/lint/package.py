"""A folder or a ZIP as the linter sees it: names, modes, sizes and, when asked for, the start of the contents.

Nothing is unpacked and no link is followed; a file that cannot be looked at says so in its `trouble`.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from scf_gen.errors import ArchiveInvalid, FunctionNotFound

# More of a file is never read: no source is that long, and a hostile one must not fill the memory.
READ_LIMIT_BYTES = 8 << 20
HEAD_BYTES = 8192
ENTRIES_LIMIT = 100_000
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
_FOLDERS_LEFT_OUT = frozenset({".git", ".hg", ".svn", ".venv", "venv", "__pycache__", ".scf", ".mypy_cache"})


@dataclass(slots=True)
class File:
    """One entry; `mode` is that of stat (type and permission bits), `size` in bytes, `target` where a link leads."""

    path: str
    mode: int
    size: int
    _read: Callable[[int], bytes] = field(repr=False)
    target: str = ""
    trouble: str = ""
    _head: bytes | None = field(default=None, repr=False)
    _content: bytes | None = field(default=None, repr=False)

    @property
    def is_link(self) -> bool:
        """A symbolic link."""
        return stat.S_ISLNK(self.mode)

    @property
    def is_regular(self) -> bool:
        """Neither link nor device, pipe or socket."""
        return stat.S_ISREG(self.mode)

    @property
    def is_executable(self) -> bool:
        """Whether anyone may execute it."""
        return bool(self.mode & 0o111)

    @property
    def suffix(self) -> str:
        """What follows the last dot of its name, without the dot."""
        return PurePosixPath(self.path).suffix.removeprefix(".")

    @property
    def head(self) -> bytes:
        """Its first HEAD_BYTES; nothing where it is no regular file or cannot be read."""
        if self._head is None:
            self._head = self.read(HEAD_BYTES) if self._content is None else self._content[:HEAD_BYTES]
        return self._head

    @property
    def content(self) -> bytes:
        """Its bytes, up to READ_LIMIT_BYTES; nothing where it is no regular file or cannot be read."""
        if self._content is None:
            self._content = self.read(READ_LIMIT_BYTES)
        return self._content

    def read(self, limit: int) -> bytes:
        """Up to `limit` of its bytes, which are not kept; fewer where it cannot be read."""
        try:
            return self._read(limit) if self.is_regular else b""
        except _UNREADABLE as error:
            self.trouble = self.trouble or str(error)
            return b""

    @property
    def is_text(self) -> bool:
        """Whether it looks like text: no NUL in its start."""
        return self.is_regular and b"\0" not in self.head

    @property
    def first_line(self) -> bytes:
        """The first line without its end."""
        return self.head[:4096].partition(b"\n")[0]

    @property
    def shebang(self) -> tuple[str, ...]:
        """The words after #! in its first line."""
        line = self.first_line
        return tuple(line[2:].decode(errors="replace").split()) if line.startswith(b"#!") else ()


@dataclass(frozen=True)
class Package:
    """All entries below `path`, which may be many or none; `packed` says that it is a ZIP."""

    path: Path
    packed: bool
    entries: tuple[File, ...]

    @cached_property
    def files(self) -> Mapping[str, File]:
        """The entries by path; of two with one path the last, as an unpacker would have it."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def top(self) -> Mapping[str, File]:
        """Those at the root."""
        return {path: file for path, file in self.files.items() if "/" not in path}


def open_package(path: Path) -> Package:
    """Look at a folder or a ZIP; raises FunctionNotFound, and ArchiveInvalid for a file that is no ZIP."""
    if path.is_dir():
        return Package(path, packed=False, entries=tuple(sorted(_walk(path), key=lambda file: file.path)))
    if path.is_file():
        return Package(path, packed=True, entries=tuple(_entries(path)))
    raise FunctionNotFound(f"{path} is neither a folder nor a ZIP file")


def _walk(root: Path) -> Iterator[File]:
    found = 0
    unreadable: list[OSError] = []
    for folder, names, files in os.walk(root, onerror=unreadable.append):
        names[:] = sorted(set(names) - _FOLDERS_LEFT_OUT)
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118 -- Path raises
        for name in (*files, *links):
            found += 1
            if found > ENTRIES_LIMIT:
                raise ArchiveInvalid(
                    f"{root} holds more than {ENTRIES_LIMIT:,} files", "name the function's own folder"
                )
            yield _file(root, Path(folder, name))
    for error in unreadable:
        yield _troubled(root, Path(error.filename), stat.S_IFDIR, error)


def _file(root: Path, path: Path) -> File:
    try:
        status = path.lstat()
        target = str(path.readlink()) if stat.S_ISLNK(status.st_mode) else ""
    except OSError as error:  # it has just gone, or its path is too long
        return _troubled(root, path, 0, error)

    def read(limit: int) -> bytes:
        with path.open("rb") as file:
            return file.read(limit)

    return File(path.relative_to(root).as_posix(), status.st_mode, status.st_size, read, target)


def _troubled(root: Path, path: Path, mode: int, error: OSError) -> File:
    shown = path.relative_to(root).as_posix()
    return File(shown, mode, 0, lambda _: b"", trouble=error.strerror or str(error))


def _entries(path: Path) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise ArchiveInvalid(f"{path} is not a ZIP file that can be read: {error}") from error
    if len(infos) > ENTRIES_LIMIT:
        raise ArchiveInvalid(f"{path} holds more than {ENTRIES_LIMIT:,} entries")
    for info in infos:
        if not info.is_dir():
            yield _entry(path, info)


def _entry(path: Path, info: zipfile.ZipInfo) -> File:
    def read(limit: int) -> bytes:
        with zipfile.ZipFile(path) as archive, archive.open(info) as file:
            return file.read(limit)

    mode = info.external_attr >> 16 if info.create_system == _MADE_ON_UNIX else 0
    mode = mode if stat.S_IFMT(mode) else mode | stat.S_IFREG
    mode = mode if mode & 0o777 else mode | 0o644
    entry = File(info.filename, mode, info.file_size, read)
    entry.trouble = _trouble(info)
    if entry.is_link:
        entry.target = entry.read(_LINK_LIMIT_BYTES).decode(errors="replace")
    return entry


def _trouble(info: zipfile.ZipInfo) -> str:
    """What an entry's header says that an unpacker will trip over."""
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is compressed in a way that not every unpacker knows"
    stored, declared = info.compress_size, info.file_size
    is_stored = info.compress_type == zipfile.ZIP_STORED
    if (
        declared != stored
        if is_stored
        else declared > stored * _DEFLATE_RATIO or stored > declared + declared // 8 + 64
    ):
        return f"it declares {declared:,} bytes, which {stored:,} in the ZIP cannot be"
    return ""


_MADE_ON_UNIX = 3
_ENCRYPTED = 1
_LINK_LIMIT_BYTES = 4096
# What deflate can make of a byte at most, with room to spare.
_DEFLATE_RATIO = 1040

"""One file of a package: its name, mode and size and, when asked for, the start of its content."""

import os
import posixpath
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace

# More of a file is never read: no source is that long, and a hostile one must not fill the memory.
READ_LIMIT_BYTES = 8 << 20
HEAD_BYTES = 8192
# Characters before a place are not counted in a longer line: there are none in sources, and hostile ones take time.
_LONG_LINE_BYTES = 4096
ENTRIES_LIMIT = 100_000
UTF8_MARK = b"\xef\xbb\xbf"
# What is read, and kept in memory, of all files of a package together.
BUDGET_BYTES = 64 << 20


# What changes when a file does: device, inode, size, times.
Stamp = tuple[int, ...]


@dataclass(slots=True)
class Budget:
    """How much may still be read of a package."""

    left_bytes: int = BUDGET_BYTES

    @property
    def is_spent(self) -> bool:
        """Whether something may have gone unread."""
        return self.left_bytes <= 0


def stamp(status: os.stat_result) -> Stamp:
    """The stamp of a file with this status."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class Unreadable(Exception):
    """A file that cannot be read; the text says why."""


@dataclass(slots=True)
class File:
    """One entry; `mode` is that of stat (type and permission bits), `size` in bytes, `target` where a link leads."""

    path: str
    mode: int
    size: int
    _read: Callable[[int], bytes] = field(repr=False)
    target: str = ""
    trouble: str = ""
    stamp: Stamp = ()
    _budget: Budget = field(default_factory=Budget, repr=False)
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
        return posixpath.splitext(self.path)[1].removeprefix(".")

    @property
    def head(self) -> bytes:
        """Its first HEAD_BYTES; nothing where it is no regular file or cannot be read."""
        if self._head is None:
            self._head = self._start(HEAD_BYTES)
            if len(self._head) < HEAD_BYTES:
                self._content = self._head
        return self._head

    @property
    def content(self) -> bytes:
        """Its bytes, up to READ_LIMIT_BYTES and what is left of the package's budget."""
        if self._content is None and len(self.head) == HEAD_BYTES:
            self._content = self._start(READ_LIMIT_BYTES)
        return self._content or b""

    def read(self, limit: int) -> bytes:
        """Up to `limit` of its bytes, which neither are kept nor count; fewer where it cannot be read."""
        try:
            return self._read(limit) if self.is_regular else b""
        except Unreadable as error:
            self.trouble = self.trouble or str(error)
            return b""

    @property
    def is_whole(self) -> bool:
        """Whether `content` is all that there is of it."""
        return self.is_regular and not self.trouble and len(self.content) == self.size

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

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a byte of `content`, from 1; the column counts characters."""
        start = self.content.rfind(b"\n", 0, at) + 1
        before = self.content[start:at]
        column = len(before) if len(before) > _LONG_LINE_BYTES else len(before.decode(errors="replace"))
        return self.content.count(b"\n", 0, start) + 1, column + 1

    @property
    def has_crlf(self) -> bool:
        """Whether its first line ends in CRLF."""
        return self.first_line.endswith(b"\r")

    @property
    def has_mark(self) -> bool:
        """Whether it starts with the byte order mark of UTF-8."""
        return self.head.startswith(UTF8_MARK)

    def with_content(self, content: bytes) -> "File":
        """The file as it would be with another content."""
        return replace(self, size=len(content), _head=content[:HEAD_BYTES], _content=content)

    def _start(self, limit: int) -> bytes:
        content = self.read(min(limit, self._budget.left_bytes))
        self._budget.left_bytes -= len(content)
        return content

"""Writing a ZIP whose bytes follow from the names, modes and contents of its files, and from nothing else.

Python's zipfile and zlib would do for one machine: what they write differs with the zlib that Python was built with.
"""

import hashlib
import os
import secrets
import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deflate import deflate_compress

from scf_gen.errors import PackageInvalid

# What PKWARE's APPNOTE calls them; all numbers are little-endian.
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_DIRECTORY_HEADER = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION_NEEDED = 20  # deflate
_MADE_BY = 3 << 8 | _VERSION_NEEDED  # Unix, so that the modes count
_UTF_8_NAME = 1 << 11
_STORED, _DEFLATED = 0, 8
_MIDNIGHT, _1980_01_01 = 0, 1 << 5 | 1  # the earliest moment that a ZIP can name
_LEVEL = 9  # libdeflate's; 10 to 12 are much slower for 3 % less

FILES_LIMIT = 65_535  # more would need ZIP64


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a ZIP: its path there, where its content lies, its permissions, and its size in bytes."""

    name: str
    source: Path
    mode: int
    size: int


def write_zip(path: Path, entries: Iterable[Entry], check: Callable[[Path], None] = lambda _: None) -> str:
    """Write the entries, in the order of their names, to `path` and give the SHA-256 of the file in hexadecimal.

    What was at `path` stays until the new file is whole, and `check`, which is given it, has raised nothing. Raises
    PackageInvalid for more files than a ZIP holds, and OSError, which names `path` if it cannot be written.
    """
    ordered = sorted(entries, key=lambda entry: entry.name.encode())
    if len(ordered) > FILES_LIMIT:
        raise PackageInvalid(f"{len(ordered):,} files are more than a ZIP holds, which is {FILES_LIMIT:,}")
    digest = hashlib.sha256()
    with _draft(path) as draft:
        with draft.open("xb") as file:
            for piece in _pieces(ordered):
                file.write(piece)
                digest.update(piece)
            file.flush()
            os.fsync(file.fileno())
        check(draft)
        draft.replace(path)
    return digest.hexdigest()


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A name beside `path` for what may take its place; in the end nothing has that name, not even an error."""
    draft = path.with_name(f".scf-gen-{secrets.token_hex(8)}")
    try:
        yield draft
    except OSError as error:
        if error.filename in (None, str(draft)):  # a full disk names no file at all
            error.filename = str(path)
        raise
    finally:
        with suppress(OSError):  # a disk that became read-only cannot be written either, which is what to tell
            draft.unlink(missing_ok=True)


def _pieces(entries: list[Entry]) -> Iterator[bytes | bytearray]:
    directory = bytearray()
    offset = 0
    for entry in entries:
        content = entry.source.read_bytes()
        packed = deflate_compress(content, _LEVEL)
        method, data = (_DEFLATED, packed) if len(packed) < len(content) else (_STORED, content)
        name = entry.name.encode()
        described = (
            *(_VERSION_NEEDED, 0 if name.isascii() else _UTF_8_NAME, method, _MIDNIGHT, _1980_01_01),
            *(zlib.crc32(content), len(data), len(content), len(name), 0),
        )
        header = _LOCAL_HEADER.pack(b"PK\3\4", *described) + name
        attributes = (stat.S_IFREG | entry.mode) << 16
        directory += _DIRECTORY_HEADER.pack(b"PK\1\2", _MADE_BY, *described, 0, 0, 0, attributes, offset) + name
        offset += len(header) + len(data)
        yield header
        yield data
    yield directory
    yield _END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), offset, 0)

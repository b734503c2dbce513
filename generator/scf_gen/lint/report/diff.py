"""Changes as git shows them, so that `git apply` and people can read them."""

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from scf_gen.lint.change import Change

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def render(changes: Iterable[Change]) -> bytes:
    """A unified diff with modes and names; contents byte for byte, paths from the working directory."""
    return b"".join(line for change in changes for line in _lines(change))


def _lines(change: Change) -> Iterator[bytes]:
    old, new = (Path(change.root, path) for path in (change.path, change.new_path))
    yield b"diff --git %s %s\n" % (_name("a/", old), _name("b/", new))
    if change.mode != change.mode_before:
        yield b"old mode %o\nnew mode %o\n" % (0o100000 | change.mode_before, 0o100000 | change.mode)
    if new != old:
        if change.after == change.before:
            yield b"similarity index 100%\n"
        yield b"rename from %s\nrename to %s\n" % (_name("", old), _name("", new))
    if change.after != change.before:
        yield from _hunks(change, _name("a/", old), _name("b/", new))


def _hunks(change: Change, old: bytes, new: bytes) -> Iterator[bytes]:
    # Bytes as characters of the same number, since difflib knows texts only.
    before, after = (_LINE.findall(content.decode("latin-1")) for content in (change.before, change.after))
    for text in difflib.unified_diff(before, after, old.decode("latin-1"), new.decode("latin-1")):
        line = text.encode("latin-1")
        yield line if line.endswith(b"\n") else line + _NO_NEWLINE


def _name(prefix: str, path: Path) -> bytes:
    """A path, quoted as git does where it is odd."""
    name = os.fsencode(f"{prefix}{str(path).lstrip('/')}")
    if all(map(_is_plain, name)):
        return name
    return b'"%s"' % b"".join(bytes([byte]) if _is_plain(byte) else b"\\%03o" % byte for byte in name)


def _is_plain(byte: int) -> bool:
    character = chr(byte)
    return character.isascii() and character.isprintable() and character not in '"\\'

"""Rules 501 to 507, 509 and 510: the package as a whole, a ZIP or the folder that becomes one."""

import errno
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scf_gen.archive.ignore import IGNORE_FILE, is_pattern
from scf_gen.archive.source import UNPACKED_LIMIT_BYTES
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.lint.configuration_rules import place
from scf_gen.lint.context import PATTERNS_LIMIT_BYTES, Context
from scf_gen.lint.finding import Found, Severity
from scf_gen.lint.handler_file import handler_source
from scf_gen.lint.layout import extra_folder, would_be_packed
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of
from scf_gen.lint.wording import shown

# API CreateFunction, "Code.ZipFile": no text of Tencent's allows more than this.
_ZIP_LIMIT_BYTES = 50 * 1024 * 1024

# Folders and files that a function does not need, by one of the names in the path.
_JUNK = frozenset(
    {
        *(".git", ".svn", ".hg", ".idea", ".vscode", ".venv", "venv", ".env.d", "__MACOSX", ".DS_Store", "Thumbs.db"),
        *("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nyc_output", ".gitignore", ".scf"),
        ".gitattributes",
    }
)
_JUNK_AT_ROOT = frozenset({"tests", "test"})
_UNSAFE_CHARS = re.compile(r"[\x00-\x1f\x7f\\]")
_MB = 1024 * 1024
_PATTERNS_LIMIT = 1000


@check_of("SCF501")
def too_large_inline(context: Context) -> Iterator[Found]:
    """A ZIP that cannot be sent within a request."""
    size = context.package.path.stat().st_size if context.package.packed else 0
    if size > _ZIP_LIMIT_BYTES:
        yield Found(f"the ZIP has {size / _MB:.1f} MB, more than the API takes in a request")
    elif size > contract.INLINE_ZIP_LIMIT_BYTES:
        message = f"the ZIP has {size / _MB:.1f} MB, which may be more than the API takes in a request"
        yield Found(message, severity=Severity.INFO)


@check_of("SCF502")
def too_large_unpacked(context: Context) -> Iterator[Found]:
    """More than SCF takes of one version's files."""
    files = [file for file in context.package.entries if file.is_regular and would_be_packed(context, file)]
    if (size := sum(file.size for file in files)) > UNPACKED_LIMIT_BYTES:
        largest = max(files, key=lambda file: file.size)
        hint = f"the largest is {shown(largest.path)} with {largest.size / _MB:.0f} MB"
        yield Found(f"the files have {size / _MB:.0f} MB, of 500 MB that SCF takes", hint=hint)


@check_of("SCF503")
def links(context: Context) -> Iterator[Found]:
    """A link that will not be there, or not lead there, on SCF."""
    for file in context.package.entries:
        is_told_otherwise = file.path == contract.BOOTSTRAP  # SCF212
        if file.is_link and would_be_packed(context, file) and not is_told_otherwise:
            where = "is a link" if context.package.packed else _astray(context, file)
            # What leads astray in a folder is not packed at all.
            severity = None if context.package.packed else Severity.ERROR
            if where:
                yield Found(f"{shown(file.path)} {where} ({shown(file.target)})", file.path, severity=severity)


def _astray(context: Context, file: File) -> str:
    path, root = context.package.path / file.path, context.package.path.resolve()
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError:
        return "is a link to nothing"
    except (OSError, RuntimeError):
        return "is a link that leads in a circle"
    if not target.is_relative_to(root):
        return "is a link that leads outside the package"
    here = path.parent.resolve()
    return "is a link to a folder that holds it" if _holds(target, here) else ""


def _holds(folder: Path, path: Path) -> bool:
    return path == folder or folder in path.parents


@check_of("SCF504")
def unsafe_entries(context: Context) -> Iterator[Found]:
    """A name that leads outside, or that not every system can have."""
    for file in context.package.entries:
        if not would_be_packed(context, file):
            continue
        if file.path.startswith("/") or re.match("[A-Za-z]:", file.path):
            yield Found(f"{shown(file.path)} is an absolute path", file.path)
        elif ".." in file.path.split("/"):
            yield Found(f"{shown(file.path)} leads outside the package", file.path)
        elif "\\" in file.path:
            hint = "pack with / between folder and file, as scf-gen package does"
            yield Found(f"{shown(file.path)} has a backslash in its name", file.path, hint=hint)
        elif _UNSAFE_CHARS.search(file.path):
            yield Found(f"{shown(file.path)} has a control character in its name", file.path)


@check_of("SCF505")
def duplicate_entries(context: Context) -> Iterator[Found]:
    """Two entries of a ZIP with one path."""
    if not context.package.packed:
        return
    counts = Counter(file.path for file in context.package.entries)
    folders = {folder for path in counts for folder in _folders(path)}
    for path, count in counts.items():
        if count > 1:
            yield Found(f"{shown(path)} is {count} times in the ZIP", path)
        elif path in folders:
            yield Found(f"{shown(path)} is a file and a folder", path)


def _folders(path: str) -> Iterator[str]:
    parts = path.split("/")[:_DEPTH]
    return ("/".join(parts[:length]) for length in range(1, len(parts)))


_DEPTH = 50


@check_of("SCF506")
def extra_top_folder(context: Context) -> Iterator[Found]:
    """The folder has been packed instead of the files in it (START-NAME)."""
    if folder := extra_folder(context.package):
        yield Found(f"everything lies in the folder {shown(folder)}/", f"{folder}/{contract.BOOTSTRAP}")


@check_of("SCF507")
def junk(context: Context) -> Iterator[Found]:
    """Files in a ZIP that nothing needs on SCF."""
    if not context.package.packed:
        return
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for file in context.package.entries:
        if name := _junk(file.path):
            counts[name] += 1
            sizes[name] += file.size
    for name, count in counts.items():
        files = "1 file" if count == 1 else f"{count:,} files"
        yield Found(f"{name} is not needed on SCF: {files}, {sizes[name] / _MB:.1f} MB")


def _junk(path: str) -> str:
    parts = path.split("/")
    name = next((part for part in parts if part in _JUNK), "")
    if not name and len(parts) > 1 and parts[0] in _JUNK_AT_ROOT:
        return parts[0]
    return "node_modules/.cache" if "node_modules/.cache/" in path else name


@check_of("SCF509")
def unreadable(context: Context) -> Iterator[Found]:
    """What is neither file nor folder, or cannot be read."""
    for file in context.package.entries:
        if not would_be_packed(context, file) or file.is_link:
            continue
        is_locked = (
            file.is_regular and not context.package.packed and not os.access(context.package.path / file.path, os.R_OK)
        )
        if file.trouble or is_locked:
            trouble = file.trouble or os.strerror(errno.EACCES)
            yield Found(f"{shown(file.path)} cannot be read: {shown(trouble)}", file.path)
        elif not file.is_regular and file.path != contract.BOOTSTRAP:  # SCF212
            kind = _KINDS.get(stat.S_IFMT(file.mode), "no file")
            # Packing leaves it out, and says so.
            severity = None if context.package.packed else Severity.INFO
            yield Found(f"{shown(file.path)} is {kind}", file.path, severity=severity)


_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@check_of("SCF510")
def patterns(context: Context) -> Iterator[Found]:
    """Patterns that nobody can read, or that leave out what SCF starts (START-MISSING, INIT-HANDLER)."""
    if context.package.packed:
        return
    found = handler_source(context)
    for needed in (context.bootstrap, found[0] if found and not found[1].compiled else None):
        if needed and needed.is_regular and not would_be_packed(context, needed):
            hint = f"take it back with the line !/{needed.path} at the end of {IGNORE_FILE}"
            yield Found(f"a pattern leaves {shown(needed.path)} out of the package", needed.path, hint=hint)
    file = context.package.top.get(IGNORE_FILE)
    if file and file.is_regular:
        yield from _wrong_lines(file)
    table = context.config.get("package")
    exclude = table.get("exclude") if isinstance(table, dict) else None
    lines = [line for line in exclude if isinstance(line, str)] if isinstance(exclude, list) else []
    for line in lines[:_PATTERNS_LIMIT]:
        if not is_pattern(line):
            message = f"{shown(repr(line))} in exclude is no pattern of a .gitignore"
            yield Found(message, CONFIG_FILE, *place(context, ("package", "exclude")))


def _wrong_lines(file: File) -> Iterator[Found]:
    try:
        lines = file.content[:PATTERNS_LIMIT_BYTES].decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":  # it was cut
            yield Found(f"{file.path} is not UTF-8", file.path, *file.place(error.start))
        return
    for number, line in enumerate(lines[:_PATTERNS_LIMIT], 1):
        if not is_pattern(line.rstrip("\r")):
            yield Found(f"{shown(repr(line))} is no pattern of a .gitignore", file.path, number)

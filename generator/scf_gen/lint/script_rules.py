"""Rules 406 and 407: shell files other than the bootstrap as editors and checkouts on Windows leave them."""

import re
from collections.abc import Iterator

from scf_gen.lint.context import Context
from scf_gen.lint.faults import running_scripts
from scf_gen.lint.file import UTF8_MARK
from scf_gen.lint.finding import Edit, Found, Replace, Severity
from scf_gen.lint.layout import is_dependency
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of
from scf_gen.lint.shellcheck import is_shell
from scf_gen.lint.wording import shown


@check_of("SCF406")
def crlf(context: Context) -> Iterator[Found]:
    """A shell file with CRLF line ends (INIT-HANDLER)."""
    files = [file for file in _shell_files(context) if file.has_crlf]
    for file, severity in _weighed(files, context):
        message, edits = f"{shown(file.path)} has CRLF line ends", without_crlf(file)
        edits = () if is_dependency(file.path) else edits
        yield Found(message, file.path, 1, len(file.first_line), edits=edits, severity=severity)


@check_of("SCF407")
def byte_order_mark(context: Context) -> Iterator[Found]:
    """A shell file after a byte order mark (INIT-HANDLER)."""
    files = [file for file in _shell_files(context) if file.has_mark]
    for file, severity in _weighed(files, context):
        edits = () if is_dependency(file.path) else without_mark(file)
        yield Found(f"{shown(file.path)} starts with a byte order mark", file.path, 1, edits=edits, severity=severity)


def without_crlf(file: File) -> tuple[Edit, ...]:
    """What makes all its CRLF line ends LF."""
    ends = re.finditer(rb"\r\n", file.content)
    return tuple(Replace(file.path, end.start(), end.start() + 1, b"") for end in ends)


def without_mark(file: File) -> tuple[Edit, ...]:
    """What takes away its byte order mark."""
    return (Replace(file.path, 0, len(UTF8_MARK), b""),)


def _shell_files(context: Context) -> list[File]:
    # SCF203 and SCF204 tell of the bootstrap.
    return [file for file in context.package.files.values() if file is not context.bootstrap and is_shell(file)]


def _weighed(files: list[File], context: Context) -> Iterator[tuple[File, Severity]]:
    """Each with how bad it is: not all of them run on SCF."""
    running = {script.file.path for script in running_scripts(context)} if files else set()
    return ((file, Severity.ERROR if file.path in running else Severity.WARNING) for file in files)

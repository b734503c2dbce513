"""Rules 2xx: the file that SCF starts."""

from collections.abc import Iterator

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found, Replace, SetMode
from scf_gen.lint.rule import check_of


@check_of("SCF201")
def missing(context: Context) -> Iterator[Found]:
    """No bootstrap at the root (START-MISSING)."""
    if context.bootstrap is None and not context.is_unbuilt:
        yield Found(f"there is no {contract.BOOTSTRAP} at the root")


@check_of("SCF202")
def not_executable(context: Context) -> Iterator[Found]:
    """A bootstrap without the permission to execute it (START-EXECUTABLE)."""
    file = context.bootstrap
    if file and file.is_regular and not file.is_executable:
        yield Found(f"{file.path} is not executable", file.path, edits=(SetMode(file.path, 0o755),))


@check_of("SCF203")
def crlf(context: Context) -> Iterator[Found]:
    """A script with CRLF line ends (START-BROKEN)."""
    file = context.bootstrap
    if file and file.shebang and file.first_line.endswith(b"\r"):
        edits = tuple(Replace(file.path, at, at + 1, b"") for at in _places(file.content, b"\r\n"))
        yield Found(f"{file.path} has CRLF line ends", file.path, 1, len(file.first_line), edits=edits)


def _places(content: bytes, part: bytes) -> Iterator[int]:
    at = content.find(part)
    while at >= 0:
        yield at
        at = content.find(part, at + 1)

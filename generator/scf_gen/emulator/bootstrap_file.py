"""Why a bootstrap file could not be started, seen from the file itself, as SCF's kernel would see it."""

import os
from dataclasses import dataclass
from pathlib import Path

from scf_gen.core import contract
from scf_gen.core.result import Kind

_ELF_MAGIC = b"\x7fELF"
_ELF_64_LITTLE_ENDIAN = b"\x02\x01"
_ELF_X86_64 = 0x3E
_START_BYTES = 256


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure to start, with the detail that completes its message, and what advice there is for it."""

    kind: Kind
    detail: str = ""
    cause: str = ""


def inspect(code: Path) -> Fault | None:
    """The failure that starting `code`/bootstrap would meet; None if nothing speaks against it."""
    path = code / contract.BOOTSTRAP  # START-NAME
    if not path.exists():  # START-MISSING
        return Fault(Kind.BOOTSTRAP_MISSING)
    if not path.is_file():
        return Fault(Kind.NOT_EXECUTABLE, cause="no file")
    if not os.access(path, os.X_OK):  # START-EXECUTABLE
        return Fault(Kind.NOT_EXECUTABLE)
    try:
        start = _start(path)
    except OSError as error:
        return _broken("unreadable", f"Bootstrap cannot be read: {error.strerror}")
    return _fault(start)  # START-BROKEN


def interpreter(path: Path) -> tuple[Path, ...]:
    """What the #! line of a script names; nothing for a program."""
    start = _start(path)
    words = start[2:].partition(b"\n")[0].split() if start.startswith(b"#!") else []
    return (Path(os.fsdecode(words[0])),) if words else ()


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_START_BYTES)


def _broken(cause: str, detail: str) -> Fault:
    return Fault(Kind.CANNOT_START, detail, cause)


def _fault(start: bytes) -> Fault | None:
    if start.startswith(b"#!"):
        return _shebang_fault(start[2:].partition(b"\n")[0])
    if start.startswith(_ELF_MAGIC):
        is_x86_64 = start[4:6] == _ELF_64_LITTLE_ENDIAN and int.from_bytes(start[18:20], "little") == _ELF_X86_64
        return None if is_x86_64 else _broken("another machine", "Bootstrap is built for another machine than x86-64")
    if start.startswith(b"\xef\xbb\xbf#!"):
        return _broken("byte order mark", "Bootstrap starts with a byte order mark, so that its #! line is not seen")
    return _broken("no #! line", "Bootstrap is neither a script with a #! line nor an x86-64 program")


def _shebang_fault(line: bytes) -> Fault | None:
    interpreter = line.split(maxsplit=1)[0].decode(errors="replace") if line.split() else ""
    if line.endswith(b"\r"):
        detail = f"Bootstrap has CRLF line ends, so that its interpreter would be {interpreter!r} with a CR at its end"
        return _broken("CRLF", detail)
    if not os.access(interpreter, os.X_OK):
        return _broken("no interpreter", f"Bootstrap names an interpreter that is not there: {interpreter!r}")
    return None

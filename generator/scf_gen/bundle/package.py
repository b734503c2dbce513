"""A project as the ZIP that SCF takes."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from scf_gen.archive import source
from scf_gen.archive.ignore import IGNORE_FILE
from scf_gen.archive.writer import Entry, write_zip
from scf_gen.bundle.contents import gather
from scf_gen.core import contract
from scf_gen.core.function import Function
from scf_gen.core.packaging import Packaging
from scf_gen.errors import DestinationExists, PackageInvalid
from scf_gen.languages.language import Language

_EXECUTABLE, _PLAIN = 0o755, 0o644
_PROGRAM_STARTS = (b"#!", b"\x7fELF")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Package:
    """A ZIP that was written: its files, its size in bytes, and what was left out unasked, with the reason."""

    path: Path
    sha256: str
    size: int
    entries: tuple[Entry, ...]
    left_out: Mapping[str, str]

    @property
    def unpacked_size(self) -> int:
        """All contents together, in bytes."""
        return sum(entry.size for entry in self.entries)


def pack(
    project: Path,
    output: Path,
    function: Function,
    packaging: Packaging,
    language: Language | None,
    say: Callable[[str], None],
    check: Callable[[Path], None] = lambda _: None,
) -> Package:
    """Pack the project, which is built already, into the ZIP file `output`.

    What takes time is said beforehand. Raises PackageInvalid for files that SCF would not take, DestinationExists and
    OSError for an `output` that cannot be written, what installing raises, and what `check` raises when it sees the
    finished ZIP; what was at `output` is then still there.
    """
    _check_output(output)
    with TemporaryDirectory(prefix="scf-gen-") as staging:
        selection = gather(project, output, packaging, language, Path(staging), say)
        _check_names(project, selection.files)
        entries = tuple(_entry(name, path, function, language) for name, path in sorted(selection.files.items()))
        _check_size(project, entries)
        digest = write_zip(output.resolve(), entries, check)
    return Package(output, digest, output.stat().st_size, entries, selection.left_out)


def _check_output(output: Path) -> None:
    if output.exists() and not (output.is_file() and (zipfile.is_zipfile(output) or not output.stat().st_size)):
        raise DestinationExists(f"{output} is there already and is no ZIP file", "name another file with -o")


def _check_names(project: Path, files: Mapping[str, Path]) -> None:
    if contract.BOOTSTRAP not in files:
        there = (project / contract.BOOTSTRAP).is_file()
        raise PackageInvalid(
            f"{project} {'leaves out' if there else 'has no'} {contract.BOOTSTRAP}, the file that SCF starts",
            f"take it back with the line !/{contract.BOOTSTRAP} at the end of {IGNORE_FILE}"
            if there
            else "put one at the root; scf-gen new writes one, and a handler to go with it",
        )
    folders = {str(folder) for name in files for folder in PurePosixPath(name).parents}
    if both := sorted(folders & files.keys()):
        raise PackageInvalid(
            f"{project / both[0]} is a file, and a folder of that name is installed", "rename the file"
        )


def _check_size(project: Path, entries: tuple[Entry, ...]) -> None:
    size = sum(entry.size for entry in entries)
    if size > source.UNPACKED_LIMIT_BYTES:
        largest = sorted(entries, key=lambda entry: entry.size, reverse=True)[:3]
        names = ", ".join(f"{entry.name} ({entry.size / _MEGABYTE:,.0f} MB)" for entry in largest)
        raise PackageInvalid(
            f"{project} holds {size / _MEGABYTE:,.0f} MB, and SCF takes 500 MB, with all layers",
            f"name what is not needed in {IGNORE_FILE}; the largest are {names}",
        )


def _entry(name: str, path: Path, function: Function, language: Language | None) -> Entry:
    status = path.stat()
    is_program = (
        name == contract.BOOTSTRAP  # whatever a checkout on Windows made of it
        or _holds_handler(name, function, language)
        or bool(status.st_mode & 0o111)
        or _starts_as_program(path)
    )
    return Entry(name, path, _EXECUTABLE if is_program else _PLAIN, status.st_size)


def _holds_handler(name: str, function: Function, language: Language | None) -> bool:
    file, _, _ = function.handler.partition(".")
    return name == f"{file}.{language.suffix}" if language else "/" not in name and PurePosixPath(name).stem == file


def _starts_as_program(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith(_PROGRAM_STARTS)

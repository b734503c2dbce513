"""Linux programs and libraries: what they are built for, and what they need of the system that loads them.

Files are hostile until proven otherwise: whatever pyelftools is made to do by one, it can read only so much of it.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection, GNUVerSymSection

ELF_MAGIC = b"\x7fELF"
# More is not read of one file: Node.js has 100 MB.
ELF_LIMIT_BYTES = 128 << 20
_READS_OF_ONE_FILE = 200_000
_BYTES_OF_ONE_FILE = 64 << 20
_NEEDS_LIMIT = 1000
_VERSYM_LIMIT_BYTES = 1 << 20

_CLASS_64, _LITTLE_ENDIAN, _X86_64 = 2, 1, 0x3E
_RELOCATABLE, _PROGRAM, _SHARED = 1, 2, 3
_MACHINES = {
    3: "32-bit x86",
    0x28: "32-bit ARM",
    0xB7: "64-bit ARM",
    0xF3: "RISC-V",
    8: "MIPS",
    21: "PowerPC",
    22: "S390",
}
_SYSTEMS = {0: "", 3: "", 2: "NetBSD", 6: "Solaris", 9: "FreeBSD", 12: "OpenBSD"}
_FORMATS = {
    b"MZ": "a Windows program",
    b"\xcf\xfa\xed\xfe": "a macOS program",
    b"\xce\xfa\xed\xfe": "a macOS program",
    b"\xca\xfe\xba\xbe": "a macOS program",
}


@dataclass(frozen=True, slots=True)
class Built:
    """What a header says: `machine` and `system` are empty where they are SCF's."""

    machine: str
    system: str
    is_object: bool


@dataclass(frozen=True, slots=True)
class Need:
    """A version, such as GLIBC_2.34, that a library has to have, and the first symbol that asks for it."""

    library: str
    version: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Program:
    """What a program or library asks its loader for; `search` are its own search paths."""

    loader: str
    libraries: Sequence[str]
    search: Sequence[str]
    needs: Sequence[Need]


@dataclass(slots=True)
class Budget:
    """How much may still be read of all the files of a package."""

    reads: int = 1_500_000
    bytes: int = 512 << 20


class _TooMuchError(Exception):
    """A file that wants to be read without end."""


def foreign_format(start: bytes) -> str:
    """The kind of another system's program that begins with `start`; "" for what is none."""
    return next((kind for magic, kind in _FORMATS.items() if start.startswith(magic)), "")


def built_for(start: bytes) -> Built | None:
    """What the first 20 bytes of an ELF file say; None where they are no ELF header."""
    if len(start) < 20 or not start.startswith(ELF_MAGIC):  # noqa: PLR2004 -- up to e_machine
        return None
    order = "<" if start[5] == _LITTLE_ENDIAN else ">"
    kind, number = struct.unpack_from(f"{order}HH", start, 16)
    is_right = number == _X86_64 and start[4] == _CLASS_64 and start[5] == _LITTLE_ENDIAN
    machine = "" if is_right else "the x32 ABI" if number == _X86_64 else _MACHINES.get(number, f"machine {number}")
    return Built(machine, _SYSTEMS.get(start[7], ""), kind not in (_PROGRAM, _SHARED))


def read_program(content: bytes, budget: Budget) -> Program | None:
    """What an ELF file needs; None for one that cannot be read, or only by reading too much."""
    stream = _Stream(content, budget)
    try:
        elf: Any = ELFFile(stream)  # what pyelftools says of its types is not all there is
        loader = ""
        libraries: list[str] = []
        search: dict[str, str] = {}
        for segment in elf.iter_segments():
            if segment["p_type"] == "PT_INTERP":
                loader = segment.get_interp_name()
            elif isinstance(segment, DynamicSegment):
                libraries, search = _dynamic(segment)
        # RPATH does not count beside RUNPATH.
        paths = search.get("DT_RUNPATH", search.get("DT_RPATH", ""))
        return Program(loader, libraries, tuple(filter(None, paths.split(":"))), tuple(_needs(elf, stream)))
    except Exception:  # noqa: BLE001 -- pyelftools meets a broken file with whatever it trips over
        return None


def _dynamic(segment: Any) -> tuple[list[str], dict[str, str]]:
    libraries, search = [], {}
    for tag in segment.iter_tags():
        match tag.entry.d_tag:
            case "DT_NEEDED":
                libraries.append(tag.needed)
            case "DT_RPATH":
                search["DT_RPATH"] = tag.rpath
            case "DT_RUNPATH":
                search["DT_RUNPATH"] = tag.runpath
    return libraries, search


def _needs(elf: Any, stream: io.BytesIO) -> Iterator[Need]:
    needs = {}
    symbols = None
    for section in elf.iter_sections():
        if isinstance(section, GNUVerNeedSection):
            needs = dict(_versions(section))
        elif isinstance(section, GNUVerSymSection):
            symbols = section
    first = _first_symbols(elf, stream, symbols) if symbols else {}
    for index, (library, version) in needs.items():
        yield Need(library, version, first.get(index, ""))


def _versions(section: Any) -> Iterator[tuple[int, tuple[str, str]]]:
    found = 0
    for library, versions in section.iter_versions():
        for version in versions:
            found += 1
            if found > _NEEDS_LIMIT:
                raise _TooMuchError
            if not version["vna_flags"] & _WEAK:
                yield version["vna_other"] & 0x7FFF, (library.name, version.name)


_WEAK = 2


def _first_symbols(elf: Any, stream: io.BytesIO, section: GNUVerSymSection) -> dict[int, str]:
    stream.seek(section["sh_offset"])
    raw = stream.read(min(section["sh_size"], _VERSYM_LIMIT_BYTES))
    places: dict[int, int] = {}
    for place, (index,) in enumerate(struct.iter_unpack("<H", raw[: len(raw) & ~1])):
        places.setdefault(index & 0x7FFF, place)
    table = elf.get_section(section["sh_link"])
    return {index: table.get_symbol(place).name for index, place in places.items() if index > 1}


class _Stream(io.BytesIO):
    """A file's bytes, of which only so much can be read."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        super().__init__(content)
        self._budget = budget
        self._left = Budget(_READS_OF_ONE_FILE, _BYTES_OF_ONE_FILE)

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        for left in (self._left, self._budget):
            left.reads -= 1
            left.bytes -= len(part)
            if left.reads < 0 or left.bytes < 0:
                raise _TooMuchError
        return part

"""Makes the smallest ELF files that ask for given things of their loader."""

import struct
from collections.abc import Mapping, Sequence

HEADER, SEGMENT, SECTION = struct.Struct("<16sHHIQQQIHHHHHH"), struct.Struct("<IIQQQQQQ"), struct.Struct("<IIQQQQIIQQ")


def header(machine=62, bits=2, order=1, system=0, kind=2):
    """The 64 bytes that begin an ELF file."""
    ident = b"\x7fELF" + bytes([bits, order, 1, system]) + bytes(8)
    number = machine if order == 1 else int.from_bytes(machine.to_bytes(2, "big"), "little")
    return HEADER.pack(ident, kind, number, 1, 0, 64, 0, 0, 64, 56, 0, 64, 0, 0)


class Strings:
    def __init__(self):
        self.data = b"\0"

    def add(self, text):
        at = len(self.data)
        self.data += text.encode() + b"\0"
        return at


def program(
    libraries: Sequence[str] = ("libc.so.6",),
    versions: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    loader: str = "/lib64/ld-linux-x86-64.so.2",
    runpath: str = "",
    weak: bool = False,
) -> bytes:
    """A program; `versions` are pairs of version and symbol by library."""
    strings, names = Strings(), Strings()
    symbols, indexes, needs = [bytes(24)], [0], b""
    wanted = dict(versions or {})
    number = 1
    for position, (library, pairs) in enumerate(wanted.items()):
        last_library = position == len(wanted) - 1
        needs += struct.pack(
            "<HHIII", 1, len(pairs), strings.add(library), 16, 0 if last_library else 16 + 16 * len(pairs)
        )
        for place, (version, symbol) in enumerate(pairs):
            number += 1
            symbols.append(struct.pack("<IBBHQQ", strings.add(symbol), 0x12, 0, 0, 0, 0))
            indexes.append(number)
            following = 0 if place == len(pairs) - 1 else 16
            needs += struct.pack("<IHHII", _hash(version), 2 if weak else 0, number, strings.add(version), following)
    tags = [(1, strings.add(library)) for library in libraries]
    if runpath:
        tags.append((29, strings.add(runpath)))

    segments = 4 if loader else 2
    at = 64 + 56 * segments
    places, body = {}, b""
    parts = {
        "interp": loader.encode() + b"\0" if loader else b"",
        "dynstr": strings.data,
        "dynsym": b"".join(symbols),
        "versym": struct.pack(f"<{len(indexes)}H", *indexes),
        "verneed": needs,
    }
    for name, part in parts.items():
        body += bytes(-len(body) % 8)
        places[name] = (at + len(body), len(part))
        body += part
    body += bytes(-len(body) % 8)
    tags += [(5, places["dynstr"][0]), (10, len(strings.data)), (6, places["dynsym"][0]), (11, 24), (0, 0)]
    if wanted:
        tags[:0] = [(0x6FFFFFF0, places["versym"][0]), (0x6FFFFFFE, places["verneed"][0]), (0x6FFFFFFF, len(wanted))]
    dynamic = b"".join(struct.pack("<QQ", *tag) for tag in tags)
    places["dynamic"] = (at + len(body), len(dynamic))
    body += dynamic
    sections = [SECTION.pack(*[0] * 10)]
    kinds = [
        ("dynstr", 3, 0, 0, 0),
        ("dynsym", 11, 1, 1, 24),
        ("versym", 0x6FFFFFFF, 2, 0, 2),
        ("verneed", 0x6FFFFFFE, 1, len(wanted), 0),
        ("dynamic", 6, 1, 0, 16),
    ]
    for name, kind, link, info, size in kinds:
        start, length = places[name]
        sections.append(SECTION.pack(names.add(name), kind, 2, start, start, length, link, info, 8, size))
    title = names.add("shstrtab")
    start = at + len(body)
    body += names.data
    sections.append(SECTION.pack(title, 3, 0, 0, start, len(names.data), 0, 0, 1, 0))
    body += bytes(-(at + len(body)) % 8)
    table = at + len(body)
    size = table + 64 * len(sections)
    heads = [SEGMENT.pack(1, 7, 0, 0, 0, size, size, 4096), SEGMENT.pack(2, 6, *_twice(places["dynamic"]), 8)]
    if loader:
        # The loader learns from the first where it has been loaded.
        heads = [
            SEGMENT.pack(6, 4, *_twice((64, 56 * segments)), 8),
            SEGMENT.pack(3, 4, *_twice(places["interp"]), 1),
            *heads,
        ]
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    first = HEADER.pack(ident, 3, 62, 1, 0, 64, table, 0, 64, 56, segments, 64, len(sections), len(sections) - 1)
    return first + b"".join(heads) + body + b"".join(sections)


def _twice(place):
    start, length = place
    return start, start, start, length, length


def _hash(name):
    number = 0
    for byte in name.encode():
        number = (number << 4) + byte
        high = number & 0xF0000000
        number = (number ^ (high >> 24)) & ~high
    return number

"""Where the keys of a TOML file stand."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from scf_gen.lint.package import File
from scf_gen.lint.source import parse

Key = tuple[str, ...]
Place = tuple[int, int]

GRAMMAR = "tree_sitter_toml"
# [function] env = { KEY = "value" } is as deep as a scf.toml goes.
_DEPTH = 3
_KEY_LIMIT_BYTES = 1000


def places(file: File) -> Mapping[Key, Place]:
    """Line and column of each table and key by its full name; of what stands twice, the first."""
    found: dict[Key, Place] = {}
    for key, node in _keys(parse(file, GRAMMAR).root_node, ()):
        found.setdefault(key, file.place(node.start_byte))
    return found


def _keys(node: Node, table: Key) -> Iterator[tuple[Key, Node]]:
    for child in node.named_children:
        match child.type:
            case "table" | "table_array_element":
                yield from _table(child)
            case "pair":
                yield from _pair(child, table)


def _table(node: Node) -> Iterator[tuple[Key, Node]]:
    header = next((child for child in node.named_children if child.type != "comment"), node)
    if name := _name(header):
        yield name, header
        yield from _keys(node, name)


def _pair(node: Node, table: Key) -> Iterator[tuple[Key, Node]]:
    key, value = node.named_children[0], node.named_children[-1]
    name = (*table, *_name(key))[:_DEPTH]
    for length in range(len(table) + 1, len(name) + 1):
        yield name[:length], key
    if value.type == "inline_table" and len(name) < _DEPTH:
        yield from _keys(value, name)


def _name(node: Node) -> Key:
    if node.end_byte - node.start_byte > _KEY_LIMIT_BYTES:
        return ()
    try:
        table = tomllib.loads(f"{(node.text or b'').decode()} = 0")
    except ValueError:
        return ()
    parts: list[str] = []
    while isinstance(table, dict):
        part, table = next(iter(table.items()))
        parts.append(part)
    return tuple(parts)


def nearest(key: Sequence[str], found: Mapping[Key, Place]) -> Place:
    """The place of a key, else that of the table it is in, else the file's start as a whole."""
    names = (tuple(key[:length]) for length in range(len(key), 0, -1))
    return next((found[name] for name in names if name in found), (0, 1))

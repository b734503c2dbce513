"""Source files as trees: the grammar that a language names, and its queries."""

import importlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from scf_gen.lint.finding import Edit, Found, Severity
from scf_gen.lint.package import File

__all__ = [
    "PARSE_LIMIT_BYTES",
    "Node",
    "Tree",
    "found_at",
    "grammar",
    "is_lost",
    "is_whole",
    "matches",
    "parse",
    "text",
    "tree_of",
]

# More is not parsed: no handler or bootstrap is that long, and a parser may take a thousand times its memory.
PARSE_LIMIT_BYTES = 128 << 10
# Time grows with the square of these: for the parser of Bash, and for queries over what a parser gave up on.
_PIPES_LIMIT = 4000
_ERROR_LIMIT = 2000


@cache
def grammar(module: str) -> Language:
    """The grammar in a module such as tree_sitter_bash."""
    return Language(importlib.import_module(module).language())


@cache
def _query(module: str, text: str) -> Query:
    return Query(grammar(module), text)


def parse(file: File, module: str) -> Tree:
    """The tree of a file; of one that is too long, its start; an empty tree where there is no sense in it."""
    parser, content = Parser(grammar(module)), file.content[:PARSE_LIMIT_BYTES]
    if content.count(b"|") > _PIPES_LIMIT:
        return parser.parse(b"")
    tree = parser.parse(content)
    return parser.parse(b"") if _is_lost(tree.root_node) else tree


def is_lost(file: File, tree: Tree) -> bool:
    """Whether an empty tree stands for a file that is not empty."""
    return not tree.root_node.end_byte and bool(file.content.strip())


def tree_of(file: File, module: str, cache: dict[object, Any]) -> Tree:
    """The tree of a file, parsed once for all that share the cache."""
    key = (module, file.path)
    if key not in cache:
        cache[key] = parse(file, module)
    tree: Tree = cache[key]
    return tree


def is_whole(file: File) -> bool:
    """Whether the tree is that of the whole file."""
    return len(file.content) <= PARSE_LIMIT_BYTES


def matches(tree: Tree, module: str, query: str) -> Iterator[dict[str, list[Node]]]:
    """The captures of every match of `query`, by name."""
    return (captures for _, captures in QueryCursor(_query(module, query)).matches(tree.root_node))


def found_at(
    file: File,
    node: Node,
    message: str,
    hint: str = "",
    edits: tuple[Edit, ...] = (),
    severity: Severity | None = None,
) -> Found:
    """What a check has found where a node starts."""
    line, column = file.place(node.start_byte)
    return Found(message, file.path, line, column, hint, edits=edits, severity=severity)


def _is_lost(root: Node) -> bool:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error and node.child_count > _ERROR_LIMIT:
            return True
        waiting += [child for child in node.children if child.has_error] if node.has_error else []
    return False


def text(file: File, node: Node, limit: int = 2048) -> str:
    """The text of a node, or its first `limit` bytes."""
    return file.content[node.start_byte : min(node.end_byte, node.start_byte + limit)].decode(errors="replace")

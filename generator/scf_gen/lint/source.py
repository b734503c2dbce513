"""Source files as trees: the grammar that a language names, and its queries."""

import importlib
from collections.abc import Iterator
from functools import cache

from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from scf_gen.lint.package import File

# More is not parsed: no handler or bootstrap is that long, and a parser's memory is a multiple of it.
PARSE_LIMIT_BYTES = 512 << 10


@cache
def grammar(module: str) -> Language:
    """The grammar in a module such as tree_sitter_bash."""
    return Language(importlib.import_module(module).language())


@cache
def _query(module: str, text: str) -> Query:
    return Query(grammar(module), text)


def parse(file: File, module: str) -> Tree:
    """The tree of a file; of one that is too long, its start."""
    return Parser(grammar(module)).parse(file.content[:PARSE_LIMIT_BYTES])


def matches(tree: Tree, module: str, query: str) -> Iterator[dict[str, list[Node]]]:
    """The captures of every match of `query`, by name."""
    return (captures for _, captures in QueryCursor(_query(module, query)).matches(tree.root_node))

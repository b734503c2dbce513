"""The functions of a source file that a handler may name, as its language's data find them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scf_gen.languages.language import Source
from scf_gen.lint.package import File
from scf_gen.lint.source import PARSE_LIMIT_BYTES, matches, tree_of

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Functions:
    """Where each function that is found stands, and whether the file may have others that cannot be seen."""

    places: Mapping[str, Place]
    opaque: bool


def functions(file: File, source: Source, cache: dict[object, Any]) -> Functions | None:
    """The functions of a file; None where its language does not say how to find any. Trees are kept in `cache`."""
    if not (source.functions or source.pattern):
        return None
    content = file.content[:PARSE_LIMIT_BYTES]
    opaque = file.size > PARSE_LIMIT_BYTES or not file.is_regular or bool(file.trouble)
    if source.opaque:
        opaque = opaque or bool(re.search(source.opaque.encode(), content))
    if source.functions:
        tree = tree_of(file, source.grammar, cache)
        names = [node for match in matches(tree, source.grammar, source.functions) for node in match.get("name", ())]
        found = {_text(node.text): file.place(node.start_byte) for node in reversed(names)}
        # Where the grammar has lost its way, so may its functions have.
        return Functions(found, opaque or tree.root_node.has_error)
    hits = list(re.finditer(source.pattern.encode(), content))
    return Functions({_text(hit["name"]): file.place(hit.start("name")) for hit in reversed(hits)}, opaque)


def _text(name: bytes | None) -> str:
    return (name or b"").decode(errors="replace")

"""Rule 108: files that their language reads as something that they are not."""

import json
import posixpath
import re
from collections.abc import Iterator

from scf_gen.languages.imports import Kind
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found, Severity
from scf_gen.lint.loads import Loads, loads_of
from scf_gen.lint.package import File
from scf_gen.lint.protocol import protocol_of
from scf_gen.lint.rule import check_of
from scf_gen.lint.source import found_at, is_whole, matches, text, tree_of


@check_of("SCF108")
def wrong_kind(context: Context) -> Iterator[Found]:
    """A file that is written as another kind than it is read as (INIT-HANDLER)."""
    loads = loads_of(context)
    if loads is None or not loads.language.source.kinds or loads.is_excused:
        return
    for file in loads.files.values():
        kind, is_said = _kind_of(file, loads)
        if kind and is_whole(file) and not _is_excused(kind, file, loads):
            yield from _fault(kind, file, loads, None if is_said else Severity.WARNING)


def _kind_of(file: File, loads: Loads) -> tuple[Kind | None, bool]:
    """What the file is read as, and whether that is said; None where it cannot be known."""
    kinds = loads.language.source.kinds
    if by_suffix := next((kind for kind in kinds if file.suffix in kind.suffixes), None):
        return by_suffix, True
    said = _said(file, kinds[0], loads.context)
    if by_value := next((kind for kind in kinds if kind.value == said), None):
        return by_value, True
    default = next((kind for kind in kinds if kind.default), None)
    is_known = said is not None and default is not None and not loads.paths.has_any(default.own_interpreter)
    return (default, False) if is_known else (None, False)


def _said(file: File, kind: Kind, context: Context) -> str | None:
    """What the nearest manifest says; "" where there is none, or it says nothing, and None where it is broken."""
    folder, found = posixpath.dirname(file.path), None
    while found is None:
        found = context.package.files.get(posixpath.join(folder, kind.manifest))
        if not folder:
            break
        folder = posixpath.dirname(folder)
    if found is None:
        return ""
    try:
        return str(json.loads(found.content).get(kind.key, ""))
    except (ValueError, AttributeError, RecursionError):
        return None


def _is_excused(kind: Kind, file: File, loads: Loads) -> bool:
    return bool(kind.unless) and bool(re.search(kind.unless.encode(), protocol_of(loads.context).code(file)))


def _fault(kind: Kind, file: File, loads: Loads, severity: Severity | None) -> Iterator[Found]:
    """The first fault of a file: the others go with it."""
    grammar = loads.language.source.grammar
    tree = tree_of(file, grammar, loads.context.cache)
    found = (match["fault"][0] for match in matches(tree, grammar, kind.query))
    plain = [node for node in found if loads.is_plain(file, node)]
    if plain and not tree.root_node.has_error:
        node = min(plain, key=lambda node: node.start_byte)
        message = kind.message.replace("{fault}", text(file, node, 60).partition("\n")[0])
        yield found_at(file, node, message + (kind.default if severity else ""), kind.hint, severity=severity)

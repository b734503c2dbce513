"""Rule 404: source files that their language cannot read. ShellCheck looks at shell files."""

import importlib
import re
import warnings
from collections.abc import Iterator

from scf_gen.languages.language import Language
from scf_gen.lint.context import Context
from scf_gen.lint.faults import running_sources
from scf_gen.lint.finding import Found
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of
from scf_gen.lint.source import Node, Tree, found_at, is_lost, is_whole, matches, text, tree_of

_ENCODING = re.compile(rb"coding[:=]")


@check_of("SCF404")
def syntax_error(context: Context) -> Iterator[Found]:
    """A source file that its language cannot read."""
    for language in context.languages.values():
        for file in running_sources(context, language) if language.source.syntax else ():
            if trouble := _trouble(file, language, context):
                yield trouble


def _trouble(file: File, language: Language, context: Context) -> Found | None:
    try:
        file.content.decode()
    except UnicodeDecodeError as error:
        if is_whole(file) and not _ENCODING.search(file.content[:200]):
            return Found(f"not UTF-8: byte {file.content[error.start]:#04x}", file.path, *file.place(error.start))
        return None
    tree = tree_of(file, language.source.grammar, context.cache)
    return (_by_parser if language.source.parser else _by_tree)(file, language, tree)


def _by_parser(file: File, language: Language, tree: Tree) -> Found | None:
    """What the language's own parser says; it may be older than what SCF has, so alone it is not believed."""
    error = _complaint(file, language.source.parser) if is_whole(file) else None
    is_seen = tree.root_node.has_error or is_lost(file, tree) or isinstance(error, IndentationError)
    if error is None or not is_seen:
        return None
    message = f"{language.title} cannot read this: {error.msg}"
    return Found(message, file.path, error.lineno or 1, error.offset or 1)


def _complaint(file: File, parser: str) -> SyntaxError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is only discouraged
            importlib.import_module(parser).parse(file.content)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):  # NUL bytes, or nested too deep
        return None
    return None


def _by_tree(file: File, language: Language, tree: Tree) -> Found | None:
    if is_lost(file, tree):
        return Found(f"{language.title} cannot read this", file.path, 1)
    if not tree.root_node.has_error or not is_whole(file):
        return None
    found = matches(tree, language.source.grammar, "(ERROR) @broken (MISSING) @broken")
    broken = (match["broken"][0] for match in found)
    node = min(broken, key=lambda node: node.start_byte, default=None)
    if node is None:
        return None
    what = f"{node.type} is missing" if node.is_missing else f"unexpected {_first_line(file, node)}"
    return found_at(file, node, f"{language.title} cannot read this: {what}")


def _first_line(file: File, node: Node) -> str:
    lines = text(file, node, 60).strip().splitlines()
    return lines[0] if lines else "end"

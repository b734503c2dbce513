"""The faults that the languages' own queries find, and the files that such rules look into."""

import re
from collections.abc import Iterator

from scf_gen.languages.language import Language
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found
from scf_gen.lint.package import File
from scf_gen.lint.protocol import protocol_of
from scf_gen.lint.shell import LIMIT_BYTES, Script, script_of
from scf_gen.lint.shellcheck import is_shell
from scf_gen.lint.source import Node, found_at, matches, text, tree_of

_QUOTED_CHARACTERS = 60
_PER_FILE = 20


def faults(context: Context, code: str) -> Iterator[Found]:
    """What the languages' queries for a rule find in the files that SCF runs."""
    for language in context.languages.values():
        fault = language.source.faults.get(code)
        files = running_sources(context, language) if fault else []
        if fault and files and not _is_excused(context, files, fault.get("unless", "")):
            for file in files:
                for node in _nodes(context, language, file, fault["query"])[:_PER_FILE]:
                    yield found_at(file, node, _message(file, node, fault["message"]))


def running_sources(context: Context, language: Language) -> list[File]:
    """A language's files at work: those that speak to the runtime API, and the handler's."""
    stem, suffixes = context.handler.partition(".")[0], language.suffixes
    handlers = [file for suffix in suffixes if (file := context.package.top.get(f"{stem}.{suffix}"))]
    files = {file.path: file for file in (*protocol_of(context).speakers, *handlers)}
    return [file for file in files.values() if file.suffix in suffixes and file.is_text and language.source.grammar]


def speaking_scripts(context: Context) -> list[Script]:
    """The shell files that speak to the runtime API."""
    return [script_of(file, context) for file in protocol_of(context).speakers if _is_script(file)]


def running_scripts(context: Context) -> list[Script]:
    """The shell files that run on SCF: those that speak, the bootstrap, the handler's, and what these name."""
    if "running" not in context.cache:
        context.cache["running"] = list(_running_scripts(context))
    scripts: list[Script] = context.cache["running"]
    return scripts


def _running_scripts(context: Context) -> Iterator[Script]:
    stem = context.handler.partition(".")[0]
    top = context.package.top.values()
    first = [file for file in top if file is context.bootstrap or file.path.rpartition(".")[0] == stem]
    waiting = [*protocol_of(context).speakers, *first]
    seen = set()
    while waiting:
        file = waiting.pop(0)
        if file.path not in seen and _is_script(file):
            seen.add(file.path)
            script = script_of(file, context)
            yield script
            words = {word for command in script.commands for word in (*command.arguments[:2], command.name)}
            names = {word.rstrip("\r").rpartition("/")[2] for word in words}
            waiting += [other for other in top if other.path in names and is_shell(other)]


def _is_script(file: File) -> bool:
    return is_shell(file) and file.is_text and file.size <= LIMIT_BYTES


def _nodes(context: Context, language: Language, file: File, query: str) -> list[Node]:
    module = language.source.grammar
    found: dict[str, list[Node]] = {"fault": [], "late": [], "scope": []}
    for match in matches(tree_of(file, module, context.cache), module, query):
        for name, nodes in match.items():
            found.setdefault(name, []).extend(nodes)
    if not found["scope"]:
        return list(_outermost(found["fault"]))
    late = [(_scope(node, found["scope"]), node.start_byte) for node in found["late"]]
    return [node for node in found["fault"] if _is_followed(node, _scope(node, found["scope"]), late)]


def _outermost(nodes: list[Node]) -> Iterator[Node]:
    end = -1
    for node in sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte)):
        if node.start_byte >= end:
            end = node.end_byte
            yield node


def _scope(node: Node, scopes: list[Node]) -> int:
    """The start of the innermost scope around a node."""
    around = (scope.start_byte for scope in scopes if scope.start_byte <= node.start_byte < scope.end_byte)
    return max(around, default=-1)


def _is_followed(node: Node, scope: int, late: list[tuple[int, int]]) -> bool:
    places = [at for other, at in late if other == scope]
    return bool(places) and min(places) > node.start_byte


def _is_excused(context: Context, files: list[File], unless: str) -> bool:
    protocol = protocol_of(context)
    looked_at = [*files, *(file for file in [context.bootstrap] if file and file.is_text)]
    return bool(unless) and any(re.search(unless.encode(), protocol.code(file)) for file in looked_at)


def _message(file: File, node: Node, message: str) -> str:
    quoted = text(file, node, 240).partition("\n")[0]
    short = quoted if len(quoted) <= _QUOTED_CHARACTERS else f"{quoted[:_QUOTED_CHARACTERS]}…"
    return message.replace("{fault}", short)

"""Rule 309: header names whose spelling Tencent gives in two ways."""

import re
from collections.abc import Iterator

from scf_gen.lint.context import Context
from scf_gen.lint.faults import faults, speaking_scripts
from scf_gen.lint.finding import Found
from scf_gen.lint.rule import check_of
from scf_gen.lint.shell import GRAMMAR, Command, Script
from scf_gen.lint.source import Node, found_at, matches, text, tree_of

_NAME = re.compile(r"request[_-]id|memory_limit_in_mb|time_limit_in_ms", re.IGNORECASE)
# Somewhere the script makes one case of both.
_FOLDED = re.compile(r",,|\^\^|nocasematch|tolower|toupper|IGNORECASE|\btr\b[^\n]*(?:A-Z|a-z|upper|lower)|casefold")
_FLAG = {
    "grep": re.compile(r"-[A-Za-z]*[iy][A-Za-z]*|--ignore-case"),
    "egrep": re.compile(r"-[A-Za-z]*[iy][A-Za-z]*|--ignore-case"),
    "fgrep": re.compile(r"-[A-Za-z]*[iy][A-Za-z]*|--ignore-case"),
    "sed": re.compile(r".*/[gp0-9]*I[gp0-9]*[;}]?.*", re.DOTALL),
    "awk": re.compile(r"(?!)"),
    "gawk": re.compile(r"(?!)"),
}
_PATTERNS = """
(case_item value: (_) @pattern)
(test_command (binary_expression right: (_) @pattern))
"""


@check_of("SCF309")
def header_case(context: Context) -> Iterator[Found]:
    """Header names compared in one spelling (NEXT-HEADERS-CASE)."""
    for script in speaking_scripts(context):
        if not _FOLDED.search(script.code):
            yield from (found_at(script.file, *found) for found in _commands(script))
            yield from (found_at(script.file, *found) for found in _comparisons(script, context))
    yield from faults(context, "SCF309")


def _commands(script: Script) -> Iterator[tuple[Node, str]]:
    for command in script.commands:
        flag = _FLAG.get(command.name)
        if flag and (named := _named(command)) and not any(map(flag.fullmatch, command.arguments)):
            yield command.words[0].node, f"{command.name} looks for {named} in one spelling only"


def _comparisons(script: Script, context: Context) -> Iterator[tuple[Node, str]]:
    tree = tree_of(script.file, GRAMMAR, context.cache)
    for match in matches(tree, GRAMMAR, _PATTERNS):
        node = match["pattern"][0]
        if named := _spelled(text(script.file, node, 240)):
            yield node, f"{named} is compared in one spelling only"


def _named(command: Command) -> str:
    return next(filter(None, map(_spelled, command.arguments)), "")


def _spelled(pattern: str) -> str:
    """The header that a pattern names in one spelling; [Rr]equest_[Ii]d names it in two."""
    found = _NAME.search(pattern)
    return found[0] if found else ""

"""Rule 313: writing where SCF lets nobody write."""

import posixpath
import re
from collections.abc import Iterator

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.curl import curl_of
from scf_gen.lint.faults import faults, running_scripts
from scf_gen.lint.finding import Found
from scf_gen.lint.rule import check_of
from scf_gen.lint.shell import Command, Script, Word
from scf_gen.lint.source import found_at

_WRITABLE = ("/tmp", "/dev", "/proc")  # noqa: S108 -- SCF's
_CODE = re.compile(r"\$\{?(?:USER_CODE_ROOT|PWD|LAMBDA_TASK_ROOT)\}?(?:/|$)")
_ELSEWHERE = frozenset({"cd", "pushd", "chroot", "chdir"})
_LAST_ARGUMENT = frozenset({"cp", "mv", "ln", "install", "rsync"})
_ALL_ARGUMENTS = frozenset({"mkdir", "touch", "tee", "truncate"})
_WITH_VALUE = frozenset({"-m", "--mode", "-t", "-d", "-r", "-s", "--reference", "--date", "-o", "-g"})


@check_of("SCF313")
def code_folder_write(context: Context) -> Iterator[Found]:
    """A write outside of /tmp (FILES-READ-ONLY, FILES-TMP)."""
    scripts = running_scripts(context)
    moves = any(command.started.name in _ELSEWHERE for script in scripts for command in script.commands)
    for script in scripts:
        for word in _written(script):
            if place := _place(script.resolve(word.text), moves=moves):
                yield found_at(script.file, word.node, f"{word.text} would be written {place}")
    yield from faults(context, "SCF313")


def _written(script: Script) -> Iterator[Word]:
    for redirect in script.redirects:
        into_file = redirect.operator.startswith((">", "&>")) and not redirect.operator.endswith(("&", "&-"))
        if into_file and not script.is_attempt(redirect.target.node):
            yield redirect.target
    for command in script.commands:
        targets = list(_targets(command, script))
        if targets and not script.is_attempt(command.node):
            yield from targets


def _targets(command: Command, script: Script) -> Iterator[Word]:
    words = [word for at, word in enumerate(command.words) if at and not _is_option(command, at)]
    if command.name in _ALL_ARGUMENTS:
        yield from words
    elif command.name in _LAST_ARGUMENT and len(words) > 1:
        yield words[-1]
    elif (curl := curl_of(command, script)) and (output := curl.option("output", "dump-header")):
        yield Word(output.value, output.value_word.node)


def _is_option(command: Command, at: int) -> bool:
    return command.words[at].text.startswith("-") or command.words[at - 1].text in _WITH_VALUE


def _place(path: str, *, moves: bool) -> str:
    """Where a path leads that cannot be written to; "" if it can be, or nobody knows."""
    into_code = "into the code, which is read-only"
    if _CODE.match(path) and not (moves and "PWD" in path):
        return into_code
    if not path or path[0] in "$`~-<>(&*{%" or "://" in path or path.isdigit():
        return ""
    if not path.startswith("/"):
        return "" if moves else into_code
    plain = posixpath.normpath(path)
    if plain.startswith(contract.CODE_ROOT):
        return into_code
    is_writable = plain.startswith(_WRITABLE) or "$" in plain.partition("/")[2].partition("/")[0]
    return "" if is_writable else "outside of /tmp, where all is read-only"

"""Rules 302, 304, 308, 312: the order of things in a bootstrap, and what happens in its loop."""

import re
from collections.abc import Iterator

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.endpoint import endpoint_of
from scf_gen.lint.faults import faults, running_scripts, speaking_scripts
from scf_gen.lint.finding import Found
from scf_gen.lint.rule import check_of
from scf_gen.lint.shell import Command, Script
from scf_gen.lint.source import found_at

_LOOP_WORD = re.compile(r"\b(?:while|until|for)\b")
_RESTART = re.compile(r"\bexec\b[^\n]*(?:\$0|\$\{?BASH_SOURCE|\bbootstrap\b)")
_HANDLED = re.compile(r"\btrap\b[^\n]*\b(?:ERR|EXIT)\b")


@check_of("SCF302")
def ready_too_early(context: Context) -> Iterator[Found]:
    """Ready is reported before the handler is loaded (INIT-LOAD)."""
    for script in speaking_scripts(context):
        reached = [command for command in script.commands if command.around.reached]
        ready = next((at for at, one in enumerate(reached) if endpoint_of(one, script) == "ready"), None)
        loads = [at for at, one in enumerate(reached) if _loads_handler(one, script, context)]
        if ready is not None and loads and loads[0] > ready and not script.has_doubt:
            line = reached[loads[0]].node.start_point.row + 1
            message = f"ready is posted before the handler is loaded in line {line}"
            yield found_at(script.file, reached[ready].node, message)
    yield from faults(context, "SCF302")


@check_of("SCF304")
def no_loop(context: Context) -> Iterator[Found]:
    """Only one event is ever fetched (INVOKE-REUSE)."""
    for script in speaking_scripts(context):
        asks = [command for command in script.commands if endpoint_of(command, script) == "next"]
        again = any(command.around.in_loop or not command.around.reached for command in asks)
        doubt = (
            script.recursive or _RESTART.search(script.code) or (script.has_doubt and _LOOP_WORD.search(script.code))
        )
        if asks and not again and not doubt:
            yield found_at(script.file, asks[0].node, f"{contract.NEXT_PATH} is asked for outside of any loop")
    yield from faults(context, "SCF304")


@check_of("SCF308")
def errexit_handler(context: Context) -> Iterator[Found]:
    """`set -e`, and a handler whose failure nothing catches (ERROR-POST)."""
    for script in speaking_scripts(context):
        if script.errexit and not script.has_doubt and not _HANDLED.search(script.code):
            for command in script.commands:
                around = command.around
                if (
                    around.in_loop
                    and around.reached
                    and not around.guarded
                    and _calls_handler(command, script, context)
                ):
                    yield found_at(script.file, command.node, "set -e ends the bootstrap when the handler fails")
    yield from faults(context, "SCF308")


@check_of("SCF312")
def temporary_file_leak(context: Context) -> Iterator[Found]:
    """A temporary file for each event, and none is removed (FILES-TMP)."""
    for script in speaking_scripts(context):
        removed = any(command.started.name in ("rm", "unlink") for command in script.commands) or "rm -" in script.code
        for command in script.commands if not removed else ():
            if command.around.in_loop and command.started.name == "mktemp" and "-u" not in command.arguments:
                yield found_at(script.file, command.node, "mktemp makes a file for each event that is never removed")
    yield from faults(context, "SCF312")


def _loads_handler(command: Command, script: Script, context: Context) -> bool:
    if command.name not in ("source", ".") or not command.arguments:
        return False
    stem = context.handler.partition(".")[0]
    return script.is_of_handler(command.words[1]) or f"/{stem}." in f"/{script.resolve(command.words[1].text)}"


def _calls_handler(command: Command, script: Script, context: Context) -> bool:
    if not command.words or command.name in ("source", "."):
        return False
    stem, _, function = context.handler.partition(".")
    word = command.started.words[0]
    if script.is_of_handler(word) or command.started.name == function:
        return True
    scripts = [one.file.path for one in running_scripts(context) if one.file.path.startswith(f"{stem}.")]
    return command.started.name in scripts or any(name in scripts for name in command.arguments[:1])

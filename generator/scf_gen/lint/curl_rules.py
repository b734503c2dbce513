"""Rules 303, 307, 310, 314: how a bootstrap calls the runtime API with curl."""

import re
from collections.abc import Iterator

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.curl import BODY, Curl, Option, curl_of
from scf_gen.lint.endpoint import BUILT, endpoint_of
from scf_gen.lint.faults import faults, running_scripts, speaking_scripts
from scf_gen.lint.finding import Edit, Found, Replace
from scf_gen.lint.rule import check_of
from scf_gen.lint.shell import Script
from scf_gen.lint.source import found_at

_CLOCKS = ("max-time", "speed-time", "y", "speed-limit", "Y")
_STATUS = re.compile(r"HTTP/|http_code|response_code|\b200\b")
_PROXY = re.compile(r"no_?proxy|http_proxy|ALL_PROXY|all_proxy", re.IGNORECASE)
_FROM_FILE = re.compile(r"\s*@")
_EDITED_BYTES = 1000
_PATHS = {"next": contract.NEXT_PATH, "response": contract.RESPONSE_PATH, "error": contract.ERROR_PATH}


@check_of("SCF303")
def next_timeout(context: Context) -> Iterator[Found]:
    """A client timeout on the long poll (NEXT-NO-TIMEOUT)."""
    for script, curl, endpoint in _calls(context):
        if endpoint == "next" and (clock := curl.option(*_CLOCKS)):
            yield found_at(script.file, clock.word.node, f"{clock.word.text} ends the wait for an event")
        elif endpoint == "next" and curl.command.name == "timeout":
            yield found_at(script.file, curl.command.node, "timeout ends the wait for an event")
    yield from faults(context, "SCF303")


@check_of("SCF307")
def data_inline(context: Context) -> Iterator[Found]:
    """A result as an argument of curl (RESULT-VERBATIM)."""
    for script, curl, endpoint in _calls(context):
        for option in curl.options if endpoint in ("response", "error", BUILT) else ():
            if option.name in BODY and _is_variable(option.value):
                words = dict.fromkeys((option.word.text, option.value_word.text))
                message = " ".join(words).replace("\n", " ")[:80]
                reads = "" if option.name == "data-raw" else "reads a file if the text begins with @, and "
                edits = _edits(script, curl, option)
                yield found_at(script.file, option.word.node, f"{message} {reads}cannot take 128 KiB", edits=edits)
    yield from faults(context, "SCF307")


@check_of("SCF310")
def status_ignored(context: Context) -> Iterator[Found]:
    """A call whose refusal nobody sees (API-TROUBLE)."""
    for script, curl, endpoint in _calls(context):
        looks = curl.opaque or curl.option("fail", "fail-with-body", "write-out")
        shown = curl.option("include", "show-headers", "dump-header") and _STATUS.search(script.code)
        if endpoint in _PATHS and not looks and not shown:
            message = f"curl without --fail takes a refusal for an answer of {_PATHS[endpoint]}"
            yield found_at(script.file, curl.command.started.words[0].node, message)
    yield from faults(context, "SCF310")


@check_of("SCF314")
def proxy_not_cleared(context: Context) -> Iterator[Found]:
    """A proxy would be asked for the runtime API (ENV-PROXY)."""
    # The bootstrap may clear them for a script that it starts.
    cleared = any(_PROXY.search(script.code) for script in running_scripts(context))
    told = set()
    for script, curl, endpoint in _calls(context) if not cleared else ():
        named = curl.option("noproxy", "proxy") or curl.opaque
        if endpoint and not named and script.file.path not in told:
            told.add(script.file.path)
            message = "curl would send this through a proxy that the environment names"
            yield found_at(script.file, curl.command.started.words[0].node, message)
    yield from faults(context, "SCF314")


def _calls(context: Context) -> Iterator[tuple[Script, Curl, str]]:
    for script in speaking_scripts(context):
        for command in script.commands:
            if curl := curl_of(command, script):
                yield script, curl, endpoint_of(command, script)


def _is_variable(value: str) -> bool:
    return ("$" in value or "`" in value) and not _FROM_FILE.match(value)


def _edits(script: Script, curl: Curl, option: Option) -> tuple[Edit, ...]:
    """The text into curl's stdin, where nothing else goes there and it is one quoted word of its own."""
    bodies = [one for one in curl.options if one.name in BODY | {"form", "get", "upload-file"}]
    name, value, node = option.word.node, option.value_word.node, curl.command.node
    simple = value.type == "string" and name is not value and curl.command.started is curl.command
    starts_with_name = curl.command.words[0].node.start_byte == node.start_byte
    written = option.word.text in ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii")
    too_long = value.end_byte - value.start_byte > _EDITED_BYTES
    if too_long or len(bodies) > 1 or curl.command.around.fed or not (simple and starts_with_name and written):
        return ()
    path, text = script.file.path, option.value_word.text
    return (
        Replace(path, node.start_byte, node.start_byte, f"printf %s {text} | ".encode()),
        Replace(path, name.start_byte, value.end_byte, b"--data-binary @-"),
    )

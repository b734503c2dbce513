"""Rules 301, 305, 306, 311, 315: what a function has to say to the runtime API, in whatever language."""

import re
from collections.abc import Iterator

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found
from scf_gen.lint.protocol import API, ENDPOINTS, Protocol, Spot, protocol_of
from scf_gen.lint.rule import check_of

_PORT = b"SCF_RUNTIME_API_PORT"
_HOST = re.compile(rb"https?://(?:\[[0-9A-Fa-f:]+\]|[\w.-]+)(?::\d+)?/runtime/in(?:it|vocation)")


@check_of("SCF301")
def ready_missing(context: Context) -> Iterator[Found]:
    """Nothing that reports ready (INIT-READY)."""
    protocol = protocol_of(context)
    if protocol.is_silent:
        yield _found("nothing here speaks SCF's runtime API", protocol.spot())
    elif _polls(protocol) and protocol.is_missing("ready"):
        yield _missing(protocol, contract.READY_PATH, "never posted")


@check_of("SCF305")
def result_not_posted(context: Context) -> Iterator[Found]:
    """Events are fetched, results never posted (RESULT-POST)."""
    protocol = protocol_of(context)
    if _polls(protocol) and protocol.is_missing("response"):
        yield _missing(protocol, contract.RESPONSE_PATH, "never posted")


@check_of("SCF306")
def error_not_posted(context: Context) -> Iterator[Found]:
    """Events are fetched, errors never posted (ERROR-POST)."""
    protocol = protocol_of(context)
    if _polls(protocol) and protocol.is_missing("error"):
        yield _missing(protocol, contract.ERROR_PATH, "never posted")


@check_of("SCF315")
def next_missing(context: Context) -> Iterator[Found]:
    """Ready is reported, events are never fetched (NEXT-BLOCKS)."""
    protocol = protocol_of(context)
    speaks = any(protocol.says(endpoint) for endpoint in ("ready", "response", "error"))
    if protocol.speakers and speaks and protocol.is_missing("next") and not protocol.has_programs:
        yield _missing(protocol, contract.NEXT_PATH, "never asked for")


@check_of("SCF311")
def hard_coded_address(context: Context) -> Iterator[Found]:
    """The runtime API at a fixed host or port (ENV-API)."""
    protocol = protocol_of(context)
    texts = [file for file in protocol.speakers if file.is_text]
    written = [spot for file in texts for spot in protocol.spots(file, _HOST)]
    if written:
        yield from (_found("the runtime API's address is written into the code", spot) for spot in written)
    elif texts and any(path in protocol.spoken for path in ENDPOINTS.values()) and not protocol.has_programs:
        everything = b"\n".join([protocol.spoken, *protocol.elsewhere])
        for name, what in ((API, "address"), (_PORT, "port")):
            if name not in everything:
                message = f"the runtime API's {what} is not taken from {name.decode()}"
                yield _found(message, protocol.spot(API, *ENDPOINTS.values()))
                break


def _polls(protocol: Protocol) -> bool:
    return bool(protocol.speakers) and protocol.says("next")


def _missing(protocol: Protocol, path: str, what: str) -> Found:
    return _found(f"{path} is {what}", protocol.spot(ENDPOINTS["next"], *ENDPOINTS.values(), API))


def _found(message: str, spot: Spot) -> Found:
    return Found(message, spot.path, spot.line, spot.column)

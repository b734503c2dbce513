"""What SCF looks at in an event before any instance sees it: that it is JSON, and not too large."""

import json
from typing import NoReturn

from scf_gen.core import contract
from scf_gen.core.result import Kind

_SHOWN_CHARS = 20


def event_fault(body: bytes) -> tuple[Kind, str] | None:
    """Why `body` is no event, with the detail of it; nothing if it is one."""
    if len(body) > contract.EVENT_LIMIT_BYTES:  # EVENT-LIMIT
        return Kind.EVENT_TOO_LARGE, "this one has more"  # of a file no more is read than tells
    if fault := json_fault(body):  # EVENT-JSON
        return Kind.EVENT_NOT_JSON, fault
    return None


def json_fault(body: bytes) -> str:
    """Why and where `body` is not JSON, in a few words; empty if it is."""
    try:
        _STRICT.decode(body.decode())
    except RecursionError:  # deeper than this parser goes, and well-formed so far
        return ""
    except json.JSONDecodeError as error:
        rest = error.doc[error.pos :]
        where = f"at {rest[:_SHOWN_CHARS]!r}" if rest else "where the text ends"
        return f"{error.msg.removesuffix(' at')}: line {error.lineno}, column {error.colno}, {where}"
    except UnicodeDecodeError as error:
        return f"not UTF-8: byte {error.start + 1} is {body[error.start]:#04x}"
    except ValueError as error:
        return str(error)
    return ""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


# json.loads would make one for each event.
_STRICT = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=str)

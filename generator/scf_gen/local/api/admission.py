"""From an HTTP request to a checked call: signature, headers, parameters."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from scf_gen.core.credentials import Credential
from scf_gen.core.place import REGION_PATTERN
from scf_gen.emulator.http_message import Request
from scf_gen.local.api.call import Call
from scf_gen.local.api.schema import Struct
from scf_gen.local.api.signature import verify
from scf_gen.local.api.table import ACTIONS, API_VERSION, SCHEMAS, SERVICE, UNSUPPORTED
from scf_gen.local.refusal import Refusal, missing

_REGION = re.compile(REGION_PATTERN)


def admit(request: Request, request_id: str, credential: Credential) -> Call:
    """Check who asks what; raises Refusal."""
    if request.oversize:
        raise Refusal("RequestSizeLimitExceeded", "The request has more bytes than the API takes.")
    verify(request, credential, SERVICE, time.time())
    headers = request.headers
    version = _header(headers, b"x-tc-version", "Version")
    if version != API_VERSION:
        raise Refusal("NoSuchVersion", f"The version {version} does not exist; it is {API_VERSION}.")
    action = _header(headers, b"x-tc-action", "Action")
    region = _header(headers, b"x-tc-region", "Region")
    parameters: Any = None
    if action in SCHEMAS:
        parameters = _from_query(request.query, SCHEMAS[action]) if request.method == "GET" else _from_body(request)
    return check(action, region, parameters, request_id, credential, headers.get(b"host", b"").decode("latin-1"))


def check(action: str, region: str, parameters: Any, request_id: str, credential: Credential, host: str) -> Call:
    """Check what is asked by somebody who may; raises Refusal."""
    if action in UNSUPPORTED:
        raise Refusal("UnsupportedOperation", f"The local SCF does not support the action {action}.")
    if action not in ACTIONS:
        raise Refusal("InvalidAction", f"The request action `{action}` is invalid or does not match the version.")
    if not _REGION.fullmatch(region):
        raise Refusal("UnsupportedRegion", f"The region {region} will not do.")
    SCHEMAS[action].check(parameters, "")
    given = {name: value for name, value in parameters.items() if value is not None}
    return Call(action, region, given, request_id, credential, host)


def _header(headers: Mapping[bytes, bytes], name: bytes, called: str) -> str:
    value = headers.get(name)
    if not value:
        raise missing(called)
    return value.decode("latin-1")


def _from_body(request: Request) -> dict[str, Any]:
    kind = request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != b"application/json":
        raise Refusal("InvalidRequest", "The body of a POST has to be application/json.")
    try:
        parameters = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Refusal("InvalidRequest", f"The body of the request is not JSON: {error}.") from error
    if not isinstance(parameters, dict):
        raise Refusal("InvalidRequest", "The body of the request is not a JSON object.")
    return parameters


def _from_query(query: bytes, schema: Struct) -> dict[str, Any]:
    """A query's `Filters.0.Name=Status` as what it stands for."""
    tree: dict[str, Any] = {}
    for path, text in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        *folders, name = path.split(".")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
            if not isinstance(place, dict):
                raise Refusal("InvalidParameter", f"The parameter `{path}` is given as a value and as more.")
        place[name] = text
    parameters = schema.from_query(tree)
    return parameters if isinstance(parameters, dict) else {}

"""What a page's script asks for: the function that is meant, and more, all of it checked."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl

from scf_gen.core import contract
from scf_gen.core.place import NAMESPACE_PATTERN, REGION_PATTERN
from scf_gen.emulator.http_message import Request
from scf_gen.local.refusal import Refusal, missing
from scf_gen.local.version import Name

_PATTERNS = {"region": REGION_PATTERN, "namespace": NAMESPACE_PATTERN, "name": rf"({contract.NAME_PATTERN})?"}
_DEFAULTS = {"region": contract.DEFAULT_REGION, "namespace": contract.DEFAULT_NAMESPACE, "name": ""}


@dataclass(frozen=True, slots=True)
class Asked:
    """The values of a query or of a JSON body, and the `body` of a request that has another one."""

    values: Mapping[str, Any]
    body: bytes = b""
    host: str = ""

    @classmethod
    def of(cls, request: Request) -> Self:
        """Read a request; raises Refusal."""
        host = request.headers.get(b"host", b"").decode("latin-1")
        values: dict[str, Any] = dict(parse_qsl(request.query.decode("latin-1"), keep_blank_values=True))
        if request.headers.get(b"content-type") == b"application/json":
            values |= _object(request.body)
            return cls(values, host=host)
        return cls(values, request.body, host)

    @property
    def name(self) -> Name:
        """The function that is meant; without "name", the namespace."""
        return Name(*(self.text(key, default, _PATTERNS[key]) for key, default in _DEFAULTS.items()))

    @property
    def version(self) -> str:
        """The version that is meant."""
        return self.text("version", contract.LATEST, r"\$LATEST|\d{1,10}")

    def text(self, key: str, default: str | None = None, pattern: str = r"(?s).*") -> str:
        """One of the values; raises Refusal for one that is not there, is no text, or is not like `pattern`."""
        value = self.values.get(key, default)
        if value is None:
            raise missing(key)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise Refusal("InvalidParameterValue", f"The value of `{key}` will not do.")
        return value

    def number(self, key: str, default: int) -> int:
        """One of the values; raises Refusal for one that is no number."""
        return int(self.text(key, str(default), r"\d{1,6}"))


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal("InvalidRequest", f"The body is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Refusal("InvalidRequest", "The body is not a JSON object.")
    return found

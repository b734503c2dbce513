"""TC3-HMAC-SHA256: whether a request was signed with the key that is accepted here ("Signature v3")."""

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from scf_gen.emulator.http_message import Request
from scf_gen.local.refusal import Refusal, missing

ALGORITHM = "TC3-HMAC-SHA256"
UNSIGNED = b"UNSIGNED-PAYLOAD"
CLOCK_LIMIT_S = 300
_DAY_S = 86400
_HAS_TO_BE_SIGNED = {"content-type", "host"}
_PORT = re.compile(rb":\d+$")
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM}\s+Credential=([^/,\s]+)/(\d{{4}}-\d\d-\d\d)/([^/,\s]+)/tc3_request\s*,"
    r"\s*SignedHeaders=([a-z0-9;_-]+)\s*,\s*Signature=([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Credential:
    """A pair of keys, and a token if they are temporary; the key and the token are never shown."""

    secret_id: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)


def verify(request: Request, credential: Credential, service: str, now_s: float) -> None:
    """Accept a request that `credential` signed for `service` within five minutes of `now_s`; else raises Refusal.

    Tencent's SDK for Node.js takes what stands before the endpoint's first dot for the service, and signs the host
    without its port; that is accepted, too.
    """
    headers = request.headers
    secret_id, date, scope, names, signature = _parse(headers)
    if secret_id != credential.secret_id:
        raise Refusal(
            "AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your SecretId is correct."
        )
    timestamp_s = _timestamp(headers, now_s)
    if headers.get(b"x-tc-token", b"").decode("latin-1") != credential.token:
        raise Refusal("AuthFailure.TokenFailure", "The token does not belong to the SecretId, or has expired.")
    # The date is that of the timestamp, in UTC; a client that takes its local one fails at night.
    if date != _date(timestamp_s // _DAY_S) or not set(names.split(";")) >= _HAS_TO_BE_SIGNED:
        raise _failure()
    host = headers.get(b"host", b"")
    if scope not in (service, host.partition(b".")[0].decode("latin-1")):
        raise _failure()
    for signed_host in (host, _PORT.sub(b"", host)):
        signed = hashlib.sha256(_canonical_request(request, names, signed_host)).hexdigest()
        expected = _keyed(credential.secret_key, date, scope).copy()
        expected.update(f"{ALGORITHM}\n{timestamp_s}\n{date}/{scope}/tc3_request\n{signed}".encode())
        if hmac.compare_digest(expected.hexdigest(), signature):
            return
    raise _failure()


def _parse(headers: Mapping[bytes, bytes]) -> tuple[str, ...]:
    text = headers.get(b"authorization", b"").decode("latin-1")
    found = _AUTHORIZATION.fullmatch(text)
    if not found:
        told = f"it has to be {ALGORITHM} Credential=…, SignedHeaders=…, Signature=…" if text else "it is missing"
        raise Refusal("AuthFailure.InvalidAuthorization", f"The header Authorization will not do: {told}.")
    return found.groups()


def _timestamp(headers: Mapping[bytes, bytes], now_s: float) -> int:
    text = headers.get(b"x-tc-timestamp", b"")
    if not text:
        raise missing("Timestamp")
    if not text.isdigit() or abs(int(text) - now_s) > CLOCK_LIMIT_S:
        raise Refusal(
            "AuthFailure.SignatureExpire",
            f"The signature has expired: the request was made at {text.decode('latin-1')}, "
            f"here it is {now_s:.0f}, and they may differ by {CLOCK_LIMIT_S} seconds.",
        )
    return int(text)


def _canonical_request(request: Request, names: str, host: bytes) -> bytes:
    payload = request.body
    if request.headers.get(b"x-tc-content-sha256") == UNSIGNED:
        payload = UNSIGNED
    elif request.method == "GET":
        payload = b""
    lines = [f"{request.method}\n{request.path}\n".encode("latin-1"), request.query, b"\n"]
    for name in names.split(";"):
        value = host if name == "host" else request.headers.get(name.encode())
        if value is None:
            raise _failure()
        lines.append(b"%s:%s\n" % (name.encode(), value.strip().lower()))
    lines.append(f"\n{names}\n{hashlib.sha256(payload).hexdigest()}".encode())
    return b"".join(lines)


@lru_cache(maxsize=4)
def _date(day: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(day * _DAY_S))


@lru_cache(maxsize=4)
def _keyed(secret_key: str, date: str, service: str) -> hmac.HMAC:
    """What a signature of that day begins with; to be copied."""
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, digestmod=hashlib.sha256)


def _failure() -> Refusal:
    return Refusal(
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
    )

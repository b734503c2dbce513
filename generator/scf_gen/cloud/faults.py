"""What went wrong between here and the API, as errors of scf-gen: one line, and what to do."""

import errno
import json
import os
from collections.abc import Collection, Mapping
from http import HTTPStatus

from scf_gen.cloud.answers import Received
from scf_gen.cloud.endpoint import Endpoint
from scf_gen.errors import CloudError, Refused, Unanswered

# The SDK's own word for an answer that did not come.
_NETWORK = "ClientNetworkError"
_LONGEST = 400
# Of what is no answer of the API, so much is looked at, and shown.
_READ, _SHOWN = 4096, 120
# Statuses that a request gets again, as often as it is made.
_IN_VAIN = frozenset(range(400, 500)) - {HTTPStatus.TOO_MANY_REQUESTS}
_LATER = "it is a fault of the server; try again later"
_ELSEWHERE = "see whether --endpoint and the proxy settings lead to it"

# What to do about an error of the API, by its code or by the code's beginning; the longest that fits counts.
_HINTS: Mapping[str, str] = {
    "AuthFailure.SecretIdNotFound": "there is no such SecretId: it was mistyped, removed, or belongs to another site",
    "AuthFailure.InvalidSecretId": "it was mistyped, or is no SecretId of the cloud API",
    "AuthFailure.SignatureFailure": "the SecretKey does not belong to the SecretId",
    "AuthFailure.SignatureExpire": "set this machine's clock; it may differ by five minutes",
    "AuthFailure.TokenFailure": "temporary keys end after a while: get new ones, and set all three variables",
    "AuthFailure.UnauthorizedOperation": "an administrator has to allow it: policy QcloudSCFFullAccess, or the action",
    "UnauthorizedOperation": "an administrator has to allow it: policy QcloudSCFFullAccess, or the action",
    "RequestLimitExceeded": "the account makes too many requests at once; try again in a while",
    "RequestSizeLimitExceeded": "send less, or upload the code to COS and name it in the console",
    "LimitExceeded": "the account's quota is used up; remove something, or ask Tencent for more",
    "ResourceNotFound.Namespace": "make the namespace in the console first, or name another with --namespace",
    "ResourceNotFound.Function": "see scf-gen list for what is there, and --region and --namespace for where",
    "ResourceNotFound.Qualifier": "publish a version first: scf-gen deploy --publish",
    "ResourceUnavailable.InsufficientBalance": "top up the account",
    "FailedOperation.InsufficientBalance": "top up the account",
    "UnsupportedRegion": "name a region that has SCF with --region",
    "InvalidParameterValue.Environment": "a name is letters, digits and _, a letter first; no value may be empty; 4 KB",
    "InternalError": "try again; if it stays, give Tencent the RequestId",
}
# What the system says of a host that has no address.
_UNKNOWN_HOST = frozenset({"Name or service not known", "No address associated with hostname"})


def refusal(action: str, code: str, message: str, request_id: str | None) -> Refused:
    """The error that the API answered with."""
    fitting = [start for start in _HINTS if code == start or code.startswith(f"{start}.")]
    where = f" (RequestId {request_id})" if request_id else ""
    return Refused(
        code,
        f"{action} was refused: {_one_line(code)}: {_one_line(message)}{where}",
        _HINTS[max(fitting, key=len)] if fitting else "",
    )


def from_sdk(error: Exception, action: str, endpoint: Endpoint) -> CloudError:
    """The error that the SDK raised: a TencentCloudSDKException, or what its parts let through."""
    code = str(getattr(error, "code", ""))
    if code == _NETWORK or isinstance(error, OSError):
        return _nobody(action, endpoint, error)
    if code:
        return refusal(action, code, str(getattr(error, "message", "")), getattr(error, "requestId", ""))
    return Unanswered(f"{action}: it could not be asked of {endpoint}: {_one_line(str(error))}", again=False)


def no_answer(
    action: str, endpoint: Endpoint, received: Received, fault: str, secrets: Collection[str], *, is_known: bool
) -> Unanswered:
    """What came was no answer of the API; `is_known` says that there have been some from there."""
    start = received.body[:_READ].decode(errors="replace")
    for secret in secrets:
        start = start.replace(secret, "…").replace(json.dumps(secret)[1:-1], "…")
    body = f'"{_one_line(start, _SHOWN)}"' if start else "an empty body"
    content_type = f", {_one_line(received.content_type, _SHOWN)}" if received.content_type else ""
    reason = f": {fault}" if fault else ""
    return Unanswered(
        f"{action}: what {endpoint} answered is no answer of the cloud API{reason}: "
        f"HTTP {received.status}{content_type}: {body}",
        _busy_hint(received.status) or (_LATER if is_known else _ELSEWHERE),
        again=received.status not in _IN_VAIN,
    )


def _busy_hint(status: int) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "it wants fewer requests at once; try again in a while"
    return _LATER if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""


def _nobody(action: str, endpoint: Endpoint, error: Exception) -> Unanswered:
    reason = _reason(error)
    hint = ""
    if endpoint.is_local and reason == os.strerror(errno.ECONNREFUSED):
        hint = "is it running? scf-gen serve is a local SCF"
    elif endpoint.is_local and endpoint.protocol == "https" and "SSL" in reason:
        hint = f"a local SCF speaks plain HTTP: http://{endpoint.host}"
    elif reason in _UNKNOWN_HOST:
        hint = "see whether --endpoint is right, and whether this machine is on the network"
    return Unanswered(f"{action}: no answer from {endpoint}: {reason}", hint, again=not hint)


def _reason(error: BaseException) -> str:
    """The system's word for it, which HTTP libraries wrap several times."""
    seen = []
    following: BaseException | None = error
    while following and following not in seen:
        seen.append(following)
        following = following.__cause__ or following.__context__
    said = [word for each in seen if (word := getattr(each, "strerror", None))]
    if any("timed out" in str(each) for each in seen):
        return "it took too long"
    return _one_line(str(said[-1] if said else seen[-1])) or type(seen[-1]).__name__


def _one_line(text: str, longest: int = _LONGEST) -> str:
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    return line if len(line) <= longest else f"{line[:longest]}…"

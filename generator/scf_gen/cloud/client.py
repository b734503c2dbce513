"""Calls of the cloud API by Tencent's SDK: signed, repeated where that is safe, answered with plain values."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from scf_gen.cloud import faults
from scf_gen.cloud.answers import Received
from scf_gen.cloud.credentials import for_sdk
from scf_gen.cloud.endpoint import Endpoint
from scf_gen.core import contract
from scf_gen.core.credentials import Credential
from scf_gen.core.place import Place
from scf_gen.errors import CloudError, Refused, Unanswered

# SDK common/retry.py waits 1, 2 and 4 seconds. Its own StandardRetryer is not used: it remembers the first error, and
# so repeats and then fails a call that has succeeded.
WAITS_S = (1.0, 2.0, 4.0)
CONNECT_S, ANSWER_S = 10.0, 60.0
# The API ends an invocation's request after 300 seconds.
INVOKE_S = 320.0
# SDK common/retry.py
_THROTTLED = "RequestLimitExceeded"
# A shorter value of a variable is no secret, but may be a part of any text.
_SECRET_LENGTH = 8
# Whoever does not know whether these were done must not do them again.
_NOT_TWICE = {"Invoke", "PublishVersion"}

Say = Callable[[str], None]


class Client:
    """The functions of one region and namespace; `say` is told why something takes longer.

    Raises CredentialsMissing.
    """

    def __init__(self, place: Place, credential: Credential | None, say: Say = lambda _: None) -> None:
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.scf.v20180416.scf_client import ScfClient

        self.region = place.region
        self.namespace = place.namespace or contract.DEFAULT_NAMESPACE
        self._endpoint = Endpoint.parse(place.endpoint)
        self._say = say
        self._is_known = False  # whether it has ever answered as the API does
        http = HttpProfile(
            protocol=self._endpoint.protocol, endpoint=self._endpoint.host, reqTimeout=(CONNECT_S, ANSWER_S)
        )
        profile = ClientProfile(httpProfile=http, language="en-US", request_client="scf-gen")
        self._sdk = ScfClient(for_sdk(credential, self._endpoint), place.region, profile)
        if self._endpoint.is_local:
            self._sdk.request.conn.proxy = {"no_proxy": self._endpoint.name}

    def call(self, action: str, **parameters: Any) -> Mapping[str, Any]:
        """What the API answers; raises Refused, and Unanswered. A parameter that is None is not sent.

        A throttled call is made again, and one without an answer if it may be done twice.
        """
        for wait_s in WAITS_S:
            try:
                return self._call(action, parameters)
            except CloudError as error:
                if not _is_worth_repeating(action, error):
                    raise
                self._say(f"{error.message}; trying again")
            # Who was throttled together should not come back together.
            time.sleep(wait_s * random.uniform(0.8, 1.2))  # noqa: S311
        return self._call(action, parameters)

    def allow_time(self, answer_s: float) -> None:
        """Wait so long for an answer from now on."""
        self._sdk.request.conn.timeout = (CONNECT_S, answer_s)

    def _call(self, action: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        received = self._send(action, parameters)
        try:
            response = received.response(action)
        except ValueError as error:
            raise faults.no_answer(
                action, self._endpoint, received, str(error), self._secrets(parameters), is_known=self._is_known
            ) from error
        self._is_known = True
        if refused := response.get("Error"):
            told = (str(refused.get("Code")), str(refused.get("Message")))
            raise faults.refusal(action, *told, str(response.get("RequestId") or ""))
        return response

    def _send(self, action: str, parameters: Mapping[str, Any]) -> Received:
        from tencentcloud.common.exception import TencentCloudSDKException

        try:
            # The SDK's public calls keep the HTTP status to themselves, and look for errors by content type.
            http = self._sdk._call(action, _given({"Namespace": self.namespace, **parameters}))  # noqa: SLF001
            return Received(http.status_code, http.headers.get("Content-Type", ""), http.content)
        except (TencentCloudSDKException, OSError, ValueError) as error:
            raise faults.from_sdk(error, action, self._endpoint) from error

    def _secrets(self, parameters: Mapping[str, Any]) -> set[str]:
        """What must not be shown though it comes back: a server may answer with what it was sent."""
        variables = parameters.get("Environment", {}).get("Variables", ())
        values = {pair["Value"] for pair in variables if len(pair["Value"]) >= _SECRET_LENGTH}
        return {*filter(None, self._sdk.credential.get_credential_info()), *values}


def _given(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}


def _is_worth_repeating(action: str, error: CloudError) -> bool:
    if isinstance(error, Refused):
        return error.code == _THROTTLED or error.code.startswith(f"{_THROTTLED}.")
    return isinstance(error, Unanswered) and error.again and action not in _NOT_TWICE

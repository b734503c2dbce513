"""Keys that neither the command line nor the environment names: where Tencent's SDK looks for them."""

import configparser
from pathlib import Path
from typing import Any

from scf_gen.cloud.endpoint import Endpoint
from scf_gen.core.credentials import ID_VARIABLE, KEY_VARIABLE, Credential
from scf_gen.errors import CredentialsMissing

PROFILE = "~/.tencentcloud/credentials"
_FORM = "such a file has [default], then secret_id = … and secret_key = …, each once"


def for_sdk(given: Credential | None, endpoint: Endpoint) -> Any:
    """The SDK's credential: the one `given`, else of the SDK's profile file, else of the role of this machine.

    Raises CredentialsMissing. A machine's role is asked for only when its keys go to Tencent.
    """
    from tencentcloud.common.credential import Credential as SdkCredential
    from tencentcloud.common.exception import TencentCloudSDKException

    try:
        if given:
            return SdkCredential(given.secret_id, given.secret_key, given.token or None)
        found = _of_profile() or (None if endpoint.is_local else _of_role())
    except TencentCloudSDKException as error:
        raise CredentialsMissing(f"the keys cannot be used: {error.message}") from error
    if found is None:
        raise _missing(endpoint)
    return found


def of_profile() -> Credential | None:
    """The pair in the SDK's profile file, if there is one; raises CredentialsMissing for a file that cannot be read."""
    if not Path(PROFILE).expanduser().is_file():  # so that the SDK need not be imported
        return None
    found = _of_profile()
    return Credential(found.secret_id, found.secret_key, found.token or "") if found else None


def _of_profile() -> Any:
    from tencentcloud.common.credential import ProfileCredential

    try:
        return ProfileCredential().get_credential()
    except AttributeError:  # what the SDK raises for a file without [default]
        return None
    except configparser.Error as error:
        # Its own words quote the line, which may hold the key.
        numbers = [number for number, _ in getattr(error, "errors", ())]
        line = getattr(error, "lineno", None) or min(numbers, default=1)
        raise CredentialsMissing(f"{PROFILE}, line {line}: {_FORM}") from None
    except OSError as error:
        raise CredentialsMissing(f"{PROFILE} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise CredentialsMissing(f"{PROFILE} is not UTF-8") from None


def _of_role() -> Any:
    from tencentcloud.common.credential import CVMRoleCredential, DefaultTkeOIDCRoleArnProvider

    try:
        return CVMRoleCredential().get_credential() or DefaultTkeOIDCRoleArnProvider().get_credential()
    except OSError:  # there is no such role
        return None


def _missing(endpoint: Endpoint) -> CredentialsMissing:
    hint = (
        "a local SCF writes its pair at its first start; in the folder that it was started in: source .scf/credentials"
        if endpoint.is_local
        else f"make a pair in the console, under API Keys, and set {ID_VARIABLE} and {KEY_VARIABLE}"
    )
    if Path(PROFILE).expanduser().is_file():
        return CredentialsMissing(f"there are no keys in {PROFILE}, nor elsewhere: {_FORM}", hint)
    return CredentialsMissing(
        f"there are no keys: neither --secret-id and --secret-key, nor {ID_VARIABLE} and {KEY_VARIABLE}, nor {PROFILE}",
        hint,
    )

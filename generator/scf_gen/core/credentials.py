"""The pair of keys that signs requests of the cloud API, as every command finds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scf_gen.errors import BadAnswer

ID_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE = "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"


@dataclass(frozen=True, slots=True)
class Credential:
    """A pair of keys, and a token if they are temporary; the key and the token are never shown."""

    secret_id: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)


def find(secret_id: str | None, secret_key: str | None, environ: Mapping[str, str]) -> Credential | None:
    """The pair of the command line, else of the environment, which may have a token too.

    Raises BadAnswer for half a pair.
    """
    for source, pair, token in (
        ("--secret-id and --secret-key", (secret_id, secret_key), ""),
        (
            f"{ID_VARIABLE} and {KEY_VARIABLE}",
            (environ.get(ID_VARIABLE), environ.get(KEY_VARIABLE)),
            environ.get(TOKEN_VARIABLE, ""),
        ),
    ):
        if all(pair):
            return Credential(str(pair[0]), str(pair[1]), token)
        if any(pair) or (secret_id, secret_key) != (None, None):  # an empty option is a mistake, not a wish for others
            raise BadAnswer(f"{source} belong together, and one is missing")
    return None

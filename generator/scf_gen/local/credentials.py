"""The pair of keys that a local SCF accepts: given, in the environment, or made at the first start and kept."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from scf_gen.errors import BadAnswer
from scf_gen.local.api.signature import Credential

FILE = "credentials"
ID_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE = "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"


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
        if any(pair):
            raise BadAnswer(f"{source} belong together, and one is missing")
    return None


def keep(folder: Path) -> tuple[Credential, bool]:
    """The pair in `folder`, and whether it was made now; the file is one for a shell to source."""
    path = folder / FILE
    if path.is_file():
        lines = (line.partition("=") for line in path.read_text("utf-8").splitlines())
        found = {name.removeprefix("export "): value for name, _, value in lines}
        if found.get(ID_VARIABLE) and found.get(KEY_VARIABLE):
            return Credential(found[ID_VARIABLE], found[KEY_VARIABLE]), False
        raise BadAnswer(f"{path} holds no pair of keys", "remove it, and a new one is made")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The form of Tencent's own: an id of 36 characters, a key of 32.
    made = Credential(f"AKID{secrets.token_hex(16)}", secrets.token_hex(16))
    text = f"export {ID_VARIABLE}={made.secret_id}\nexport {KEY_VARIABLE}={made.secret_key}\n"
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
    return made, True

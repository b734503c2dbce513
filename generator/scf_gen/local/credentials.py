"""The pair of keys that a local SCF accepts where none is given: made at the first start, and kept."""

import secrets
from pathlib import Path

from scf_gen.core.credentials import ID_VARIABLE, KEY_VARIABLE, Credential
from scf_gen.errors import BadAnswer
from scf_gen.local.store.data_folder import keep_secret

FILE = "credentials"


def keep(folder: Path) -> tuple[Credential, bool]:
    """The pair in the data folder, and whether it was made now; the file is one for a shell to source."""
    path = folder / FILE
    if path.is_file():
        lines = (line.partition("=") for line in path.read_text("utf-8", "replace").splitlines())
        found = {name.removeprefix("export "): value for name, _, value in lines}
        if found.get(ID_VARIABLE) and found.get(KEY_VARIABLE):
            return Credential(found[ID_VARIABLE], found[KEY_VARIABLE]), False
        raise BadAnswer(f"{path} holds no pair of keys", "remove it, and a new one is made")
    # The form of Tencent's own: an id of 36 characters, a key of 32.
    made = Credential(f"AKID{secrets.token_hex(16)}", secrets.token_hex(16))
    text = f"export {ID_VARIABLE}={made.secret_id}\nexport {KEY_VARIABLE}={made.secret_key}\n"
    keep_secret(path, text.encode())
    return made, True

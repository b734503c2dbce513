"""Which endpoint of the runtime API a shell command calls."""

import re

from scf_gen.lint.curl import curl_of
from scf_gen.lint.protocol import ENDPOINTS
from scf_gen.lint.shell import Command, Script

BUILT = "built"
_BUILT = re.compile(r"(?:runtime|invocation)/\$")


def endpoint_of(command: Command, script: Script) -> str:
    """The endpoint's name, `BUILT` where a variable says which, "" if it calls none."""
    curl = curl_of(command, script)
    texts = curl.urls if curl else [script.resolve(word.text) for word in command.words if "$(" not in word.text]
    for text in texts:
        for endpoint, path in ENDPOINTS.items():
            if path.decode() in text:
                return endpoint
        if curl and _BUILT.search(text):
            return BUILT
    return ""

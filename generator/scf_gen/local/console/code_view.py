"""The files of a version's ZIP, to be looked at."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scf_gen.archive.source import UNREADABLE
from scf_gen.local.refusal import Refusal

# The console of SCF shows no file over 1 MB either.
_SHOWN_BYTES = 1 << 20
_LISTED = 5000


def tree(path: Path) -> Mapping[str, Any]:
    """The files of a ZIP with mode and size in bytes, sorted by path; `more` were left out."""
    with zipfile.ZipFile(path) as archive:
        entries = sorted((entry for entry in archive.infolist() if not entry.is_dir()), key=lambda one: one.filename)
    files = [
        {"path": entry.filename, "bytes": entry.file_size, "executable": bool(entry.external_attr >> 16 & 0o100)}
        for entry in entries[:_LISTED]
    ]
    return {"files": files, "more": max(0, len(entries) - _LISTED)}


def content(path: Path, name: str) -> Mapping[str, Any]:
    """The text of a file; for one that is none, or is too long, `why` it is not shown."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            data = file.read(_SHOWN_BYTES + 1)
    except KeyError:
        raise Refusal("ResourceNotFound", f"There is no file {name} in the code.") from None
    except UNREADABLE as error:
        return {"why": f"It cannot be unpacked: {error}."}
    if len(data) > _SHOWN_BYTES:
        return {"why": "It has more than 1 MB."}
    if b"\0" in data:
        return {"why": "It is not a text file."}
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"why": "It is not UTF-8 text."}

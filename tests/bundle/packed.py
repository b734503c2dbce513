"""A ZIP that `scf-gen package` has made, and the files that it is made of."""

import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Packed:
    """A ZIP: its files with their modes, and its bytes."""

    path: Path

    @property
    def modes(self) -> dict[str, int]:
        with zipfile.ZipFile(self.path) as archive:
            return {entry.filename: entry.external_attr >> 16 & 0o7777 for entry in archive.infolist()}

    @property
    def names(self) -> set[str]:
        return set(self.modes)

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name)


def write(folder: Path, **files: str | bytes) -> None:
    """Write files; a double underscore in a name is a slash, a single one a dot."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

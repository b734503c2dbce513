"""The ZIPs of all versions by SHA-256, and the folders that they are unpacked to."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from scf_gen.archive.source import unpack

_FOLDER_MODE = 0o700


@dataclass(frozen=True, slots=True)
class Upload:
    """A ZIP that has been written and synced, but is not anybody's yet."""

    path: Path
    sha256: str
    size_bytes: int


class CodeFiles:
    """`zips/` holds what must not be lost, `code/` what can be unpacked again, `incoming/` what is being written."""

    def __init__(self, folder: Path) -> None:
        self._zips, self._code, self._incoming = (folder / name for name in ("zips", "code", "incoming"))
        for place in (self._code, self._incoming):  # of a server before, which may have been killed
            shutil.rmtree(place, ignore_errors=True)
        for place in (self._zips, self._code, self._incoming):
            place.mkdir(mode=_FOLDER_MODE, exist_ok=True)

    def receive(self, data: bytes) -> Upload:
        """Write a ZIP, so that it lasts, beside the others."""
        fd, name = tempfile.mkstemp(dir=self._incoming)
        path = Path(name)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise
        return Upload(path, hashlib.sha256(data).hexdigest(), len(data))

    def keep(self, upload: Upload) -> None:
        """Make it one of the ZIPs; only after this may anything refer to it."""
        upload.path.replace(self.zip_path(upload.sha256))
        _sync_folder(self._zips)

    def drop(self, sha256: str) -> None:
        """Remove a ZIP that nothing refers to any more."""
        self.zip_path(sha256).unlink(missing_ok=True)

    def sweep(self, wanted: Collection[str]) -> None:
        """Remove all ZIPs but those."""
        for path in self._zips.iterdir():
            if path.stem not in wanted:
                path.unlink()

    def zip_path(self, sha256: str) -> Path:
        """Where a ZIP lies."""
        return self._zips / f"{sha256}.zip"

    def unpacked(self, sha256: str) -> Path:
        """The folder with a ZIP's files, which are unpacked if they are not yet; raises ArchiveInvalid."""
        folder = self._code / sha256
        if not folder.is_dir():
            fresh = Path(tempfile.mkdtemp(dir=self._incoming))
            try:
                unpack(self.zip_path(sha256), fresh)
                with contextlib.suppress(OSError):  # somebody else was faster
                    fresh.rename(folder)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        return folder

    def set_aside(self, sha256: str) -> Path:
        """Take the folder of a ZIP out of use, at once; what is left at the path given may be removed."""
        aside = self._incoming / f"{sha256}.old"
        with contextlib.suppress(OSError):
            (self._code / sha256).rename(aside)
        return aside


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

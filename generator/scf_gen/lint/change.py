"""What is to become of a file, and doing it: whole, or not at all."""

import contextlib
import errno
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scf_gen.lint.file import Stamp, stamp


@dataclass(frozen=True, slots=True)
class Change:
    """A file below `root` gets another name, content or mode (permission bits); `stamp` is of when it was read."""

    root: Path
    path: str
    new_path: str
    before: bytes
    after: bytes
    mode_before: int
    mode: int
    stamp: Stamp

    def carry_out(self) -> str:
        """Do it; where it was left undone, why."""
        source, target = self.root / self.path, self.root / self.new_path
        try:
            self._check(source)
            if target != source and os.path.lexists(target):
                return f"{self.new_path} is there already"
            if self.after != self.before:
                self._replace(source)
            elif self.mode != self.mode_before:
                source.chmod(self.mode)
            if target != source:
                source.rename(target)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def _check(self, source: Path) -> None:
        if stamp(source.lstat()) != self.stamp:
            raise OSError(errno.ESTALE, "it has changed meanwhile")

    def _replace(self, source: Path) -> None:
        status = source.lstat()
        number, name = tempfile.mkstemp(prefix=".scf-gen-", dir=source.parent)
        try:
            with open(number, "wb") as file:  # noqa: PTH123 -- it is open already
                file.write(self.after)
                if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(number, status.st_uid, status.st_gid)
                os.fchmod(number, self.mode)
                file.flush()
                os.fsync(number)
            self._check(source)
            Path(name).replace(source)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108
            raise

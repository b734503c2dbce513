"""The examples in the rules' files, as folders or ZIPs: a small correct function with the example's own files in it.

`base` names a folder below lint/examples, `minimal` unless said. In `files` a text is a file's content and false takes
the file away; `base64` holds binary contents, `modes` octal permissions, `links` targets of symbolic links, and `crlf`
names files whose line ends become CRLF. `sizes` makes files longer, by zeros, and `pipes` makes pipes. `zip` and
`folder` say that only a ZIP or only a folder can show it; a ZIP may have further `entries`. `expect` lists
path:line:column.
"""

import base64
import os
import shutil
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).with_name("examples")


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a rule; `expect` is empty for a good one."""

    data: Mapping[str, Any]

    @property
    def expect(self) -> list[str]:
        """Where the rule finds something: path:line:column."""
        return list(self.data.get("expect", []))

    @property
    def needs_zip(self) -> bool:
        """Whether a folder cannot show it."""
        return bool(self.data.get("zip", False))

    @property
    def needs_folder(self) -> bool:
        """Whether a ZIP cannot show it."""
        return bool(self.data.get("folder", False))

    def write(self, folder: Path) -> None:
        """Write it into `folder`."""
        base = EXAMPLES / self.data.get("base", "minimal")
        if base.is_dir():
            shutil.copytree(base, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
        for path, content in self._contents():
            _put(folder / path, content)
        for path in self.data.get("crlf", ()):
            file = folder / path
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        for path, size in self.data.get("sizes", {}).items():
            with (folder / path).open("ab") as grown:
                grown.truncate(size)
        for path, target in self.data.get("links", {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).symlink_to(target)
        for path in self.data.get("pipes", ()):
            os.mkfifo(folder / path)
        self._set_modes(folder)

    def pack(self, folder: Path, archive: Path) -> None:
        """Write what is in `folder` into a ZIP, entry by entry, with its modes and links."""
        with zipfile.ZipFile(archive, "w") as packed:
            for path in sorted(path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()):
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                entry.external_attr = path.lstat().st_mode << 16
                packed.writestr(entry, _data(path))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of two entries with one name
                for name, content in self.data.get("entries", {}).items():
                    packed.writestr(name, content)

    def _contents(self) -> Iterator[tuple[str, bytes | None]]:
        for path, text in self.data.get("files", {}).items():
            yield path, text.removeprefix("\n").encode() if isinstance(text, str) else None
        for path, text in self.data.get("base64", {}).items():
            yield path, base64.b64decode(text)

    def _set_modes(self, folder: Path) -> None:
        bootstrap = folder / "bootstrap"
        if bootstrap.is_file() and not bootstrap.is_symlink():
            bootstrap.chmod(0o755)
        for path, mode in self.data.get("modes", {}).items():
            (folder / path).chmod(int(mode, 8))


def bad_examples(text: Mapping[str, Any]) -> list[Example]:
    """What a rule's file shows as wrong."""
    return [Example(data) for data in text.get("bad", [])]


def good_examples(text: Mapping[str, Any]) -> list[Example]:
    """What it shows as right; the small correct function where it shows nothing."""
    return [Example(data) for data in text.get("good", [{}])]


def _data(path: Path) -> bytes:
    if path.is_symlink():
        return bytes(path.readlink())
    return path.read_bytes() if path.is_file() else b""


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

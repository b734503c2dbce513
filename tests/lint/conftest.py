"""Small functions to lint."""

from collections.abc import Callable
from pathlib import Path

import pytest
from scf_gen.lint.example import Example


@pytest.fixture
def function(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small correct function; files by path, where None takes one away, and modes for them."""

    def write(files=None, modes=None, name="fn", **more) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        contents = {path: False if text is None else text for path, text in (files or {}).items()}
        Example({"files": contents, "modes": modes or {}, **more}).write(folder)
        return folder

    return write


@pytest.fixture
def packed(tmp_path: Path) -> Callable[[Path], Path]:
    """Packs a folder."""

    def pack(folder: Path) -> Path:
        Example({}).pack(folder, tmp_path / f"{folder.name}.zip")
        return tmp_path / f"{folder.name}.zip"

    return pack

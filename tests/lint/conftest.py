"""Small functions to lint."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from scf_gen.lint.example import Example
from scf_gen.lint.runner import Plan, lint


@pytest.fixture
def function(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small correct function; files by path, where None takes one away, and modes for them."""

    def write(files=None, modes=None, name="fn", **more) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        given = files or {}
        texts = {path: False if content is None else content for path, content in given.items()}
        coded = {path: base64.b64encode(content) for path, content in given.items() if isinstance(content, bytes)}
        texts = {path: content for path, content in texts.items() if path not in coded}
        Example({"files": texts, "base64": coded, "modes": modes or {}, **more}).write(folder)
        return folder

    return write


@pytest.fixture
def packed(tmp_path: Path) -> Callable[[Path], Path]:
    """Packs a folder."""

    def pack(folder: Path) -> Path:
        Example({}).pack(folder, tmp_path / f"{folder.name}.zip")
        return tmp_path / f"{folder.name}.zip"

    return pack


@pytest.fixture
def told() -> Callable[[Path, str], list[str]]:
    """What the rules of one family, or one rule, say of a package: code, place and message."""

    def told(path: Path, family: str) -> list[str]:
        return [
            f"{one.code} {one.found.path}:{one.found.line}:{one.found.column} {one.found.message}"
            for one in lint([path], Plan(select=(family,))).findings
        ]

    return told

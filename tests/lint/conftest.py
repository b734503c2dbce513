"""A function to lint, from a few files."""

import shutil
from pathlib import Path

import pytest
from scf_gen.lint.example import EXAMPLES
from scf_gen.lint.runner import Plan, lint


@pytest.fixture
def function(tmp_path):
    """Writes the small correct function of `base` with these files, of which None are left out."""

    def write(files=None, base="minimal"):
        folder = tmp_path / "function"
        shutil.copytree(EXAMPLES / base, folder, dirs_exist_ok=True)
        (folder / "bootstrap").chmod(0o755)
        for path, content in (files or {}).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


@pytest.fixture
def told():
    """What the rules of one family, or one rule, say of a package: code, place and message."""

    def told(path: Path, family: str):
        return [
            f"{one.code} {one.found.path}:{one.found.line}:{one.found.column} {one.found.message}"
            for one in lint([path], Plan(select=(family,))).findings
        ]

    return told

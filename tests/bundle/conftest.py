"""A function, and a way to pack it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bundle.packed import Packed


@pytest.fixture
def function(tmp_path: Path) -> Path:
    """The least that can be packed."""
    folder = tmp_path / "fn"
    folder.mkdir()
    (folder / "bootstrap").write_text("#!/bin/sh\n")
    return folder


@pytest.fixture
def packed(scf_gen, function) -> Callable[..., Packed]:
    """Packs the function."""

    def pack(*options: object) -> Packed:
        done = scf_gen("package", "--no-lint", function, *options)
        assert done.status == 0, done.err
        return Packed(Path(done.out.partition("  ")[0]))

    return pack

"""Compiled programs that are older than their sources."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from echo import ECHO, write_function

BUILT_S = 1_700_000_000
WARNING = "{} is newer than bootstrap, which runs as it is: scf-gen build {}\n"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A function in Go whose bootstrap is up to date, and a script here; the compiler is not needed."""
    folder = write_function(tmp_path / "fn")
    (folder / "scf.toml").write_text('[function]\nname = "fn"\nlang = "go"\n[package]\nexclude = ["/tools/"]\n')
    (folder / ".scfignore").write_text("*_test.go\n")
    for name in ("index.go", "index_test.go", "inner/part.go", "tools/gen.go", ".cache/x.go", "README.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    for file in folder.rglob("*"):
        os.utime(file, (BUILT_S, BUILT_S))
    return folder


def edit(file: Path) -> None:
    os.utime(file, (BUILT_S + 1, BUILT_S + 1))


@pytest.mark.parametrize("name", ["index.go", "inner/part.go"])
@pytest.mark.parametrize("command", ["invoke", "bench"])
def test_a_newer_source_is_told_in_a_line_that_says_how_to_build(scf_gen, built, command, name):
    options = ["--rounds", "3"] if command == "bench" else []
    assert "is newer" not in scf_gen(command, built, *options).err
    edit(built / name)
    done = scf_gen(command, built, *options)
    assert done.status == 0
    assert done.err.count(WARNING.format(name, built)) == 1


def test_the_function_that_bench_compares_with_is_looked_at_too(scf_gen, built, tmp_path):
    other = write_function(tmp_path / "other")
    edit(built / "index.go")
    assert WARNING.format("index.go", built) in scf_gen("bench", other, "--against", built, "--rounds", "3").err


@pytest.mark.parametrize("name", ["index_test.go", "tools/gen.go", ".cache/x.go", "README.md"])
def test_what_is_no_source_or_ignored_may_be_newer(scf_gen, built, name):
    edit(built / name)
    assert "is newer" not in scf_gen("invoke", built).err


def interpreted(folder: Path) -> Path:
    config = folder / "scf.toml"
    config.write_text(config.read_text().replace('"go"', '"python"'))
    (folder / "index.py").touch()
    return folder


def packed(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "fn.zip", "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, ECHO)
        archive.write(folder / "scf.toml", "scf.toml")
        archive.write(folder / "index.go", "index.go")
    return folder / "fn.zip"


@pytest.mark.parametrize("subject", [interpreted, packed])
def test_an_interpreted_language_and_a_zip_have_nothing_to_be_stale(scf_gen, built, subject: Callable[[Path], Path]):
    edit(built / "index.go")
    assert "is newer" not in scf_gen("invoke", subject(built)).err

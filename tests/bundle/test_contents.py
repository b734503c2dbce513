"""scf-gen package: which files go into the ZIP."""

import os
import shutil
import socket
import stat
import subprocess
import tempfile
import zipfile

import pytest
from bundle.packed import Packed, write
from scf_gen.bundle import select


def test_what_no_package_needs_stays_out(packed, function):
    for name in (
        *(".git/config", ".env", ".DS_Store", ".idea/x", ".vscode/x", ".venv/x", "lib/__pycache__/x.pyc", ".scf/state"),
        *("a.py~", "lib/.a.swp", ".scfignore", ".gitignore", "#a#", ".hypothesis/x"),
    ):
        (function / name).parent.mkdir(parents=True, exist_ok=True)
        (function / name).write_text("")
    (function / ".#lock").symlink_to("user@host.1234")
    write(function, lib__keep_py="", git="")
    assert packed().names == {"bootstrap", "lib/keep.py", "git"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_scfignore_then_scf_toml_have_the_last_word(packed, function, end):
    lines = ["# a comment", "", "*.md", "!keep.md", "/tests/", "!.env", "data/*", "!data/b", " ", "ü.txt"]
    (function / ".scfignore").write_bytes(b"\xef\xbb\xbf" + end.join(lines).encode())
    write(function, scf_toml='[package]\nexclude = ["lib/*.so", "!lib/b.so", "a.txt"]\n')
    names = [
        "a.md",
        "keep.md",
        "tests/x",
        "lib/tests/x",
        ".env",
        "data/a",
        "data/b",
        "lib/a.so",
        "lib/b.so",
        "a.txt",
        "ü.txt",
    ]
    for name in names:
        (function / name).parent.mkdir(parents=True, exist_ok=True)
        (function / name).write_text("")
    assert packed().names == {
        *("bootstrap", "scf.toml", "keep.md", "lib/tests/x", ".env", "data/b", "lib/b.so"),
    }


def test_a_package_never_holds_itself_nor_an_earlier_one(scf_gen, packed, function):
    write(function, data_zip="a ZIP of another kind", data__txt="")
    first = packed()
    assert first.path == function / "fn.zip"
    before = first.path.read_bytes()
    assert packed().path.read_bytes() == before
    packed("-o", function / "data" / "v2.zip")
    done = scf_gen("package", "--no-lint", function)
    assert first.path.read_bytes() == before
    assert first.names == {"bootstrap", "data.zip", "data/txt"}
    assert done.err == f"left out {function}/data/v2.zip, an earlier package\n"
    (function / ".scfignore").write_text("!/data/v2.zip\n")
    assert packed("-o", function / "out.txt").names == {"bootstrap", "data.zip", "data/txt", "data/v2.zip"}


def test_links_stand_for_what_they_lead_to(packed, function):
    write(function, lib__a_sh="#!/bin/sh\n", lib__b_txt="b")
    (function / "bootstrap").rename(function / "lib" / "start")
    (function / "bootstrap").symlink_to("lib/start")
    (function / "alias").symlink_to(function / "lib")
    (function / "twice").symlink_to("alias")
    (function / "lib" / "c").symlink_to("b.txt")
    package = packed()
    inner = {"a.sh": 0o755, "b.txt": 0o644, "c": 0o644, "start": 0o755}
    assert package.modes == {
        "bootstrap": 0o755,
        **{f"{folder}/{name}": mode for folder in ("alias", "lib", "twice") for name, mode in inner.items()},
    }
    assert package.read("twice/c") == b"b"
    with zipfile.ZipFile(package.path) as archive:
        assert all(stat.S_ISREG(entry.external_attr >> 16) for entry in archive.infolist())


def test_a_project_that_is_a_link_itself_is_packed(scf_gen, function, tmp_path):
    (tmp_path / "link").symlink_to(function)
    assert scf_gen("package", "--no-lint", tmp_path / "link", "-o", tmp_path / "out.zip").status == 0
    assert Packed(tmp_path / "out.zip").names == {"bootstrap"}


LINKS = {
    "out, relative": ("link", "../outside", "leads out of the project"),
    "out, absolute": ("link", "/etc/hostname", "leads out of the project"),
    "out, a folder": ("link", "/etc", "leads out of the project"),
    "out, to a neighbour of like name": ("link", "../fn-2/file", "leads out of the project"),
    "nowhere": ("link", "gone", "leads nowhere"),
    "itself": ("link", "link", "leads nowhere"),
    "the folder itself": ("lib/link", ".", "leads back"),
    "a folder above": ("lib/link", "..", "leads back"),
}


@pytest.mark.parametrize("case", LINKS)
def test_a_link_that_cannot_be_packed_is_refused(scf_gen, function, tmp_path, case):
    name, target, complaint = LINKS[case]
    (tmp_path / "outside").write_text("")
    write(tmp_path / "fn-2", file="")
    write(function, lib__a="")
    (function / name).symlink_to(target)
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.out) == (3, "")
    assert f"error: {function}/{name} is a symbolic link that {complaint}" in done.err
    assert target in done.err
    assert not (function / "fn.zip").exists()
    (function / ".scfignore").write_text(f"/{name}\n")
    assert scf_gen("package", "--no-lint", function).status == 0


def test_a_link_to_a_folder_is_named_as_a_folder(packed, function):
    (function / "environment").symlink_to("/usr")
    (function / ".scfignore").write_text("environment/\n")
    assert packed().names == {"bootstrap"}


def test_folders_that_link_each_other_are_refused(scf_gen, function):
    write(function, a__x="", b__x="")
    (function / "a" / "b").symlink_to("../b")
    (function / "b" / "a").symlink_to("../a")
    done = scf_gen("package", "--no-lint", function)
    assert done.status == 3
    assert "leads back" in done.err


def test_links_that_multiply_folders_are_refused(scf_gen, function, monkeypatch):
    monkeypatch.setattr(select, "FILES_LIMIT", 1000)
    for number in range(20):
        (function / f"{number}").mkdir()
        for name in "ab":
            (function / f"{number}" / name).symlink_to(f"../{number + 1}")
    (function / "20").mkdir()
    done = scf_gen("package", "--no-lint", function)
    assert done.status == 3
    assert "more than 1,000 files" in done.err


def test_folders_may_lie_deep(packed, function):
    deep = function.joinpath(*["d"] * 600)
    os.makedirs(deep)  # noqa: PTH103 -- pathlib's does not go so deep
    (deep / "file").write_text("")
    try:
        assert "d/" * 600 + "file" in packed().names
    finally:
        # Nor does what pytest removes its folders with.
        subprocess.run(["rm", "-r", function / "d"], check=True)


def test_pipes_and_sockets_are_left_out_and_named(scf_gen, function):
    os.mkfifo(function / "pipe")
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as bound:
        bound.bind(f"{short}/socket")
        shutil.move(f"{short}/socket", function / "socket")
        done = scf_gen("package", "--no-lint", function)
    assert done.status == 0
    assert done.err == f"left out {function}/pipe, a pipe\nleft out {function}/socket, a socket\n"
    assert Packed(function / "fn.zip").names == {"bootstrap"}


@pytest.mark.parametrize("name", [b"a\\b", b"\xff.txt"])
def test_a_name_that_no_zip_holds_is_refused(scf_gen, function, name):
    (function / os.fsdecode(name)).write_text("")
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.out) == (3, "")
    assert "a file that a ZIP cannot name" in done.err

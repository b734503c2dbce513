"""scf-gen package: what it refuses."""

import pytest
from bundle.packed import write
from scf_gen.core import contract

CONFIGS = {
    "exclude is no list": ('exclude = "*.md"', "package.exclude has to be a list of lines"),
    "exclude holds a number": ("exclude = [1]", "package.exclude has to be a list of lines"),
    "a pattern of two lines": ('exclude = ["a\\nb"]', "package.exclude has to be a list of lines"),
    "no pattern": ('exclude = ["!"]', "'!' is no pattern"),
    "a range the wrong way": ('exclude = ["[z-a]"]', "'[z-a]' is no pattern"),
    "no version": ('interpreter = "3.x"', "package.interpreter has to be a version"),
    "a number": ("interpreter = 3.9", "package.interpreter has to be a version"),
}


@pytest.mark.parametrize("case", CONFIGS)
def test_a_bad_table_is_refused(scf_gen, function, case):
    line, complaint = CONFIGS[case]
    write(function, scf_toml=f"[package]\n{line}\n")
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.out) == (3, "")
    assert f"{function}/scf.toml: " in done.err
    assert complaint in done.err


def test_an_ignore_file_that_cannot_be_read_is_refused(scf_gen, function):
    (function / ".scfignore").write_bytes(b"\xff\xfe")
    assert f"{function}/.scfignore is not UTF-8" in scf_gen("package", "--no-lint", function).err
    (function / ".scfignore").write_text("ok\n!\n")
    assert f"{function}/.scfignore: '!' is no pattern" in scf_gen("package", "--no-lint", function).err


def test_without_a_bootstrap_there_is_nothing_to_pack(scf_gen, function, tmp_path):
    (function / ".scfignore").write_text("boot*\n")
    done = scf_gen("package", "--no-lint", function)
    assert done.status == 3
    assert "leaves out bootstrap" in done.err
    assert "!/bootstrap" in done.err
    (function / "bootstrap").unlink()
    write(function, scf_toml="")
    done = scf_gen("package", "--no-lint", function)
    assert "has no bootstrap" in done.err
    assert "hint: put one at the root" in done.err
    (tmp_path / "empty").mkdir()
    done = scf_gen("package", "--no-lint", tmp_path / "empty")
    assert done.status == 3
    assert "holds no function" in done.err


@pytest.mark.parametrize(
    ("output", "status", "complaint"),
    [
        ("fn/bootstrap", 3, "is no ZIP file"),
        ("/dev/null", 3, "is no ZIP file"),
        ("nowhere/fn.zip", 2, "is no folder"),
        ("fn", 2, "is a directory"),
        ("/proc/fn.zip", 3, "error: /proc/fn.zip: "),  # where nobody may write, not even root
    ],
)
def test_an_output_that_will_not_do_is_refused(scf_gen, function, tmp_path, output, status, complaint):
    done = scf_gen("package", "--no-lint", function, "-o", tmp_path / output)
    assert (done.status, done.out) == (status, "")
    assert complaint in done.err
    assert (function / "bootstrap").read_text() == "#!/bin/sh\n"


def test_only_a_folder_is_packed(scf_gen, function):
    done = scf_gen("package", "--no-lint", function / "bootstrap")
    assert (done.status, done.out) == (3, "")
    assert "is a file" in done.err


def test_over_500_mb_is_refused_and_the_largest_are_named(scf_gen, packed, function):
    before = packed().path.read_bytes()
    for name, size in (("a", 300), ("b", 201), ("c", 1)):
        with (function / name).open("wb") as file:
            file.truncate(size * 1024 * 1024)
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.out) == (3, "")
    assert "holds 502 MB, and SCF takes 500 MB" in done.err
    assert "a (300 MB), b (201 MB), c (1 MB)" in done.err
    assert (function / "fn.zip").read_bytes() == before


def test_a_zip_too_large_for_a_request_says_what_to_do(scf_gen, packed, function, monkeypatch):
    size = packed().path.stat().st_size
    monkeypatch.setattr(contract, "INLINE_ZIP_LIMIT_BYTES", size)
    assert scf_gen("package", "--no-lint", function).err == ""
    monkeypatch.setattr(contract, "INLINE_ZIP_LIMIT_BYTES", size - 1)
    done = scf_gen("package", "--no-lint", function)
    assert done.status == 0
    assert "COS bucket" in done.err
    assert f"{size:,} bytes are more than a request of the API holds: " in done.err
    assert f" is a ZIP of {size - 1:,} bytes\n" in done.err
    assert "CosBucketName" in done.err

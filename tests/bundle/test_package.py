"""scf-gen package: the ZIP runs as the folder does, always is the same one, and what is said of it."""

import os
import re
import shutil
import stat
import subprocess
import sys

import pytest
from bundle.packed import Packed, write
from scf_gen.languages import catalog

LANGUAGES = catalog.languages()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_function_is_packed_and_its_zip_runs_as_the_folder_does(scf_gen, tmp_path, lang):
    assert scf_gen("new", "fn", "--lang", lang, "--output-dir", tmp_path, "--handler", "app.answer").status == 0
    done = scf_gen("package", tmp_path / "fn")
    assert (done.status, done.err) == (0, "")
    package = Packed(tmp_path / "fn" / "fn.zip")
    assert package.modes["bootstrap"] == 0o755
    assert not package.names & {".scfignore", ".gitignore", ".gitattributes", "README.md", "events/hello.json"}
    shutil.move(package.path, tmp_path / "elsewhere.zip")
    from_zip = scf_gen("invoke", tmp_path / "elsewhere.zip", "-d", '{"n": 1}')
    assert from_zip.status == 0, from_zip.err
    assert from_zip.stdout == scf_gen("invoke", tmp_path / "fn", "-d", '{"n": 1}').stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_zip_is_judged_and_measured_as_the_folder_is(scf_gen, tmp_path, lang):
    assert scf_gen("new", "fn", "--lang", lang, "--output-dir", tmp_path).status == 0
    assert scf_gen("package", tmp_path / "fn", "-o", tmp_path / "out.zip").status == 0
    assert scf_gen("bench", tmp_path / "out.zip", "--rounds", "1", "--json").status == 0
    done = scf_gen("conform", tmp_path / "out.zip", "--select", "result-at-sign")
    if LANGUAGES[lang].build:
        assert (done.status, done.out) == (3, "")
        assert "no Go source to compile the conformance handler with" in done.err
    else:
        assert done.status == 0, done.out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_project_elsewhere_gives_the_same_bytes(scf_gen, tmp_path, lang):
    """In another folder, made later, by a user with another umask, with the files written in another order."""
    packages = []
    for folder, umask in (("here", 0o022), ("somewhere else", 0o077)):
        before = os.umask(umask)
        try:
            assert scf_gen("new", "fn", "--lang", lang, "--output-dir", tmp_path / folder).status == 0
            project = tmp_path / folder / "fn"
            if umask == 0o077:
                for path in sorted(project.rglob("*"), reverse=True):
                    if path.is_file():
                        mode, content = path.stat().st_mode, path.read_bytes()
                        path.unlink()
                        path.write_bytes(content)
                        path.chmod(stat.S_IMODE(mode))
            assert scf_gen("package", project).status == 0
        finally:
            os.umask(before)
        packages.append((project / "fn.zip").read_bytes())
    assert packages[0] == packages[1]


def test_locale_time_zone_and_hash_seed_change_nothing(function, tmp_path):
    write(function, ä_txt="ä", Z_txt="Z", a_txt="a", lib__b_txt="b")
    digests = set()
    for number, settings in enumerate(
        ({"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}, {"LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"})
    ):
        output = tmp_path / f"{number}.zip"
        command = [sys.executable, "-m", "scf_gen", "package", "--no-lint", function, "-o", output]
        done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
        digests.add(done.stdout.splitlines()[1])
    assert len(digests) == 1


def test_a_checkout_that_lost_all_modes_gives_the_same_bytes(packed, function, tmp_path):
    write(function, index_sh="main_handler() { :; }\n", run_py="#!/usr/bin/env python3\n", data_txt="text")
    (function / "bootstrap").chmod(0o755)
    with_modes = packed("-o", tmp_path / "with.zip")
    for path in function.iterdir():
        path.chmod(0o644)
    without = packed("-o", tmp_path / "without.zip")
    assert with_modes.path.read_bytes() == without.path.read_bytes()
    assert without.modes == {"bootstrap": 0o755, "data.txt": 0o644, "index.sh": 0o755, "run.py": 0o755}


PROGRAMS = {
    "a script": ("run", b"#!/bin/sh\n", 0o644, 0o755),
    "an ELF": ("lib/tool", b"\x7fELF\2\1", 0o600, 0o755),
    "executable on disk": ("data", b"text", 0o654, 0o755),
    "the handler's file": ("index.sh", b"", 0o400, 0o755),
    "a file of that name elsewhere": ("lib/index.sh", b"", 0o400, 0o644),
    "text": ("data.txt", b"text", 0o600, 0o644),
    "set-user-id": ("tool", b"", 0o4640, 0o644),
    "writable by all": ("text", b"", 0o666, 0o644),
    "empty": ("empty", b"", 0o644, 0o644),
    "one byte of a script": ("hash", b"#", 0o644, 0o644),
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_programs_and_the_handler_are_executable_and_nothing_else(packed, function, case):
    name, content, mode, expected = PROGRAMS[case]
    (function / name).parent.mkdir(exist_ok=True)
    (function / name).write_bytes(content)
    (function / name).chmod(mode)
    assert packed().modes[name] == expected


def test_the_handlers_file_has_the_languages_suffix(packed, function):
    write(function, app_sh="", app_json="", scf_toml='[function]\nlang = "bash"\nhandler = "app.run"\n')
    assert packed().modes == {"bootstrap": 0o755, "app.sh": 0o755, "app.json": 0o644, "scf.toml": 0o644}


def test_the_bootstrap_is_executable_even_if_it_is_no_program(packed, function):
    write(function, bootstrap="\ufeff#!/bin/sh\n")
    assert packed().modes == {"bootstrap": 0o755}


def test_line_ends_are_the_users(packed, function):
    write(function, bootstrap="#!/bin/sh\r\n")
    assert packed().read("bootstrap") == b"#!/bin/sh\r\n"


def test_it_prints_path_sizes_and_digest_and_the_files_on_demand(scf_gen, function):
    write(function, index_sh="x" * 2000, odd="")
    (function / "odd").rename(function / "od\nd")
    done = scf_gen("package", "--no-lint", function)
    digest = subprocess.run(["sha256sum", function / "fn.zip"], capture_output=True, text=True, check=True).stdout[:64]
    assert re.fullmatch(rf"\S+/fn/fn\.zip  0\.\d KB, 2\.0 KB unpacked, 3 files\nsha256 {digest}\n", done.out)
    assert done.err == ""
    listed = scf_gen("package", "--no-lint", function, "-v").out
    assert listed == f"0755     10  bootstrap\n0755  2,000  index.sh\n0644      0  'od\\nd'\n{done.out}"


def test_the_file_is_named_after_the_function_or_else_its_folder(packed, function):
    assert packed().path.name == "fn.zip"
    write(function, scf_toml='[function]\nname = "greeter"\n')
    assert packed().path.name == "greeter.zip"


def test_a_language_that_is_not_known_is_packed_as_it_is(scf_gen, function):
    write(function, scf_toml='[function]\nlang = "cobol"\n')
    done = scf_gen("package", "--no-lint", function)
    assert done.status == 0
    assert "does not know the language cobol" in done.err


def test_a_build_that_fails_leaves_the_earlier_package(scf_gen, tmp_path):
    assert scf_gen("new", "fn", "--lang", "go", "--output-dir", tmp_path).status == 0
    assert scf_gen("package", "--no-lint", tmp_path / "fn").status == 0
    before = (tmp_path / "fn" / "fn.zip").read_bytes()
    (tmp_path / "fn" / "index.go").write_text("package main\nfunc broken() {\n")
    done = scf_gen("package", "--no-lint", tmp_path / "fn")
    assert (done.status, done.out) == (1, "")
    assert (tmp_path / "fn" / "fn.zip").read_bytes() == before

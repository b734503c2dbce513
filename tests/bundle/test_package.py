"""scf-gen package: what goes into the ZIP, with which modes, and that it always is the same one."""

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from scf_gen.bundle import select
from scf_gen.core import contract
from scf_gen.languages import catalog

LANGUAGES = catalog.languages()


@dataclass(frozen=True)
class Packed:
    """A ZIP: its files with their modes, and its bytes."""

    path: Path

    @property
    def modes(self) -> dict[str, int]:
        with zipfile.ZipFile(self.path) as archive:
            return {entry.filename: entry.external_attr >> 16 & 0o7777 for entry in archive.infolist()}

    @property
    def names(self) -> set[str]:
        return set(self.modes)

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name)


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


def write(folder: Path, **files: str | bytes) -> None:
    """Write files; a double underscore in a name is a slash, a single one a dot."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


# --- All languages


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_function_is_packed_and_its_zip_runs_as_the_folder_does(scf_gen, tmp_path, lang):
    assert scf_gen("new", "fn", "--lang", lang, "--output-dir", tmp_path, "--handler", "app.answer").status == 0
    done = scf_gen("package", tmp_path / "fn")
    assert (done.status, done.err) == (0, "")
    package = Packed(tmp_path / "fn" / "fn.zip")
    assert package.modes["bootstrap"] == 0o755
    assert not package.names & {".scfignore", ".gitignore", "README.md", "events/hello.json"}
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


# --- Modes

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


# --- Which files


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


# --- Bad input

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
    assert "CosBucketName" in done.err


# --- What it says


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

"""Rules 206 and 209 to 211: real programs, crafted ones, and hostile ones."""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lint.elf_file import header, program
from scf_gen.errors import ToolMissing
from scf_gen.languages import catalog, toolbox
from scf_gen.lint.elf import Budget, read_program
from scf_gen.lint.runner import Plan, lint

RULES = ("SCF205", "SCF209", "SCF210", "SCF211")


def findings(folder, target="centos7"):
    return [
        (found.code, found.severity, found.found.message)
        for found in lint([folder], Plan(RULES, target=target)).findings
    ]


@pytest.fixture
def put(tmp_path):
    folder = tmp_path / "function"

    def put(content: bytes, path: str = "bootstrap") -> Path:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(0o755)
        return folder

    return put


def test_a_command_that_is_proposed_can_be_given_as_it_stands(put):
    folder = put(b"#!/var/user/bin/a&b\n")
    put(b"", "bin/a&b").joinpath("bin/a&b").chmod(0o644)
    [finding] = lint([folder], Plan(("SCF206",))).findings
    assert finding.hint == "chmod 755 'bin/a&b'"
    subprocess.run(finding.hint, shell=True, cwd=folder, check=True)
    assert lint([folder], Plan(("SCF206",))).findings == []


GO_PROGRAM = 'package main\n\nfunc main() { println("hello") }\n'


@pytest.mark.parametrize(
    ("system", "machine", "told"),
    [
        ("linux", "amd64", []),
        ("linux", "arm64", [("SCF209", "error", "bootstrap is built for 64-bit ARM")]),
    ],
)
def test_what_go_builds_for_other_systems_is_told(put, tmp_path, monkeypatch, system, machine, told):
    language = catalog.language("go")
    try:
        go = toolbox.require(language, "build")["go"].path
    except ToolMissing:
        pytest.fail("Go is missing: make setup installs it")
    # A program of our own that needs no standard library, so that nothing else has to be compiled.
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.go").write_text(GO_PROGRAM)
    settings = {"GOOS": system, "GOARCH": machine, "CGO_ENABLED": "0", "GO111MODULE": "off", "GOFLAGS": ""}
    argv = [go, "build", "-trimpath", "-ldflags=-s -w", "-o", "program", "main.go"]
    subprocess.run(argv, cwd=source, env=os.environ | settings, check=True, timeout=300)
    assert findings(put((source / "program").read_bytes())) == told


def test_the_program_of_this_very_test_is_read():
    """Whatever its glibc, the real thing has a loader, libraries and versions."""
    shell = Path(os.path.realpath(shutil.which("bash")))
    found = read_program(shell.read_bytes(), Budget())
    assert found.loader
    assert "libc.so.6" in found.libraries
    assert any(need.version.startswith("GLIBC_2.") and need.symbol for need in found.needs)


def test_the_libraries_of_installed_wheels_are_read():
    libraries = [
        Path(module.__file__) for module in sys.modules.values() if str(getattr(module, "__file__", "")).endswith(".so")
    ]
    assert libraries
    assert all(read_program(library.read_bytes(), Budget()) for library in libraries)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (program(), []),
        (program(versions={"libc.so.6": [("GLIBC_2.17", "clock_gettime")]}), []),
        (
            program(
                versions={"libc.so.6": [("GLIBC_2.28", "fcntl64"), ("GLIBC_2.9", "pipe2"), ("GLIBC_2.34", "exit")]}
            ),
            "needs GLIBC_2.34 (symbol exit); CentOS 7 has GLIBC_2.17",
        ),
        (
            program(versions={"libm.so.6": [("GLIBC_2.29", "pow")], "libstdc++.so.6": [("GLIBCXX_3.4.20", "x")]}),
            "needs GLIBC_2.29 (symbol pow) and GLIBCXX_3.4.20 (symbol x); CentOS 7 has GLIBC_2.17 and GLIBCXX_3.4.19",
        ),
        (program(versions={"libc.so.6": [("GLIBC_2.34", "exit")]}, weak=True), []),
        (
            program(versions={"libc.so.6": [("GLIBC_ABI_DT_RELR", "")]}),
            "needs GLIBC_ABI_DT_RELR; CentOS 7 has GLIBC_2.17",
        ),
        (program(versions={"libc.so.6": [("GLIBC_PRIVATE", "x")], "libfoo.so": [("FOO_9.9", "y")]}), []),
        (
            program(["liba.so", "libb.so", "libc.so", "libd.so"]),
            "needs liba.so, libb.so, libc.so and 1 more, neither in CentOS 7 nor where the loader looks",
        ),
        (
            program(loader="/lib/ld-musl-x86_64.so.1"),
            "needs the loader /lib/ld-musl-x86_64.so.1, which CentOS 7 does not have",
        ),
        (program(loader="/opt/lib/ld.so"), []),
        (b"MZ\x90\0" + bytes(60), "is a Windows program"),
        (b"\xcf\xfa\xed\xfe" + bytes(60), "is a macOS program"),
        (header(system=9), "is built for FreeBSD"),
        (header(3, bits=1), "is built for 32-bit x86"),
        (header(0x3E, bits=1), "is built for the x32 ABI"),
        (header(21, order=2), "is built for PowerPC"),
        (header(kind=1), "is an object file that is still to be linked"),
        (header()[:18], "is a damaged program"),
    ],
)
def test_what_a_bootstrap_needs_is_compared_with_scf(put, content, told):
    expected = [f"bootstrap {told}"] if told else []
    assert [message for _, _, message in findings(put(content))] == expected


def test_the_target_decides(put):
    folder = put(program(versions={"libc.so.6": [("GLIBC_2.28", "fcntl64")]}))
    assert findings(folder, "centos7")
    assert findings(folder, "centos8") == []


@pytest.mark.parametrize(
    ("runpath", "place", "is_found"),
    [
        ("", "libhello.so.1", True),  # LD_LIBRARY_PATH has /var/user
        ("", "lib/libhello.so.1", False),
        ("$ORIGIN/lib", "lib/libhello.so.1", True),
        ("/opt:${ORIGIN}/../user/lib", "lib/libhello.so.1", True),
        ("/var/user/lib", "lib/libhello.so.1", True),
        ("lib", "lib/libhello.so.1", True),  # from the working directory, which is /var/user
    ],
)
def test_a_library_counts_where_the_loader_looks(put, runpath, place, is_found):
    put(program(loader=""), place)
    folder = put(program(["libhello.so.1"], runpath=runpath))
    assert (findings(folder) == []) == is_found


@pytest.mark.parametrize(
    ("path", "mode", "told"),
    [
        ("hello.so", 0o644, "warning"),
        ("lib/hello.so.1.2", 0o644, "warning"),
        ("runtime/bin/node", 0o755, "warning"),
        ("testdata/program", 0o644, None),
        (".idea/hello.so", 0o755, None),
        ("prebuilds/linux-arm64/hello.node", 0o755, None),
        ("prebuilds/linuxmusl-x64/hello.node", 0o755, None),
        ("alarm/hello.node", 0o755, "warning"),
    ],
)
def test_other_files_get_warnings_if_they_are_to_be_loaded(put, path, mode, told):
    put(b"#!/bin/bash\n")
    folder = put(header(0xB7, kind=3), path)
    (folder / path).chmod(mode)
    assert [severity for _, severity, _ in findings(folder)] == ([told] if told else [])


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (program(["libhello.so.1"]), "Bootstrap exited with status 127 before ready"),
        (program(versions={"libc.so.6": [("GLIBC_2.94", "exit")]}), "Bootstrap exited with status 1 before ready"),
    ],
)
def test_the_loader_ends_such_a_program_as_the_finding_says(put, scf_gen, content, ending):
    folder = put(content)
    [finding] = lint([folder], Plan(RULES)).findings
    assert finding.found.scf_message == ending
    done = scf_gen("invoke", folder, "--json", "-d", "{}")
    assert json.loads(json.loads(done.out)["Result"]["RetMsg"])["errorMessage"] == ending


def test_damaged_programs_are_read_without_harm_and_without_end(put):
    """Every prefix, and random damage; what each costs is bounded by what is read of it."""
    whole = program(["liba.so"], {"libc.so.6": [("GLIBC_2.34", "exit")]}, runpath="$ORIGIN")
    chance = random.Random(7)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    budget = Budget()
    for length in range(0, len(whole), 40):
        read_program(whole[:length], budget)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
        read_program(bytes(damaged), budget)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 20  # measured: 1 s


def test_a_program_that_wants_to_be_read_without_end_is_given_up(put):
    endless = bytearray(program(versions={"libc.so.6": [("GLIBC_2.34", "exit")]}))
    at = endless.rfind(b"\xfe\xff\xff\x6f", 0, len(endless))  # the section of versions needed
    endless[at + 40 : at + 44] = b"\xff\xff\xff\xff"  # there are four billion of them
    budget = Budget()
    assert read_program(bytes(endless), budget) is None
    assert Budget().reads - budget.reads < 20_000


def test_a_program_that_has_more_parts_than_one_reads_is_given_up():
    parts = bytearray(header())
    parts[32:40] = parts[40:48] = (64).to_bytes(8, "little")  # where the segments and the sections begin
    parts[56:58] = parts[60:62] = b"\xff\xff"  # how many there are
    budget = Budget()
    assert read_program(bytes(parts) + bytes(5 << 20), budget) is None
    assert Budget().reads - budget.reads < 210_000

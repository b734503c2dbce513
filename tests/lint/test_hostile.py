"""Whatever it is given, the linter ends soon and small, in findings or one clear error, and no rule of it fails."""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from scf_gen.errors import ScfGenError
from scf_gen.lint import file, rule
from scf_gen.lint.package import open_package
from scf_gen.lint.runner import lint

# Of scf-gen and all that it starts; the memory is that of its largest process.
CPU_LIMIT_S = 5
MEMORY_LIMIT_MB = 300
MEGABYTE = 1 << 20
SUFFIXES = {"python": "py", "node": "js", "go": "go"}
NAMES = ("bootstrap", "scf.toml", "index.sh", "index.py", "index.js", "index.go", "a.so", "a.txt", "b", "c")


@dataclass
class Ended:
    status: int
    shown: str
    cpu_s: float
    memory_mb: float


# A small process between, since a process's peak of memory begins with that of the one it was forked from.
MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
shown = done.stdout.decode()
print(json.dumps([done.returncode, shown, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


@pytest.fixture
def ended():
    """How `scf-gen lint` of something ends, in a process of its own."""

    def run(path: Path) -> Ended:
        command = [sys.executable, "-c", MEASURE, sys.executable, "-m", "scf_gen", "lint", path]
        return Ended(*json.loads(subprocess.run(command, capture_output=True, check=True).stdout))

    return run


def check(ended: Ended) -> None:
    assert ended.status in {0, 1, 3}, ended.shown[-2000:]
    assert "Traceback" not in ended.shown
    assert "SCF001" not in ended.shown, ended.shown[:2000]
    if ended.status == 3:
        assert ended.shown.startswith("error: ")
        assert len(ended.shown.splitlines()) <= 2
    assert ended.cpu_s < CPU_LIMIT_S
    assert ended.memory_mb < MEMORY_LIMIT_MB


def deep(opening: str, closing: str, count: int) -> bytes:
    return (opening * count + closing * count).encode()


SHELL = {
    "huge": b"#!/bin/bash\n" + b"echo $a\n" * (50 * MEGABYTE // 8),
    "one long line": b"#!/bin/bash\necho " + b"a" * (500 << 10),
    "a long list": b"#!/bin/bash\n" + b"echo $a b c\n" * 30_000,
    "binary": random.Random(1).randbytes(2 * MEGABYTE),
    "half an ELF": b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x02\x00\x3e\x00" + b"\xff" * 400,
    "broken UTF-8": b"#!/bin/bash\n" + b"\xff\xfe\xc0\x80 $\xed\xa0\x80\n" * 1000,
    "substitutions": b"#!/bin/bash\necho " + deep("$(", ")", 3000) + b"\n",
    "curls": b"#!/bin/bash\n" + b'curl -d "$R" "http://$SCF_RUNTIME_API/runtime/invocation/response" | ' * 5000,
    "comments": b"# scf-gen: ignore[SCF203\n" * 20_000,
    "ignored": b"# scf-gen: ignore[SCF203]\n" * 20_000,
    "ignored, and nothing": b"# scf-gen: ignore[SCF203]\n" * 9_000 + b"\n" * 250_000,
}
OTHERS = {
    "huge": b"f()\n" * (12 * MEGABYTE),
    "zeros": b"\0" * 30 * MEGABYTE,
    "broken UTF-8": b"\xff\xfe\xc0\x80\xed\xa0\x80\n" * 1000,
    "brackets": deep("[", "]", 100_000),
    "functions": deep("function f() { return ", "}", 10_000),
    "nested loads": deep("[require('a'), ", "]", 6000),
    "loads": b"".join(b"require('./a%d');\nimport a%d\n" % (number, number) for number in range(4000)),
    "relative loads": b"".join(b"from .a%d import b\n" % number for number in range(6000)),
    "definitions": b"\n".join(b" " * depth + b"def main_handler(event, context):" for depth in range(900)),
}


@pytest.mark.parametrize("content", SHELL.values(), ids=SHELL)
def test_a_hostile_bootstrap_costs_little(function, ended, content):
    folder = function()
    (folder / "bootstrap").write_bytes(content)
    check(ended(folder))


@pytest.mark.parametrize("lang", ["python", "node", "go"])
@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_a_hostile_handler_costs_little(function, ended, lang, content):
    folder = function({"index.sh": None, "scf.toml": f'[function]\nlang = "{lang}"\n'})
    (folder / f"index.{SUFFIXES[lang]}").write_bytes(content)
    check(ended(folder))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"a = " + deep("[", "]", 100_000),
        b"a" * 10 * MEGABYTE,
        b"[function]\n" + b"".join(b"k%d = 1\n" % number for number in range(100_000)),
        b".".join([b"a"] * 20_000) + b" = 1\n",
        b"[lint]\nignore = [" + b'"SCF9", ' * 50_000 + b"]\n",
        b'[function]\nhandler = "' + b"a" * MEGABYTE + b'"\nname = "\\u001b[2J"\n',
        b"function = 1\nlint = 2\npackage = 3\n",
        b"[function]\nhandler = 1\nlang = []\ntimeout_s = {}\nmemory_mb = 1e999\nenv = [[]]\n",
        b"[function]\ntimeout_s = " + b"9" * 5000 + b"\n",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_hostile_configuration_costs_little(function, ended, content):
    folder = function()
    (folder / "scf.toml").write_bytes(content)
    check(ended(folder))


def test_what_is_no_file_is_not_read(function, ended, monkeypatch):
    folder = function({"bootstrap": None})
    monkeypatch.chdir(folder)  # a socket's path must be short
    os.mkfifo("bootstrap")
    os.mkfifo("pipe.sh")
    Path("loop").symlink_to("loop")
    Path("up").symlink_to("..")
    Path("index.py").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.sh")
        check(ended(folder))


def test_a_pipe_is_no_package(ended, tmp_path):
    os.mkfifo(tmp_path / "fn.zip")
    assert ended(tmp_path / "fn.zip").status == 3


def test_a_file_that_becomes_a_pipe_or_a_link_is_not_read(function):
    folder = function({"x.sh": "echo $1\n", "y.sh": "echo $1\n"})
    with open_package(folder) as package:
        (folder / "x.sh").unlink()
        os.mkfifo(folder / "x.sh")
        (folder / "y.sh").unlink()
        (folder / "y.sh").symlink_to("/etc/passwd")
        assert package.files["x.sh"].content == b""
        assert package.files["y.sh"].content == b""
        assert package.files["y.sh"].trouble


@pytest.fixture
def deep_folder(function, monkeypatch):
    """A folder of more levels than Python can recurse, so pytest could not take it away."""
    folder = function()
    monkeypatch.chdir(folder)
    for _ in range(1900):
        Path("d").mkdir()
        os.chdir("d")
    yield folder
    subprocess.run(["rm", "-rf", folder / "d"], cwd=folder, check=True)


def test_folders_may_be_as_deep_as_they_like(deep_folder, ended):
    check(ended(deep_folder))


def test_names_may_be_anything(function, ended):
    folder = function()
    for name in (b"a\nb.sh", b"\x1b[2J.sh", b"\xff\xfe.sh", b"-rf.sh", b" .sh", b"$(id).sh", b"%s%n.py", b"a" * 255):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_bytes(b"echo $1\n")
    done = ended(folder)
    check(done)
    assert done.shown.count(": SC2086 Double quote") == 6


def test_a_hundred_thousand_entries_are_looked_at_and_no_more(ended, tmp_path):
    path = tmp_path / "fn.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100_000):
            archive.writestr(f"{number}.txt", b"")
    check(ended(path))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("one more", b"")
    done = ended(path)
    assert (done.status, done.shown) == (3, f"error: {path} holds more than 100,000 entries\n")
    check(done)


def test_a_folder_of_too_many_files_is_refused(function, monkeypatch):
    monkeypatch.setattr("scf_gen.lint.folder.ENTRIES_LIMIT", 1)
    with pytest.raises(ScfGenError, match="holds more than 1 files"):
        lint([function()])


def test_a_zip_bomb_is_not_unpacked(ended, tmp_path):
    path = tmp_path / "fn.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in (
            "bootstrap",
            "scf.toml",
            "index.sh",
            "index.py",
            "index.js",
            "index.go",
            "a.so",
            "a.txt",
            "b",
            "c",
        ):
            archive.writestr(name, b"\n" * 40 * MEGABYTE)
    check(ended(path))


def test_large_files_are_not_read_to_their_ends(function, ended):
    folder = function()
    for name in NAMES:
        with (folder / name).open("wb") as file:
            file.truncate(2 << 30)
    check(ended(folder))


def test_a_directory_that_claims_to_be_huge_is_refused(ended, tmp_path):
    content = bytearray(ZIP)
    end = content.rfind(b"PK\5\6")
    content[end + 12 : end + 16] = (1 << 31).to_bytes(4, "little")
    (tmp_path / "fn.zip").write_bytes(content)
    assert ended(tmp_path / "fn.zip").status == 3


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_trouble_and_no_error(ended, tmp_path, method):
    with zipfile.ZipFile(tmp_path / "fn.zip", "w", method) as archive:
        archive.writestr("bootstrap", "#!/bin/bash\n")
    check(ended(tmp_path / "fn.zip"))


def small_zip() -> bytes:
    with tempfile.TemporaryFile() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {
                "bootstrap": "#!/bin/bash\necho $1\n" * 9,
                "index.sh": "f() { :; }\n",
                "é/x": "",
            }.items():
                archive.writestr(name, content)
        buffer.seek(0)
        return buffer.read()


ZIP = small_zip()


def lint_quietly(path: Path) -> None:
    try:
        report = lint([path])
    except ScfGenError:
        return
    assert "SCF001" not in {finding.code for finding in report.findings}, report.findings


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(ZIP) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, len(ZIP)) | st.just(len(ZIP)),
)
def test_a_broken_zip_is_one_clear_error_or_findings(changes, length):
    content = bytearray(ZIP)
    for at, byte in changes:
        content[at] = byte
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "fn.zip")
        archive.write_bytes(content[:length])
        lint_quietly(archive)


WORDS = st.sampled_from(
    """
#!/bin/bash|#!/usr/bin/env node|\r|\ufeff|\0|$(|}|)|]|'|"|while true; do|done|set -e|source |mktemp|import x
curl |-d "$R"|http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime/invocation/next |/runtime/init/ready|$HEADERS
def main_handler(event|exports.main_handler = |func main() {|# scf-gen: ignore[SCF2|[function]|handler = "|select = [
""".replace("\n", "|\n").split("|")
)
TEXTS = st.lists(WORDS | st.text(max_size=5), max_size=25).map(lambda parts: "".join(parts).encode(errors="replace"))
CONTENTS = TEXTS | st.binary(max_size=200)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["bootstrap", "scf.toml", "index.sh", "index.py", "index.js", "index.go", "lib.so", ".env"]),
        CONTENTS,
    )
)
def test_no_rule_fails_whatever_the_files_hold(contents):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents.items():
            Path(folder, name).write_bytes(content)
        lint_quietly(Path(folder))


def test_a_rule_that_fails_is_a_finding(scf_gen, function, monkeypatch):
    def fail(context):
        raise ZeroDivisionError("by\nnothing")

    monkeypatch.setitem(rule.CHECKS, "SCF203", fail)
    done = scf_gen("lint", function(modes={"bootstrap": "644"}), "--select", "SCF0,SCF2")
    assert done.status == 1
    assert r"SCF001 rule SCF203 failed: ZeroDivisionError: by\nnothing" in done.out
    assert "SCF202" in done.out  # the others have run
    assert "Traceback" not in done.err


def test_what_was_not_read_is_told(function, monkeypatch):
    monkeypatch.setattr(file.Budget.__init__, "__defaults__", (100,))
    findings = lint([function({"x.py": "#" * 1000})]).findings
    assert "SCF004" in {finding.code for finding in findings}

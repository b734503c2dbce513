"""Rules 5xx: what is said of packages, folders and ZIPs."""

import os
import socket
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
from scf_gen.lint.runner import Plan, lint

BOOTSTRAP = "#!/bin/bash\nexit 1\n"


@pytest.fixture
def pack(tmp_path):
    """Writes a ZIP of these entries, in order: pairs of name and content."""

    def pack(*entries, method=zipfile.ZIP_DEFLATED):
        path = tmp_path / "function.zip"
        with zipfile.ZipFile(path, "w", method) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of two entries with one name
            for name, content in entries:
                entry = zipfile.ZipInfo(name)
                entry.compress_type = method
                entry.external_attr = 0o755 << 16
                archive.writestr(entry, content)
        return path

    return pack


def patched(path: Path, offset: int, form: str, *values: int) -> Path:
    """Changes the first entry in the ZIP's directory."""
    content = bytearray(path.read_bytes())
    struct.pack_into(form, content, content.index(b"PK\x01\x02") + offset, *values)
    path.write_bytes(content)
    return path


def test_a_zip_that_may_be_too_large_is_an_info_and_one_that_is_a_warning(tmp_path, told):
    path = tmp_path / "function.zip"
    for size, severity in ((7_000_000, None), (8_000_000, "info"), (53_000_000, "warning")):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("bootstrap", BOOTSTRAP)
        with path.open("r+b") as file:  # what stands before a ZIP does not matter to it
            content = file.read()
            file.seek(size - len(content))
            file.write(content)
            file.seek(0)
            file.write(bytes(len(content)))
        assert [one.severity for one in lint([path], Plan(("SCF501",))).findings] == ([severity] if severity else [])


def test_declared_sizes_count_unpacked(pack, told):
    path = patched(pack(("bootstrap", BOOTSTRAP)), 24, "<I", 600 << 20)
    assert told(path, "SCF502") == ["SCF502 :0:1 the files have 600 MB, of 500 MB that SCF takes"]


def test_only_what_would_be_packed_counts(function, told):
    folder = function({"cache/large.bin": "", "small.bin": ""})
    with (folder / "cache" / "large.bin").open("wb") as file:
        file.truncate(600 << 20)
    assert [finding[:6] for finding in told(folder, "SCF502")] == ["SCF502"]
    (folder / ".scfignore").write_text("/cache/\n")
    assert told(folder, "SCF502") == []


@pytest.mark.parametrize(
    ("offset", "form", "values", "trouble"),
    [
        (24, "<I", (600 << 20,), "it declares 629,145,600 bytes, which 21 in the ZIP cannot be"),
        (20, "<I", (4000,), "it declares 19 bytes, which 4,000 in the ZIP cannot be"),
        (8, "<H", (1,), "it is encrypted"),
        (10, "<H", (99,), "compression method 99, which not every unpacker knows"),
    ],
)
def test_an_entry_that_cannot_be_unpacked_is_told(pack, told, offset, form, values, trouble):
    path = patched(pack(("bootstrap", BOOTSTRAP)), offset, form, *values)
    assert told(path, "SCF509") == [f"SCF509 bootstrap:0:1 bootstrap cannot be read: {trouble}"]


def test_a_damaged_entry_is_told(pack, told):
    path = patched(pack(("bootstrap", BOOTSTRAP)), 16, "<I", 12345)  # another checksum
    assert told(path, "SCF509") == ["SCF509 bootstrap:0:1 bootstrap cannot be read: Bad CRC-32 for file 'bootstrap'"]


def test_an_entry_as_large_as_deflate_can_make_it_is_believed(pack, told):
    assert told(pack(("bootstrap", BOOTSTRAP), ("zeros", bytes(4 << 20))), "SCF5") == []


def test_links_in_a_folder_are_told_if_they_go_astray(function, told):
    folder = function({"data/one": "1"})
    links = {
        "fine": "data/one",
        "data/fine": "../index.sh",
        "fine-folder": "data",
        "nothing": "no/such",
        "outside": "/etc/passwd",
        "self": "self",
        "data/up": "..",
    }
    for path, target in links.items():
        (folder / path).symlink_to(target)
    assert told(folder, "SCF503") == [
        "SCF503 data/up:0:1 data/up is a link to a folder that holds it (..)",
        "SCF503 nothing:0:1 nothing is a link to nothing (no/such)",
        "SCF503 outside:0:1 outside is a link that leads outside the package (/etc/passwd)",
        "SCF503 self:0:1 self is a link that leads in a circle (self)",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../x", "../x leads outside the package"),
        ("a/../../x", "a/../../x leads outside the package"),
        ("/x", "/x is an absolute path"),
        ("C:/x", "C:/x is an absolute path"),
        ("a\\b", "a\\b has a backslash in its name"),
        ("a\nb", "a?b has a control character in its name"),
        ("a..b/c", None),
        ("名前.txt", None),
    ],
)
def test_names_that_are_not_safe_are_told(pack, told, name, message):
    expected = [f"SCF504 {name}:0:1 {message}"] if message else []
    assert told(pack(("bootstrap", BOOTSTRAP), (name, "x")), "SCF504") == expected


def test_two_entries_with_one_path_are_told_once(pack, told):
    path = pack(("bootstrap", BOOTSTRAP), ("a", "1"), ("a", "2"), ("a", "3"), ("A", "4"), ("b", "5"), ("b/c/d", "6"))
    assert told(path, "SCF505") == [
        "SCF505 a:0:1 a is 3 times in the ZIP",
        "SCF505 b:0:1 b is a file and a folder",
    ]


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["hello/bootstrap", "hello/index.sh"], ["SCF506"]),
        (["hello/bootstrap", "__MACOSX/hello/._bootstrap"], ["SCF506", "SCF507"]),
        (["hello/bootstrap", "README"], ["SCF208"]),
        (["a/b/bootstrap", "a/index.sh"], ["SCF208"]),
        (["node_modules/x/bootstrap", "index.js"], ["SCF201"]),
        (["scf_bootstrap", "app.py"], ["SCF207"]),
        (["bootstrap/app.php"], ["SCF212"]),
        (["Bootstrap"], ["SCF201"]),
    ],
)
def test_a_bootstrap_in_the_wrong_place_is_one_finding(pack, names, codes):
    path = pack(*((name, BOOTSTRAP) for name in names))
    assert sorted({one.code for one in lint([path], Plan(("SCF2", "SCF5"))).findings}) == codes


def test_a_zip_without_a_bootstrap_is_to_be_packed_anew(pack):
    for entries in ((), (("index.sh", ""),)):
        [finding] = lint([pack(*entries)], Plan(("SCF201",))).findings
        assert finding.message == "there is no bootstrap at the root"
        assert finding.hint == "pack the function's folder: scf-gen package"


def test_in_a_folder_it_is_another_one(function):
    folder = function({"bootstrap": None, "index.sh": None, "hello/bootstrap": BOOTSTRAP})
    assert [one.code for one in lint([folder], Plan(("SCF2", "SCF5"))).findings] == ["SCF208"]


def test_a_bootstrap_by_another_name_can_be_renamed(function):
    [finding] = lint([function({"bootstrap": None, "bootstrap.sh": BOOTSTRAP})], Plan(("SCF201",))).findings
    assert finding.found.hint == "bootstrap.sh has to be named bootstrap"
    assert [(edit.path, edit.new) for edit in finding.found.edits] == [("bootstrap.sh", "bootstrap")]


def test_what_nothing_needs_is_summed_up(pack, told):
    path = pack(
        ("bootstrap", BOOTSTRAP),
        *((f".git/objects/{number}", bytes(1 << 20)) for number in range(3)),
        ("tests/run.sh", "true"),
        ("lib/tests/run.sh", "true"),
        ("lib/.DS_Store", ""),
    )
    assert told(path, "SCF507") == [
        "SCF507 :0:1 .git is not needed on SCF: 3 files, 3.0 MB",
        "SCF507 :0:1 tests is not needed on SCF: 1 file, 0.0 MB",
        "SCF507 :0:1 .DS_Store is not needed on SCF: 1 file, 0.0 MB",
    ]


ID, KEY = "AKIDq8Zt3vN1xR5yL7wP2kJ9mB4cD6fG0hSu", "x7Kp2Qw9Zr4Tn6Vb1Mc3Lj8Hg5Fd0SaY"
PEM = "-----BEGIN {}PRIVATE KEY-----\n" + "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n"


@pytest.mark.parametrize(
    ("path", "content", "finding"),
    [
        ("a.sh", f"id={ID}\n", "1:4 here is a SecretId (AKIDq8Zt…)"),
        ("a.json", f'{{\n "secretKey": "{KEY}"}}', "2:16 here is a SecretKey"),
        ("a.py", f"TENCENTCLOUD_SECRETKEY = '{KEY}'", "1:27 here is a SecretKey"),
        ("a.yml", f"secret_key: {KEY}", "1:13 here is a SecretKey"),
        ("a.json", f'{{"größe": 1, "secretKey": "{KEY}"}}', "1:28 here is a SecretKey"),
        ("a.pem", PEM.format("RSA "), "1:1 here is a private key"),
        ("id", PEM.format("OPENSSH "), "1:1 here is a private key"),
        ("a.js", "const key = '" + PEM.format("").replace("\n", "\\n") + "'", "1:14 here is a private key"),
        (".env", "export PASSWORD=x\n", "0:1 .env would be uploaded"),
        (".env.production", "A=1\n", "0:1 .env.production would be uploaded"),
        (".env", "# nothing\n\n", None),
        (".env.example", "A=1\n", None),
        ("a.sh", f"id={ID}x\n", None),
        ("a.sh", "id=AKID" + "x1" * 16, None),
        ("a.sh", "id=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", None),
        ("a.py", "secret_key = get_secret_key_from_the_store_()", None),
        ("a.py", "secret_key = os.environ['SECRET_KEY']", None),
        ("a.py", "if line == '-----BEGIN PRIVATE KEY-----': pass", None),
        ("poetry.lock", f"secret_key = '{KEY}'", None),
        ("node_modules/a/key.pem", PEM.format(""), None),
        ("a.bin", b"\0" + ID.encode(), None),
    ],
)
def test_secrets_are_told_and_never_printed(function, packed, told, path, content, finding):
    found = told(packed(function({path: content})), "SCF508")
    assert found == ([f"SCF508 {path}:{finding}"] if finding else [])
    assert not any(ID in line or KEY in line for line in found)


def test_what_is_no_file_is_told(function, told, monkeypatch):
    folder = function()
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert told(folder, "SCF509") == ["SCF509 pipe:0:1 pipe is a pipe", "SCF509 socket:0:1 socket is a socket"]


def test_a_folder_that_is_too_deep_to_be_read_is_told(function, told):
    folder, name = function(), "d" * 250
    folders = [os.open(folder, os.O_RDONLY)]
    for _ in range(20):  # the path becomes longer than the system takes
        os.mkdir(name, dir_fd=folders[-1])
        folders.append(os.open(name, os.O_RDONLY, dir_fd=folders[-1]))
    try:
        [finding] = told(folder, "SCF509")
        assert finding.endswith("cannot be read: File name too long")
    finally:  # pytest could not
        os.close(folders.pop())
        for place in reversed(folders):
            os.rmdir(name, dir_fd=place)
            os.close(place)


def test_a_pipe_as_bootstrap_is_one_finding(function):
    folder = function({"bootstrap": None})
    os.mkfifo(folder / "bootstrap")
    assert [one.code for one in lint([folder], Plan(("SCF2", "SCF5"))).findings] == ["SCF212"]


def test_a_handlers_file_that_cannot_be_read_is_one_finding(function, packed):
    archive = packed(function())
    content = archive.read_bytes()
    archive.write_bytes(content.replace(b"main_handler()", b"main_hangler()", 1))  # its checksum is another now
    assert [one.code for one in lint([archive], Plan(("SCF1", "SCF5"))).findings] == ["SCF509"]

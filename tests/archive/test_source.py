import io
import stat
import zipfile
from pathlib import Path

import pytest
from scf_gen.archive import source
from scf_gen.archive.source import open_code
from scf_gen.errors import ArchiveInvalid, FunctionNotFound


def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def write_zip(path: Path, *entries: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in entries:
            archive.writestr(info, content)
    return path


def test_a_folder_is_taken_as_it_is(tmp_path):
    with open_code(tmp_path) as code:
        assert code == tmp_path


def test_a_zip_is_unpacked_with_its_modes_and_removed_again(tmp_path):
    path = write_zip(
        tmp_path / "fn.zip",
        (entry("bootstrap", 0o100755), b"#!/bin/sh\n"),
        (entry("lib/", 0o040755), b""),
        (entry("lib/a.txt"), b"text"),
    )
    with open_code(path) as code:
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in code.rglob("*") if file.is_file()}
        assert modes == {"bootstrap": 0o755, "a.txt": 0o644}
    assert not code.exists()


def test_a_zip_made_on_windows_has_nothing_executable(tmp_path):
    info = zipfile.ZipInfo("bootstrap")
    info.create_system = 0
    info.external_attr = 0o755 << 16
    with open_code(write_zip(tmp_path / "fn.zip", (info, b"#!/bin/sh\n"))) as code:
        assert stat.S_IMODE((code / "bootstrap").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("info", "complaint"),
    [
        (entry("../outside"), "leads outside"),
        (entry("/etc/outside"), "leads outside"),
        (entry("a/../../outside"), "leads outside"),
        (entry("a\\..\\outside"), "leads outside"),
        (entry("link", 0o120777), "symbolic link"),
    ],
)
def test_an_unsafe_zip_is_refused_and_nothing_is_written(tmp_path, info, complaint):
    path = write_zip(tmp_path / "fn.zip", (info, b"/etc/passwd"))
    with pytest.raises(ArchiveInvalid, match=complaint), open_code(path):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["fn.zip"]


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "UNPACKED_LIMIT_BYTES", 1000)
    path = write_zip(tmp_path / "fn.zip", (entry("big"), bytes(1001)))
    with pytest.raises(ArchiveInvalid, match="more than 500 MB"), open_code(path):
        pass


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip", bytes(1000)])
def test_a_broken_zip_is_refused(tmp_path, content):
    path = tmp_path / "fn.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveInvalid, match="not a ZIP file that can be read"), open_code(path):
        pass


def test_a_damaged_zip_is_refused(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(entry("bootstrap"), b"x" * 100)
    data = bytearray(whole.getvalue())
    data[60] ^= 0xFF
    (tmp_path / "fn.zip").write_bytes(data)
    with pytest.raises(ArchiveInvalid, match="CRC"), open_code(tmp_path / "fn.zip"):
        pass


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damaged_data_is_refused(tmp_path, method):
    path = tmp_path / "fn.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("bootstrap", bytes(range(256)) * 40)
    data = bytearray(path.read_bytes())
    for position in range(55, 75):
        data[position] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ArchiveInvalid, match="can be read"), open_code(path):
        pass


def test_a_name_that_is_not_what_it_claims_is_refused(tmp_path):
    path = write_zip(tmp_path / "fn.zip", (entry("bootstrap"), b"#!/bin/sh\n"), (entry("ä"), b""))
    path.write_bytes(path.read_bytes().replace("ä".encode(), b"\xff\xff"))
    assert not source.is_package(path)
    with pytest.raises(ArchiveInvalid, match="can be read: 'utf-8' codec"), open_code(path):
        pass


def test_nothing_there(tmp_path):
    with pytest.raises(FunctionNotFound), open_code(tmp_path / "nowhere"):
        pass

"""What is written is what is read, by scf-gen and by others, and only names, modes and contents decide the bytes."""

import hashlib
import os
import random
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from scf_gen.archive import writer
from scf_gen.archive.source import open_code
from scf_gen.archive.writer import Entry, write_zip
from scf_gen.errors import PackageInvalid

PARTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/\\"), min_size=1, max_size=20).filter(
    lambda part: part not in {".", ".."} and len(part.encode()) < 100
)
# The first part says the depth, so that no file is in the way of a folder.
NAMES = st.lists(PARTS, min_size=1, max_size=3).map(lambda parts: "/".join([f"{len(parts)}{parts[0]}", *parts[1:]]))
# A content is a piece and how often it is repeated, so that some are large and can be packed well.
CONTENTS = st.tuples(st.binary(max_size=100), st.sampled_from([1, 2, 5000]))
FILES = st.dictionaries(NAMES, st.tuples(st.sampled_from([0o755, 0o644]), CONTENTS), max_size=6)

Files = dict[str, tuple[int, tuple[bytes, int]]]


def entries(folder: Path, files: Files) -> list[Entry]:
    """The files, as entries whose contents lie in `folder`."""
    made = []
    for number, (name, (mode, (piece, times))) in enumerate(files.items()):
        content = piece * times
        source = folder / str(number)
        source.write_bytes(content)
        made.append(Entry(name, source, mode, len(content)))
    return made


@settings(deadline=None, max_examples=60)  # a busy machine is no fault
@given(FILES)
def test_any_files_come_back_as_they_were(files):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "fn.zip")
        digest = write_zip(path, entries(Path(folder), files))
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
        with open_code(path) as code:
            read = {
                str(file.relative_to(code)): (stat.S_IMODE(file.stat().st_mode), file.read_bytes())
                for file in code.rglob("*")
                if file.is_file()
            }
        assert read == {name: (mode, piece * times) for name, (mode, (piece, times)) in files.items()}
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == sorted(files, key=str.encode)
            assert all(entry.file_size >= entry.compress_size for entry in archive.infolist())


@settings(deadline=None, max_examples=60)  # a busy machine is no fault
@given(FILES, st.randoms())
def test_neither_order_nor_age_of_the_files_changes_a_byte(files, dice):
    with tempfile.TemporaryDirectory() as folder:
        first = write_zip(Path(folder, "first.zip"), entries(Path(folder), files))
        again = entries(Path(folder), files)
        dice.shuffle(again)
        for entry in again:
            os.utime(entry.source, (dice.randrange(2**31), dice.randrange(2**31)))
        assert write_zip(Path(folder, "second.zip"), again) == first


def test_the_bytes_are_the_same_everywhere(tmp_path):
    """The compressor is a part of scf-gen: where this changes, every package of every user changes."""
    # Words that come back at many distances, so that another level or version would pack them otherwise.
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefgh", k=dice.randrange(1, 9))) for _ in range(3000)]
    text = " ".join(words[int(dice.paretovariate(0.3)) % 3000] for _ in range(40000)).encode()
    files = {"bootstrap": (0o755, (b"#!/bin/sh\n", 50)), "lib/ä.txt": (0o644, (text, 1)), "empty": (0o644, (b"", 1))}
    digest = write_zip(tmp_path / "fn.zip", entries(tmp_path, files))
    assert digest == "68c683943019d026e43bb63852a48efa04af17a295dab3d5fa9a674593f28677"


@pytest.mark.parametrize("old", [None, b"the earlier package"])
def test_a_failure_leaves_what_was_there(tmp_path, old):
    path = tmp_path / "out" / "fn.zip"
    path.parent.mkdir()
    if old is not None:
        path.write_bytes(old)
    made = entries(tmp_path, {"bootstrap": (0o755, (b"#!/bin/sh\n", 50))})
    with pytest.raises(FileNotFoundError):
        write_zip(path, [*made, Entry("gone", tmp_path / "gone", 0o644, 1)])
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == ({} if old is None else {"fn.zip": old})


def test_the_first_failure_is_told_if_the_draft_cannot_be_removed(tmp_path):
    def spoil(draft: Path) -> None:
        draft.unlink()
        draft.mkdir()
        raise PackageInvalid("no good")

    with pytest.raises(PackageInvalid, match="no good"):
        write_zip(tmp_path / "fn.zip", [], spoil)


def test_the_file_can_be_read_by_whom_the_umask_lets(tmp_path):
    before = os.umask(0o027)
    try:
        write_zip(tmp_path / "fn.zip", [])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "fn.zip").stat().st_mode) == 0o640


def test_more_files_than_a_zip_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "FILES_LIMIT", 2)
    three = entries(tmp_path, dict.fromkeys("abc", (0o644, (b"", 1))))
    with pytest.raises(PackageInvalid, match="3 files are more"):
        write_zip(tmp_path / "fn.zip", three)

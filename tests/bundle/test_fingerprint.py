"""What makes a project another one, and what does not."""

from pathlib import Path

import pytest
from scf_gen.bundle.build import build
from scf_gen.bundle.fingerprint import fingerprint
from scf_gen.core.packaging import Packaging
from scf_gen.languages import catalog


@pytest.fixture
def project(tmp_path: Path, scf_gen) -> Path:
    assert scf_gen("new", "hello", "--lang", "go", "--output-dir", tmp_path).status == 0
    return tmp_path / "hello"


def state(project: Path) -> str:
    return fingerprint(project, Packaging(exclude=("/excluded/",)), catalog.languages()["go"])


def append(project: Path, name: str) -> None:
    (project / name).parent.mkdir(exist_ok=True)
    with (project / name).open("a") as file:
        file.write("\n")


@pytest.mark.parametrize("name", ["index.go", "go.mod", "data.txt", "scf.toml", ".scfignore"])
def test_what_counts(project, name):
    before = state(project)
    append(project, name)
    assert state(project) != before


@pytest.mark.parametrize("name", ["README.md", "tests/new.txt", ".git/HEAD", ".scf/scf.sqlite", "excluded/file"])
def test_what_is_left_out_does_not(project, name):
    before = state(project)
    append(project, name)
    assert state(project) == before


def test_a_mode_counts_and_a_time_does_not(project):
    before = state(project)
    (project / "index.go").touch()
    assert state(project) == before
    (project / "index.go").chmod(0o755)
    assert state(project) != before


def test_what_a_build_makes_does_not_count(project):
    before = state(project)
    assert build(project, catalog.languages()["go"])
    assert (project / "bootstrap").is_file()
    assert state(project) == before

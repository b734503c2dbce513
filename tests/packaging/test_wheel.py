"""The wheel carries the templates, with their modes, and works without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what git tracks, as it would be released."""
    base = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", base, cwd=checkout)
    [path] = base.glob("*.whl")
    return path


def test_the_templates_in_the_wheel_are_those_of_the_repository(wheel):
    prefix = "scf_gen/_templates/"
    with zipfile.ZipFile(wheel) as archive:
        shipped = {
            entry.filename.removeprefix(prefix): (bool(entry.external_attr >> 16 & 0o100), archive.read(entry))
            for entry in archive.infolist()
            if entry.filename.startswith(prefix)
        }
    names = run("git", "ls-files", "-z", "templates", cwd=ROOT).stdout.split("\0")[:-1]
    tracked = {
        name.removeprefix("templates/"): (os.access(ROOT / name, os.X_OK), (ROOT / name).read_bytes()) for name in names
    }
    assert shipped == tracked


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    names = run("git", "ls-files", "-z", "generator/scf_gen", cwd=ROOT).stdout.split("\0")[:-1]
    with zipfile.ZipFile(wheel) as archive:
        assert {name.removeprefix("generator/") for name in names} <= set(archive.namelist())


def test_it_works_from_the_wheel_alone(wheel, tmp_path):
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", tmp_path / "site", wheel)
    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    code = "import scf_gen.languages.catalog as c; print(c.template_roots()[0])"
    shown = run(sys.executable, "-c", code, env=environ, cwd=tmp_path)
    assert shown.stdout.strip() == str(tmp_path / "site" / "scf_gen" / "_templates")
    run(sys.executable, "-m", "scf_gen", "new", "hello", "--lang", "bash", env=environ, cwd=tmp_path)
    run(sys.executable, "-m", "scf_gen", "package", "hello", env=environ, cwd=tmp_path)
    answer = run(
        sys.executable, "-m", "scf_gen", "invoke", "hello/hello.zip", "--event", "hello", env=environ, cwd=tmp_path
    )
    assert "test value 1" in answer.stdout

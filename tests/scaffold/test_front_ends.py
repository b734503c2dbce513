"""The cookiecutter command and `scf-gen new` write the same trees: path by path, byte by byte, mode by mode."""

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from scf_gen.languages import catalog

LANGUAGES = tuple(catalog.languages())
REPOSITORY = Path(__file__).parents[2]
COOKIECUTTER = Path(sys.executable).with_name("cookiecutter")
ANSWERS = {
    "the defaults": {},
    "unusual ones": {"name": "X_y-9", "handler": "my-app.handle_it", "memory_mb": "3072", "timeout_s": "900"},
}


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (stat.S_IMODE(path.stat().st_mode), path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


def run(*command: object, cwd: Path, **options: object) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "HOME": str(cwd), "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environ, capture_output=True, text=True, check=False, **options
    )


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The template repository as users have it: a folder, a git clone, and a ZIP as hosting sites make it."""
    base = tmp_path_factory.mktemp("sources")
    folder = base / "scf-gen"
    folder.mkdir()
    shutil.copy(REPOSITORY / "cookiecutter.json", folder)
    shutil.copytree(REPOSITORY / "templates", folder / "templates")
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "-A", "-f"],
        ["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    archive = base / "main.zip"
    subprocess.run(
        ["git", "archive", "--format=zip", "--prefix=scf-gen-main/", "-o", archive, "HEAD"], cwd=folder, check=True
    )
    # Hosting sites' ZIPs and some unpackers lose the modes; this one surely has none.
    bare = base / "bare.zip"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(bare, "w") as new:
        for entry in old.infolist():
            entry.external_attr = 0x10 if entry.is_dir() else 0
            new.writestr(entry, old.read(entry.filename))
    return {"folder": folder, "clone": f"git+file://{folder}", "zip": bare}


@pytest.mark.parametrize("source", ["folder", "clone", "zip"])
@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_cookiecutter_writes_what_new_writes(scf_gen, tmp_path, sources, lang, answers, source):
    given = ANSWERS[answers]
    repository = sources[source]
    pairs = [f"{key}={value}" for key, value in given.items()]
    command = (COOKIECUTTER, repository, "--directory", f"templates/{lang}", "--no-input", "--output-dir", "plain")
    plain = run(*command, *pairs, cwd=tmp_path)
    assert plain.returncode == 0, plain.stderr
    settings = [word for key, value in given.items() if key != "name" for word in ("--set", f"{key}={value}")]
    name = given.get("name", "hello")
    assert scf_gen("new", name, "--lang", lang, "--output-dir", tmp_path / "new", *settings).status == 0
    assert tree(tmp_path / "plain") == tree(tmp_path / "new")


def test_the_chooser_offers_every_language(tmp_path, sources):
    for number, lang in enumerate(LANGUAGES, start=1):
        answers = f"{number}\n" + "\n" * 6
        done = run(COOKIECUTTER, sources["folder"], "--output-dir", lang, cwd=tmp_path, input=answers)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / lang / "hello" / f"index.{catalog.language(lang).suffix}").is_file()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("name=1st", "name '1st' will not do"),
        ('name=a"""b', "will not do"),
        ("handler=nodot", "handler 'nodot' will not do"),
        ("handler=a/b.c", "will not do"),
        ("memory_mb=100", "steps of 128"),
        ("timeout_s=0", "1 to 900"),
    ],
)
def test_the_hook_refuses_what_new_refuses(tmp_path, lang, answer, complaint):
    template = REPOSITORY / "templates" / lang
    done = run(COOKIECUTTER, template, "--no-input", "--output-dir", "plain", answer, cwd=tmp_path)
    assert done.returncode != 0
    assert complaint in done.stderr
    assert not [path for path in tmp_path.glob("plain/*") if path.is_dir()]


def test_the_hook_refuses_reserved_words(tmp_path):
    template = REPOSITORY / "templates" / "python"
    done = run(COOKIECUTTER, template, "--no-input", "handler=index.class", cwd=tmp_path)
    assert done.returncode != 0
    assert "class has a meaning of its own" in done.stderr

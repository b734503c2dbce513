"""Which functions a PATH stands for."""

from pathlib import Path

import pytest
from scf_gen.lint.search import functions_at


@pytest.mark.parametrize(
    ("files", "functions"),
    [
        (["a/bootstrap", "b/scf.toml", "deep/er/bootstrap", "docs/index.html"], ["a", "b", "deep/er"]),
        (["a/bootstrap", "a/lib/bootstrap"], ["a"]),
        (["README.md", "setup.py", "bootstrap/app.php", "a/bootstrap"], ["a"]),
        # The folder itself is one.
        (["bootstrap", "a/bootstrap"], ["."]),
        (["scf.toml", "a/bootstrap"], ["."]),
        # Its bootstrap is misplaced.
        (["index.mjs", "src/bootstrap"], ["."]),
        # There are none, which the folder is told of.
        (["README.md", "app/bootstrap/app.php"], ["."]),
        (["node_modules/x/bootstrap", "venv/bootstrap", ".scf/code/bootstrap", ".aws-sam/bootstrap"], ["."]),
    ],
    ids=" ".join,
)
def test_a_folder_that_is_no_function_stands_for_those_below(tmp_path, monkeypatch, files, functions):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("curl $SCF_RUNTIME_API\n")
    monkeypatch.chdir(tmp_path)
    assert functions_at(Path()) == [Path(name) for name in functions]


@pytest.mark.parametrize(
    ("files", "functions"),
    [
        ({"bootstrap": "autoreconf -fi\n"}, []),
        ({"bootstrap": "autoreconf -fi\n", "scf.toml": ""}, ["tools"]),
        ({"bootstrap": "autoreconf -fi\n", "index.py": ""}, ["tools"]),
        ({"bootstrap": "exec python3 main.py\n", "main.py": "get('/runtime/invocation/next')"}, ["tools"]),
        ({"bootstrap": "\x7fELF"}, ["tools"]),
        ({"bootstrap": "autoreconf -fi\n", "docs/api.md": "SCF_RUNTIME_API"}, []),
    ],
    ids=" ".join,
)
def test_a_bootstrap_of_something_else_makes_no_function(scf_gen, tmp_path, monkeypatch, files, functions):
    for name, text in {"tools/" + name: text for name, text in files.items()}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "scf.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert functions_at(Path()) == [Path("a"), *map(Path, functions)]
    assert functions_at(Path("tools")) == [Path("tools")]


IGNORED = {
    ".gitignore": "build/\n/dist\n*.out/\n",
    "build/copy/scf.toml": "",
    "dist/scf.toml": "",
    "a/scf.toml": "",
    "a.out/scf.toml": "",
    "sub/.gitignore": "!kept.out/\nown\n\xff",
    "sub/dist/scf.toml": "",
    "sub/kept.out/scf.toml": "",
    "sub/own/scf.toml": "",
}


def test_what_git_ignores_is_left_out(tmp_path, monkeypatch):
    for name, text in IGNORED.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert functions_at(Path()) == [Path(name) for name in ("a", "sub/dist", "sub/kept.out")]
    # Of a folder that is named, git's opinion is not asked; nor of files above that are no repository's.
    assert functions_at(Path("build")) == [Path("build/copy")]
    (tmp_path / "sub" / "build").mkdir()
    (tmp_path / "sub" / "build" / "scf.toml").touch()
    assert Path("sub/build") in functions_at(Path("sub"))
    (tmp_path / ".git").mkdir()
    assert Path("sub/build") not in functions_at(Path("sub"))
    assert functions_at(Path("build")) == [Path("build/copy")]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "repository").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "bootstrap").touch()
    (tmp_path / "repository" / "link").symlink_to(tmp_path / "elsewhere")
    assert functions_at(tmp_path / "repository") == [tmp_path / "repository"]


def test_each_function_below_is_linted_and_mended(scf_gen, function, packed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        function(modes={"bootstrap": "644"}, name=name)
    done = scf_gen("lint", ".", "--select", "SCF2")
    assert [line.split()[:2] for line in done.out.splitlines()[::2]] == [
        ["one/bootstrap:1:1:", "SCF202"],
        ["two/bootstrap:1:1:", "SCF202"],
    ]
    assert done.err == "2 errors in 2 packages; --fix mends 2 of them\n"
    assert scf_gen("lint", "--fix", "--select", "SCF2").status == 0
    assert scf_gen("lint", ".", "one", packed(tmp_path / "two")).err == "no findings in 3 packages\n"

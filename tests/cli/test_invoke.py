"""scf-gen invoke: its inputs, outputs and exit statuses."""

import json
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from echo import ECHO, write_function

ENV = ECHO.replace('printf %s "${event%.}"', "env")


@pytest.fixture
def function(tmp_path: Path) -> Path:
    """A function that echoes, without scf.toml."""
    return write_function(tmp_path / "fn")


def test_the_seeds_own_files_give_what_the_seed_shows(scf_gen, seed):
    done = scf_gen("invoke", seed, "--event", "hello", "--json")
    answer = json.loads(done.out)
    assert done.status == 0
    assert answer["Result"]["RetMsg"] == """Echoing request: '{ "key1": "test value 1", "key2": "test value 2" }'"""
    assert answer["Result"]["ErrMsg"] == ""
    assert answer["Result"]["InvokeResult"] == 0
    assert answer["Result"]["FunctionRequestId"] == answer["RequestId"]
    assert answer["Result"]["BillDuration"] >= answer["Result"]["Duration"] > 0
    assert answer["Result"]["MemUsage"] > 1_000_000
    assert '{   "key1": "test value 1",   "key2": "test value 2" }\n' in answer["Result"]["Log"]


def test_the_result_goes_to_stdout_as_it_is_and_the_log_to_stderr(scf_gen, function):
    done = scf_gen("invoke", function, "-d", '{"a": "\u00e9"}')
    assert done.stdout == '{"a": "é"}'.encode()
    assert "START RequestId:" in done.err
    assert "Report RequestId:" in done.err


def test_the_event_may_be_text_a_file_or_standard_input(scf_gen, function, tmp_path):
    (tmp_path / "event.json").write_bytes(b' {"from" : "file"}\n\n')
    assert scf_gen("invoke", function, "-d", "[1 ,2]").out == "[1 ,2]"
    assert scf_gen("invoke", function, "-e", tmp_path / "event.json").stdout == b' {"from" : "file"}\n\n'
    command = [sys.executable, "-m", "scf_gen", "invoke", function, "-e", "-"]
    assert subprocess.run(command, input=b"\t3", capture_output=True, check=True).stdout == b"\t3"


def test_without_an_event_it_is_hello(scf_gen, function):
    assert scf_gen("invoke", function).out == '{   "key1": "test value 1",   "key2": "test value 2" }'


def test_the_projects_own_events_come_before_the_catalogue(scf_gen, function):
    (function / "events").mkdir()
    (function / "events" / "hello.json").write_text('"mine"')
    (function / "events" / "special.json").write_text('"special"')
    assert scf_gen("invoke", function, "--event", "hello").out == '"mine"'
    assert scf_gen("invoke", function, "--event", "special").out == '"special"'
    assert '"Type": "Timer"' in scf_gen("invoke", function, "--event", "timer").out


def test_an_unknown_event_is_told_with_the_projects_own(scf_gen, function, tmp_path):
    (function / "events").mkdir()
    for name in ("two", "hello"):
        (function / "events" / f"{name}.json").write_text("2")
    for command in ("invoke", "bench"):
        done = scf_gen(command, function, "--event", "twoo")
        assert done.refuses(2, "unknown event 'twoo'")
        assert "did you mean two? there are hello, two, apigateway," in done.err
    with zipfile.ZipFile(tmp_path / "fn.zip", "w") as archive:
        archive.writestr("bootstrap", ECHO)
    done = scf_gen("invoke", tmp_path / "fn.zip", "--event", "two")
    assert done.refuses(2, "unknown event 'two'")
    assert f"{tmp_path}/fn.zip holds no events/, name the project's file with -e" in done.err


@pytest.mark.parametrize("option", ["-e", "--event"])
def test_of_an_event_that_is_too_large_no_size_is_made_up(scf_gen, function, option):
    (function / "events").mkdir()
    large = function / "events" / "large.json"
    large.write_bytes(b'"' + b"x" * (7 << 20) + b'"')
    done = scf_gen("invoke", function, option, {"-e": large, "--event": "large"}[option])
    assert done.status == 1
    assert "event too large: an event may have 6 MB: this one has more\n" in done.err


def test_a_zip_is_run_as_scf_would_see_it(scf_gen, function, tmp_path):
    for mode, status, text in ((0o755, 0, "1"), (0o644, 1, "ReloadFail: Bootstrap not executable")):
        with zipfile.ZipFile(tmp_path / "fn.zip", "w") as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = mode << 16
            archive.writestr(entry, ECHO)
        done = scf_gen("invoke", tmp_path / "fn.zip", "-d", "1")
        assert done.status == status
        assert text in done.out


def test_the_limits_and_the_environment_come_from_scf_toml_and_options(scf_gen, function, tmp_path):
    (function / "bootstrap").write_text(ENV)
    (function / "scf.toml").write_text(
        '[function]\nname = "fn"\nhandler = "a.b"\n[function.env]\nA = "toml"\nB = "toml"\n'
    )
    (tmp_path / "vars").write_text("# comment\nexport B='file $HOME'\nC=file\n")
    done = scf_gen("invoke", function, "--env-file", tmp_path / "vars", "--env", "C=option=1", "--handler", "c.d")
    lines = done.out.splitlines()
    assert {"A=toml", "B=file $HOME", "C=option=1", "_HANDLER=c.d", "SCF_FUNCTIONNAME=fn"} <= set(lines)


def test_options_limit_the_invocation(scf_gen, function):
    (function / "bootstrap").write_text(ECHO.replace("printf", "sleep 60; printf"))
    done = scf_gen("invoke", function, "--timeout", "1", "--json")
    assert done.status == 1
    failure = json.loads(json.loads(done.out)["Result"]["RetMsg"])
    assert failure["errorMessage"] == "Invoking task timed out after 1 seconds"
    assert failure["statusCode"] == 433
    assert "invocation timeout: raise timeout_s, or do less" in done.err


def test_a_failure_is_told_as_json_and_as_advice(scf_gen, function):
    (function / "bootstrap").chmod(0o644)
    done = scf_gen("invoke", function)
    assert done.status == 1
    assert json.loads(done.out)["statusCode"] == 443
    assert "chmod 755 bootstrap" in done.err


@pytest.mark.parametrize(
    ("event", "where", "hint"),
    [
        ("{a: 1}", "line 1, column 2, at 'a: 1}'", "as -e FILE, or -e - for standard input"),
        ('{"a":\n b}', "line 2, column 2, at 'b}'", """as -d '{"key": "value"}'"""),
        ("", "line 1, column 1, where the text ends", "as -d"),
        ("NaN", "NaN is no JSON value", "as -d"),
        (b'["\xff"]', "not UTF-8: byte 3 is 0xff", "as -d"),
        ("{file}", "line 1, column 1, at ", "is a file; say -e {file}"),
        ('"' + "x" * (6 << 20), "", ""),
    ],
    ids=["a key", "in the second line", "empty", "a constant", "no UTF-8", "the name of a file", "too large"],
)
def test_an_event_that_is_no_json_is_told_with_where_and_how_to_give_one(scf_gen, function, event, where, hint):
    file = function / "bootstrap"
    event = os.fsdecode(event).replace("{file}", str(file))
    for name, args in (("invoke", ()), ("bench", ()), ("invoke", ("--repeat", "3"))):
        done = scf_gen(name, function, "-d", event, *args)
        assert done.status == 1
        assert where in done.err
        assert done.err.count("hint: ") == (1 if hint else 0)
        assert hint.replace("{file}", str(file)) in done.err


def test_repeat_prints_an_object_a_line_and_starts_cold_once(scf_gen, function):
    done = scf_gen("invoke", function, "--repeat", "5", "--json", "-d", "7")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["Result"]["RetMsg"] for answer in answers] == ["7"] * 5
    assert len({answer["RequestId"] for answer in answers}) == 5
    assert sum("Init Report" in answer["Result"]["Log"] for answer in answers) == 1
    summary = done.err.splitlines()[-1]
    assert re.match(r"5 invocations, 0 failed; 1 cold \(median \S+ms\), 4 warm; duration \S+ms median", summary)


@pytest.mark.parametrize(
    ("script", "event", "counts"),
    [
        ("#!/bin/bash\nexit 3\n", "1", "3 invocations, 3 failed, all before the event was handed over"),
        (ECHO, "{", "3 invocations, 3 failed, all before the event was handed over"),
        (
            ECHO.replace("api=", "[[ -e {folder}/begun ]] && exit 3; touch {folder}/begun; api=").replace(
                "printf", "exit; printf"
            ),
            "1",
            "3 invocations, 3 failed, 2 before the event was handed over; 1 cold (median ",
        ),
    ],
    ids=["exit", "no JSON", "one of them later"],
)
def test_the_summary_counts_failed_starts_as_neither_cold_nor_warm(scf_gen, function, tmp_path, script, event, counts):
    (function / "bootstrap").write_text(script.replace("{folder}", str(tmp_path)))
    done = scf_gen("invoke", function, "--repeat", "3", "-d", event, "--no-sandbox")
    [summary] = [line for line in done.err.splitlines() if "invocations," in line]
    assert summary.startswith(counts)
    assert ("warm" in summary) == ("cold" in counts)


def test_concurrency_uses_several_instances(scf_gen, function):
    (function / "bootstrap").write_text(ECHO.replace("printf", "sleep 0.3; printf"))
    done = scf_gen("invoke", function, "--repeat", "4", "--concurrency", "4", "--json")
    cold = [json.loads(line)["Result"]["Log"].count("Init Report") for line in done.out.splitlines()]
    assert cold == [1, 1, 1, 1]
    words = re.findall(r"^(?:START|END) RequestId:(\S+)", done.err, re.MULTILINE)
    assert words[::2] == words[1::2], "the logs are not mixed"
    assert len(set(words)) == 4


def test_one_failure_among_several_is_a_failure(scf_gen, function):
    (function / "bootstrap").write_text(ECHO.replace("printf", "[[ -e /proc/$$/fd/9 ]] && exit; exec 9<&0; printf"))
    done = scf_gen("invoke", function, "--repeat", "3", "-d", "1")
    assert done.status == 1
    assert done.out.splitlines()[0] == "1"


def test_a_folder_without_scf_toml_works_with_a_handler_only(scf_gen, tmp_path):
    done = scf_gen("invoke", tmp_path, "--handler", "index.main_handler")
    assert done.status == 1
    assert "ReloadFail: Bootstrap not found" in done.out


USAGE = {
    "no function": (["{empty}"], 3, "holds no function"),
    "no such path": (["{empty}/nowhere"], 3, " is not there"),
    "not a ZIP": (["{fn}/bootstrap"], 3, "is not a ZIP file"),
    "two events": (["{fn}", "-d", "1", "--event", "hello"], 2, "only one of"),
    "unknown event": (["{fn}", "--event", "helo"], 2, "did you mean hello?"),
    "event with a path": (["{fn}", "--event", "../bootstrap"], 2, "unknown event"),
    "no event file": (["{fn}", "-e", "/no/such/file"], 2, "/no/such/file cannot be read"),
    "event file is a folder": (["{fn}", "-e", "{fn}"], 2, "cannot be read"),
    "timeout of 0": (["{fn}", "--timeout", "0"], 2, "--timeout"),
    "timeout of 901": (["{fn}", "--timeout", "901"], 2, "--timeout"),
    "init timeout of 2": (["{fn}", "--init-timeout", "2"], 2, "--init-timeout"),
    "memory off the steps": (["{fn}", "--memory", "100"], 2, "steps of 128"),
    "variable without =": (["{fn}", "--env", "A"], 2, "'A' is not KEY=VALUE"),
    "variables of 4 KB": (["{fn}", "--env", "A=" + "x" * 4096], 2, "EnvironmentExceededLimit"),
    "variables file": (["{fn}", "--env-file", "{empty}/vars"], 2, "vars, line 2: not KEY=VALUE"),
    "reserved variable": (["{fn}", "--env", "SCF_X=1"], 2, "prefix that SCF keeps"),
    "variable of no name": (["{fn}", "--env", "1A=1"], 2, "is no name SCF takes"),
    "repeat of 0": (["{fn}", "--repeat", "0"], 2, "--repeat"),
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage_gets_one_clear_line_and_its_status(scf_gen, function, tmp_path, case):
    args, status, complaint = USAGE[case]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "vars").write_text("A=1\nB\n")
    done = scf_gen("invoke", *(arg.format(fn=function, empty=tmp_path / "empty") for arg in args))
    assert done.refuses(status, complaint)


def test_a_broken_scf_toml_stops_it(scf_gen, function):
    (function / "scf.toml").write_text("[function]\ntimeout_s = 0\n")
    done = scf_gen("invoke", function)
    assert done.status == 3
    assert "scf.toml: function.timeout_s has to be" in done.err


@pytest.mark.parametrize("command", ["invoke", "package", "bench", "deploy", "build"])
def test_a_scf_toml_that_is_no_file_is_not_passed_over(scf_gen, tmp_path, command):
    (tmp_path / "scf.toml").symlink_to("nowhere")
    (tmp_path / "bootstrap").write_text("#!/bin/sh\n")
    assert scf_gen(command, tmp_path).refuses(3, f"{tmp_path}/scf.toml is no file")


@pytest.mark.parametrize(
    ("redirection", "status"),
    [("| true", 0), ("--repeat 200 | head -n 1", 0), (">/dev/full", 3), ("2>&-", 0), ("2>&1 >/dev/null | true", 0)],
)
def test_a_stream_may_be_closed_or_full(function, redirection, status):
    command = f"set -o pipefail; {sys.executable} -m scf_gen invoke {function} -d 1 {redirection}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [["invoke", "{fn}", "-d", "1"], ["events", "hello"], ["languages"], ["--help"]])
def test_a_stdout_that_takes_nothing_is_named(function, args):
    command = [sys.executable, "-m", "scf_gen", *(arg.format(fn=function) for arg in args)]
    for redirection, reason in ((">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")):
        done = subprocess.run(
            ["bash", "-c", f'"$@" {redirection}', "bash", *command], capture_output=True, text=True, check=False
        )
        assert done.returncode == 3
        assert done.stderr.endswith(f"error: stdout: {reason}\n")


def test_a_slow_reader_of_the_log_does_not_hold_up_the_function(function, tmp_path):
    noisy = ECHO.replace("printf", f"head -c 500000 /dev/zero | tr '\\0' x >&2; touch {tmp_path}/written; printf")
    (function / "bootstrap").write_text(noisy)
    command = [sys.executable, "-m", "scf_gen", "invoke", function, "-d", "1", "--timeout", "60", "--no-sandbox"]
    with (
        (tmp_path / "result").open("wb") as result,
        subprocess.Popen(command, stdout=result, stderr=subprocess.PIPE) as running,
    ):
        given_up = time.monotonic() + 60
        while not (tmp_path / "written").exists():  # nobody reads, and the pipe is full
            assert time.monotonic() < given_up
        assert b"Duration" in running.stderr.read()
        assert running.wait() == 0
    assert (tmp_path / "result").read_bytes() == b"1"


def test_the_reader_may_have_enough(function):
    command = f"{sys.executable} -m scf_gen invoke {function} -d '\"{'x' * 100000}\"' 2>/dev/null | head -c 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b'"', b"")

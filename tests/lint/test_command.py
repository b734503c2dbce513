"""`scf-gen lint` as a command: what it takes, what it prints, how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from scf_gen.lint.rule import rules

SCHEMA = json.loads(Path(__file__).with_name("sarif-2.1.0.json").read_text())
BROKEN = {"modes": {"bootstrap": "644"}, "crlf": ["bootstrap"]}
UNQUOTED = {"index.sh": 'main_handler() {\n  echo $1\n}\nmain_handler "$@"\n'}


@pytest.fixture
def in_tmp_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text_says_where_what_and_what_to_do(scf_gen, function, in_tmp_path):
    function(modes={"bootstrap": "644"})
    done = scf_gen("lint", "fn")
    assert done.status == 1
    assert done.out.splitlines() == [
        "fn/bootstrap:1:1: SCF202 bootstrap is not executable (SCF: ReloadFail: Bootstrap not executable)",
        "  chmod 755 bootstrap",
    ]
    assert done.err == "1 error in 1 package; --fix mends 1 of them\n"


def test_a_correct_function_has_no_findings(scf_gen, function, packed):
    folder = function()
    done = scf_gen("lint", folder, packed(folder))
    assert (done.status, done.out, done.err) == (0, "", "no findings in 2 packages\n")


def test_without_a_path_it_is_the_working_directory(scf_gen, function, monkeypatch):
    monkeypatch.chdir(function(modes={"bootstrap": "644"}))
    assert scf_gen("lint").out.startswith("bootstrap:1:1: SCF202 ")
    assert scf_gen("lint", ".", "../fn", Path.cwd()).err.startswith("1 error in 1 package")
    assert scf_gen("lint", "../fn").out.startswith("../fn/bootstrap:1:1: ")


def test_an_info_does_not_fail(scf_gen, function):
    done = scf_gen("lint", function(UNQUOTED), "--select", "SC2086")
    assert done.status == 0
    assert "SC2086 Double quote to prevent globbing" in done.out
    assert done.err == "1 info in 1 package\n"


def test_colours_only_on_a_terminal(function, in_tmp_path):
    function(modes={"bootstrap": "644"})

    def on_terminal(**environ):
        ours, theirs = os.openpty()
        argv = [sys.executable, "-m", "scf_gen", "lint", "fn"]
        subprocess.run(argv, env={**os.environ, **environ}, stdout=theirs, stderr=subprocess.DEVNULL, check=False)
        os.close(theirs)
        shown = os.read(ours, 4096)
        os.close(ours)
        return shown

    assert b"\033[31mSCF202" in on_terminal(NO_COLOR="", TERM="xterm")
    assert b"\033" not in on_terminal(NO_COLOR="1", TERM="xterm")
    assert b"\033" not in on_terminal(NO_COLOR="", TERM="dumb")


def test_json_has_a_finding_an_object(scf_gen, function, in_tmp_path):
    function(modes={"bootstrap": "644"})
    [finding] = json.loads(scf_gen("lint", "fn", "--format", "json").out)["findings"]
    assert finding == {
        "code": "SCF202",
        "name": "bootstrap-not-executable",
        "severity": "error",
        "message": "bootstrap is not executable",
        "path": "fn/bootstrap",
        "line": 1,
        "column": 1,
        "hint": "chmod 755 bootstrap",
        "scf_message": "ReloadFail: Bootstrap not executable",
        "package": "fn",
        "fixable": True,
        "url": "",
    }


def test_sarif_is_valid_and_lists_shellchecks_rules(scf_gen, function, in_tmp_path):
    function({**UNQUOTED, "odd name%.sh": "echo $1\n"}, **BROKEN)
    log = json.loads(scf_gen("lint", "fn", "--format", "sarif").out)
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())
    [run] = log["runs"]
    listed = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert {"SCF202", "SCF203", "SC2086"} <= set(listed)
    assert all(listed[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert places == {"fn/bootstrap", "fn/index.sh", "fn/odd%20name%25.sh"}
    [crlf] = [result for result in run["results"] if result["ruleId"] == "SCF203"]
    assert crlf["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"] == {
        "byteOffset": 11,
        "byteLength": 1,
    }


def test_sarif_names_what_lies_elsewhere_by_its_whole_path(scf_gen, function, tmp_path, monkeypatch):
    function({"bootstrap": None})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    log = json.loads(scf_gen("lint", "../fn", "--select", "SCF201", "--format", "sarif").out)
    [result] = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == f"file://{tmp_path}/fn"


def test_github_commands_are_escaped(scf_gen, function, in_tmp_path):
    function({"a,b:c%.sh": "#!/bin/bash\necho $1\n"})
    done = scf_gen("lint", "fn", "--select", "SC2086", "--format", "github")
    assert done.out == (
        "::notice title=SC2086 shellcheck-sc2086,file=fn/a%2Cb%3Ac%25.sh,line=2,col=6::"
        "Double quote to prevent globbing and word splitting.%0Ahttps://www.shellcheck.net/wiki/SC2086\n"
    )


def test_control_characters_of_names_are_not_printed(scf_gen, function):
    folder = function({"a\x1b[2J\n::error::x.sh": "echo $1\n", "b\udcff.sh": "echo $1\n", "c\u202e.sh": "echo $1\n"})
    for form in ("text", "json", "sarif", "github"):
        done = scf_gen("lint", folder, "--format", form)
        assert not any(character in done.out for character in "\x1b\u202e"), form
        assert "\n::error::x.sh" not in done.out
    assert r"a\x1b[2J\n::error::x.sh:1:6: SC2086" in scf_gen("lint", folder).out


@pytest.mark.parametrize(
    ("args", "codes"),
    [
        ([], {"SCF202", "SCF203", "SC2086"}),
        (["--select", "SCF2"], {"SCF202", "SCF203"}),
        (["--select", "SCF202, bootstrap-crlf"], {"SCF202", "SCF203"}),
        (["--select", "SC"], {"SC2086"}),
        (["--select", "SC2"], {"SC2086"}),
        (["--select", "shellcheck-sc2086"], {"SC2086"}),
        (["--ignore", "SC"], {"SCF202", "SCF203"}),
        (["--ignore", "SC2086,SCF202"], {"SCF203"}),
        (["--select", "SCF2", "--ignore", "SCF202", "--ignore", "bootstrap-crlf"], set()),
    ],
)
def test_select_and_ignore_take_codes_starts_and_names(scf_gen, function, args, codes):
    done = scf_gen("lint", function(UNQUOTED, **BROKEN), "--format", "json", *args)
    assert {finding["code"] for finding in json.loads(done.out)["findings"]} == codes


@pytest.mark.parametrize(
    ("table", "args", "codes"),
    [
        ('select = ["SCF202"]', [], {"SCF202"}),
        ('ignore = ["SC"]', [], {"SCF202", "SCF203"}),
        ('ignore = ["SCF202"]', ["--ignore", "SC2086"], {"SCF203"}),
        ('select = ["SCF202"]', ["--select", "SCF203"], {"SCF203"}),
        ('ignore = [""]', ["--select", "SCF2"], {"SCF202", "SCF203"}),
        ('select = 3\nignore = {a = "b"}', ["--select", "SCF2"], {"SCF202", "SCF203"}),
        ('select = [["SCF2"], 7]', ["--select", "SCF2"], {"SCF202", "SCF203"}),
    ],
)
def test_scf_toml_selects_for_its_own_package(scf_gen, function, table, args, codes):
    folder = function({"scf.toml": f"[lint]\n{table}\n", **UNQUOTED}, **BROKEN)
    done = scf_gen("lint", folder, "--format", "json", *args)
    assert {finding["code"] for finding in json.loads(done.out)["findings"]} == codes


def test_a_lint_that_is_no_table_does_not_matter(scf_gen, function):
    assert scf_gen("lint", function({"scf.toml": "lint = 5\n"}), "--select", "SCF2").status == 0


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["{fn}", "--select", "SCF9"], 2, "there is no rule 'SCF9'"),
        (["{fn}", "--ignore", "bootstrap-crfl"], 2, "did you mean bootstrap-crlf?"),
        (["{fn}", "--select", "S"], 2, "there is no rule 'S'"),
        (["{fn}", "--select", " , "], 2, "--select names no rule"),
        (["{fn}", "--target", "centos9"], 2, "centos9"),
        (["{fn}", "--format", "xml"], 2, "xml"),
        (["{fn}", "--diff", "--format", "json"], 2, "--diff has a form of its own"),
        (["--explain", "SCF998"], 2, "there is no rule 'SCF998'"),
        (["{fn}/none"], 3, " is not there"),
        (["{fn}/bootstrap"], 3, "is not a ZIP file that can be read"),
    ],
)
def test_bad_input_is_one_clear_line(scf_gen, function, args, status, said):
    done = scf_gen("lint", *(arg.format(fn=function()) for arg in args))
    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_the_rules_are_listed(scf_gen):
    lines = scf_gen("lint", "--list-rules").out.splitlines()
    [line] = [line for line in lines if line.startswith("SCF203")]
    assert line.split()[:3] == ["SCF203", "error", "bootstrap-crlf"]
    assert line.endswith("[--fix]")
    assert [line.split()[0] for line in lines] == [*sorted(line.split()[0] for line in lines[:-1]), "SC…"]


@pytest.mark.parametrize("name", ["SCF202", "bootstrap-not-executable"])
def test_a_rule_is_explained_by_code_or_name(scf_gen, name):
    shown = scf_gen("lint", "--explain", name).out
    for part in (
        "SCF202 bootstrap-not-executable (error, --fix mends it)",
        "Why: SCF cannot start it",
        "SCF: ReloadFail: Bootstrap not executable",
        "START-EXECUTABLE: bootstrap has the executable permission",
        "(Tencent's text, seed)",
        "  bootstrap: mode 644",
    ):
        assert part in shown


def test_rules_as_json(scf_gen):
    listed = json.loads(scf_gen("lint", "--list-rules", "--format", "json").out)["rules"]
    assert [rule["code"] for rule in listed] == list(rules())
    one = json.loads(scf_gen("lint", "--explain", "bootstrap-crlf", "--format", "json").out)
    assert one in listed
    assert (one["code"], one["severity"], one["fixable"]) == ("SCF203", "error", True)
    of_shellcheck = json.loads(scf_gen("lint", "--explain", "SC2086", "--format", "json").out)
    assert of_shellcheck["url"] == "https://www.shellcheck.net/wiki/SC2086"


@pytest.mark.parametrize("args", [["--list-rules"], ["--explain", "SCF202"]])
@pytest.mark.parametrize("form", ["sarif", "github"])
def test_rules_have_no_form_of_findings(scf_gen, args, form):
    done = scf_gen("lint", *args, "--format", form)
    assert done.refuses(2, f"rules are printed as text or json, not as {form}")


@pytest.mark.parametrize("name", ["SC2086", "shellcheck-sc2086"])
def test_a_rule_of_shellchecks_is_explained_by_a_link(scf_gen, name):
    assert "https://www.shellcheck.net/wiki/SC2086" in scf_gen("lint", "--explain", name).out

"""Comments that silence findings, and those that silence nothing."""

import pytest
from scf_gen.lint import shellcheck
from scf_gen.lint.runner import Plan, lint

HEAD = "#!/bin/bash\n"


def found(folder, **plan):
    return [f"{one.code}:{one.found.line}" for one in lint([folder], Plan(**plan)).findings]


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("echo $1 # scf-gen: ignore[SC2086] words are wanted\n", []),
        ("# scf-gen: ignore[SC2086]\n\n# why\necho $1\necho $2\n", ["SC2086:6"]),
        ("# scf-gen: ignore[SC2086]\n\necho $1\n", []),
        ("# scf-gen: ignore[SC2086]\n# scf-gen: ignore[SC2046]\necho $1 $(date)\n", []),
        ("# scf-gen: ignore[SC2086, shellcheck-sc2046]\necho $1 $(date)\n", []),
        ("echo $1\necho $2 # scf-gen: ignore[SC2086]\n", ["SC2086:2"]),
        ("echo 1 # scf-gen: ignore[SC2086]\n", ["SCF002:2"]),
        ("echo $1 # scf-gen: ignore[SC2046]\n", ["SC2086:2", "SCF002:2"]),
        ("echo $1 # scf-gen: ignore[SC2086, SCF999]\n", ["SCF002:2"]),
        ("echo $1 # scf-gen: ignore[]\n", ["SC2086:2"]),
        ("echo $1 # scf-gen: ignore\n", ["SC2086:2"]),
    ],
)
def test_a_comment_silences_its_line_or_the_next(function, script, left):
    assert found(function({"x.sh": HEAD + script})) == left


def test_before_all_code_it_silences_findings_about_the_whole_file(function):
    script = "# scf-gen: ignore[SCF202] chmod is done by the build\necho hello\n"
    assert found(function({"bootstrap": HEAD + script}, {"bootstrap": "644"}), select=("SCF0", "SCF202")) == []
    later = "echo hello\n# scf-gen: ignore[SCF202]\necho again\n"
    folder = function({"bootstrap": HEAD + later}, {"bootstrap": "644"})
    assert found(folder, select=("SCF0", "SCF202")) == ["SCF202:0", "SCF002:3"]


def test_an_unknown_name_says_which_was_meant(function):
    [finding] = lint([function({"x.sh": f"{HEAD}: # scf-gen: ignore[bootstrap-crfl]\n"})]).findings
    assert finding.code == "SCF002"
    assert "did you mean bootstrap-crlf?" in finding.hint


def test_what_shellcheck_was_not_asked_is_not_held_against_the_comment(function, monkeypatch):
    folder = function({"x.sh": f"{HEAD}echo 1 # scf-gen: ignore[SC2086]\n"})
    assert found(folder, ignore=("SC",)) == []
    assert found(folder, select=("SCF",)) == []
    monkeypatch.setattr(shellcheck, "program", lambda: None)
    assert "SCF002:2" not in found(folder)


def test_without_shellcheck_each_shell_file_says_so(function, monkeypatch):
    monkeypatch.setattr(shellcheck, "program", lambda: None)
    findings = lint([function({"x.sh": HEAD})]).findings
    assert [(one.code, one.found.path) for one in findings if one.code == "SCF003"] == [
        ("SCF003", "bootstrap"),
        ("SCF003", "index.sh"),
        ("SCF003", "x.sh"),
    ]
    assert "is not installed" in findings[0].message


@pytest.mark.parametrize("suffix", ["md", "txt", "rst"])
def test_prose_only_speaks_of_comments(function, suffix):
    assert found(function({f"notes.{suffix}": "# scf-gen: ignore[SCF203]\n"})) == []


@pytest.mark.parametrize("mark", ["#", "//", "/*", "--", ";"])
def test_comments_of_any_language_count(function, mark):
    assert found(function({"x.conf": f"code\n{mark} scf-gen: ignore[SCF203]\n"})) == ["SCF002:2"]

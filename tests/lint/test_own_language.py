"""A language of the user's own gets the rules that its data allow."""

import pytest
from scf_gen.lint.runner import Plan, lint

LANGUAGE = r"""
title = "Starlark"
summary = "A dialect of Python"
suffix = "star"

[test]
command = ["true"]

[source]
grammar = "tree_sitter_python"
syntax = true

[source.faults.SCF303]
query = '((call function: (identifier) @poll) @fault (#eq? @poll "poll"))'
unless = '\bpatient\b'
message = "{fault} gives up after a minute"
"""


@pytest.fixture
def function(tmp_path, monkeypatch):
    (tmp_path / "languages" / "star").mkdir(parents=True)
    (tmp_path / "languages" / "star" / "language.toml").write_text(LANGUAGE)
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(tmp_path / "languages"))
    folder = tmp_path / "function"
    folder.mkdir()
    return folder


def messages(folder, code):
    return [finding.found.message for finding in lint([folder], Plan(select=(code,))).findings]


def test_its_queries_find_faults(function):
    (function / "index.star").write_text("poll('/runtime/invocation/next')\n")
    assert messages(function, "SCF303") == ["poll('/runtime/invocation/next') gives up after a minute"]


def test_what_excuses_a_fault(function):
    (function / "index.star").write_text("patient = poll('/runtime/invocation/next')\n")
    assert messages(function, "SCF303") == []


def test_its_syntax_errors_are_found(function):
    (function / "index.star").write_text("def main_handler(:\n")
    assert [text.startswith("Starlark cannot read this") for text in messages(function, "SCF404")] == [True]

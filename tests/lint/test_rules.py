"""Each rule finds its bad examples, at the places they name, and nothing in its good ones: as a folder and as a ZIP."""

import pytest
from scf_gen.core.advice import ADVICE
from scf_gen.lint.example import bad_examples, good_examples
from scf_gen.lint.rule import rules
from scf_gen.lint.runner import Plan, lint

BAD = [
    pytest.param(rule, example, form, id=f"{rule.code}-{number}-{form}")
    for rule in rules().values()
    for number, example in enumerate(bad_examples(rule.text))
    for form in ("folder", "zip")
    if not (example.needs_folder if form == "zip" else example.needs_zip)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in rules().values()
    for number, example in enumerate(good_examples(rule.text))
]


@pytest.fixture
def written(tmp_path):
    def write(example, form):
        folder = tmp_path / "function"
        folder.mkdir()
        example.write(folder)
        if form == "folder":
            return folder
        example.pack(folder, tmp_path / "function.zip")
        return tmp_path / "function.zip"

    return write


def place(finding):
    return f"{finding.found.path}:{finding.found.line}:{finding.found.column}"


@pytest.mark.parametrize(("rule", "example", "form"), BAD)
def test_a_bad_example_has_its_findings(rule, example, form, written):
    report = lint([written(example, form)], Plan(select=(rule.code,)))
    assert [place(finding) for finding in report.findings] == example.expect


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_has_no_finding_of_any_rule(rule, example, written):
    form = "zip" if example.needs_zip else "folder"
    assert lint([written(example, form)]).findings == []


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_is_called_fixable_if_one_of_its_examples_is(rule, tmp_path):
    folders = []
    for number, example in enumerate(example for example in bad_examples(rule.text) if not example.needs_zip):
        folders.append(tmp_path / str(number))
        folders[-1].mkdir()
        example.write(folders[-1])
    findings = lint(folders, Plan(select=(rule.code,))).findings
    assert any(finding.fixable for finding in findings) == rule.fixable


def test_each_rule_has_a_bad_example():
    shown_elsewhere = {"SCF001", "SCF003", "SCF004"}  # what the linter itself could not do: see test_hostile.py
    assert {rule.code for rule in rules().values() if not bad_examples(rule.text)} <= shown_elsewhere


def test_the_emulators_advice_names_rules_that_there_are():
    named = {advice.rule for advice in ADVICE.values()} - {""}
    assert named
    assert named <= set(rules())

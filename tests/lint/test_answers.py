"""What the linter says that SCF would answer is what the emulator answers."""

import json

import pytest
from scf_gen.lint.example import bad_examples
from scf_gen.lint.rule import rules
from scf_gen.lint.runner import Plan, lint

# Of the others the emulator's machine has what SCF lacks: a newer glibc, programs on PATH, a kernel for the x32 ABI.
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in rules().values()
    for number, example in enumerate(bad_examples(rule.text))
    if rule.code.startswith("SCF2") and rule.code != "SCF210" and not example.needs_zip
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_emulator_answers_a_bad_example_as_the_finding_says(rule, example, scf_gen, tmp_path):
    folder = tmp_path / "function"
    folder.mkdir()
    example.write(folder)
    [finding] = lint([folder], Plan(select=(rule.code,))).findings
    told = finding.found.scf_message
    if not told or "is not on SCF's PATH" in finding.found.message:
        return
    done = scf_gen("invoke", folder, "--handler", "index.main_handler", "--json", "-d", "{}")
    failure = json.loads(json.loads(done.out)["Result"]["RetMsg"])
    assert failure["errorMessage"].startswith(told)

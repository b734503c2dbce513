"""What the edits of a rule make of its bad examples."""

import subprocess

import pytest
from scf_gen.lint.example import bad_examples
from scf_gen.lint.fixer import mend
from scf_gen.lint.rule import rules
from scf_gen.lint.runner import Plan

INLINE = bad_examples(rules()["SCF307"].text)
PLAN = Plan(select=("SCF307",))


@pytest.mark.parametrize("example", INLINE[:2], ids=["result", "error"])
def test_a_result_inline_goes_to_the_stdin_of_curl(example, tmp_path):
    example.write(tmp_path)
    mended = mend([tmp_path], PLAN, write=True)
    assert [len(finding.found.edits) for finding in mended.done] == [2]
    assert mended.report.findings == []
    text = (tmp_path / "bootstrap").read_text()
    assert text.count("| curl") == 2
    assert "--data-binary @-" in text
    subprocess.run(["bash", "-n", tmp_path / "bootstrap"], check=True)


def test_what_is_not_sure_is_left_alone(tmp_path):
    INLINE[2].write(tmp_path)  # -d"$2", in one word
    mended = mend([tmp_path], PLAN, write=True)
    assert mended.report.findings != []
    assert mended.done == []

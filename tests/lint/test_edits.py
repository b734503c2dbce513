"""What the edits of a rule make of its bad examples."""

import subprocess

import pytest
from scf_gen.lint.example import bad_examples
from scf_gen.lint.finding import Replace
from scf_gen.lint.rule import rules
from scf_gen.lint.runner import Plan, lint

INLINE = [example for example in bad_examples(rules()["SCF307"].text) if "way" not in example.data]


def mend(folder, findings):
    edits = [edit for finding in findings for edit in finding.found.edits if isinstance(edit, Replace)]
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        file = folder / edit.path
        content = file.read_bytes()
        file.write_bytes(content[: edit.start] + edit.new + content[edit.end :])
    return len(edits)


@pytest.mark.parametrize("example", INLINE[:2], ids=["result", "error"])
def test_a_result_inline_goes_to_the_stdin_of_curl(example, tmp_path):
    example.write(tmp_path)
    plan = Plan(select=("SCF307",))
    assert mend(tmp_path, lint([tmp_path], plan).findings) == 2
    assert lint([tmp_path], plan).findings == []
    text = (tmp_path / "bootstrap").read_text()
    assert text.count("| curl") == 2
    assert "--data-binary @-" in text
    subprocess.run(["bash", "-n", tmp_path / "bootstrap"], check=True)


def test_what_is_not_sure_is_left_alone(tmp_path):
    INLINE[2].write(tmp_path)  # -d"$2", in one word
    assert mend(tmp_path, lint([tmp_path]).findings) == 0

"""What the suite says of the templates and of Tencent's own sample."""

import tomllib
from pathlib import Path

import pytest
from scf_gen.conformance.case import load
from scf_gen.languages import catalog

SLOW = {case.id for case in load().values() if case.slow}
# The cases whose action a language's handler cannot do.
CANNOT = {"bash": {"error-unencodable"}}
FAULTS = tomllib.loads((Path(__file__).parent / "seed.toml").read_text("utf-8"))["fault"]


@pytest.mark.parametrize("lang", catalog.languages())
def test_every_template_passes_every_case(judge, project, lang):
    said = judge(project(lang))
    skipped = SLOW | CANNOT.get(lang, set())
    assert list(said) == list(load())
    assert {case: status for case, status in said.items() if status != "passed"} == dict.fromkeys(skipped, "skipped")
    assert list(said.values()).count("passed") >= 60


def test_the_seed_fails_the_cases_of_its_known_faults_and_no_others(judge, seed):
    said = judge(seed, "--lang", "bash")
    known = {case for fault in FAULTS for case in fault["cases"]}
    assert {case for case, status in said.items() if status == "failed"} == known
    assert {case for case, status in said.items() if status == "skipped"} == SLOW | CANNOT["bash"]

"""Tencent's sample gets the findings of its known faults, and no others."""

import tomllib
from pathlib import Path

from scf_gen.lint.runner import lint

SEED = Path(__file__).parents[1] / "fixtures" / "seed"
KNOWN = tomllib.loads(Path(__file__).with_name("seed.toml").read_text("utf-8"))["finding"]


def test_the_sample_has_its_known_faults():
    found = [(finding.found.path, finding.found.line, finding.code) for finding in lint([SEED]).findings]
    assert found == [(one["path"], one["line"], one["code"]) for one in KNOWN]

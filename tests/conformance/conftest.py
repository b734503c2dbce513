"""Generated projects, and a way to judge them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Judge = Callable[..., dict[str, str]]


@pytest.fixture
def judge(scf_gen) -> Judge:
    """Runs the suite on a folder; gives each case's status by its id."""

    def run(*args: object) -> dict[str, str]:
        done = scf_gen("conform", *args, "--json")
        cases = json.loads(done.out)["cases"]
        failed = [case for case in cases if case["status"] == "failed"]
        assert done.status == (1 if failed else 0)
        return {case["id"]: case["status"] for case in cases}

    return run


@pytest.fixture
def project(scf_gen, tmp_path: Path) -> Callable[[str], Path]:
    """Generates a project in a language."""

    def generate(lang: str) -> Path:
        assert scf_gen("new", "subject", "--lang", lang, "--output-dir", tmp_path, "--no-input").status == 0
        return tmp_path / "subject"

    return generate

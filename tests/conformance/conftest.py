"""Generated projects, bootstraps in Python, and ways to judge them."""

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conformance.scripts import CASES, PRELUDE, Said
from scf_gen.conformance.case import load, parse
from scf_gen.conformance.scripted import run_scripted
from scf_gen.conformance.subject import Subject
from scf_gen.core.function import Function

Judge = Callable[..., dict[str, str]]
CASE = {"id": "x", "title": "X", "clauses": ["NEXT-BLOCKS"]}


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


@pytest.fixture
def prelude() -> str:
    """What a bootstrap's script finds."""
    return PRELUDE


@pytest.fixture
def said_of(scf_gen, bootstrap) -> Callable[..., Said]:
    """Judges a bootstrap by a command; gives the cases by id."""

    def judge(script: str, cases: str = CASES) -> Said:
        done = scf_gen("conform", bootstrap(script), "--handler", "any.thing", "--json", "--select", cases)
        return {case["id"]: case for case in json.loads(done.out)["cases"]}

    return judge


@pytest.fixture
def finding_of(bootstrap) -> Callable[..., str]:
    """Judges a bootstrap by one case with a runtime API of its own; gives the first finding.

    A subject without a clock of its own lives `speed` times as fast as the case says.
    """

    def judge(script: str, case: str | Mapping[str, Any], speed: float = 1) -> str:
        subject = Subject(bootstrap(script), Function(), speed=speed)
        judged = load()[case] if isinstance(case, str) else parse({**CASE, **case}, "api")
        findings, _ = asyncio.run(run_scripted(subject, judged))
        return f"{findings[0].expected}, {findings[0].observed}" if findings else ""

    return judge

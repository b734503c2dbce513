"""What the suite says of the templates, on every version of their languages here, and of Tencent's own sample."""

import asyncio
import contextlib
import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from _pytest.mark import ParameterSet
from scf_gen.cli.subject import load_function
from scf_gen.conformance.case import Case, load
from scf_gen.conformance.runner import run
from scf_gen.conformance.stage import Stage
from scf_gen.conformance.subject import Subject, copied
from scf_gen.conformance.verdict import Status
from scf_gen.emulator.sandbox import find_sandbox
from scf_gen.languages import catalog, toolbox
from scf_gen.languages.language import Language
from scf_gen.languages.toolbox import FoundTool

CASES = list(load().values())
SLOW = {case.id for case in CASES if case.slow}
# The cases whose action a language's handler cannot do.
CANNOT = {"bash": {"error-unencodable", "log-of-stdout", "log-before-a-timeout"}}
FAULTS = tomllib.loads((Path(__file__).parent / "seed.toml").read_text("utf-8"))["fault"]


@dataclass(frozen=True)
class Version:
    """A language with one version of what runs or builds its functions."""

    language: Language
    tool: str
    found: FoundTool

    @property
    def name(self) -> str:
        return f"{self.language.lang} {self.found.version}"

    @property
    def interpreted(self) -> bool:
        """Whether a package may bring its own interpreter, as runtime/bin/…"""
        return bool(self.language.interpreters)


def versions() -> Iterator[ParameterSet]:
    """The oldest and the newest of each language; `make soak` runs those between them, too."""
    for language in catalog.languages().values():
        tool = language.tools_for("build" if language.build else "run")[0]
        found = toolbox.find_all(tool)
        for each in found:
            marks = () if each in {found[0], found[-1]} else pytest.mark.soak
            yield pytest.param(Version(language, tool.name, each), id=f"{language.lang}-{each.version}", marks=marks)


VERSIONS = list(versions())


@contextmanager
def on(version: Version, project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Subject]:
    """A generated project that runs, or is built, on this version and no other."""
    code, program = project(version.language.lang), Path(version.found.path)
    if version.interpreted:
        (code / "runtime" / "bin").mkdir(parents=True)
        (code / "runtime" / "bin" / version.tool).symlink_to(program)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    sandbox, reason = find_sandbox()
    assert sandbox, reason
    function = load_function(code, code)
    with copied(code, function, version.language, None, programs=(program,), sandbox=sandbox) as subject:
        yield subject


def statuses(subject: Subject, cases: Sequence[Case], *, slow: bool) -> dict[str, str]:
    return {verdict.case.id: verdict.status for verdict in asyncio.run(run(subject, cases, slow=slow))}


async def runs(program: str, subject: Subject) -> bool:
    """Whether a process of this program is there when an event has been handled."""
    async with Stage(subject) as stage:
        assert await stage.silence() == ""
        return any(_is_of(process, program) for process in psutil.Process().children(recursive=True))


def _is_of(process: psutil.Process, program: str) -> bool:
    with contextlib.suppress(psutil.Error):  # it has ended
        return Path(program).samefile(process.exe())
    return False


@pytest.mark.parametrize("version", VERSIONS)
def test_every_template_passes_every_case(project, monkeypatch, record_property, version):
    with on(version, project, monkeypatch) as subject:
        if version.interpreted:
            assert asyncio.run(runs(version.found.path, subject))
        said = statuses(subject, CASES, slow=False)
    skipped = SLOW | CANNOT.get(version.language.lang, set())
    assert list(said) == [case.id for case in CASES]
    assert {case: said for case, said in said.items() if said != Status.PASSED} == dict.fromkeys(skipped, "skipped")
    assert list(said.values()).count(Status.PASSED) >= 60
    record_property("ran on", version.name)


@pytest.mark.soak
@pytest.mark.parametrize("version", VERSIONS)
def test_every_template_passes_the_slow_cases(project, monkeypatch, version):
    with on(version, project, monkeypatch) as subject:
        said = statuses(subject, [case for case in CASES if case.slow], slow=True)
    assert said == dict.fromkeys(SLOW, Status.PASSED)


def test_the_seed_fails_the_cases_of_its_known_faults_and_no_others(judge, seed):
    said = judge(seed, "--lang", "bash")
    known = {case for fault in FAULTS for case in fault["cases"]}
    assert {case for case, status in said.items() if status == "failed"} == known
    assert {case for case, status in said.items() if status == "skipped"} == SLOW | CANNOT["bash"]

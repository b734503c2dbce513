"""Fixtures that tests of several folders use."""

import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scf_gen import cli

if TYPE_CHECKING:
    from local.running import Client, Running

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Done:
    """What a command line left: exit status, and bytes on stdout and stderr."""

    status: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> str:
        return self.stdout.decode()

    @property
    def err(self) -> str:
        return self.stderr.decode()

    def refuses(self, status: int, complaint: str) -> bool:
        """Whether it ended so with a clear line on stderr, and did nothing."""
        return (self.status, self.out) == (status, "") and complaint in self.err and "Traceback" not in self.err


@pytest.fixture
def scf_gen(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """Runs `scf-gen` in this process, as the console script does."""

    def call(*args: object) -> Done:
        capfdbinary.readouterr()
        status = cli.run([str(arg) for arg in args])
        captured = capfdbinary.readouterr()
        return Done(status, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Running"]:
    """One local SCF for all tests that do not stop it; each takes a region of its own."""
    from local.running import serving  # with Tencent's SDK, which most tests do without

    with serving(tmp_path_factory.mktemp("local") / "data") as running:
        yield running


@pytest.fixture
def region() -> str:
    """Where nothing is yet."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def client(server: "Running", region: str) -> "Client":
    return server.client(region)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which versions of their languages the templates were judged."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    properties = [pair for report in reports for pair in getattr(report, "user_properties", ())]
    if versions := sorted({value for name, value in properties if name == "ran on"}):
        terminalreporter.line(f"every case passed on {', '.join(versions)}")


@pytest.fixture
def bootstrap(tmp_path: Path, prelude: str) -> Callable[[str], Path]:
    """Writes a bootstrap in Python that runs `script` after its folder's `prelude`; gives its folder."""

    def write(script: str) -> Path:
        path = tmp_path / "bootstrap"
        path.write_text(f"#!{Path(sys.executable).resolve()}\n{prelude}{script}")
        path.chmod(0o755)
        return tmp_path

    return write


@pytest.fixture
def seed() -> Path:
    """The two files of Tencent's document, byte for byte."""
    return FIXTURES / "seed"

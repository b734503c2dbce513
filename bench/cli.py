"""How long the command line takes: --help against a script that only imports click, new against cookiecutter."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pairs import alternate, verdict

BIN = Path(sys.executable).parent
TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "bash"
ROUNDS = 20


def timed(*command: object, clear: Path | None = None) -> Callable[[], float]:
    """A function that runs `command` and gives its time; `clear` is what it makes, removed before."""

    def run() -> float:
        if clear:
            shutil.rmtree(clear, ignore_errors=True)
        start_s = time.perf_counter()
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
        return (time.perf_counter() - start_s) * 1000

    return run


def main() -> None:
    """Print both ratios."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "bare_click.py")
        script.write_text("import click\n")
        project = Path(folder, "hello")
        helps = alternate(timed(BIN / "scf-gen", "--help"), timed(sys.executable, script), ROUNDS)
        news = alternate(
            timed(BIN / "scf-gen", "new", "hello", "--lang", "bash", "--output-dir", folder, clear=project),
            timed(BIN / "cookiecutter", TEMPLATE, "--no-input", "-o", folder, clear=project),
            ROUNDS,
        )
    print(f"{'command':16} {'ms':>7} {'against':>14} {'ms':>7} {'ratio':>6}  target")
    for name, pair, other, target in (
        ("scf-gen --help", helps, "import click", 1.5),
        ("scf-gen new", news, "cookiecutter", 0.6),
    ):
        times = f"{pair.first_ms:7.1f} {other:>14} {pair.second_ms:7.1f} {pair.ratio:6.2f}"
        print(f"{name:16} {times}  {verdict(pair.ratio, target, at_most=True)}")


main()

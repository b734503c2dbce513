"""`make demo`, the first of the README's two commands."""

import subprocess
import sys
from pathlib import Path

from scf_gen.languages import catalog

ROOT = Path(__file__).parents[2]


def test_it_runs_a_function_in_every_language():
    done = subprocess.run([sys.executable, ROOT / "tools" / "demo.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    table = done.stdout.splitlines()[-len(catalog.languages()) :]
    assert [line.split()[0] for line in table] == [language.title for language in catalog.languages().values()]
    assert all(line.endswith(" ok") for line in table)

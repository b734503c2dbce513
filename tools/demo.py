"""The main job before one's eyes: a function in each language, generated, built, and run on the emulator."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scf_gen.languages import catalog
from scf_gen.languages.language import Language

SCF_GEN = Path(sys.executable).with_name("scf-gen")


def main() -> int:
    """The status is 1 where a function did not answer."""
    with tempfile.TemporaryDirectory(prefix="scf-gen-demo-") as folder:
        answers = {one.title: try_language(one, Path(folder)) for one in catalog.languages().values()}
    print(f"{'language':10} {'cold start':>10} {'duration':>10}  result")
    for title, answer in answers.items():
        result = answer["Result"]
        cold_start = re.search(r"Coldstart: (\S+)", result["Log"])
        print(
            f"{title:10} {cold_start[1] if cold_start else '-':>10} {result['Duration']:>8}ms  "
            f"{'ok' if result['InvokeResult'] == 0 else 'failed'}"
        )
    return 0 if all(answer["Result"]["InvokeResult"] == 0 for answer in answers.values()) else 1


def try_language(language: Language, folder: Path) -> dict[str, Any]:
    """Generate, build if need be, and invoke; the answer is the API's."""
    project = folder / f"hello-{language.lang}"
    run(folder, "new", project.name, "--lang", language.lang)
    if language.build:
        run(folder, "build", project.name)
    answer: dict[str, Any] = json.loads(run(folder, "invoke", project.name, "--event", "hello", "--json"))
    print(f"{answer['Result']['RetMsg']}\n")
    return answer


def run(folder: Path, *args: str) -> str:
    """Show the command and run it; its stderr is seen only if it fails."""
    print(f"$ scf-gen {' '.join(args)}", flush=True)
    done = subprocess.run([SCF_GEN, *args], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"{done.stdout}{done.stderr}")
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return done.stdout


sys.exit(main())

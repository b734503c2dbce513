"""What the README shows is what the commands print."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MASKS = [
    (r"\b[0-9a-f]{64}\b", "DIGEST"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID"),
    (r"\b\d+ms", "Nms"),
    (r"\b\d+\.\d+ ?MB", "N.NMB"),
]


def console_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each command of the ```console blocks, with the output shown below it."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            yield command, output


def masked(text: str) -> str:
    for pattern, word in MASKS:
        text = re.sub(pattern, word, text)
    return text


@pytest.mark.parametrize("page", ["README.md"])
def test_every_example_gives_the_output_shown(page, tmp_path):
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    examples = list(console_blocks((ROOT / page).read_text()))
    assert len(examples) >= 5
    for command, expected in examples:
        done = subprocess.run(
            ["bash", "-c", f"{{ {command}; }} 2>&1"],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert masked(done.stdout.rstrip("\n")) == masked(expected.rstrip("\n")), command


def test_the_digest_of_the_deployed_function_is_that_of_a_new_one(scf_gen, tmp_path):
    """No compiler has a part in it, so it is the same on any machine."""
    shown = re.search(r"scf-gen deploy hello .*\n.*\nsha256 ([0-9a-f]{64})", (ROOT / "README.md").read_text())
    assert shown
    scf_gen("new", "hello", "--lang", "bash", "--output-dir", tmp_path)
    assert shown[1] in scf_gen("package", tmp_path / "hello").out


def test_every_link_leads_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_stays_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 190

"""pre-commit and GitHub's action, really run: both install scf-gen from the checkout."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from scf_gen.lint.example import Example

EXPRESSION = re.compile(r"\$\{\{ *([^ }]+) *\}\}")


def git(folder: Path, *args: str) -> str:
    command = ["git", "-c", "user.name=test", "-c", "user.email=test@example.com", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path) -> Path:
    """A user's repository with a function in it."""
    folder = tmp_path / "repository"
    folder.mkdir()
    Example({}).write(folder)
    git(folder, "init", "--quiet")
    return folder


def test_pre_commit_lints_with_the_lines_that_the_readme_shows(checkout, repository, offline, tmp_path):
    git(checkout, "init", "--quiet")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "release")
    [lines] = re.findall(r"```yaml\n(- repo: .*?)```", (checkout / "README.md").read_text(), re.DOTALL)
    lines = re.sub(r"repo: .*", f"repo: {checkout}", lines, count=1)
    lines = re.sub(r"rev: .*", f"rev: {git(checkout, 'rev-parse', 'HEAD')}", lines, count=1)
    (repository / ".pre-commit-config.yaml").write_text(f"repos:\n{lines}")
    git(repository, "add", "--all")

    def run() -> tuple[int, str]:
        done = subprocess.run(
            ["pre-commit", "run", "--all-files"],
            cwd=repository,
            env=offline | {"PRE_COMMIT_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    assert run()[0] == 0
    assert list((tmp_path / "home").glob("*/py_env-*/lib/*/site-packages/scf_gen/lint"))
    (repository / "bootstrap").chmod(0o644)
    status, shown = run()
    assert status == 1
    assert "bootstrap:1:1: SCF202 bootstrap is not executable" in shown
    (repository / "bootstrap").unlink()
    git(repository, "add", "--all")
    assert "SCF201" in run()[1]


def run_action(checkout: Path, folder: Path, environ: dict[str, str], **inputs: str) -> tuple[int, str]:
    """Run the steps as GitHub's runner does; the first that fails ends it."""
    action = yaml.safe_load((checkout / "action.yml").read_text())
    given = {f"inputs.{name}": str(each["default"]) for name, each in action["inputs"].items()}
    given |= {f"inputs.{name}": value for name, value in inputs.items()} | {"github.action_path": str(checkout)}
    shown = ""
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"]  # what users give is never part of a script
        env = {name: EXPRESSION.sub(lambda found: given[found[1]], text) for name, text in step["env"].items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=folder, env=environ | env, capture_output=True, text=True, check=False)
        shown += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, shown
    return 0, shown


def test_the_action_annotates_what_it_finds(checkout, repository, offline, tmp_path):
    environ = offline | {"RUNNER_TEMP": str(tmp_path)}
    assert run_action(checkout, repository, environ) == (0, "no findings in 1 package\n")
    (repository / "a b").mkdir()
    status, shown = run_action(checkout, repository, environ, path=".\na b\n", args="--ignore=SC\n--select=SCF2")
    assert status == 1
    assert "::error title=SCF201 bootstrap-missing,file=a b::there is no bootstrap at the root%0A" in shown
    assert shown.endswith("1 error in 2 packages\n")
    assert (tmp_path / "scf-gen" / "bin" / "scf-gen").exists()


def test_the_action_installs_the_version_that_is_asked_for(checkout, repository, offline, tmp_path):
    status, shown = run_action(checkout, repository, offline | {"RUNNER_TEMP": str(tmp_path)}, version="9.9.9")
    assert status != 0
    assert "scf-gen==9.9.9" in shown

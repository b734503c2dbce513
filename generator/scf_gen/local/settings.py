"""How a local SCF is set up."""

from dataclasses import dataclass
from pathlib import Path

from scf_gen.emulator.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Settings:
    """Where it listens, where it keeps things, and how it runs functions; times in seconds.

    `programs` are this machine's interpreters, `instances` is the most of one version at once, `retry_wait_s` passes
    between the invocations of an asynchronous event that fails, for as long as `event_age_s` in all.
    """

    data_folder: Path
    host: str = "127.0.0.1"
    port: int = 9000
    sandbox: Sandbox | None = None
    programs: tuple[Path, ...] = ()
    instances: int = 64
    retries: int = 2
    retry_wait_s: float = 60.0
    event_age_s: float = 6 * 3600.0

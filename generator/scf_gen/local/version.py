"""A version of a function as the local SCF keeps it: what CreateFunction was told, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from scf_gen.core import contract
from scf_gen.core.function import Function

DEFAULT_QUALIFIER = "$DEFAULT"
RUNTIME = "CustomRuntime"


class Status(StrEnum):
    """Where a version stands (page 583/115197)."""

    CREATING = "Creating"
    CREATE_FAILED = "CreateFailed"
    ACTIVE = "Active"
    UPDATING = "Updating"
    UPDATE_FAILED = "UpdateFailed"


# What becomes of a version whose code is being deployed when that fails.
FAILED = {Status.CREATING: Status.CREATE_FAILED, Status.UPDATING: Status.UPDATE_FAILED}


class Name(NamedTuple):
    """What a function is known by."""

    region: str
    namespace: str
    function: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `settings` are the API's parameters by name, `published` is the number of the last one."""

    name: Name
    version: str
    function_id: str
    status: Status
    settings: Mapping[str, Any]
    code_sha256: str
    code_bytes: int
    add_time: str
    mod_time: str
    reason: str = ""
    published: int = 0

    @property
    def function(self) -> Function:
        """What the emulator has to know of it."""
        settings = self.settings
        return Function(
            name=self.name.function,
            handler=settings.get("Handler") or contract.DEFAULT_HANDLER,
            memory_mb=settings.get("MemorySize", contract.DEFAULT_MEMORY_MB),
            timeout_s=settings.get("Timeout", contract.DEFAULT_TIMEOUT_S),
            init_timeout_s=settings.get("InitTimeout", contract.DEFAULT_INIT_TIMEOUT_S),
            env={pair["Key"]: pair["Value"] for pair in settings.get("Environment", {}).get("Variables", [])},
            region=self.name.region,
            namespace=self.name.namespace,
            version=self.version,
        )

"""Making a function, and changing its $LATEST: kept first, then deployed."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scf_gen.core.contract import LATEST
from scf_gen.local.clock import now_text
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.code_files import Upload
from scf_gen.local.version import FAILED, Name, Status, Version


async def create(scf: LocalScf, name: Name, settings: Mapping[str, Any], code: Upload) -> asyncio.Task[None]:
    """Keep a new function; the task that is given ends with its deployment. Raises Refusal if there is one already."""
    now = now_text()
    version = Version(
        name=name,
        version=LATEST,
        function_id=f"lam-{uuid.uuid4().hex[:8]}",
        status=Status.CREATING,
        settings=settings,
        code_sha256=code.sha256,
        code_bytes=code.size_bytes,
        add_time=now,
        mod_time=now,
    )
    try:
        await scf.versions.add(version, code)
    finally:
        code.path.unlink(missing_ok=True)
    return scf.deploy_soon(version)


async def update(
    scf: LocalScf, name: Name, action: str, settings: Mapping[str, Any], code: Upload | None = None
) -> asyncio.Task[None]:
    """Change settings, and the code if there is any; what runs is finished as it was.

    The task that is given ends with the deployment. Raises Refusal, in the words of `action`, where there is no such
    function or another deployment is at work.
    """

    def change(version: Version) -> Version:
        if version.status in FAILED:
            raise Refusal(f"FailedOperation.{action}", f"The function {name.function} is {version.status}.")
        changed = replace(version, status=Status.UPDATING, reason="", settings={**version.settings, **settings})
        return replace(changed, code_sha256=code.sha256, code_bytes=code.size_bytes) if code else changed

    try:
        version = await scf.versions.change(name, change, code)
    finally:
        if code:
            code.path.unlink(missing_ok=True)
    scf.runner.retire(name)
    return scf.deploy_soon(version)

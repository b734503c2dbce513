"""What a project is made from, as one value that differs when any of it does."""

import hashlib
from pathlib import Path

from scf_gen.archive.ignore import IGNORE_FILE, Ignore
from scf_gen.bundle import vendor
from scf_gen.bundle.select import select
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.core.packaging import Packaging
from scf_gen.languages.language import Language


def fingerprint(project: Path, packaging: Packaging, language: Language | None) -> str:
    """A hash of the names, contents and modes of all files but those that are ignored, and those that a build makes.

    Sources count although no package holds them. Raises PackageInvalid as packing does.
    """
    ignore = Ignore.defaults().with_file(project / IGNORE_FILE).with_lines(packaging.exclude, CONFIG_FILE)
    step = language.vendor if language else None
    if step and step.folder and vendor.is_wanted(project, step):
        ignore = ignore.with_lines([f"/{step.folder}/"], CONFIG_FILE)
    files = dict(select(project, ignore).files)
    if language and language.build:
        files.pop(contract.BOOTSTRAP, None)
    for name in (CONFIG_FILE, IGNORE_FILE):  # they count wherever they are ignored
        if (project / name).is_file():
            files[name] = project / name
    whole = hashlib.sha256()
    for name, path in sorted(files.items()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{name}\0{path.stat().st_mode:o}\0{content}\n".encode())
    return whole.hexdigest()

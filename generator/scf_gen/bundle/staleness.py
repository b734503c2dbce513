"""Whether a compiled program is older than what it was made from."""

import os
from collections.abc import Iterator
from pathlib import Path

from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.core.packaging import Packaging
from scf_gen.languages.language import Language


def newer_source(project: Path, packaging: Packaging, language: Language) -> str:
    """A source that was changed after the program was built, by its path in the project; empty if there is none.

    What is ignored, such as tests, does not count. Raises PackageInvalid for patterns that cannot be read.
    """
    program = project / contract.BOOTSTRAP
    if not (language.build and language.compiled and program.is_file()):
        return ""
    newer = sorted(_newer(project, language, program.stat().st_mtime_ns))
    if not newer:
        return ""
    # Importing it takes longer than all the rest.
    from scf_gen.archive.ignore import IGNORE_FILE, Ignore

    ignore = Ignore.defaults().with_file(project / IGNORE_FILE).with_lines(packaging.exclude, CONFIG_FILE)
    return next((name for name in newer if not ignore.verdict(name)), "")


def _newer(project: Path, language: Language, built_ns: int) -> Iterator[str]:
    suffixes = tuple(f".{suffix}" for suffix in language.suffixes)
    for folder, folders, files in os.walk(project):
        folders[:] = (name for name in folders if not name.startswith("."))
        for name in files:
            path = Path(folder, name)
            if name.endswith(suffixes) and path.lstat().st_mtime_ns > built_ns:
                yield str(path.relative_to(project))

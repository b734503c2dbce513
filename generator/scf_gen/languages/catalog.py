"""Which languages there are: the folders below templates/, and below the user's own $SCF_GEN_TEMPLATES."""

import os
from collections.abc import Mapping
from pathlib import Path

from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer, TemplateInvalid
from scf_gen.languages.language import LANGUAGE_FILE, Language

OWN_TEMPLATES = "SCF_GEN_TEMPLATES"


def template_roots() -> tuple[Path, ...]:
    """The folders that hold languages; of two languages with one name, the later folder's counts.

    Raises TemplateInvalid where one is not there.
    """
    own = [Path(path).expanduser() for path in os.environ.get(OWN_TEMPLATES, "").split(os.pathsep) if path]
    if missing := [path for path in own if not path.is_dir()]:
        raise TemplateInvalid(f"{OWN_TEMPLATES} names {missing[0]}, which is no folder")
    if single := [path for path in own if (path / LANGUAGE_FILE).is_file()]:
        raise TemplateInvalid(f"{OWN_TEMPLATES} names {single[0]}, a language itself", "name the folder above it")
    return (_shipped_root(), *own)


def languages() -> Mapping[str, Language]:
    """All languages by name, in alphabetical order."""
    return {lang: Language.load(folder) for lang, folder in _folders().items()}


def language(lang: str) -> Language:
    """The language of that name; raises BadAnswer, with the nearest name, where there is none."""
    known = _folders()
    if lang in known:
        return Language.load(known[lang])
    raise BadAnswer(f"unknown language {lang!r}", unknown_name_hint(lang.lower(), known))


def _folders() -> dict[str, Path]:
    files = (file for root in template_roots() for file in root.glob(f"*/{LANGUAGE_FILE}"))
    folders = {file.parent.name: file.parent.resolve() for file in files}
    return dict(sorted(folders.items()))


def _shipped_root() -> Path:
    package = Path(__file__).resolve().parents[1]
    # In the wheel the templates are inside the package, in a checkout they stand beside it.
    for root in (package / "_templates", package.parents[1] / "templates"):
        if root.is_dir():
            return root
    raise TemplateInvalid("scf-gen's templates are missing", "install scf-gen again")

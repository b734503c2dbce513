"""Copy what is common to all languages from templates/_shared to each language; with --check, only compare."""

import json
import shlex
import sys
from pathlib import Path

from generated import ROOT, write_or_check
from scf_gen.languages import catalog
from scf_gen.languages.language import Language

SHARED = ROOT / "templates" / "_shared"
PROJECT = "{{cookiecutter.name}}"


def shared_files() -> dict[Path, bytes]:
    """Every file that this tool writes, with its content."""
    languages = catalog.languages().values()
    files = {ROOT / "cookiecutter.json": as_json({"templates": {x.lang: chooser_entry(x) for x in languages}})}
    for language in languages:
        files[language.folder / "cookiecutter.json"] = as_json(variables(language))
        for source in sorted(path for path in SHARED.rglob("*") if path.is_file()):
            place = source.relative_to(SHARED)
            if place.parts[0] == "hooks":
                files[language.folder / place] = source.read_bytes()
            elif place.parts[0] == "project":
                files[language.folder / PROJECT / place.relative_to("project")] = source.read_bytes()
    return files


def variables(language: Language) -> dict[str, object]:
    """The language's cookiecutter.json: the common variables, its own, and what language.toml says already."""
    base = json.loads((SHARED / "cookiecutter.base.json").read_text())
    own = json.loads((language.folder / "cookiecutter.local.json").read_text())
    known = {
        "_lang": language.lang,
        "_title": language.title,
        "_compiled": language.compiled,
        "_test": shlex.join(language.test.argv),
    }
    # These add up; everything else that a language says replaces the common value.
    own["_copy_without_render"] = base["_copy_without_render"] + own.get("_copy_without_render", [])
    own["_reserved"]["file"] = base["_reserved"]["file"] + own["_reserved"]["file"]
    return {**base, **own, **known}


def chooser_entry(language: Language) -> dict[str, str]:
    """What plain cookiecutter shows of the language."""
    return {"path": f"templates/{language.lang}", "title": language.title, "description": language.summary}


def as_json(value: object) -> bytes:
    """JSON as this repository formats it."""
    return (json.dumps(value, indent=2) + "\n").encode()


sys.exit(write_or_check(shared_files()))

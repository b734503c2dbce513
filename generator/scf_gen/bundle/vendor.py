"""Installing the packages that a project names, for SCF rather than for this machine, and beside the project."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from scf_gen.bundle.build import run
from scf_gen.errors import PackageInvalid
from scf_gen.languages.language import Language, Vendor
from scf_gen.languages.manifest import ManifestFault, names_packages


def is_wanted(project: Path, vendor: Vendor) -> bool:
    """Whether the project names packages that have to be installed; not if it brings them along.

    Raises PackageInvalid where they can be neither installed nor found, or what should name them cannot be read.
    """
    manifest = project / vendor.manifest
    if manifest.exists() and not manifest.is_file():
        raise PackageInvalid(f"{manifest} is no file, so it names no packages", "write them into a file, or rename it")
    if not manifest.is_file() or not _names_packages(manifest, vendor):
        return False
    if (project / vendor.lock).is_file():
        return True
    if (project / vendor.folder).is_dir():
        return False
    raise PackageInvalid(
        f"{manifest} names packages, but there is neither {vendor.lock} nor {vendor.folder}", vendor.hint
    )


def install(project: Path, language: Language, vendor: Vendor, interpreter: str, staging: Path) -> Path:
    """Install into the empty folder `staging`, and give the folder there that holds the packages.

    `interpreter` is the version on SCF, if not the language's own. Raises ToolMissing and BuildFailed.
    """
    if vendor.beside_manifest:
        for path in project.resolve().iterdir():
            if path.name != vendor.folder:
                (staging / path.name).symlink_to(path)
    values = {
        "{staging}": str(staging),
        "{interpreter}": interpreter or vendor.interpreter,
        "{language}": str(language.folder),
    }
    argv = tuple(_filled(word, values) for word in vendor.command.argv)
    step = f"the installation of packages in {project / vendor.manifest}"
    hint = (
        f"the lines above say what is wrong: if the index cannot be reached, try again when it can; else {vendor.hint}"
    )
    run(replace(vendor.command, argv=argv), language, "package", project, step, hint)
    installed = staging / vendor.folder
    installed.mkdir(exist_ok=True)
    return installed


def _names_packages(manifest: Path, vendor: Vendor) -> bool:
    try:
        return names_packages(manifest.read_text("utf-8-sig", "replace"), vendor)
    except ManifestFault as error:
        raise PackageInvalid(
            f"{manifest} does not say which packages to install: {error}", f"mend {vendor.manifest}, or remove it"
        ) from error


def _filled(word: str, values: Mapping[str, str]) -> str:
    for place, value in values.items():
        word = word.replace(place, value)
    return word

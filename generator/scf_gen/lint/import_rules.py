"""Rule 107: what the handler's file loads, which SCF has to have as well."""

import posixpath
import re
from collections.abc import Iterator

from scf_gen.core import contract
from scf_gen.languages.language import Vendor
from scf_gen.languages.manifest import ManifestFault, names_packages
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found, Severity
from scf_gen.lint.loads import Load, Loads, loads_of
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of
from scf_gen.lint.source import found_at
from scf_gen.lint.wording import shown

# What a path out of the package may reach on SCF.
_SYSTEM = ("/opt/", "/tmp/", "/var/lang/", "/var/runtime/", "/usr/", "/lib/", "/etc/", "/mnt/", "/home/")  # noqa: S108


@check_of("SCF107")
def import_missing(context: Context) -> Iterator[Found]:
    """A file or package that is loaded and will not be there (INIT-LOAD)."""
    loads = loads_of(context)
    if loads is None or loads.is_excused:
        return
    # A node has a match for each part of what is loaded.
    once = {(load.file.path, load.node.start_byte): load for load in loads.all}
    for load in once.values():
        if found := _fault(loads, load):
            yield found


def _fault(loads: Loads, load: Load) -> Found | None:
    paths = loads.paths
    if load.stranded:
        is_package = any(paths.found("", re.escape(end)) for end in loads.imports.follows)
        if is_package:
            return None
        message, hint = f"{shown(load.name)} {loads.imports.stranded}", "name it from the function's folder"
        return found_at(load.file, load.node, message, hint)
    if load.path.startswith(".."):
        return _outside(load)
    files = paths.found(load.path, load.files) if load.path else []
    if files:
        return None if paths.would_be_packed(files) else _left_out(load, files[0])
    if load.package and not (load.path and paths.found(f"/{load.package}", load.files)):
        return _package_missing(loads, load)
    return _file_missing(loads, load) if load.path and (not load.package or _is_closed(loads, load)) else None


def _outside(load: Load) -> Found | None:
    if posixpath.normpath(f"{contract.CODE_ROOT}/{load.path}").startswith(_SYSTEM):
        return None
    hint = "move it below the function's folder"
    return found_at(load.file, load.node, f"{shown(load.name)} leads out of the package", hint)


def _left_out(load: Load, file: File) -> Found:
    hint = "take it back in .scfignore, or in exclude in [package] of scf.toml"
    return found_at(load.file, load.node, f"{shown(load.name)} is {shown(file.path)}, which no package holds", hint)


def _file_missing(loads: Loads, load: Load) -> Found:
    near = loads.paths.nearest(load.path)
    return found_at(load.file, load.node, f"there is no {shown(load.name)}", f"there is {shown(near)}" if near else "")


def _is_closed(loads: Loads, load: Load) -> bool:
    """Whether the folder in which a part of a package is missing is one whose code is known."""
    folder = load.path
    while folder and not loads.paths.found(folder, load.files):
        folder = posixpath.dirname(folder).rstrip("/")
    known = (f"{folder}{end}"[1:] in loads.files for end in loads.imports.follows if "/" in end)
    return bool(folder) and not loads.is_mixed and any(known)


def _package_missing(loads: Loads, load: Load) -> Found | None:
    imports, context, vendor, name = loads.imports, loads.context, loads.language.vendor, load.package
    if vendor is None or name in imports.brought or loads.paths.has_package(f"{imports.folder}/{name}".lstrip("/")):
        return None
    manifest = context.package.top.get(vendor.manifest)
    content = manifest.content.decode("utf-8-sig", "replace") if manifest else ""
    if imports.own and re.search(imports.own.replace("{package}", re.escape(name)), content):
        return None
    if not context.package.packed and (_names_packages(content, vendor) or loads.paths.has_any(imports.listing)):
        return None
    hint = f"name it in {vendor.manifest}; where a layer brings it, silence this"
    if not load.path and loads.paths.found(f"/{load.name}", load.files):
        hint = f"./{shown(load.name)} is the function's own file"
    unnamed = "" if context.package.packed else f", and {vendor.manifest} names no packages"
    message = f"{shown(name)} is not in the package{unnamed}"
    return found_at(load.file, load.node, message, hint, severity=Severity.WARNING)


def _names_packages(manifest: str, vendor: Vendor) -> bool:
    """Whether it names packages, or cannot be read, of which SCF405 tells."""
    try:
        return bool(manifest) and names_packages(manifest, vendor)
    except ManifestFault:
        return True

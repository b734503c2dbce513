"""Where a package has its files: what of a folder goes along, and what lies a folder too deep."""

from collections.abc import Sequence

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.elf import ELF_MAGIC
from scf_gen.lint.package import File, Package

_MAC_FOLDER = "__MACOSX"
OTHERS_FOLDERS = frozenset({"node_modules", "site-packages", "vendor", "dist-packages"})


def would_be_packed(context: Context, file: File) -> bool:
    """Whether a file is in the ZIP, or would come into it: of a folder, what no pattern leaves out."""
    return context.package.packed or not context.left_out.verdict(file.path)


def is_dependency(path: str) -> bool:
    """Whether a file was written, and published, by others."""
    return not OTHERS_FOLDERS.isdisjoint(path.split("/"))


def extra_folder(package: Package) -> str:
    """The one folder that a ZIP has everything in, bootstrap and all; "" where there is none."""
    tops = {path.partition("/")[0] for path in package.files} - {_MAC_FOLDER}
    top = tops.pop() if package.packed and len(tops) == 1 else ""
    return top if f"{top}/{contract.BOOTSTRAP}" in package.files else ""


def bootstrap_folders(package: Package) -> Sequence[str]:
    """The folders that hold a script or program named bootstrap, those nearest to the root first."""
    folders = [
        folder
        for path, file in package.files.items()
        for folder, _, name in [path.rpartition("/")]
        if name == contract.BOOTSTRAP and _is_inside(folder) and file.head.startswith((b"#!", ELF_MAGIC))
    ]
    return sorted(folders, key=lambda folder: (folder.count("/"), folder))


def _is_inside(folder: str) -> bool:
    return bool(folder) and not folder.startswith("/") and not is_dependency(folder) and ".." not in folder.split("/")

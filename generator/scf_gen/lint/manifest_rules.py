"""Rule 405: the file in which a function names the packages that it needs."""

from collections.abc import Iterator

from scf_gen.languages.language import Vendor
from scf_gen.languages.manifest import ManifestFault, names_packages
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found
from scf_gen.lint.rule import check_of
from scf_gen.lint.wording import shown

_LIMIT_BYTES = 1 << 20


@check_of("SCF405")
def manifest_broken(context: Context) -> Iterator[Found]:
    """A manifest that its language cannot read (INIT-HANDLER)."""
    vendor = context.language.vendor if context.language else None
    file = context.package.top.get(vendor.manifest) if vendor else None
    if vendor is None or file is None or file.is_link or file.trouble or file.size > _LIMIT_BYTES:
        return
    if not file.is_regular:
        yield Found(f"{file.path} is no file", file.path)
    elif file.is_whole:
        yield from _faults(file.path, file.content.decode("utf-8-sig", "replace"), vendor)


def _faults(path: str, text: str, vendor: Vendor) -> Iterator[Found]:
    try:
        names_packages(text, vendor)
    except ManifestFault as error:
        yield Found(f"{path} cannot be read: {shown(error.what, 200)}", path, max(error.line, 1), max(error.column, 1))

"""scf-gen package"""

from pathlib import Path

import click

from scf_gen.bundle.build import build
from scf_gen.bundle.package import Package, pack
from scf_gen.cli.subject import load_function, load_packaging, name_of
from scf_gen.core import contract
from scf_gen.core.function import Function
from scf_gen.languages import catalog

_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024


@click.command("package")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.zip",
    help="The ZIP to write.  [default: PATH/NAME.zip]",
)
@click.option("--no-lint", is_flag=True, help="Do not look for faults first.")
@click.option("-v", "--verbose", is_flag=True, help="List the files of the ZIP with mode and size in bytes.")
def command(path: Path, output: Path | None, no_lint: bool, verbose: bool) -> None:
    """Build the function in PATH, and write the ZIP that SCF takes.

    The same files make the same ZIP, byte for byte, on any machine. Packages that requirements.txt or package-lock.json
    name are installed for SCF, in the ZIP alone.
    """
    function = load_function(path, path)
    package = make_package(path, output or path / f"{name_of(path, function)}.zip", function, lint=not no_lint)
    if package.size > contract.INLINE_ZIP_LIMIT_BYTES:
        _say(f"warning: {too_large(package.size)}\nhint: {TOO_LARGE_HINT}")
    if verbose:
        _list_files(package)
    click.echo(
        f"{package.path}  {readable(package.size)}, {readable(package.unpacked_size)} unpacked, "
        f"{len(package.entries)} files\nsha256 {package.sha256}"
    )


def make_package(path: Path, output: Path, function: Function, *, lint: bool) -> Package:  # noqa: ARG001 -- see below
    """Build the function in the folder `path` and pack it into `output`; what was left out is told."""
    packaging = load_packaging(path)
    language = catalog.languages().get(function.lang)
    if language:
        build(path, language)
    elif function.lang:
        _say(f"scf-gen does not know the language {function.lang}: nothing is built or installed")
    # The linter's place: if `lint`, a fault in `path` ends the command here.
    package = pack(path, output, function, packaging, language, _say)
    for name, reason in sorted(package.left_out.items()):
        _say(f"left out {path / name}, {reason}")
    return package


def too_large(size: int) -> str:
    """Says that a ZIP of `size` bytes cannot be sent inline."""
    return (
        f"{readable(size)} is more than a request of the API holds: 10 MB, which in base64 is "
        f"{readable(contract.INLINE_ZIP_LIMIT_BYTES)} of ZIP"
    )


TOO_LARGE_HINT = (
    "upload it to a COS bucket in the function's region, and name it by CosBucketName and CosObjectName "
    "instead of sending ZipFile, or in the console"
)


def _list_files(package: Package) -> None:
    width = max(len(f"{entry.size:,}") for entry in package.entries)
    for entry in package.entries:
        name = entry.name if entry.name.isprintable() else repr(entry.name)
        click.echo(f"{entry.mode:04o}  {entry.size:{width},}  {name}")


def readable(size: int) -> str:
    """A number of bytes for a person's eyes."""
    return f"{size / _MEGABYTE:,.1f} MB" if size >= _MEGABYTE else f"{size / _KILOBYTE:,.1f} KB"


def _say(text: str) -> None:
    click.echo(text, err=True)

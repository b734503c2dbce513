"""scf-gen package"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from scf_gen.bundle.build import build
from scf_gen.bundle.package import Package, pack
from scf_gen.cli.options import NewFileType
from scf_gen.cli.subject import check_folder, load_function, load_packaging, name_of
from scf_gen.core import contract
from scf_gen.core.function import Function
from scf_gen.errors import PackageFaulty
from scf_gen.languages import catalog
from scf_gen.lint.finding import Finding, Severity
from scf_gen.lint.package import open_package
from scf_gen.lint.report import text
from scf_gen.lint.runner import Linter, Plan

_HANDLER_RULES = ("SCF1",)
_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024


@click.command("package")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "-o",
    "--output",
    type=NewFileType(),
    metavar="FILE.zip",
    help="The ZIP to write.  [default: PATH/NAME.zip]",
)
@click.option("--no-lint", is_flag=True, help="Do not look for faults first.")
@click.option("-v", "--verbose", is_flag=True, help="List the files of the ZIP with mode and size in bytes.")
def command(path: Path, output: Path | None, no_lint: bool, verbose: bool) -> None:
    """Build the function in PATH, and write the ZIP that SCF takes.

    The same files make the same ZIP, byte for byte, on any machine. Packages that requirements.txt or package-lock.json
    name are installed for SCF, in the ZIP alone. An error that the linter finds in it, or in the sources of what was
    compiled, keeps it from being written.
    """
    check_folder(path, "packed")
    function = load_function(path, path)
    output = output or path / f"{name_of(path, function)}.zip"
    package = make_package(path, output, function, lint=not no_lint)
    if package.size > contract.INLINE_ZIP_LIMIT_BYTES:
        _say(f"warning: {too_large(package.size)}\nhint: {TOO_LARGE_HINT}")
    if verbose:
        _list_files(package)
    count = len(package.entries)
    click.echo(
        f"{package.path}  {readable(package.size)}, {readable(package.unpacked_size)} unpacked, "
        f"{count} file{'s' if count > 1 else ''}\nsha256 {package.sha256}"
    )


def make_package(path: Path, output: Path, function: Function, *, lint: bool, aim: str = "pack") -> Package:
    """Build the function in the folder `path` and pack it into `output`; what was left out is told.

    What is packed is linted if `lint` says so, and its faults are told of the folder's files, for nobody may ever see
    the ZIP; raises PackageFaulty for an error found, which says what it is not good enough for. Without an `aim` it is
    good enough.
    """
    packaging = load_packaging(path)
    language = catalog.languages().get(function.lang)
    if language:
        build(path, language)
    elif function.lang:
        _say(f"scf-gen does not know the language {function.lang}: nothing is built or installed")
    sources = path if language and language.build else None
    check = partial(check_package, shown_as=path, aim=aim, sources=sources) if lint else _accept
    package = pack(path, output, function, packaging, language, _say, check)
    for name, reason in sorted(package.left_out.items()):
        _say(f"left out {path / name}, {reason}")
    return package


def check_package(package: Path, shown_as: Path, aim: str, sources: Path | None = None) -> None:
    """Look for faults in what SCF would get, and in the handler's `sources` that are not in it; tell what fails.

    Raises PackageFaulty for an error, unless it has no `aim` to be good enough for.
    """
    findings = [replace(one, package=str(shown_as)) for one in _faults(package, Plan())]
    told = [finding.found for finding in findings]
    if sources:
        findings += [one for one in _faults(sources, Plan(select=_HANDLER_RULES)) if one.found not in told]
    for finding in findings:
        for line in text.lines(finding):
            _say(line)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if aim and errors:
        raise PackageFaulty(
            f"{shown_as} has {'an error' if errors == 1 else f'{errors} errors'}, so it is not {aim}ed",
            f"--no-lint {aim}s it all the same",
        )


def _faults(path: Path, plan: Plan) -> list[Finding]:
    with open_package(path) as opened:
        return [finding for finding in Linter(plan).lint(opened) if finding.fails]


def _accept(_: Path) -> None:
    pass


def too_large(size: int) -> str:
    """Says that a ZIP of `size` bytes cannot be sent inline."""
    return (
        f"{size:,} bytes are more than a request of the API holds: 10 MB, which in base64 is a ZIP of "
        f"{contract.INLINE_ZIP_LIMIT_BYTES:,} bytes"
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

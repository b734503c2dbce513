"""scf-gen package"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from scf_gen.bundle.build import build
from scf_gen.bundle.package import Package, pack
from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.subject import load_function, load_packaging
from scf_gen.core import contract
from scf_gen.core.function import Function
from scf_gen.languages import catalog
from scf_gen.lint.finding import Severity
from scf_gen.lint.package import open_package
from scf_gen.lint.report import text
from scf_gen.lint.runner import Linter, Plan

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
def command(path: Path, output: Path | None, no_lint: bool, verbose: bool) -> int:
    """Build the function in PATH, and write the ZIP that SCF takes.

    The same files make the same ZIP, byte for byte, on any machine. Packages that requirements.txt or package-lock.json
    name are installed for SCF, in the ZIP alone. An error that the linter finds in it keeps it from being written.
    """
    function, packaging = load_function(path, path), load_packaging(path)
    language = catalog.languages().get(function.lang)
    if language:
        build(path, language)
    elif function.lang:
        _say(f"scf-gen does not know the language {function.lang}: nothing is built or installed")
    output = output or path / _file_name(path, function)
    accept = (lambda _: True) if no_lint else partial(_is_fit, shown_as=output)
    package = pack(path, output, function, packaging, language, _say, accept)
    if package is None:
        _say(f"{output} is not written; --no-lint packs all the same")
        return SUBJECT_FAILED
    _warn(path, package)
    if verbose:
        _list_files(package)
    count = len(package.entries)
    click.echo(
        f"{package.path}  {_readable(package.size)}, {_readable(package.unpacked_size)} unpacked, "
        f"{count} file{'s' if count > 1 else ''}\nsha256 {package.sha256}"
    )
    return DONE


def _is_fit(draft: Path, shown_as: Path) -> bool:
    """Whether the linter finds no error in what SCF would get; its errors and warnings are told."""
    with open_package(draft) as opened:
        findings = [replace(one, package=str(shown_as)) for one in Linter(Plan()).lint(opened) if one.fails]
    for finding in findings:
        for line in text.lines(finding):
            _say(line)
    return not any(finding.severity is Severity.ERROR for finding in findings)


def _file_name(path: Path, function: Function) -> str:
    """Named after the function, or after its folder where no scf.toml gives it a name."""
    unnamed = Function().name
    return f"{(path.resolve().name if function.name == unnamed else function.name) or unnamed}.zip"


def _warn(path: Path, package: Package) -> None:
    for name, reason in sorted(package.left_out.items()):
        _say(f"left out {path / name}, {reason}")
    if package.size > contract.INLINE_ZIP_LIMIT_BYTES:
        _say(
            f"warning: {_readable(package.size)} is more than a request of the API holds: 10 MB, which in base64 is "
            f"{_readable(contract.INLINE_ZIP_LIMIT_BYTES)} of ZIP\n"
            "hint: upload it to a COS bucket in the function's region, and name it by CosBucketName and CosObjectName "
            "instead of sending ZipFile, or in the console"
        )


def _list_files(package: Package) -> None:
    width = max(len(f"{entry.size:,}") for entry in package.entries)
    for entry in package.entries:
        name = entry.name if entry.name.isprintable() else repr(entry.name)
        click.echo(f"{entry.mode:04o}  {entry.size:{width},}  {name}")


def _readable(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB" if size >= _MEGABYTE else f"{size / _KILOBYTE:,.1f} KB"


def _say(text: str) -> None:
    click.echo(text, err=True)

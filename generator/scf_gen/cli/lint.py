"""`scf-gen lint`: what would break on SCF, found before the upload."""

from pathlib import Path

import click

from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.lint.report import text
from scf_gen.lint.runner import Plan, lint


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
def command(paths: tuple[Path, ...]) -> int:
    """Find what would break the functions at PATH (folders or ZIPs) on SCF, before they are uploaded."""
    report = lint(paths or (Path(),), Plan())
    click.echo(text.render(report), nl=False)
    return SUBJECT_FAILED if report.failed else DONE

"""scf-gen lint"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.streams import takes_escapes
from scf_gen.lint.finding import printable
from scf_gen.lint.fixer import Mended, mend
from scf_gen.lint.report import diff, explanation, github, json, sarif, text
from scf_gen.lint.runner import Plan, Report, lint
from scf_gen.lint.search import functions_at
from scf_gen.lint.target import DEFAULT, targets

_Render = Callable[[Report], str]
_FORMATS: dict[str, _Render] = {
    "text": text.render,
    "json": json.render,
    "sarif": sarif.render,
    "github": github.render,
}


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", help="How to print the findings.")
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="CODES",
    help="Only these rules, with commas between: codes, names, or starts of codes such as SCF2.",
)
@click.option("--ignore", "ignored", multiple=True, metavar="CODES", help="All but these.")
@click.option("--fix", is_flag=True, help="Mend what can safely be mended, then show what is left.")
@click.option("--diff", "as_diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--target", type=click.Choice(list(targets())), default=DEFAULT, show_default=True, help="SCF's system.")
@click.option("--list-rules", is_flag=True, help="List all rules.")
@click.option("--explain", metavar="CODE", help="Explain a rule, given by its code or name.")
def command(
    paths: tuple[Path, ...],
    form: str,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    fix: bool,
    as_diff: bool,
    target: str,
    list_rules: bool,
    explain: str | None,
) -> int:
    """Find what would break the functions at PATH (folders or ZIPs) on SCF, before they are uploaded.

    A folder with neither bootstrap nor scf.toml stands for the functions below it, but for those that git
    ignores. The exit status is 1 for an error or a warning; with --fix, for one that is left.
    """
    if list_rules or explain is not None:
        click.echo(_told_of_rules(explain, form), nl=False)
        return DONE
    if as_diff and form != "text":
        raise click.UsageError("--diff has a form of its own: leave out --format")
    paths = tuple(function for path in paths or (Path(),) for function in functions_at(path))
    plan = Plan(_codes("--select", selected), _codes("--ignore", ignored), target)
    if as_diff:
        return _show_diff(mend(paths, plan, write=False))
    if fix:
        return _tell_mended(mend(paths, plan, write=True), form)
    report = lint(paths, plan)
    fixable = sum(finding.fixable for finding in report.findings)
    return _tell(report, form, f"; --fix mends {fixable} of them" if fixable else "")


def _told_of_rules(name: str | None, form: str) -> str:
    if form not in {"text", "json"}:
        raise click.UsageError(f"rules are printed as text or json, not as {form}")
    if form == "json":
        return explanation.listing_json() if name is None else explanation.explain_json(name)
    return explanation.listing() if name is None else explanation.explain(name)


def _codes(option: str, texts: Sequence[str]) -> tuple[str, ...]:
    codes = tuple(code.strip() for text in texts for code in text.split(",") if code.strip())
    if texts and not codes:
        raise click.UsageError(f"{option} names no rule")
    return codes


def _tell(report: Report, form: str, note: str = "") -> int:
    colored = form == "text" and takes_escapes(sys.stdout) and not os.environ.get("NO_COLOR")
    shown = text.render(report, color=True) if colored else _FORMATS[form](report)
    click.echo(shown, nl=form in {"json", "sarif"}, color=colored)
    click.echo(f"{text.summary(report)}{note}", err=True)
    return SUBJECT_FAILED if report.failed else DONE


def _tell_mended(mended: Mended, form: str) -> int:
    for finding in mended.done:
        click.echo(f"mended {finding.path}: {finding.code} {finding.message}", err=True)
    for change, reason in mended.undone:
        click.echo(f"left {printable(str(change.root / change.path))} as it is: {reason}", err=True)
    packed = {finding.package for finding in mended.report.findings if finding.packed and finding.found.edits}
    for name in sorted(packed):
        click.echo(f"left {printable(name)} as it is: --fix mends folders; mend the folder and pack it again", err=True)
    return _tell(mended.report, form, f"; mended {len(mended.done)}")


def _show_diff(mended: Mended) -> int:
    shown = diff.render(mended.changes)
    if sys.stdout.isatty():
        shown = "\n".join(map(printable, shown.decode(errors="surrogateescape").split("\n"))).encode()
    click.echo(shown, nl=False)
    count = len(mended.done) + len(mended.report.findings)
    click.echo(f"--fix would mend {len(mended.done)} of {count} findings", err=True)
    failed = any(finding.fails for finding in (*mended.done, *mended.report.findings))
    return SUBJECT_FAILED if failed else DONE

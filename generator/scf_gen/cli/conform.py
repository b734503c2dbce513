"""scf-gen conform"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from scf_gen.archive.source import open_code
from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.emulation import run_to_end, wanted_sandbox
from scf_gen.cli.interpreter import names_in, warn_of_version
from scf_gen.cli.options import LanguageType, NewFileType
from scf_gen.cli.streams import takes_escapes
from scf_gen.cli.subject import load_function, local_programs
from scf_gen.conformance import report
from scf_gen.conformance.case import load, select
from scf_gen.conformance.runner import run
from scf_gen.conformance.subject import copied
from scf_gen.conformance.verdict import Status
from scf_gen.languages import catalog


@click.command("conform")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--lang", type=LanguageType(), help="The language, where scf.toml does not say it.")
@click.option("--handler", metavar="FILE.FUNCTION", help="A conformance handler of the subject's own.")
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="IDS",
    help="Only these cases, with commas between; result-* is all that begin so. Slow ones run only if named.",
)
@click.option("--list-cases", is_flag=True, help="Print the cases and what they ask for, and judge nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--junit", type=NewFileType(), metavar="FILE", help="Write JUnit XML as well.")
@click.option("--no-sandbox", is_flag=True, help="Run the bootstrap as a plain process.")
def command(
    path: Path,
    lang: str | None,
    handler: str | None,
    selected: tuple[str, ...],
    list_cases: bool,
    as_json: bool,
    junit: Path | None,
    no_sandbox: bool,
) -> int:
    """Judge the bootstrap in PATH, a folder or a ZIP, by the cases of SCF's contract.

    A copy of it runs, with a handler that does what each case asks for. The exit status is 1 when a case failed.
    """
    ids = [each.strip() for text in selected for each in text.split(",") if each.strip()]
    if selected and not ids:
        raise click.UsageError("--select names no case")
    cases = select(load(), ids) if selected else list(load().values())
    if list_cases:
        click.echo(report.cases_as_json(cases) if as_json else "\n".join(report.cases_as_text(cases)))
        return DONE
    language = catalog.language(lang) if lang is not None else None
    with open_code(path) as code:
        function = load_function(code, path, handler=handler)
        language = language or catalog.languages().get(function.lang)
        programs = local_programs(language)
        warn_of_version(path, names_in(code), language)
        sandbox = None if no_sandbox else wanted_sandbox()
        with copied(code, function, language, handler, programs=programs, sandbox=sandbox) as subject:
            verdicts = run_to_end(run(subject, cases, slow=bool(selected), tell=_progress(len(cases))))
    click.echo(report.as_json(verdicts) if as_json else "\n".join(report.as_text(verdicts)))
    if junit:
        junit.write_bytes(report.as_junit(verdicts, str(path)))
    return SUBJECT_FAILED if any(verdict.status is Status.FAILED for verdict in verdicts) else DONE


def _progress(total: int) -> Callable[[int], None]:
    """Counts on a terminal, in one line that vanishes."""
    if not takes_escapes(sys.stderr):
        return lambda _: None

    def tell(done: int) -> None:
        click.echo("\r\033[K" if done == total else f"\r{done}/{total} cases", err=True, nl=False)

    return tell

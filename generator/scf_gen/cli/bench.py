"""scf-gen bench"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from scf_gen.archive.source import open_code
from scf_gen.bench.cores import keep_apart
from scf_gen.bench.measure import Failed, Plan, Progress, Subject, measure
from scf_gen.bench.measurement import Bench
from scf_gen.bench.report.html import as_page
from scf_gen.bench.report.json import as_object
from scf_gen.bench.report.text import as_text
from scf_gen.cli.boundary import DONE, SUBJECT_FAILED
from scf_gen.cli.emulation import run_to_end, wanted_sandbox
from scf_gen.cli.event_input import check_one_event, event_body, event_options, hint_of_event
from scf_gen.cli.interpreter import names_in, warn_of_version
from scf_gen.cli.options import NewFileType, WholeNumber
from scf_gen.cli.streams import takes_escapes
from scf_gen.cli.subject import load_function, local_programs, tell_stale
from scf_gen.languages import catalog


@click.command("bench")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--against", type=click.Path(path_type=Path), metavar="PATH", help="Measure this function, too, in turn.")
@event_options
@click.option("--handler", metavar="FILE.FUNCTION", help="The code to run.")
@click.option("--rounds", type=WholeNumber(1, 1_000_000), metavar="N", help="Invocations; else what fits into 10 s.")
@click.option("--no-sandbox", is_flag=True, help="Run the bootstrap as a plain process.")
@click.option("--json", "as_json", is_flag=True, help="Print an object.")
@click.option("--html", type=NewFileType(), metavar="FILE", help="Write a page with plots.")
def command(
    path: Path,
    against: Path | None,
    data: str | None,
    event_file: str | None,
    event: str | None,
    handler: str | None,
    rounds: int | None,
    no_sandbox: bool,
    as_json: bool,
    html: Path | None,
) -> int:
    """Measure the function in PATH, a folder or a ZIP: cold start, warm latency, throughput and memory.

    With --against, two functions get the same event in strict turn, and the ratio is the first's figures over the
    second's. The exit status is 1 when an invocation failed.
    """
    check_one_event(data, event_file, event)
    paths = [path, *([against] if against else [])]
    with ExitStack() as stack:
        codes = [stack.enter_context(open_code(each)) for each in paths]
        subjects = [
            _subject(code, each, label, handler) for code, each, label in zip(codes, paths, _labels(paths), strict=True)
        ]
        body = event_body(codes[0], path, data, event_file, event)
        for subject, each in zip(subjects, paths, strict=True):
            tell_stale(subject.code, each, subject.function)
        sandbox = None if no_sandbox else wanted_sandbox()
        progress = stack.enter_context(_progress())
        cores = stack.enter_context(keep_apart())
        done = run_to_end(measure(subjects, Plan(body, rounds, cores=cores, sandbox=sandbox), progress))
    if isinstance(done, Failed):
        _tell_failure(done)
        if hint := hint_of_event(body, data):
            click.echo(hint, err=True)
        return SUBJECT_FAILED
    bench = Bench(done[0], done[1] if against else None, cores, sandboxed=sandbox is not None)
    if html:
        html.write_text(as_page(bench), "utf-8")
    click.echo(json.dumps(as_object(bench), ensure_ascii=False, indent=2) if as_json else as_text(bench))
    return DONE


def _subject(code: Path, path: Path, label: str, handler: str | None) -> Subject:
    function = load_function(code, path, handler=handler)
    language = catalog.languages().get(function.lang)
    warn_of_version(path, names_in(code), language)
    return Subject(label, function, code, local_programs(language))


def _labels(paths: list[Path]) -> list[str]:
    """The folders' names; where those are the same, the paths as they were given; and numbers where these are, too."""
    names = [path.resolve().name or str(path) for path in paths]
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    if len(set(names)) < len(names):
        names = [f"{name} ({number})" for number, name in enumerate(names, start=1)]
    return names


def _tell_failure(failed: Failed) -> None:
    sys.stderr.buffer.write(failed.outcome.log)
    sys.stderr.buffer.flush()
    click.echo(f"{failed.label}: {failed.outcome.kind}: {failed.outcome.advice}", err=True)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, and silence elsewhere."""
    if not takes_escapes(sys.stderr):
        yield lambda _: None
        return
    with click.progressbar(length=100, label="measuring", file=sys.stderr) as bar:
        yield lambda share: bar.update(max(0, int(share * 100) - bar.pos))

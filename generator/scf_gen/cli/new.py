"""scf-gen new"""

import gc
import re
import shlex
import sys
from itertools import chain, count
from pathlib import Path

import click

from scf_gen.cli.options import LanguageType, SettingType
from scf_gen.core import contract
from scf_gen.errors import BadAnswer, DestinationExists
from scf_gen.languages import catalog
from scf_gen.languages.language import Language

DEFAULT_NAME = "hello"


@click.command("new")
@click.argument("name", required=False)
@click.option("--lang", type=LanguageType(), help="The language; `scf-gen languages` lists them.")
@click.option("--handler", metavar="FILE.FUNCTION", help="The code to run.  [default: index.main_handler]")
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="Where the folder NAME is made.",
)
@click.option(
    "--set",
    "settings",
    type=SettingType(),
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a template's variable.",
)
@click.option("--no-input", is_flag=True, help="Never ask.")
@click.option("--force", is_flag=True, help="Write into a folder that is not empty; other files stay.")
def command(
    name: str | None,
    lang: str | None,
    handler: str | None,
    output_dir: Path,
    settings: tuple[tuple[str, str], ...],
    no_input: bool,
    force: bool,
) -> None:
    """Write a new function in the folder NAME (./hello without one)."""
    given = {key: value for key, value in (("name", name), ("handler", handler)) if value is not None}
    if twice := [key for key, _ in settings if key in given]:
        raise BadAnswer(f"{twice[0]} is given twice, once with --set", "say it once")
    answers = {**dict(settings), **given}
    asks = not no_input and sys.stdin.isatty() and sys.stdout.isatty()
    if "name" not in answers:
        answers["name"] = _ask_name(output_dir, force=force) if asks else DEFAULT_NAME
    language = catalog.language(lang if lang is not None else _ask_language() if asks else _no_language())

    from scf_gen.scaffold.answers import Variables

    context = Variables.load(language.folder).context(answers)
    project = output_dir / answers["name"]

    gc.disable()  # half of the time is imports, and nothing is left to collect
    from scf_gen.scaffold.render import render

    render(language.folder, context, project, force=force)
    click.echo(f"{project} is a {language.title} function. Next:")
    for line in _next_commands(project, language):
        click.echo(f"  {line}")


def _ask_name(output_dir: Path, *, force: bool) -> str:
    from scf_gen.scaffold import destination

    def check(value: str) -> str:
        if not re.fullmatch(contract.NAME_PATTERN, value):
            raise click.UsageError(f"it has to be {contract.NAME_RULE}")
        try:
            destination.check(output_dir / value, force=force)
        except DestinationExists as error:
            raise click.UsageError(error.message) from error
        return value

    names = chain([DEFAULT_NAME], (f"{DEFAULT_NAME}-{number}" for number in count(2)))
    free = next(name for name in names if not (output_dir / name).exists())
    return str(click.prompt("Function name", default=free, value_proc=check))


def _ask_language() -> str:
    languages = catalog.languages()
    for language in languages.values():
        click.echo(f"  {language.lang:8} {language.summary}")
    return str(click.prompt("Language", type=click.Choice(list(languages)), show_choices=False))


def _no_language() -> str:
    raise click.UsageError(f"which language? Say --lang with one of {', '.join(catalog.languages())}.")


def _next_commands(project: Path, language: Language) -> tuple[str, str, str]:
    second = "scf-gen build" if language.build else shlex.join(language.test.argv)
    return f"cd {shlex.quote(str(project))}", second, "scf-gen invoke --event hello"

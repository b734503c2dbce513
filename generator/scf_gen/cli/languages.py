"""scf-gen languages"""

import json
from collections.abc import Mapping
from typing import Any

import click

from scf_gen.languages import catalog, toolbox
from scf_gen.languages.language import Language, Tool


@click.command("languages")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all tools.")
def command(as_json: bool) -> None:
    """List the languages that `scf-gen new` knows, and which of their tools are missing here."""
    languages = catalog.languages()
    found = {tool: toolbox.find(tool) is not None for language in languages.values() for tool in language.tools}
    if as_json:
        click.echo(json.dumps({"languages": [_as_json(language, found) for language in languages.values()]}, indent=2))
        return
    width = max(map(len, languages))
    for language in languages.values():
        missing = dict.fromkeys(tool.name for tool in language.tools if not found[tool])
        note = f"  (missing here: {', '.join(missing)})" if missing else ""
        click.echo(f"{language.lang:{width}}  {language.summary}{note}")


def _as_json(language: Language, found: Mapping[Tool, bool]) -> dict[str, Any]:
    names = {tool.name: True for tool in language.tools}
    for tool in language.tools:
        names[tool.name] &= found[tool]
    return {
        "lang": language.lang,
        "title": language.title,
        "suffix": language.suffix,
        "tools": [{"name": name, "found": here} for name, here in names.items()],
        "summary": language.summary,
    }

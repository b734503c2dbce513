"""The console's pages, from templates that escape everything that is put into them."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scf_gen.core import contract, place

TABS = {"code": "Function code", "configuration": "Configuration", "log": "Log", "instances": "Instances"}
_FUNCTION_PATH = re.compile(
    rf"/function/(?P<region>{place.REGION_PATTERN})/(?P<namespace>{place.NAMESPACE_PATTERN})"
    rf"/(?P<name>{contract.NAME_PATTERN})(/(?P<tab>{'|'.join(TABS)}))?"
)
_PLAIN = {"/": "functions.html", "/create": "create.html"}


def find(path: str) -> tuple[str, Mapping[str, str]] | None:
    """The template of a page, and what its path says; None for a path of no page."""
    if path in _PLAIN:
        return _PLAIN[path], {}
    if match := _FUNCTION_PATH.fullmatch(path):
        return "function.html", {**match.groupdict(), "tab": match["tab"] or next(iter(TABS))}
    return None


def render(template: str, **values: Any) -> str:
    """The page's HTML."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(contract=contract, place=place, tabs=TABS)
    return environment

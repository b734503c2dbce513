"""Types of options that several commands share."""

from typing import Any

import click
from click.shell_completion import CompletionItem


class LanguageType(click.ParamType[str]):
    """The name of a language; the folders are read only when a value is to be checked or completed."""

    name = "lang"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "LANG"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,
        incomplete: str,
    ) -> list[CompletionItem]:
        from scf_gen.languages import catalog

        return [
            CompletionItem(language.lang, help=language.title)
            for language in catalog.languages().values()
            if language.lang.startswith(incomplete)
        ]


class PairType(click.ParamType[tuple[str, str]]):
    """KEY=VALUE, as a pair."""

    name = "pair"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        key, equals, text = str(value).partition("=")
        if not equals or not key:
            self.fail(f"{value!r} is not KEY=VALUE", param, ctx)
        return key, text


class EventType(click.ParamType[str]):
    """The name of a test event."""

    name = "event"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "NAME"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,
        incomplete: str,
    ) -> list[CompletionItem]:
        from scf_gen.emulator import catalogue

        return [
            CompletionItem(name, help=title)
            for name, title in catalogue.titles().items()
            if name.startswith(incomplete)
        ]

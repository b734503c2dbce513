"""Types of options that several commands share."""

import math
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem


class WholeNumber(click.IntRange):
    """A whole number in a range; the complaint about any other value names the range in words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(f"{value!r} is not a whole number {_range(self)}", param, ctx)


class Number(click.FloatRange):
    """A number in a range, as WholeNumber is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(super().convert(value, param, ctx))
        except click.BadParameter:
            number = math.nan
        if math.isnan(number):
            self.fail(f"{value!r} is not a number {_range(self)}", param, ctx)
        return number


def _range(numbers: click.IntRange | click.FloatRange) -> str:
    return f"of {numbers.min} or more" if numbers.max is None else f"from {numbers.min} to {numbers.max}"


class LanguageType(click.ParamType[str]):
    """The name of a language; the folders are read only when a value is to be checked or completed."""

    name = "lang"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
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
    """The name of a test event: one of the console's, and with `own` of the function that PATH names."""

    name = "name"

    def __init__(self, *, own: bool = False) -> None:
        self._own = own

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from scf_gen.emulator import catalogue

        titles = dict(catalogue.titles())
        if self._own:
            # While an option lacks its value, click leaves the arguments unread.
            folder = next(iter(ctx.args), ctx.params.get("path") or ".")
            titles.update(dict.fromkeys(catalogue.own_events(Path(folder)), "of this function"))
        return [CompletionItem(name, help=title) for name, title in titles.items() if name.startswith(incomplete)]


class FileType(click.ParamType[str]):
    """The name of a file, or - for standard input; it is opened where it is read."""

    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file")]


class NewFileType(click.Path):
    """The name of a file to be written when long work is done; what cannot be written to is told before."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path: Any = super().convert(value, param, ctx)
        if not path.parent.is_dir():
            self.fail(f"{path} cannot be written: there is no folder {path.parent}", param, ctx)
        return path


class SettingType(PairType):
    """A template's variable and its value."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from scf_gen.languages import catalog
        from scf_gen.scaffold.answers import Variables

        languages = catalog.languages()
        language = languages.get(ctx.params.get("lang") or next(iter(languages)))
        variables = Variables.load(language.folder).public if language else {}
        return [CompletionItem(f"{key}=") for key in variables if key.startswith(incomplete)]

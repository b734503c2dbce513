"""What a check looks at: one package, its configuration, and the languages and the target to judge it by."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scf_gen.archive.ignore import IGNORE_FILE, Ignore
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.errors import PackageInvalid
from scf_gen.languages.language import LANGUAGE_FILE, Language
from scf_gen.lint.package import File, Package
from scf_gen.lint.target import Target

# More than any scf.toml has. The parser's memory grows with the square of a dotted key's length.
CONFIG_LIMIT_BYTES = 64 << 10
_DOTS_LIMIT = 200
PATTERNS_LIMIT_BYTES = 16 << 10
# Each star of a pattern multiplies the time that a hostile name costs.
_STARS_LIMIT = 6


@dataclass(frozen=True)
class Context:
    """A package with all that its checks share."""

    package: Package
    languages: Mapping[str, Language]
    target: Target
    cache: dict[object, Any] = field(default_factory=dict)

    @property
    def bootstrap(self) -> File | None:
        """The file that SCF starts, if it is there."""
        return self.package.top.get(contract.BOOTSTRAP)

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """What `scf.toml` says; empty where it is missing or no TOML (rule SCF601 tells)."""
        file = self.package.top.get(CONFIG_FILE)
        try:
            return read_toml(file.content) if file else {}
        except (ValueError, RecursionError):
            return {}

    @cached_property
    def function(self) -> Mapping[str, Any]:
        """The table `[function]` of `scf.toml`."""
        table = self.config.get("function", {})
        return table if isinstance(table, dict) else {}

    @property
    def handler(self) -> str:
        """The handler's text: the function's, else SCF's default."""
        handler = self.function.get("handler", contract.DEFAULT_HANDLER)
        return handler if isinstance(handler, str) else contract.DEFAULT_HANDLER

    @cached_property
    def language(self) -> Language | None:
        """The function's language by `scf.toml`, else by the handler's file at the root; None if neither tells."""
        if (named := self.languages.get(str(self.function.get("lang", "")))) is not None:
            return named
        stem = self.handler.partition(".")[0]
        return next((lang for lang in self.languages.values() if f"{stem}.{lang.suffix}" in self.package.top), None)

    @cached_property
    def left_out(self) -> Ignore:
        """What a package of this folder leaves out; `scf-gen package` says what is wrong with a pattern."""
        file = self.package.top.get(IGNORE_FILE)
        text = file.content[:PATTERNS_LIMIT_BYTES].decode("utf-8-sig", "replace") if file else ""
        table = self.config.get("package", {})
        exclude = table.get("exclude", []) if isinstance(table, dict) else []
        lines = [*text.splitlines(), *(exclude if isinstance(exclude, list) else [])]
        patterns = [line for line in lines if isinstance(line, str) and line.count("*") <= _STARS_LIMIT]
        ignore = Ignore.defaults().with_lines(self.language.exclude if self.language else (), LANGUAGE_FILE)
        try:
            return ignore.with_lines(patterns, IGNORE_FILE)
        except PackageInvalid:
            return ignore

    @property
    def is_unbuilt(self) -> bool:
        """A folder in a compiled language, whose bootstrap is still to be made."""
        return not self.package.packed and self.language is not None and self.language.compiled


def read_toml(content: bytes) -> Mapping[str, Any]:
    """The tables of a configuration; raises ValueError where it is too long or broken, and RecursionError."""
    if len(content) > CONFIG_LIMIT_BYTES:
        raise ValueError(f"it is longer than {CONFIG_LIMIT_BYTES >> 10} KB")
    if max(line.count(b".") for line in content.split(b"\n")) > _DOTS_LIMIT:
        raise ValueError(f"a line has more than {_DOTS_LIMIT:,} dots")
    return tomllib.loads(content.decode("utf-8-sig"))

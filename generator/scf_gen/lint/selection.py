"""Which rules count: codes such as SCF203 or SC2086, starts of codes such as SCF2, and names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer
from scf_gen.lint.rule import rules

_SHELLCHECK_NAME = re.compile(r"SC[0-9]*|shellcheck-sc[0-9]+")
_START = re.compile(r"[A-Z]+[0-9]*")


@dataclass(frozen=True, slots=True)
class Selection:
    """All rules, or those that are selected, but for those that are ignored."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Any) -> Self:
        """What a table `[lint]` says; what it says wrongly counts for nothing."""
        table = table if isinstance(table, Mapping) else {}
        return cls(_names(table.get("select")), _names(table.get("ignore")))

    def under(self, stronger: Self) -> Self:
        """Both, where they differ the stronger one: its `select` replaces, its `ignore` adds."""
        return type(self)(stronger.select or self.select, (*self.ignore, *stronger.ignore))

    def wants(self, code: str, name: str) -> bool:
        """Whether findings of a rule are wanted."""
        return (not self.select or _any(self.select, code, name)) and not _any(self.ignore, code, name)

    @property
    def wants_shellcheck(self) -> bool:
        """Whether any of ShellCheck's codes may be wanted."""
        return "SC" not in self.ignore and (not self.select or any(map(is_shellcheck, self.select)))

    def check(self) -> None:
        """Refuse what names no rule; raises BadAnswer."""
        for name in (*self.select, *self.ignore):
            if not is_known(name):
                raise BadAnswer(f"there is no rule {name!r}", nearest_rules(name))


def is_shellcheck(name: str) -> bool:
    """Whether it names rules of ShellCheck's."""
    return bool(_SHELLCHECK_NAME.fullmatch(name))


def is_known(name: str) -> bool:
    """Whether it is a rule's code or name, or the start of codes."""
    return is_shellcheck(name) or any(_is_named(name, rule.code, rule.name) for rule in rules().values())


def nearest_rules(name: str) -> str:
    """What may have been meant instead."""
    known = [known for rule in rules().values() for known in (rule.code, rule.name)]
    return unknown_name_hint(name, known, listing="scf-gen lint --list-rules lists all")


def _names(value: Any) -> tuple[str, ...]:
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()


def _any(names: Iterable[str], code: str, name: str) -> bool:
    return any(_is_named(given, code, name) for given in names)


def _is_named(given: str, code: str, name: str) -> bool:
    # SC2 begins codes of ShellCheck's, and not SCF203.
    is_start = bool(_START.fullmatch(given)) and given.rstrip("0123456789") == code.rstrip("0123456789")
    return given == name or (is_start and code.startswith(given))

"""What `scf.toml` says of a function's package: the values of its table `[package]`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from scf_gen.core.function import CONFIG_FILE, Check, read_table


@dataclass(frozen=True, slots=True)
class Packaging:
    """What stays out, as lines of a .gitignore, and the version of the interpreter on SCF that packages are for."""

    exclude: tuple[str, ...] = ()
    interpreter: str = ""

    @classmethod
    def from_toml(cls, text: str, where: str = CONFIG_FILE) -> Self:
        """Read the table; raises FunctionInvalid, with `where` and the key, for what it cannot be."""
        table = read_table(text, "package", RULES, where)
        return cls(tuple(table.get("exclude", ())), table.get("interpreter", ""))


def _exclude(value: object) -> str:
    patterns = isinstance(value, list) and all(isinstance(line, str) and "\n" not in line for line in value)
    return "" if patterns else "has to be a list of lines as in a .gitignore"


def _interpreter(value: object) -> str:
    version = isinstance(value, str) and re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,2}", value, re.ASCII)
    return "" if version else 'has to be a version such as "3.9"'


RULES: Mapping[str, Check] = {"exclude": _exclude, "interpreter": _interpreter}

"""A rule: what rules/CODE.toml says of it, and the check that looks for it."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found, Severity

Check = Callable[[Context], Iterable[Found]]
CHECKS: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """`clauses` are ids of the contract; `scf_message` is what SCF answers, if it is known; `text` the rule's file."""

    code: str
    name: str
    severity: Severity
    clauses: tuple[str, ...]
    scf_message: str
    what: str
    why: str
    fix: str
    hint: str
    fixable: bool
    text: Mapping[str, Any]

    @property
    def check(self) -> Check | None:
        """What looks for it; the linter itself makes the findings 0xx."""
        return CHECKS.get(self.code)


def check_of(code: str) -> Callable[[Check], Check]:
    """Make a function the check of a rule."""

    def register(check: Check) -> Check:
        assert code not in CHECKS, code  # noqa: S101
        CHECKS[code] = check
        return check

    return register


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, in order."""
    texts = sorted((file for file in files(__package__).joinpath("rules").iterdir()), key=lambda file: file.name)
    read = (_rule(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8"))) for file in texts)
    return {rule.code: rule for rule in read}


def _rule(code: str, text: Mapping[str, Any]) -> Rule:
    return Rule(
        code=code,
        name=text["name"],
        severity=Severity(text["severity"]),
        clauses=tuple(text.get("clauses", ())),
        scf_message=text.get("scf_message", ""),
        what=text["what"].strip(),
        why=text["why"].strip(),
        fix=text["fix"].strip(),
        hint=text["hint"].strip(),
        fixable=text.get("fixable", False),
        text=text,
    )

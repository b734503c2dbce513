"""A function: the values of its `scf.toml`."""

import re
import tomllib
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from scf_gen.core import contract
from scf_gen.errors import BadAnswer, FunctionInvalid

CONFIG_FILE = "scf.toml"

Check = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Function:
    """What SCF is told of a function; the defaults are SCF's own (page 583/11637)."""

    name: str = "function"
    lang: str = ""
    handler: str = contract.DEFAULT_HANDLER
    memory_mb: int = contract.DEFAULT_MEMORY_MB
    timeout_s: float = contract.DEFAULT_TIMEOUT_S
    init_timeout_s: float = contract.DEFAULT_INIT_TIMEOUT_S
    env: Mapping[str, str] = field(default_factory=dict)
    # Where it is deployed; an `scf.toml` does not say.
    region: str = contract.DEFAULT_REGION
    namespace: str = contract.DEFAULT_NAMESPACE
    version: str = contract.LATEST

    @classmethod
    def from_toml(cls, text: str, where: str = CONFIG_FILE) -> Self:
        """Read the `[function]` table of an `scf.toml`; what it does not say keeps its default.

        Raises FunctionInvalid, with `where` and the key, for broken TOML and for values that SCF would not take.
        """
        return cls(**read_table(text, "function", RULES, where))


def read_table(text: str, name: str, rules: Mapping[str, Check], where: str) -> dict[str, Any]:
    """The keys of a table of an `scf.toml` that have a rule; a rule gives a complaint, or nothing.

    Raises FunctionInvalid, with `where` and the key, for broken TOML and for the first complaint.
    """
    try:
        table = tomllib.loads(text).get(name, {})
    except (ValueError, RecursionError) as error:  # an integer of 5,000 digits is no TOMLDecodeError
        raise FunctionInvalid(f"{where} is no TOML: {toml_fault(error)}") from error
    if not isinstance(table, dict):
        raise FunctionInvalid(f"{where}: [{name}] has to be a table")
    known = {key: value for key, value in table.items() if key in rules}
    for key, value in known.items():
        if complaint := rules[key](value):
            # The values of variables may be secrets.
            found = "" if key == "env" else f", found {value!r}"
            raise FunctionInvalid(f"{where}: {name}.{key} {complaint}{found}")
    return known


def toml_fault(error: Exception) -> str:
    """What a parser of TOML says, in the words of who wrote it."""
    return str(error).replace("Cannot overwrite a value", "the key is there twice")


def check_env(name: str, value: str) -> None:
    """Refuse an environment variable that SCF would refuse (page 583/30228); raises BadAnswer."""
    if not re.fullmatch(contract.ENV_KEY_PATTERN, name):
        raise BadAnswer(f"environment variable {name!r} is no name SCF takes", "a letter, then letters, digits and _")
    if name.startswith(contract.RESERVED_ENV_PREFIXES):
        raise BadAnswer(
            f"environment variable {name} starts with a prefix that SCF keeps for itself",
            f"reserved are {', '.join(contract.RESERVED_ENV_PREFIXES)}",
        )
    if not value:
        raise BadAnswer(f"environment variable {name} is empty, which SCF refuses", "give it a value, or leave it out")
    if "\0" in value:
        raise BadAnswer(f"environment variable {name} holds a NUL byte")


def check_env_size(env: Mapping[str, str]) -> None:
    """Refuse more variables than SCF takes in all (page 583/30228); raises BadAnswer."""
    size = sum(len(name.encode()) + len(value.encode(errors="surrogateescape")) for name, value in env.items())
    if size > contract.ENV_LIMIT_BYTES:
        raise BadAnswer(
            f"the environment variables have {size} bytes in all, more than SCF takes",
            f"{contract.ENV_LIMIT_BYTES} may be (InvalidParameterValue.EnvironmentExceededLimit)",
        )


def text_like(pattern: str, rule: str) -> Check:
    """A check of a text by a pattern for the whole of it; `rule` says what it has to be."""

    def complain(value: object) -> str:
        return "" if isinstance(value, str) and re.fullmatch(pattern, value) else f"has to be {rule}"

    return complain


def _one_of(allowed: Container[int], rule: str) -> Check:
    def complain(value: object) -> str:
        return "" if type(value) is int and value in allowed else f"has to be {rule}"

    return complain


def _env(value: object) -> str:
    if not isinstance(value, dict):
        return "has to be a table of texts"
    if others := [name for name, item in value.items() if not isinstance(item, str)]:
        return f"has to be a table of texts, in quotes; {others[0]!r} is none"
    try:
        for name, text in value.items():
            check_env(name, text)
        check_env_size(value)
    except BadAnswer as error:
        return f"has a fault: {error.message}"
    return ""


MEMORY_RULE = "64, or 128 to 3072 in steps of 128 (MB)"
TIMEOUT_RULE = "a whole number of seconds from 1 to 900"
INIT_TIMEOUT_RULE = "a whole number of seconds from 3 to 300"

# What complains about a key's value; nothing where SCF would take it.
RULES: Mapping[str, Check] = {
    "name": text_like(contract.NAME_PATTERN, contract.NAME_RULE),
    "lang": text_like(r"[^\x00-\x1f/\\]*", "the name of a language"),
    # Custom Runtime takes any text (page 583/42611); the bootstrap decides what it means.
    "handler": text_like(r"[^\x00-\x1f\x7f]*", "text without control characters"),
    "memory_mb": _one_of(contract.MEMORY_MB, MEMORY_RULE),
    "timeout_s": _one_of(contract.TIMEOUT_S, TIMEOUT_RULE),
    "init_timeout_s": _one_of(contract.INIT_TIMEOUT_S, INIT_TIMEOUT_RULE),
    "env": _env,
}

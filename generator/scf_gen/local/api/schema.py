"""What a parameter of the API may be, and the error that the API answers to one that is not."""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from scf_gen.local.refusal import Refusal, missing

Values = Mapping[str, Any]


class Type(Protocol):
    """The type of a parameter; a GET's query has all values as texts, which `from_query` makes ones of the type."""

    def check(self, value: Any, name: str) -> None:
        """Raises Refusal for a value of another type; `name` is where it stands."""

    def from_query(self, value: Any) -> Any:
        """What the tree of texts stands for; a text that cannot be of the type is left as it is."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A value of one JSON type."""

    kind: type
    read: Callable[[str], Any] = str

    def check(self, value: Any, name: str) -> None:
        if type(value) is not self.kind:
            raise Refusal("InvalidParameter", f"The value type of parameter `{name}` is not valid.")
        if isinstance(value, str) and not _is_text(value):
            raise Refusal("InvalidParameterValue", f"The value of parameter `{name}` is not Unicode text.")

    def from_query(self, value: Any) -> Any:
        try:
            return self.read(value) if isinstance(value, str) else value
        except ValueError:
            return value


def _is_text(value: str) -> bool:
    """Whether it can be written as UTF-8, which half of a surrogate pair cannot."""
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


def _read_bool(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()] if text.lower() in {"true", "false"} else bool(int(text))


TEXT = Plain(str)
WHOLE = Plain(int, int)
FLAG = Plain(bool, _read_bool)
OBJECT = Plain(dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its type, whether it has to be there, and the API's `code` for a value that breaks the `rule`."""

    type: Type = TEXT
    required: bool = False
    rule: Callable[[Any], bool] = lambda _: True
    code: str = "InvalidParameterValue"
    missing_code: str = "MissingParameter"
    says: str = ""

    def check(self, value: Any, name: str) -> None:
        """Raises Refusal for a value that the API would not take."""
        self.type.check(value, name)
        if not self.rule(value):
            raise Refusal(self.code, f"The value of parameter `{name}` is not valid{self.says and ': '}{self.says}.")


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with named fields."""

    fields: Mapping[str, Parameter]

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise Refusal("InvalidParameter", f"The value type of parameter `{name}` is not valid.")
        place = f"{name}." if name else ""
        for key in value:
            if key not in self.fields:
                raise Refusal("UnknownParameter", f"The parameter `{place}{key}` is not recognized.")
        for key, parameter in self.fields.items():
            given = value.get(key)
            if given is not None:
                parameter.check(given, f"{place}{key}")
            elif parameter.required:
                raise Refusal(parameter.missing_code, missing(f"{place}{key}").message)

    def from_query(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            key: self.fields[key].type.from_query(item) if key in self.fields else item for key, item in value.items()
        }


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, all of one type."""

    item: Type

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, list):
            raise Refusal("InvalidParameter", f"The value type of parameter `{name}` is not valid.")
        for number, item in enumerate(value):
            self.item.check(item, f"{name}.{number}")

    def from_query(self, value: Any) -> Any:
        if not isinstance(value, dict) or not all(key.isdigit() for key in value):
            return value
        return [self.item.from_query(value[key]) for key in sorted(value, key=int)]


def matches(pattern: str) -> Callable[[str], bool]:
    """A rule: the whole text is like this."""
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def among(allowed: Container[Any]) -> Callable[[Any], bool]:
    """A rule: one of these."""
    return lambda value: value in allowed


def at_most(length: int) -> Callable[[Any], bool]:
    """A rule: no longer than this."""
    return lambda value: len(value) <= length

"""Reading the tables of a TOML file into dataclasses, with nothing left over."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from scf_gen.errors import CaseInvalid

T = TypeVar("T")


def read(kind: type[T], table: object, where: str, **given: Any) -> T:
    """Make a `kind` of `table`; raises CaseInvalid for a key that is unknown, missing or of another type."""
    if not isinstance(table, Mapping):
        raise CaseInvalid(f"{where} has to be a table, found {table!r}")
    known = {field.name: field for field in fields(kind) if field.name not in given}  # type: ignore[arg-type]
    if unknown := sorted(table.keys() - known):
        raise CaseInvalid(f"{where}: unknown key {unknown[0]!r}", f"there are {', '.join(known)}")
    for name, field in known.items():
        if name not in table:
            if field.default is MISSING and field.default_factory is MISSING:
                raise CaseInvalid(f"{where}: {name} is missing")
        elif not _fits(table[name], field.type):
            raise CaseInvalid(f"{where}: {name} has to be {_named(field.type)}, found {table[name]!r}")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    return kind(**values, **given)


def _fits(value: object, kind: Any) -> bool:
    if kind is Any:
        return True
    if isinstance(kind, UnionType):
        return any(_fits(value, each) for each in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, list) and all(_fits(each, get_args(kind)[0]) for each in value)
    if get_origin(kind):
        return isinstance(value, Mapping)
    if kind is float:
        kind = (int, float)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _named(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)

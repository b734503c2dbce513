"""The file in which a project names the packages that it needs."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from scf_gen.languages.language import Vendor


class ManifestFault(ValueError):
    """Why a manifest cannot be read, in a few words, and where: line and column from 1, or 0 for the file itself."""

    def __init__(self, what: str, reason: str = "", line: int = 0, column: int = 0) -> None:
        place = f"line {line}, column {column}" if line else ""
        super().__init__(": ".join(filter(None, (what, place, reason))))
        self.what = ": ".join(filter(None, (what, reason)))
        self.line, self.column = line, column


def names_packages(text: str, vendor: Vendor) -> bool:
    """Whether a manifest names packages; raises ManifestFault, with what is wrong and where, if nobody could tell."""
    if vendor.form:
        return any(_is_filled(table, name) for name, table in _tables(_READERS[vendor.form](text), vendor.tables))
    return bool(re.search(vendor.pattern, text))


def _tables(manifest: object, names: tuple[str, ...]) -> list[tuple[str, Any]]:
    if not isinstance(manifest, dict):
        raise ManifestFault(f"it has to be an object, and is {_KINDS[type(manifest)]}")
    return [(name, manifest[name]) for name in names if manifest.get(name)]


def _is_filled(table: object, name: str) -> bool:
    if not isinstance(table, dict):
        raise ManifestFault(f"{name} has to be an object of names and versions, and is {_KINDS[type(table)]}")
    for package, version in table.items():
        if not isinstance(version, str):
            raise ManifestFault(f"{name} has {package!r} with {_KINDS[type(version)]} where its version should be")
    return True


def _read_json(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        what = f"{error.msg[:1].lower()}{error.msg[1:]}".removesuffix(" at")
        raise ManifestFault("it is no JSON", what, error.lineno, error.colno) from error
    except ManifestFault:
        raise
    except ValueError as error:  # Python has a limit
        raise ManifestFault("it is no JSON that can be read: a number has too many digits") from error
    except RecursionError as error:
        raise ManifestFault("it is no JSON that can be read: it is nested too deeply") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ManifestFault(f"it is no JSON: {name} is no value")


_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a truth value",
    type(None): "null",
}
_READERS: Mapping[str, Callable[[str], object]] = {"json": _read_json}

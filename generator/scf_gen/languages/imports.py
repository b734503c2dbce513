"""How the files of a language load others, as `[source.imports]` and `[[source.kinds]]` of its `language.toml` say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Form:
    """One way to load: `query` captures as @name what is loaded, as it is written.

    Where parts of that may be files of their own, as in `from a import b`, they are each a @member. `files` is a
    regular expression for what follows the path in the name of a file that would be loaded.
    """

    query: str
    files: str


@dataclass(frozen=True, slots=True)
class Imports:
    """What a name may stand for that a file loads.

    A name counts where all nodes around it are of the kinds `plain`, since others may not run. `here` and `root` are
    regular expressions for names whose group `path` is a path from the file's folder, or from that of the bootstrap;
    in `dotted` names its parts have dots between them, and dots at the start lead upwards. `stranded` says what is
    wrong with a name from `here` in a file at the root, where that is a fault. Of a file that is found, `follows` are
    the ends with which it is looked into, too.

    `package` is a regular expression whose group is the package in a name for which there is no file; `folder` holds
    such packages, and `brought` are those that the language has itself. `own`, with {package} for one, matches in the
    manifest where that is the function itself. A file whose path matches `listing` may name packages, too, and one
    that matches `installed` tells that packages lie among the function's files. Nothing is said where the function's
    code or the names of its variables match `unless`.
    """

    forms: tuple[Form, ...]
    plain: frozenset[str]
    here: str
    root: str
    unless: str
    dotted: bool
    stranded: str
    follows: tuple[str, ...]
    package: str
    folder: str
    brought: frozenset[str]
    own: str
    listing: str
    installed: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read the table; raises KeyError and TypeError."""
        return cls(
            forms=tuple(Form(form["query"], form["files"]) for form in data["forms"]),
            plain=frozenset(data["plain"]),
            here=data["here"],
            root=data["root"],
            unless=data["unless"],
            dotted=bool(data.get("dotted", False)),
            stranded=data.get("stranded", ""),
            follows=tuple(data.get("follows", ())),
            package=data.get("package", ""),
            folder=data.get("folder", ""),
            brought=frozenset(data.get("brought", "").split()),
            own=data.get("own", ""),
            listing=data.get("listing", ""),
            installed=data.get("installed", ""),
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the ways in which a language may read a file: `query` captures as @fault what it cannot be then.

    A file is of this kind by its suffix, or where the nearest `manifest` has `value` under `key`; where that has none
    and there is a `default`, it is, too, but for versions that look into the file, and the message ends with that.
    `own_interpreter` is a regular expression for a file that may bring such a version. `message` has {fault} for the
    captured text; `unless` is a regular expression of what excuses it.
    """

    manifest: str
    key: str
    value: str
    suffixes: tuple[str, ...]
    query: str
    message: str
    hint: str
    unless: str = ""
    default: str = ""
    own_interpreter: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read a table; raises TypeError and KeyError."""
        return cls(**{**data, "suffixes": tuple(data["suffixes"])})

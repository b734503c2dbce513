"""A language, as its folder's `language.toml` describes it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from scf_gen.errors import TemplateInvalid
from scf_gen.languages.imports import Imports, Kind

LANGUAGE_FILE = "language.toml"
# How a manifest may be written, where a pattern will not do; languages/manifest.py reads them.
FORMS = ("json",)


@dataclass(frozen=True, slots=True)
class Keeper:
    """What keeps several versions of a program: `root` prints its folder, `files` is a pattern in there."""

    root: tuple[str, ...]
    files: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that a language needs on the developer's machine.

    `probe` are arguments that make it print a line with its version, and its real path at the end if that may differ
    from where PATH finds it; `wheel` is a PyPI requirement that brings it, and `wheel_folder`
    where in site-packages, unless that is the folder of scripts. `aliases` are patterns of the names that other
    versions have on PATH, and `keepers` keep more of them.
    """

    name: str
    needed_for: tuple[str, ...]
    minimum: str
    probe: tuple[str, ...]
    wheel: str
    wheel_folder: str
    hint: str
    aliases: tuple[str, ...] = ()
    keepers: tuple[Keeper, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, and variables added to the environment."""

    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """How the linter reads a language's files: by tree-sitter queries, or by `pattern` where there is no grammar.

    `grammar` is a module such as tree_sitter_bash; `syntax` says that its error nodes can be trusted. `parser` is
    a module of this Python's whose `parse` raises SyntaxError: where the grammar finds an error, and for indentation,
    which grammars are lenient about, it says whether there is one, and what. `suffixes` are further ones that a source
    file may have.

    `functions` captures as @name each function that a handler may name, its name alone or the content of a string, and
    so does the regular expression `pattern` with its group name. `registered` says that these are whole handlers,
    file.function, in any file at the root; `registry` is a regular expression for the name of what registers them, with
    the group `defined` where it is defined. `opaque` is one for what defines names that cannot be seen.

    `faults` has a table for a rule's code: `query` captures as @fault what breaks the rule, `message` says it, with
    {fault} for the captured text, and `unless` is a regular expression of what excuses it, in any of the function's
    files. Where a query captures a @scope, too, a @fault counts only if the first @late of its scope comes after it.
    SCF106 captures the @name of the function, too, and counts where the file `beside` is there.

    `imports` and `kinds` say how files load others, and as what.
    """

    grammar: str = ""
    functions: str = ""
    pattern: str = ""
    syntax: bool = False
    parser: str = ""
    suffixes: Sequence[str] = ()
    opaque: str = ""
    registered: bool = False
    registry: str = ""
    faults: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    imports: Imports | None = None
    kinds: Sequence[Kind] = ()


@dataclass(frozen=True, slots=True)
class Vendor:
    """How the packages that a project names get into its ZIP.

    They are installed if the file `manifest` names some, as the file `lock` says, which may be the same. It does if it
    holds `pattern`; or if it is of the `form` json and has packages with their versions in one of `tables`, and a text
    that is not so is refused. `command` runs in the project; {staging} in it is an empty folder, {language} the
    language's own, {interpreter} the version on SCF, which is `interpreter` unless the project says another. With
    `beside_manifest` the project's files are linked into the staging folder first. The packages are then in its
    `folder`, and go into the same folder of the ZIP, but for `exclude`, lines of a .gitignore. `hint` says what to do
    where the lock is missing, or the command fails though it reached the index. `compiled` is a regular expression
    for the path of a module that one version of the interpreter can load and no other; its groups are the version's
    numbers.
    """

    manifest: str
    pattern: str
    form: str
    tables: tuple[str, ...]
    lock: str
    folder: str
    beside_manifest: bool
    interpreter: str
    command: Command
    exclude: tuple[str, ...]
    hint: str
    compiled: str


@dataclass(frozen=True, slots=True)
class Language:
    """All that scf-gen knows of a language; `interpreters` are its places on SCF, newest first.

    `exclude` are lines of a .gitignore: what no package of the language needs.
    """

    lang: str
    folder: Path
    title: str
    summary: str
    suffix: str
    compiled: bool
    notes: str
    tools: tuple[Tool, ...]
    interpreters: tuple[str, ...]
    source: Source
    build: Command | None
    test: Command
    exclude: tuple[str, ...]
    vendor: Vendor | None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `folder`/language.toml; raises TemplateInvalid with the file and what is wrong with it."""
        path = folder / LANGUAGE_FILE
        try:
            data = tomllib.loads(path.read_text("utf-8"))
            return cls(
                lang=folder.name,
                folder=folder,
                title=str(data["title"]),
                summary=str(data["summary"]),
                suffix=str(data["suffix"]),
                compiled=bool(data.get("compiled", False)),
                notes=str(data.get("notes", "")).strip(),
                tools=tuple(_tool(tool) for tool in data.get("tools", [])),
                interpreters=tuple(data.get("scf", {}).get("interpreters", [])),
                source=_source(data.get("source", {})),
                build=_command(data["build"]) if "build" in data else None,
                test=_command(data["test"]),
                exclude=tuple(data.get("package", {}).get("exclude", [])),
                vendor=_vendor(data["vendor"]) if "vendor" in data else None,
            )
        except KeyError as error:
            raise TemplateInvalid(f"{path}: {error.args[0]} is missing") from error
        except (OSError, ValueError, TypeError, AttributeError, re.error) as error:
            raise TemplateInvalid(f"{path}: {error}") from error

    @property
    def suffixes(self) -> Sequence[str]:
        """All that a source file may have, the usual one first."""
        return (self.suffix, *self.source.suffixes)

    def tools_for(self, purpose: str) -> tuple[Tool, ...]:
        """The tools that `purpose` (run, build, test or package) needs."""
        return tuple(tool for tool in self.tools if purpose in tool.needed_for)


def version_key(text: str) -> tuple[int, ...]:
    """A version's numbers, for comparing: "3.11.7" gives (3, 11, 7)."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _tool(data: dict[str, Any]) -> Tool:
    return Tool(
        name=data["name"],
        needed_for=tuple(data["needed_for"]),
        minimum=data.get("minimum", "0"),
        probe=tuple(data["probe"]),
        wheel=data.get("wheel", ""),
        wheel_folder=data.get("wheel_folder", ""),
        hint=data["hint"],
        aliases=tuple(data.get("aliases", [])),
        keepers=tuple(Keeper(tuple(keeper["root"]), keeper["files"]) for keeper in data.get("keepers", [])),
    )


def _source(data: dict[str, Any]) -> Source:
    imports, kinds = data.get("imports"), data.get("kinds", ())
    read = {"imports": Imports.of(imports) if imports else None, "kinds": tuple(map(Kind.of, kinds))}
    return Source(**{**data, **read})


def _command(data: dict[str, Any]) -> Command:
    return Command(argv=tuple(data["command"]), env=tuple(data.get("env", {}).items()))


def _form(name: str) -> str:
    if name not in ("", *FORMS):
        raise ValueError(f"vendor.form has to be one of {', '.join(FORMS)}")
    return name


def _vendor(data: dict[str, Any]) -> Vendor:
    return Vendor(
        manifest=data["manifest"],
        pattern=re.compile(data.get("pattern", "") if "form" in data else data["pattern"]).pattern,
        form=_form(data.get("form", "")),
        tables=tuple(data["tables"]) if "form" in data else (),
        lock=data.get("lock", data["manifest"]),
        folder=data.get("folder", ""),
        beside_manifest=bool(data.get("beside_manifest", False)),
        interpreter=data.get("interpreter", ""),
        command=_command(data),
        exclude=tuple(data.get("exclude", [])),
        hint=data["hint"],
        compiled=re.compile(data.get("compiled", "")).pattern,
    )
